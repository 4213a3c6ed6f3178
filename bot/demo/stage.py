"""The demo's stage: the bot on loopback, a window for each person, and a clock that can be moved."""

import asyncio
import contextlib
import shutil
import signal
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.board.board import PATH as BOARD
from bot.channel.settings import ChannelSettings, SdkName
from bot.clock import Clock
from bot.demo import town
from bot.demo.calendars import Calendars
from bot.demo.clock import BadMove, first_time, moved, read_offset, write_offset
from bot.demo.playground import Person, PlaygroundError, Window, install, start_window
from bot.house import House, build_record
from bot.one_process import alone_with
from cases import people
from cases.record import Record
from cases.store import Store, sqlite_url
from dialogs.swedish import moment_text

_HOST = "127.0.0.1"


class StageError(RuntimeError):
    """The demo cannot be started; the message says why and what to do."""


class Stage:
    """Everything `stafett demo` starts, and stops again. `client` is the installed Playground, or None without node.

    All units follow `profile`; without `shows` content stays in the case system, as where nothing else is decided.
    `sdk` is the bot SDK behind the channel door.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        windows: Sequence[str],
        client: Path | None,
        *,
        profile: str = town.USUAL,
        shows: bool = True,
        sdk: SdkName = "botbuilder",
    ) -> None:
        self._folder = folder.resolve()
        self._port = port
        self._client = client
        self._profile, self._shows, self._sdk = profile, shows, sdk
        unknown = [key for key in windows if key not in town.people()]
        if unknown:
            raise StageError(f"Det finns ingen som heter {', '.join(unknown)}. Välj bland {', '.join(town.people())}.")
        self._cast = [town.people()[key] for key in windows]
        self._calendars = port + len(windows) + 1  # the port after those of the windows
        self._windows: list[Window] = []

    async def run(self, start: datetime | None) -> None:
        """Play until Ctrl-C. Whatever was started is stopped again.

        Raises: StageError; DatabaseUnusable when another demo runs in the folder, whose record we would remove.
        """
        _refuse_taken(self._port)
        _refuse_taken(self._calendars)
        await asyncio.to_thread(self._folder.parent.mkdir, parents=True, exist_ok=True)
        with alone_with(self._folder):
            await self._play(start)

    async def _play(self, start: datetime | None) -> None:
        store, record = self._prepare()
        clock = self._clock(store, record, start)
        store.transaction(lambda tx: town.settle(tx, clock.care(), self._profile))
        calendars = Calendars(clock, lambda: house.time_moved())
        house = House.build(
            store, record, ChannelSettings(demo=True, sdk=self._sdk), clock, inline=True,
            profiles=self._folder / town.PROFILE_FOLDER, graph=await calendars.open(self._calendars),
            public=f"http://{_HOST}:{self._port}",
        )  # fmt: skip
        app = house.app()
        app.router.add_post("/demo/clock", lambda request: self._move(request, house))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, self._port).start()
            await self._open_windows()
            boards = self._boards(store, house)
            (self._folder / "address").write_text(f"http://{_HOST}:{self._port}\n", encoding="utf-8")
            print(self._welcome(clock, calendars.page, boards), flush=True)
            await _until_told_to_stop()
        except PlaygroundError as fault:
            raise StageError(str(fault)) from fault
        finally:
            (self._folder / "address").unlink(missing_ok=True)
            await asyncio.gather(*(window.stop() for window in self._windows))
            await runner.cleanup()
            await calendars.close()

    def _prepare(self) -> tuple[Store, Record]:
        """A fresh record each time: the client forgets its chats when it stops, so the record does too."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        store = Store(sqlite_url(self._folder / "stafett.sqlite"))
        store.migrate()
        return store, build_record(town.profiles_for(self._folder, shows=self._shows))

    def _clock(self, store: Store, record: Record, start: datetime | None) -> Clock:
        clock = Clock(store.transaction(read_offset))
        begin = start or first_time(clock.machine(), record.profiles["norrkoping"].calendar)
        clock.offset = max(begin - clock.machine(), timedelta()) if start is None else begin - clock.machine()
        store.transaction(lambda tx: write_offset(tx, clock.offset))
        return clock

    async def _open_windows(self) -> None:
        if self._client is None:
            return
        messages = f"http://{_HOST}:{self._port}/api/messages"
        for number, person in enumerate(self._cast, start=1):
            others = [other for other in self._cast if other is not person][:5]
            folder = self._folder / "windows" / person.key
            window = await start_window(person, others, messages, self._port + number, folder, client=self._client)
            self._windows.append(window)
        for window in self._windows:
            await install(window)

    async def _move(self, request: web.Request, house: House) -> web.Response:
        try:
            move = str((await request.json()).get("move", ""))
            house.clock.offset = await house.store.run(lambda tx: moved(tx, house.clock, move))
        except BadMove as fault:
            return web.Response(status=400, text=str(fault))
        except ValueError:
            return web.Response(status=400, text="Skriv +1d, +2h, +30m eller next.")
        house.time_moved()
        return web.Response(text=f"Demoklockan är nu {moment_text(house.clock.care())}.")

    def _boards(self, store: Store, house: House) -> dict[str, str]:
        """Where each has their board; its references lead to the person's own window."""
        cast = {person.key: person.aad_object_id for person in self._cast}
        ids = store.transaction(
            lambda tx: {key: people.find(tx, aad_object_id=aad, channel_user_id=None) for key, aad in cast.items()}
        )
        chats = {ids[window.person.key]: f"{window.url}/#" for window in self._windows}
        house.board.chat_at = lambda person_id: chats.get(person_id, "")
        return {key: f"http://{_HOST}:{self._port}{BOARD}/som/{ids[key]}" for key in cast}

    def _welcome(self, clock: Clock, calendars: str, boards: Mapping[str, str]) -> str:
        lines = ["", f"Stafett är igång. Demoklockan är {moment_text(clock.care())}.", ""]
        if self._windows:
            lines.append("Öppna fönstren i en webbläsare (de visar bara det som kommer medan de är öppna):")
            lines += [f"  {_who(window.person)}: {window.url}" for window in self._windows]
            lines.append("")
        lines.append("Tavlan, fliken i Teams, för var och en:")
        lines += [f"  {_who(person)}: {boards[person.key]}" for person in self._cast]
        lines.append("")
        lines.append(f"Allas kalendrar, i stället för Outlook: {calendars}")
        lines += ["", *_SCRIPT, "", "Ctrl-C avslutar allt."]
        return "\n".join(lines)


