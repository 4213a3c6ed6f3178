"""The only file that reads the clock.

Machine time drives leases, back-off and tokens. Care time drives the rules; in the demo it can be moved, and the
offset is kept in the demo's own database.
"""

from datetime import UTC, datetime, timedelta


class Clock:
    """Both times, in UTC. `offset` is how far care time has been moved; it is zero outside the demo."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def machine(self) -> datetime:
        return datetime.now(UTC)

    def care(self) -> datetime:
        return self.machine() + self.offset

    def machine_of(self, care: datetime) -> datetime:
        """When, in machine time, care time will be `care`."""
        return care - self.offset
