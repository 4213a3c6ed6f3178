"""The only file that reads the clock.

Machine time drives leases, back-off and tokens. Care time drives the rules; in the demo it can be moved, and the
offset is kept in the demo's own database. Machines that share a database go by its clock, so that they agree on what
is due and on how long a lease lasts, whatever their own clocks show.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from cases import postgresql

# Linux counts the time a machine is suspended on this clock only; elsewhere the monotonic one comes nearest.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock:
    """Both times, in UTC. `offset` is how far care time has been moved; it is zero outside the demo."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset
        self._kept: tuple[datetime, float] | None = None

    def machine(self) -> datetime:
        if self._kept is None:
            return self.own()
        shown, at = self._kept
        return shown + timedelta(seconds=self.steady() - at)

    def own(self) -> datetime:
        """What this machine's clock shows, right or wrong, set back or forward."""
        return datetime.now(UTC)

    def keep_to(self, shown: datetime, at: float) -> None:
        """Go by another clock from now on: it showed `shown` (UTC) when the steady clock stood at `at`."""
        self._kept = (shown, at)

    def shared(self, tx: Connection) -> datetime:
        """Machine time for a lease, read in the transaction that takes it: all who share the database see the same."""
        return postgresql.clock(tx) if tx.dialect.name == "postgresql" else self.machine()

    def care(self) -> datetime:
        return self.machine() + self.offset

    def machine_of(self, care: datetime) -> datetime:
        """When, in machine time, care time will be `care`."""
        return care - self.offset

    def alarm_for(self, care: datetime) -> datetime:
        """What this machine's own clock will show when care time is `care`, if nobody sets it meanwhile."""
        return self.own() + (self.machine_of(care) - self.machine())

    def steady(self) -> float:
        """Seconds on a clock that nobody sets and that goes on while the machine is suspended: for durations."""
        return time.clock_gettime(_STEADY)
