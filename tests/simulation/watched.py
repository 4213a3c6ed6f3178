"""One armed deadline as the oracle sees it, and its minutes beside the engine's instants."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from calendar_oracle import EPOCH, Moment
from due_oracle import TAKES_A_MONTH
from ladder_oracle import ladder
from ladder_times import Rung, later
from since_oracle import Refused

_MINUTE = timedelta(minutes=1)
_ZERO = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=UTC)


@dataclass(kw_only=True)
class Watched:
    """`left` are the rungs that have not been given, `due` the time that comes next."""

    rule: str
    start: Moment
    what: str
    left_over: int  # seconds of the start beyond its minute
    armed: Moment
    falls_silent: bool
    left: list[Rung]
    due: Moment | None = None
    times: int = 0

    def is_reached(self, rung: Rung, now: datetime) -> bool:
        """The oracle counts whole minutes. Within one, what moves with the start has the start's seconds too."""
        if rung.at != moment(now) or now.second >= self.left_over or self.rule in TAKES_A_MONTH:
            return rung.at <= moment(now)
        try:
            moved = ladder(self.rule, later(self.start, 1), self.armed).rungs
        except Refused:
            return True
        return all(one.step != rung.step or one.at != later(rung.at, 1) for one in moved)


def is_nag(rung: Rung) -> bool:
    return rung.step.startswith("nag_") and not rung.step.startswith("nag_next_")


def moment(at: datetime) -> Moment:
    """The minute of an instant."""
    return Moment((at.astimezone(UTC) - _ZERO) // _MINUTE)


def instant(at: Moment) -> datetime:
    """The beginning of a minute, UTC."""
    return _ZERO + at.utc * _MINUTE
