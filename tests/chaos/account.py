"""What a run counted, and what went wrong in it."""

from collections import Counter
from dataclasses import dataclass, field

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong state"
_SHOWN = 12  # of each kind


@dataclass(kw_only=True)
class Account:
    """Figures and findings. A finding says which thread, row or person it is about, never more."""

    seed: int
    database: str
    replicas: int
    kills: int = 0
    acknowledged: int = 0  # cards received as the answer to a press
    posts: int = 0  # new messages that the connector took
    changes: int = 0  # and messages it was told to change
    threads: int = 0
    fired: int = 0
    given_up: int = 0  # rows that ended as undeliverable or set aside: a human has been told instead
    in_flight: int = 0  # sends whose answer was not on disk when their process died
    withheld: int = 0  # answers that the connector kept to itself
    doubled_in_flight: int = 0
    doubled_withheld: int = 0
    seconds: float = 0.0
    kept: str = ""  # where the record and the servers' log are, when something was wrong
    moments: Counter[str] = field(default_factory=Counter)
    found: dict[str, list[str]] = field(default_factory=dict)
    first: int = 0  # the number of kills when something wrong was first found

    def died(self, moment: str) -> None:
        self.kills += 1
        self.moments[moment] += 1

    def froze(self) -> None:
        """Not a death, so it does not count as one."""
        self.moments["freeze"] += 1

    def note(self, kind: str, what: str) -> None:
        self.first = self.first or self.kills
        self.found.setdefault(kind, []).append(what)

    @property
    def wrong(self) -> int:
        return sum(len(found) for found in self.found.values())

    def count(self, kind: str) -> int:
        return len(self.found.get(kind, ()))

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}, {self.database}, replicas {self.replicas}, {self.kills} kills, {self.seconds:.0f} s",
            "moments: " + ", ".join(f"{name} {n}" for name, n in sorted(self.moments.items())),
            f"acknowledged {self.acknowledged}, posts {self.posts}, changes {self.changes}, threads {self.threads}, "
            f"deadlines fired {self.fired}, given up with a reason {self.given_up}, "
            f"lost {self.count(LOST)}, wrong states {self.count(WRONG)}, doubled "
            f"{self.doubled_in_flight + self.doubled_withheld + self.count(DOUBLED)} (of which in flight at a death "
            f"{self.doubled_in_flight} of {self.in_flight}, answer kept by the connector {self.doubled_withheld} of "
            f"{self.withheld}, neither {self.count(DOUBLED)})",
        ]
        for kind, found in self.found.items():
            lines += [f"  {kind}: {what}" for what in found[:_SHOWN]]
            lines += [f"  {kind}: … and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        if self.wrong:
            lines.append(
                f"FAILED with seed {self.seed}; first seen after {self.first} kills; record and log in {self.kept}"
            )
        return "\n".join(lines)
