"""The municipalities' routines in a running server: watched, taken into use when they change, and brought to bear on
deadlines that already run.

A profile is taken into use only when all of it is right. Until then the one from before stays, what is wrong is logged
as critical, and `faults` says so to whoever asks how the server is.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from bot.clock import Clock
from bot.numbers import refuse_in_profiles
from cases import account
from cases.flow import Flow
from cases.ladder import forget_worked_out
from cases.modes import MODES, mode_set
from cases.recompute import Batch, are_noted, note_profiles, recompute, step_over
from cases.record import Record
from cases.store import Store
from dialogs.check import check_words
from reminders.errors import ProfileError
from reminders.profile import FOLDER, Profile, load_profile, profile_names

_LOG = logging.getLogger("stafett.routines")

NOTICE = "profiles"
EVERY = 60.0  # seconds between looks at the files
_FIRST = 1.0  # the start of a server has better things to do
_WRITTEN = 1.0  # a file that has not changed for so long is no longer being written
_BREATH = 0.01  # between two batches, for the turns of people
_UNHURRIED = 0.05  # the part of the time that a pass takes which most likely finds nothing
# After a change the deadlines are gone through again: another replica may have read its file a little later.
_PASSES = 3

_HELD = (
    "{0}.toml: privacy.mode: visar mer än förut ({1} → {2}) och tas i bruk först när Stafett startas om; "
    "det som lästes sist används"
)

Signature = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a folder holds: the profiles that are right, and every fault of the others."""

    names: tuple[str, ...]
    profiles: Mapping[str, Profile]
    faults: tuple[str, ...]


def read_profiles(folder: Path | None, flows: Mapping[str, Flow]) -> Read:
    """Every profile of a folder, each checked by itself against the flows."""
    found: dict[str, Profile] = {}
    faults: list[str] = []
    names = profile_names(folder)
    for name in names:
        try:
            refuse_in_profiles(folder, name)
            profile = load_profile(name, folder)
            check_words(profile, flows)
        except ProfileError as wrong:
            faults += [fault for fault in wrong.faults if fault not in faults]
        else:
            found[name] = profile
    return Read(names=names, profiles=found, faults=tuple(faults))


