"""When a server dies, drawn from a seed."""

from dataclasses import dataclass
from random import Random

# In the server, counted from the order: the nth commit, before it and right after it; the nth call to the connector,
# before it leaves and after its answer. At the connector: the nth message, before it is answered. And any instant.
COMMITS = ("before_commit", "after_commit")
CALLS = ("before_call", "after_call")
REQUEST, INSTANT, FREEZE, START = "request", "instant", "freeze", "start"

_WEIGHTS = {
    "before_commit": 22, "after_commit": 22, "before_call": 12, "after_call": 14, REQUEST: 14, INSTANT: 12, START: 4,
}  # fmt: skip
OFTEN_COMMITS, OFTEN_CALLS = 24.0, 6.0  # mean of n
LONGEST = 0.6  # seconds to a random instant


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`nth` counts commits or calls; `after` is in seconds."""

    name: str
    nth: int = 0
    after: float = 0.0
    both: bool = False  # every replica dies at once
    victim: int = 0

    @property
    def in_server(self) -> bool:
        return self.name in (*COMMITS, *CALLS)

    def __str__(self) -> str:
        return f"{self.name} {self.nth or f'{self.after:.2f} s'}{' both' if self.both else ''}"


def draw(rng: Random, replicas: int) -> Moment:
    weights = _WEIGHTS | ({FREEZE: 6} if replicas > 1 else {})
    name = rng.choices(list(weights), list(weights.values()))[0]
    mean = OFTEN_COMMITS if name in (*COMMITS, FREEZE) else OFTEN_CALLS
    nth = rng.randint(1, 6) if name == START else 1 + int(rng.expovariate(1 / mean))
    return Moment(
        name=name, nth=0 if name == INSTANT else nth, after=rng.uniform(0.0, LONGEST),
        both=replicas > 1 and name != FREEZE and rng.random() < 0.25, victim=rng.randrange(replicas),
    )  # fmt: skip
