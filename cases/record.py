"""The one door through which a thread changes. A button press and a due deadline are the same thing: a signal."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from cases import load
from cases import tables as t
from cases.directory import Directory
from cases.flow import By, Flow
from cases.ladder import due_prompts
from cases.may import relations
from cases.plan import Change, Planner
from cases.route import AUTHORITY, CaseFacts, members
from cases.thread import CLOCK, Actor, Armed, Party, Signal, ThreadNow
from cases.write import new_id, refresh, write
from reminders.deadlines import DueRow, postpone
from reminders.profile import Profile

_LOG = logging.getLogger("stafett.record")

_UNKNOWN_CASE = CaseFacts()


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A new thread: who sends it, from which unit, about which case, with which answers."""

    flow: str
    sender_id: int
    sender_unit_id: str
    case_ref: str
    values: Mapping[str, Any]
    key: str | None = None


class Record:
    """Built once, with the flows and the profiles. Every method works in the caller's transaction, which commits."""

    def __init__(self, flows: Mapping[str, Flow], profiles: Mapping[str, Profile]) -> None:
        self.flows = flows
        self.profiles = profiles

    def open(self, tx: Connection, opening: Opening, now: datetime, machine_now: datetime) -> ThreadNow:
        """Put a new thread on disk, in the first state of its flow, owned by its sender.

        Raises: IllegalMove, Denied.
        """
        facts = load.case_facts(tx, [opening.case_ref]).get(opening.case_ref)
        directory = Directory.load(tx, _units([opening.sender_unit_id], facts))
        profile = self._profile_of(directory, opening.sender_unit_id, facts)
        row: dict[str, Any] = {
            "flow": opening.flow, "profile": profile.name, "state": "", "version": 0, "case_ref": opening.case_ref,
            "case_known": _has_responsible(facts, directory), "sender_id": opening.sender_id,
            "sender_unit_id": opening.sender_unit_id,
            "sender_side": "authority" if directory.units[opening.sender_unit_id].kind == AUTHORITY else "provider",
            "marks": [] if facts else ["unknown_case"], "opened_at": now,
        }  # fmt: skip
        thread_id = new_id(tx.execute(insert(t.thread).values(**row, opening_key=opening.key)))
        thread = ThreadNow(**row, id=thread_id, closed_at=None)
        thread.owner = Party(
            id=None,
            side="sender",
            role="sender",
            unit_id=opening.sender_unit_id,
            person_id=opening.sender_id,
            because="opened",
        )
        thread.parties.append(thread.owner)
        signal = Signal(
            thread_id=thread_id, name="open", by=Actor.person(opening.sender_id), values=dict(opening.values)
        )
        directory.ensure_people(tx, [opening.sender_id])
        change = self._planner(thread, directory, facts, now).by_person(signal)
        write(tx, [change], now, machine_now)
        return thread

    def signal(
        self, tx: Connection, signals: Sequence[Signal], now: datetime, machine_now: datetime
    ) -> dict[int, ThreadNow]:
        """Make the moves of these signals, all or none.

        `now` is care time, which the rules follow; `machine_now` is when the outbox may send. Both UTC.
        Raises: UnknownThread, IllegalMove, Denied; nothing is written then.
        """
        found = load.threads(tx, {signal.thread_id for signal in signals}, lock=True)
        scene = self._scene(tx, found.values())
        changes = []
        for signal in signals:
            thread = found.get(signal.thread_id) or load.one(tx, signal.thread_id)
            changes.append(scene.planner(thread, now).by_person(signal))
        write(tx, changes, now, machine_now)
        return found

    def fire(self, tx: Connection, rows: Sequence[DueRow], now: datetime, machine_now: datetime) -> int:
        """The clock's signals for claimed deadline rows: one snapshot, one set of statements for all.

        A row that cannot be planned is put off and logged; the others go on. Returns how many fired.
        """
        found = load.threads(tx, {row.thread_id for row in rows}, lock=True)
        scene = self._scene(tx, found.values())
        changes: list[Change] = []
        for row in rows:
            thread = found.get(row.thread_id)
            armed = _armed(thread, row, now) if thread else None
            if thread is None or armed is None or thread.is_closed:
                continue
            try:
                changes.append(self._clock_change(scene, thread, armed, row, now))
            except Exception as error:  # one bad row must not hold up every other person's deadline
                _LOG.error("deadline %s of thread %s put off: %s", row.id, row.thread_id, type(error).__name__)
                postpone(tx, row, now)
        write(tx, changes, now, machine_now)
        return len(changes)

    def scene(self, tx: Connection, threads: Iterable[ThreadNow]) -> "Scene":
        """What is needed to show these threads: the directory and the case facts, read once."""
        return self._scene(tx, threads)

    def delivered(self, tx: Connection, thread_id: int, person_id: int, now: datetime, machine_now: datetime) -> None:
        """A first card has reached somebody on the other side: the sender's card is to say so."""
        found = load.threads(tx, [thread_id]).get(thread_id)
        if found is None or found.is_closed or found.sender_id not in found.holders or person_id == found.sender_id:
            return
        scene = self._scene(tx, [found])
        if relations(person_id, found, scene.directory, scene.profile(found), now) - {By.SENDER}:
            refresh(tx, found, found.sender_id, machine_now)

    def seat_is_reached(self, tx: Connection, thread_id: int, person_id: int, told: set[int], now: datetime) -> bool:
        """Whether somebody else in a seat of this person gets, or has got, the same message."""
        found = load.threads(tx, [thread_id])
        scene = self._scene(tx, found.values())
        for thread in found.values():
            for party in thread.parties:
                sitting = members(party, scene.directory, scene.profile(thread), now)
                if person_id in sitting and told & set(sitting):
                    return True
        return False

    def unit_profile(self, tx: Connection, unit_id: str) -> str:
        """The name of the profile that a unit's messages follow: its authority unit's."""
        directory = Directory.load(tx, [unit_id])
        return self._profile_of(directory, unit_id, None).name

    # --- pieces -------------------------------------------------------------------------------------------------

    def _clock_change(self, scene: "Scene", thread: ThreadNow, armed: Armed, row: DueRow, now: datetime) -> Change:
        prompts = due_prompts(armed, self.profiles[thread.profile], now)
        signal = Signal(
            thread_id=thread.id, name=f"{armed.step}.{prompts[-1].step if prompts else 'none'}", by=CLOCK,
            deadline_id=row.id, due_at=row.due_at,
        )  # fmt: skip
        return scene.planner(thread, now).by_clock(signal, prompts, armed)

    def _scene(self, tx: Connection, threads: Iterable[ThreadNow]) -> "Scene":
        known = list(threads)
        facts = load.case_facts(tx, {thread.case_ref for thread in known})
        units: set[str] = set()
        people: set[int] = set()
        for thread in known:
            units |= _units([thread.sender_unit_id], facts.get(thread.case_ref))
            units |= {party.unit_id for party in thread.parties}
            units |= {value for name, value in thread.values.items() if name == "receiving_unit"}
            people |= {party.person_id for party in thread.parties if party.person_id is not None}
            people |= {who for party in thread.parties for who in (party.read_by, party.taken_by) if who is not None}
            people.add(thread.sender_id)
        return Scene(record=self, directory=Directory.load(tx, units, people), facts=facts)

    def _profile_of(self, directory: Directory, unit_id: str, facts: CaseFacts | None) -> Profile:
        authority = facts.responsible_unit_id if facts else None
        unit = directory.units[unit_id]
        return self.profiles[directory.units[authority or unit.authority_unit_id or unit_id].profile]

    def _planner(self, thread: ThreadNow, directory: Directory, facts: CaseFacts | None, now: datetime) -> Planner:
        return Planner(
            flow=self.flows[thread.flow], profile=self.profiles[thread.profile], directory=directory,
            case=facts or _UNKNOWN_CASE, thread=thread, now=now,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The directory and case facts behind a set of threads."""

    record: Record
    directory: Directory
    facts: Mapping[str, CaseFacts]

    def case(self, thread: ThreadNow) -> CaseFacts:
        return self.facts.get(thread.case_ref, _UNKNOWN_CASE)

    def profile(self, thread: ThreadNow) -> Profile:
        return self.record.profiles[thread.profile]

    def planner(self, thread: ThreadNow, now: datetime) -> Planner:
        return self.record._planner(thread, self.directory, self.facts.get(thread.case_ref), now)


def _units(unit_ids: Iterable[str], facts: CaseFacts | None) -> set[str]:
    units = set(unit_ids)
    if facts:
        units |= {unit for unit in (facts.unit_id, facts.responsible_unit_id) if unit}
    return units


def _has_responsible(facts: CaseFacts | None, directory: Directory) -> bool:
    """Whether the case has an assessor who is still there to read."""
    who = facts.responsible_id if facts and facts.responsible_unit_id else None
    return who is not None and directory.is_active(who)


def _armed(thread: ThreadNow, row: DueRow, now: datetime) -> Armed | None:
    """The deadline of a claimed row, if it is still due: what has been fired is not fired again."""
    for armed in thread.deadlines.values():
        if armed.id == row.id and armed.status == "armed" and armed.due_at is not None and armed.due_at <= now:
            return armed
    return None
