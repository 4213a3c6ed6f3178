"""How many deadlines are fired in one transaction: as many as take a tenth of a second, however busy the machine is.

On SQLite a person's press waits until the batch before it is committed, and PostgreSQL holds its locks so long.
"""

from dataclasses import dataclass

LEAST, MOST = 25, 500
_LONG = 0.1  # seconds


@dataclass(kw_only=True)
class Pace:
    """`size` is for the next batch."""

    size: int = 100  # the first batch of a process also reads the roster

    def took(self, rows: int, seconds: float) -> None:
        """A batch has been worked out and written in so many seconds. A small one says little of a large one."""
        if rows >= LEAST:
            fitting = int(rows * _LONG / max(seconds, 0.001))
            self.size = min(MOST, max(LEAST, min(fitting, self.size * 2)))
