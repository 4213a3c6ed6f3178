"""The demo as a user starts it: a process of its own, its windows open in a browser, its clock moved by its command."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from browser import chromium, open_window
from calendar_desk import CalendarDesk
from teams_window import TeamsWindow

from bot.demo import town
from bot.demo.tools import find_chromium

_READY = b"Ctrl-C avslutar allt."
_START_SECONDS = 180  # a first run also installs the client


@dataclass(frozen=True, kw_only=True)
class Playing:
    """A running demo. `windows` are open pages by person."""

    folder: Path
    windows: dict[str, TeamsWindow]
    pictures: Path | None
    desk: CalendarDesk

    def __getitem__(self, key: str) -> TeamsWindow:
        return self.windows[key]

    async def clock(self, move: str) -> str:
        """Move the demo clock as a user does, in another terminal."""
        process = await asyncio.create_subprocess_exec(
            _stafett(), "demo", "--folder", str(self.folder), "clock", move, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said
        return said.decode()

    async def calendar(self, key: str, week: str, folder: Path, name: str, *, shows: str = "") -> None:
        """Keep pictures of the person's page of the demo's calendars, wide and narrow, once it shows the text."""
        await self.desk.picture(town.people()[key].upn, week, folder, name, shows=shows)

    async def picture(self, key: str, name: str, text: str = "") -> None:
        """Keep a picture of the person's newest card, when somebody wants to look."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            await self.windows[key].picture(self.pictures, name, text=text)


@asynccontextmanager
async def playing(
    folder: Path, *people: str, start: str = "2026-11-16T09:00", options: tuple[str, ...] = ()
) -> AsyncIterator[Playing]:
    """A demo with a window for each of these people. Pictures are kept where STAFETT_PICTURES says."""
    port = _free_ports(len(people) + 2)  # the bot, its windows and the calendars
    process = await asyncio.create_subprocess_exec(
        _stafett(), "demo", "--folder", str(folder), "--port", str(port), "--start", start, *options, "--windows",
        *people,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said: list[str] = []
    ready = asyncio.Event()
    listening = asyncio.create_task(_listen(process, said, ready))
    try:
        async with asyncio.timeout(_START_SECONDS):
            await ready.wait()
        assert process.returncode is None, f"the demo did not start: {''.join(said)}"
        async with chromium(find_chromium()) as browser:
            windows = {}
            for number, key in enumerate(people, start=1):
                windows[key] = await open_window(browser, f"http://localhost:{port + number}")
                await windows[key].wait_for_card("Stafett")
            kept = os.environ.get("STAFETT_PICTURES")
            try:
                yield Playing(
                    folder=folder, windows=windows, pictures=Path(kept) if kept else None,
                    desk=CalendarDesk(browser, f"http://localhost:{port + len(people) + 1}"),
                )  # fmt: skip
            except BaseException:
                for key, window in windows.items():
                    await window.screenshot(folder.parent / f"failed-{key}.png")
                    said.append(f"\n{key} ser: {await window.texts()}\n")
                sys.stderr.write("".join(said))
                raise
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()
        await listening


async def _listen(process: asyncio.subprocess.Process, said: list[str], ready: asyncio.Event) -> None:
    """Keep what the demo says, and tell when it is ready or has ended."""
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode(errors="replace"))
        if _READY in line:
            ready.set()
    await process.wait()
    ready.set()


def _stafett() -> str:
    return str(Path(sys.executable).with_name("stafett"))


def _free_ports(count: int) -> int:
    """The first of so many free ports in a row. Who plays beside us looks elsewhere: a free one is not yet ours."""
    room = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for first in range(20_000 + room * 2_000, 30_000, 50):
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.create_server(("127.0.0.1", port)))
            return first
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise AssertionError("no free ports")
