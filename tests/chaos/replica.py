"""One server process at a time, started by a program that has everything loaded."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chaos.server import Orders

HERE = Path(__file__).parent
_LOOK = 0.02  # seconds


@dataclass(kw_only=True)
class Replica:
    """`url` is where it answers; None while it is dead, starting or frozen."""

    name: str
    starter: Process
    pid: int | None = None
    url: str | None = None

    @classmethod
    async def made(cls, name: str) -> "Replica":
        house = HERE.parent.parent
        paths = os.pathsep.join(str(path) for path in (house, house / "tests", house / "tests" / "stories"))
        starter = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "server.py"), stdin=PIPE, stdout=PIPE, cwd=house,
            env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        made = cls(name=name, starter=starter)
        await made._hears("ready")
        return made

    async def up(self, orders: Orders) -> bool:
        """Start a server; false when it has died on its way, as it was told to."""
        assert self.pid is None and self.starter.stdin is not None
        self.starter.stdin.write(json.dumps(asdict(orders)).encode() + b"\n")
        self.pid = (await self._hears("started"))["started"]
        word = await self._hears("listening", "died")
        if "died" in word:
            return self._dead(word)
        self.url = f"http://127.0.0.1:{word['listening']}"
        return True

    async def dies(self, seconds: float) -> bool:
        """Whether it has died by itself within that time."""
        try:
            word = await asyncio.wait_for(self._hears("died"), seconds)
        except TimeoutError:
            return False
        self._dead(word)
        return True

    async def kill(self) -> None:
        """`kill -9`, and wait until the process is gone."""
        self.strike()
        self._dead(await self._hears("died"))

    def strike(self) -> None:
        """`kill -9` at this very moment."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def freezes(self, seconds: float) -> str:
        """Wait until the process has stopped where it stood, or stop it; where it will answer again."""
        assert self.pid is not None and self.url is not None
        for _ in range(int(seconds / _LOOK)):
            if self.is_frozen:
                break
            await asyncio.sleep(_LOOK)
        else:
            os.kill(self.pid, signal.SIGSTOP)
        url, self.url = self.url, None
        return url

    @property
    def is_frozen(self) -> bool:
        """Whether the process stands still, as Linux tells."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0] == "T"

    def thaw(self, url: str) -> None:
        assert self.pid is not None
        os.kill(self.pid, signal.SIGCONT)
        self.url = url

    async def close(self) -> None:
        if self.pid is not None:
            await self.kill()
        assert self.starter.stdin is not None
        self.starter.stdin.close()
        await self.starter.wait()

    def _dead(self, word: dict[str, Any]) -> bool:
        self.pid = self.url = None
        if word["died"] != -signal.SIGKILL:
            raise RuntimeError(f"server {self.name} ended by itself ({word['died']}); see its log")
        return False

    async def _hears(self, *words: str) -> dict[str, Any]:
        """The next line that says one of these things; a start says «started» and «listening» in either order."""
        assert self.starter.stdout is not None
        kept = self._kept
        for index, heard in enumerate(kept):
            if any(word in heard for word in words):
                return kept.pop(index)
        while True:
            line = await self.starter.stdout.readline()
            if not line:
                raise RuntimeError(f"the starter of server {self.name} is gone")
            heard = json.loads(line)
            if any(word in heard for word in words):
                return dict(heard)
            kept.append(heard)

    def __post_init__(self) -> None:
        self._kept: list[dict[str, Any]] = []
