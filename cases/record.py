"""The one door through which a thread changes. A button press and a due deadline are the same thing: a signal."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from cases import load
from cases import tables as t
from cases.directory import CaseFacts, Directories, Directory, read
from cases.errors import UnknownThread
from cases.flow import Flow
from cases.ladder import RECOMPUTE, due_prompts, is_stale, work_out_anew
from cases.leaving import hand_on
from cases.modes import mode_of, mode_set
from cases.opening import Opener, Opening
from cases.plan import Planner
from cases.policy import POINTERS, OfThread
from cases.route import members
from cases.telling import Change
from cases.thread import CLOCK, Armed, Signal, ThreadNow
from cases.write import write
from reminders.deadlines import DueRow, postpone
from reminders.profile import Profile

__all__ = ["Opening", "Record", "Scene"]

_LOG = logging.getLogger("stafett.record")

_LAPSED = (
    update(t.deadline)
    .where(t.deadline.c.id.in_(bindparam("ids", expanding=True)))
    .where(t.deadline.c.status == "armed", t.deadline.c.due_at <= bindparam("now"))
    .values(status="lapsed")
)


class Record:
    """Built once, with the flows and the profiles. Every method works in the caller's transaction, which commits."""

    def __init__(self, flows: Mapping[str, Flow], profiles: Mapping[str, Profile]) -> None:
        self.flows = flows
        self.profiles = profiles
        # Where a person fetches the calendar file of a meeting, if anywhere.
        self.calendar_links: Callable[[int, int], str] | None = None
        # What makes the address of a calendar to subscribe to of its secret, if there are any.
        self.calendar_feed: Callable[[str], str] | None = None
        self._directories = Directories()
        self._lean = frozenset(name for name, flow in flows.items() if not flow.clock_looks_back())

    def take(self, profiles: Mapping[str, Profile]) -> None:
        """Use these profiles from now on. A transaction under way may end by the ones it began with."""
        self.profiles = profiles

    def open(self, tx: Connection, opening: Opening, now: datetime, machine_now: datetime) -> ThreadNow:
        """Put a new thread on disk, in the first state of its flow, owned by its sender.

        Raises: IllegalMove, Denied.
        """
        thread, change = self.scene(tx).opener(tx, now, machine_now).opened(opening)
        write(tx, [change], now, machine_now)
        return thread

    def _write(
        self, tx: Connection, scene: "Scene", changes: Sequence[Change], now: datetime, machine_now: datetime
    ) -> None:
        for change in changes:
            scene.opener(tx, now, machine_now).related(change)
        write(tx, changes, now, machine_now)
        self._hand_on(tx, changes, now, machine_now)

    def _hand_on(self, tx: Connection, changes: Sequence[Change], now: datetime, machine_now: datetime) -> None:
        """What somebody held in a role that has just ended goes to those who still work there."""
        for ended in [one for change in changes for one in change.accesses if one.ends]:
            scene = Scene(record=self, directory=read(tx, ""))  # not kept: the transaction may be undone
            hand_on(tx, scene, ended.person_id, [ended.unit_id], now, machine_now)

    def signal(
        self, tx: Connection, signals: Sequence[Signal], now: datetime, machine_now: datetime
    ) -> dict[int, ThreadNow]:
        """Make the moves of these signals, all or none.

        `now` is care time, which the rules follow; `machine_now` is when the outbox may send. Both UTC.
        Raises: UnknownThread, IllegalMove, Denied; nothing is written then.
        """
        found = load.threads(tx, {signal.thread_id for signal in signals}, lock=True)
        if any(signal.thread_id not in found for signal in signals):
            raise UnknownThread
        scene = self.scene(tx)
        changes = [scene.planner(found[signal.thread_id], now).by_person(signal) for signal in signals]
        self._write(tx, scene, changes, now, machine_now)
        return found

    def signal_on(
        self, tx: Connection, thread: ThreadNow, scene: "Scene", signal: Signal, now: datetime, machine_now: datetime
    ) -> None:
        """The same for one thread that this transaction has already read and locked; the snapshot moves with it.

        Raises: IllegalMove, Denied, AnswerMissing; nothing is written then, and the snapshot is no longer true.
        """
        self._write(tx, scene, [scene.planner(thread, now).by_person(signal)], now, machine_now)

    def fire(self, tx: Connection, rows: Sequence[DueRow], now: datetime, machine_now: datetime) -> int:
        """The clock's signals for claimed deadline rows: one snapshot, one set of statements for all.

        A row that cannot be planned is put off and logged, and nothing else is done to its thread: the thread's other
        rows stay due and are claimed again. A row whose thread has ended or is gone lapses, and one whose thread
        somebody else is changing right now stays due. Returns how many fired.
        """
        ids = {row.thread_id for row in rows}
        found = load.threads(tx, ids, lock=load.WITHOUT_WAITING, lean=self._lean)
        taken = load.existing(tx, ids - found.keys())
        rows = [row for row in rows if row.thread_id not in taken]
        scene = self.scene(tx)
        changes: list[Change] = []
        skipped: list[DueRow] = []
        broken: set[int] = set()
        for row in rows:
            thread = found.get(row.thread_id)
            armed = _armed(thread, row, now) if thread else None
            if row.thread_id in broken:
                continue  # its snapshot is no longer true
            if thread is None or armed is None or thread.is_closed:
                skipped.append(row)
                continue
            try:
                changes.append(self._clock_change(scene, thread, armed, row, now))
            except Exception as error:  # one bad row must not hold up every other person's deadline
                _put_off(tx, row, now, error)
                broken.add(row.thread_id)
        for change in [one for one in changes if one.reaches_others and one.thread.id not in broken]:
            try:
                with tx.begin_nested():
                    scene.opener(tx, now, machine_now).related(change)
            except Exception as error:
                _put_off(tx, next(row for row in rows if row.id == change.signal.deadline_id), now, error)
                broken.add(change.thread.id)
        whole = [change for change in changes if change.thread.id not in broken]
        write(tx, whole, now, machine_now)
        self._hand_on(tx, whole, now, machine_now)
        # Those that the change of their thread has neither ended nor moved on would be claimed for ever.
        lapsed = [row.id for row in skipped if row.thread_id not in broken]
        if lapsed:
            tx.execute(_LAPSED, {"ids": lapsed, "now": now})
        return len(whole)

    def directory(self, tx: Connection) -> Directory:
        """The roster as this transaction sees it."""
        return self._directories.current(tx)

    def scene(self, tx: Connection) -> "Scene":
        """What is needed to plan or show threads."""
        return Scene(record=self, directory=self.directory(tx))

    def seat_is_reached(self, tx: Connection, thread_id: int, person_id: int, told: set[int], now: datetime) -> bool:
        """Whether somebody else in a seat of this person gets, or has got, the same message."""
        found = load.threads(tx, [thread_id])
        scene = self.scene(tx)
        for thread in found.values():
            for party in thread.parties:
                sitting = members(party, scene.directory, scene.profile(thread), now)
                if person_id in sitting and told & set(sitting):
                    return True
        return False

    # --- pieces -------------------------------------------------------------------------------------------------

    def _clock_change(self, scene: "Scene", thread: ThreadNow, armed: Armed, row: DueRow, now: datetime) -> Change:
        profile = scene.profile(thread)
        name = f"{armed.step}.none"
        if is_stale(armed, profile):  # nothing is said before its new time
            work_out_anew(armed, profile)
            name = RECOMPUTE
        prompts = due_prompts(armed, profile, now)
        signal = Signal(
            thread_id=thread.id, name=f"{armed.step}.{prompts[-1].step}" if prompts else name, by=CLOCK,
            deadline_id=row.id, due_at=row.due_at,
        )  # fmt: skip
        return scene.planner(thread, now).by_clock(signal, prompts, armed)

    def profile_of(self, directory: Directory, unit_id: str, facts: CaseFacts | None) -> Profile:
        """The profile of the case's authority unit, else of the one that the sender's unit answers to."""
        authority = facts.responsible_unit_id if facts else None
        unit = directory.units[unit_id]
        return self.profiles[directory.units[authority or unit.authority_unit_id or unit_id].profile]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The roster behind a set of threads, and the profiles they follow."""

    record: Record
    directory: Directory

    def case(self, thread: ThreadNow) -> CaseFacts:
        return self.directory.facts(thread.case_unit_id, thread.responsible_id, thread.fixed_contact_id)

    def profile(self, thread: ThreadNow) -> Profile:
        return self.record.profiles[thread.profile]

    def profile_of_unit(self, unit_id: str) -> Profile:
        """The profile that a unit's messages follow: its authority unit's."""
        return self.record.profile_of(self.directory, unit_id, None)

    def mode(self, thread: ThreadNow) -> str:
        """How much of the thread may be shown: the profile's mode, or less for a provider in it."""
        profile = self.profile(thread)
        if mode_set(profile) == POINTERS:  # which most have, and a card asks often
            return POINTERS
        return mode_of(thread, self.case(thread), profile, self.directory)

    def what(self, thread: ThreadNow, mode: str = POINTERS) -> OfThread:
        """The thread as the policy looks at it; `mode` is what the municipality lets be shown of it."""
        return OfThread(thread=thread, flow=self.record.flows[thread.flow], profile=self.profile(thread), mode=mode)

    def opener(self, tx: Connection, now: datetime, machine_now: datetime) -> Opener:
        """Opens threads in this transaction."""
        return Opener(tx=tx, scene=self, now=now, machine_now=machine_now)

    def planner(self, thread: ThreadNow, now: datetime) -> Planner:
        return Planner(
            flow=self.record.flows[thread.flow],
            profile=self.profile(thread),
            directory=self.directory,
            case=self.case(thread),
            thread=thread,
            now=now,
        )


def _put_off(tx: Connection, row: DueRow, now: datetime, error: Exception) -> None:
    _LOG.error("deadline %s of thread %s put off: %s", row.id, row.thread_id, type(error).__name__)
    postpone(tx, row, now)


def _armed(thread: ThreadNow, row: DueRow, now: datetime) -> Armed | None:
    """The deadline of a claimed row, if it is still due: what has been fired is not fired again."""
    for armed in thread.deadlines.values():
        if armed.id == row.id and armed.status == "armed" and armed.due_at is not None and armed.due_at <= now:
            return armed
    return None