class Routines:
    """Watches a folder of profiles. `changed` is called when deadlines have got new times; `notices` has the word
    «profiles» as long as a file is not what it should be."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, *, changed: Callable[[], None], folder: Path | None = None,
        notices: set[str] | None = None,
    ) -> None:  # fmt: skip
        self._store, self._record, self._clock = store, record, clock
        self._changed, self._folder = changed, folder
        self.every, self.first, self.written = EVERY, _FIRST, _WRITTEN
        self.faults: tuple[str, ...] = ()
        self._notices = set() if notices is None else notices
        self._seen: Signature | None = None
        self._passes = _PASSES
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="routines")

    def nudge(self) -> None:
        """Look now."""
        self._wake.set()

    def obey_hangup(self) -> None:
        """Look at once when the process is sent SIGHUP, where there is such a signal."""
        with suppress(AttributeError, NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.nudge)

    async def stop(self) -> None:
        """Stop between two batches: what has been done is on disk, and the next start does the rest."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Take changed files into use, and give running deadlines the numbers of the profiles in use."""
        if await self._reload():
            self._passes = _PASSES
        if self._passes:
            await self._pass()

    # --- the files ----------------------------------------------------------------------------------------------

    async def _reload(self) -> bool:
        """Whether a profile was replaced. A file that is still being written waits for the next look."""
        signature = await asyncio.to_thread(_signature, self._folder)
        if signature == self._seen:
            return False
        await asyncio.sleep(self.written)
        if signature != await asyncio.to_thread(_signature, self._folder):
            return False
        read = await asyncio.to_thread(read_profiles, self._folder, self._record.flows)
        self._seen = signature
        known = self._record.profiles
        gone = [f"{name}.toml: filen är borta; den som lästes sist används" for name in known if name not in read.names]
        looser = {name for name, one in read.profiles.items() if name in known and _loosens(known[name], one)}
        held = [_HELD.format(name, mode_set(known[name]), mode_set(read.profiles[name])) for name in sorted(looser)]
        self._tell((*read.faults, *gone, *held))
        await self._account_for(looser)
        usable = {name: one for name, one in read.profiles.items() if name not in looser}
        new = {name: one for name, one in usable.items() if _differs(known.get(name), one)}
        if new:
            self._record.take(dict(known) | new)
            forget_worked_out()
            for name, profile in new.items():
                _LOG.info("profile %s is in use, fingerprint %s", name, profile.prints.whole)
        return bool(new)

    async def _account_for(self, looser: set[str]) -> None:
        """A mode that shows more than before is taken into use by a new start alone: somebody is to stand for that."""

        def note(tx: Connection) -> None:
            for name in sorted(looser):
                account.note(
                    tx, self._clock.care(), person_id=None, action="config", outcome="refused", signal="profile",
                    reason=f"{name} looser_mode", channel=account.ROUTINES,
                )  # fmt: skip

        if looser:
            await self._store.run(note)

    def _tell(self, faults: tuple[str, ...]) -> None:
        """Faults name file, key and what is allowed, as at a start; what was wrong before is not said again."""
        for fault in faults:
            if fault not in self.faults:
                _LOG.critical("a profile is not taken into use, the one from before stays: %s", fault)
        self.faults = faults
        (self._notices.add if faults else self._notices.discard)(NOTICE)

    # --- the deadlines ------------------------------------------------------------------------------------------

    async def _pass(self) -> None:
        """Go through the armed deadlines. When all is done, and not before, the fingerprints are kept.

        A restart with the same profiles looks as well, for another replica may have armed something by older ones; but
        without hurry, since there may be millions.
        """
        profiles = self._record.profiles
        unhurried = await self._store.run(lambda tx: are_noted(tx, profiles))
        changed = faults = 0
        following: int | None = 0
        while following is not None:
            begin = self._clock.steady()
            batch = await self._batch(profiles, following)
            changed, faults, following = changed + batch.changed, faults + batch.faults, batch.after
            if batch.changed:
                self._changed()
            unhurried = unhurried and not batch.changed
            pause = (self._clock.steady() - begin) / _UNHURRIED if unhurried else 0.0
            await asyncio.sleep(max(pause, _BREATH if batch.changed else 0.0))
        await self._store.run(lambda tx: note_profiles(tx, profiles, self._clock.care()))
        self._passes -= 1
        if changed:
            _LOG.info("%s threads have new times by their profile", changed)
        if faults:
            _LOG.critical("%s deadlines keep their old times: their rule is gone or refuses its start", faults)

    async def _batch(self, profiles: Mapping[str, Profile], after: int) -> Batch:
        """A batch together; should that fail, the first deadline of it alone, so that only a bad one is left out."""
        try:
            return await self._store.run(
                lambda tx: recompute(tx, profiles, after, self._clock.care(), self._clock.machine())
            )
        except Exception as error:  # nothing of the batch has been written
            _LOG.error("deadlines not worked out together: %s", type(error).__name__)
        try:
            return await self._store.run(
                lambda tx: recompute(tx, profiles, after, self._clock.care(), self._clock.machine(), limit=1)
            )
        except Exception as error:
            _LOG.error("a deadline not worked out, it keeps its times: %s", type(error).__name__)
        return Batch(after=await self._store.run(lambda tx: step_over(tx, profiles, after)), faults=1)

    async def _run(self) -> None:
        await self._nap(self.first)
        while True:
            try:
                await self.look()
            except Exception as error:  # the next look is soon
                _LOG.error("routines not looked at: %s", type(error).__name__)
            await self._nap(self.every)

    async def _nap(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()


def _signature(folder: Path | None) -> Signature:
    """What tells that a file has been changed, added or taken away, without reading any."""
    found = []
    for one in sorted({FOLDER, folder or FOLDER}):
        for path in sorted(one.glob("*.toml")):
            with suppress(FileNotFoundError):
                stat = path.stat()
                found.append((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(found)


def _loosens(known: Profile, read: Profile) -> bool:
    """Whether more would be shown of threads than now."""
    return MODES.index(mode_set(read)) > MODES.index(mode_set(known))


def _differs(known: Profile | None, read: Profile) -> bool:
    return known is None or known.prints != read.prints
