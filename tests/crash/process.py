"""Stafett as a process that can be killed and started again on the same file."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chat import Chat
from recorder import Recorder

from cases.store import sqlite_url

POLLS, POLL = 3000, 0.02  # seconds between looks at the record, at most a minute in all


@dataclass(kw_only=True)
class Crash:
    """Stafett as a process, the connector it talks to, and two people. `forwarded` is care time moved, in minutes."""

    path: Path
    starter: subprocess.Popen[bytes]
    recorder: Recorder
    sara: Chat
    anna: Chat
    care_offset: float
    forwarded: int = 0
    pid: int | None = None
    _died: int = field(default=0)

    async def up(self, stop_at: str = "", lead: float = 0.0) -> None:
        """Start a server and wait until it listens. `lead` is machine time gone by, in seconds."""
        orders = {
            "database": sqlite_url(self.path), "recorder": self.recorder.url, "lead": lead, "stop_at": stop_at,
            "care_offset": self.care_offset + self.forwarded * 60,
        }  # fmt: skip
        starts = len(self.recorder.said("listening")) + 1
        assert self.starter.stdin is not None
        self.starter.stdin.write(json.dumps(orders).encode() + b"\n")
        self.starter.stdin.flush()
        await self.recorder.until(lambda: self._is_up(starts) or len(self.recorder.said("died")) > self._died)
        assert self._is_up(starts), "the server did not start; what it said is in the captured stderr"
        self.pid = self.recorder.said("started")[-1]
        for chat in (self.sara, self.anna):
            chat.server = f"http://127.0.0.1:{self.recorder.said('listening')[-1]}"

    def _is_up(self, starts: int) -> bool:
        return len(self.recorder.said("listening")) == len(self.recorder.said("started")) == starts

    async def kill(self) -> None:
        """`kill -9`, and wait until the process is gone."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)
        await self.gone()

    async def gone(self) -> None:
        self._died += 1
        await self.recorder.until(lambda: len(self.recorder.said("died")) == self._died)
        self.pid = None
        assert self.recorder.said("died")[-1] == -signal.SIGKILL

    async def forward(self, minutes: int) -> None:
        """Let care time pass."""
        self.forwarded += minutes
        async with self.sara.session.post(f"{self.sara.server}/forward", json={"minutes": minutes}) as answer:
            assert answer.status == 200

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What the record holds, while a server is up: another reader must not be the one that mends the file."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as reader:
            return reader.execute(query, values).fetchall()

    def corpse(self, query: str, *values: Any) -> list[Any]:
        """What the killed process left on disk, read from a copy so that the restart meets it untouched."""
        folder = self.path.parent / "corpse"
        folder.mkdir(exist_ok=True)
        for name in (self.path.name, f"{self.path.name}-wal"):
            shutil.copy(self.path.with_name(name), folder / name)
        with closing(sqlite3.connect(folder / self.path.name)) as reader:
            return reader.execute(query, values).fetchall()

    async def rest(self, clock_signals: int = 0) -> None:
        """Wait until nothing is left to send, and the clock has spoken so many times."""
        both = "(SELECT count(*) FROM outbox WHERE status = 'waiting'), (SELECT count(*) FROM log WHERE by = 'clock')"
        for _ in range(POLLS):
            ((waiting, spoken),) = self.rows(f"SELECT {both}")  # one look, so that nothing comes in between
            if not waiting and spoken >= clock_signals:
                return
            await asyncio.sleep(POLL)
        raise AssertionError(f"the outbox is stuck: {self.rows('SELECT * FROM outbox')}")
