"""What the record holds, read from outside by the driver: an answer is only worth something when it is on disk."""

import asyncio
import sqlite3
import time
from pathlib import Path

from benchmarks import town

_LONGEST_WAIT = 60.0  # seconds


class NotKept(Exception):
    """Something was answered to a person that the record does not hold, or does not deliver."""


class Ledger:
    """The database file of the server that is measured, opened for reading only."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)

    def close(self) -> None:
        self._db.close()

    async def delivered(self) -> None:
        """Wait until the outbox has nothing left to send. Raises NotKept when that takes more than a minute."""
        end = time.monotonic() + _LONGEST_WAIT
        while self._one("SELECT count(*) FROM outbox WHERE status = 'waiting'"):
            if time.monotonic() > end:
                raise NotKept("the outbox is not empty after a minute")
            await asyncio.sleep(0.05)

    def demand(self, first: int, turns: int, *, state: str, signal: str) -> None:
        """Every thread of these drafts is in `state`, has one log row for `signal`, and its assessor has the message.

        Raises: NotKept.
        """
        low, high = town.thread_of(first), town.thread_of(first + turns - 1)
        between = "BETWEEN ? AND ?"
        counted = {
            "in the state": self._one(
                f"SELECT count(*) FROM thread WHERE id {between} AND state = ?", low, high, state
            ),
            "logged": self._one(
                f"SELECT count(DISTINCT thread_id) FROM log WHERE thread_id {between} AND signal = ?", low, high, signal
            ),
            "delivered": self._one(
                f"SELECT count(DISTINCT thread_id) FROM outbox WHERE thread_id {between} AND kind = 'message'"
                " AND status = 'sent' AND external_id IS NOT NULL",
                low,
                high,
            ),
        }
        for what, found in counted.items():
            if found != turns:
                raise NotKept(f"{found} of {turns} threads {what} after «{signal}»")

    def _one(self, query: str, *values: object) -> int:
        found: int = self._db.execute(query, values).fetchone()[0]
        return found