_SCRIPT = (
    "Prova så här:",
    "  1. Hos Sara: tryck «Brådskande – antas bestå», svara «Nej», fyll i ärende NK-2041, vad som behövs och vem som",
    "     uppmärksammade det, och tryck «Fortsätt».",
    "  2. Kontrollera att mottagaren är Anna Berg och tryck «Skicka».",
    "  3. Hos Anna: tryck «Ta ärendet», sedan «Lämna återkoppling». Saras kort ändras efter varje steg.",
    "  4. Hos Sara: starta «Brådskande – kortare tid». Flytta klockan i ett annat terminalfönster:",
    "       .venv/bin/stafett demo clock +1d    (tre gånger, så är det dag 4)",
    "       .venv/bin/stafett demo clock next   (till nästa frist)",
    "  5. Skicka ett till och låt ingen ta det: flytta klockan «+20m» två gånger: det går vidare till Eva och Maria.",
)


def _who(person: Person) -> str:
    return f"{person.name} ({town.titles()[person.key]})"


def _refuse_taken(port: int) -> None:
    with contextlib.closing(socket.socket()) as probe:
        if probe.connect_ex((_HOST, port)) == 0:
            raise StageError(f"Port {port} är upptagen. Stäng det som använder den, eller välj en annan med --port.")


async def _until_told_to_stop() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, told.set)
    await told.wait()
