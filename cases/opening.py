"""Threads that are begun: by a person's form, or by a change of another thread, in the same transaction."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from cases import load, sealing
from cases import tables as t
from cases.actions import OpenEach
from cases.case_wide import reach
from cases.directory import CaseFacts, Directory
from cases.errors import AnswerMissing, NobodyReceives, RecordError, RelatedFault
from cases.fields import fitted, per_case
from cases.flow import Flow
from cases.meeting import HAS_MEETING
from cases.modes import is_capped, mode_among, to_be
from cases.passing import related_of_case
from cases.relay import relay
from cases.route import AUTHORITY
from cases.telling import Change, Related
from cases.thread import NO_CASE, Actor, Party, Signal, ThreadNow, caseless_ref
from cases.write import new_id, write

if TYPE_CHECKING:
    from cases.record import Scene

_LOG = logging.getLogger("stafett.record")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A new thread: who sends it, from which unit, about which case, with which answers.

    `case_ref` is left out where the flow is about no case. `parent_id` is the thread that it comes of, if any.
    """

    flow: str
    sender_id: int
    sender_unit_id: str
    values: Mapping[str, Any]
    case_ref: str = ""
    key: str | None = None
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Opener:
    """Opens threads in one transaction. `now` is care time, `machine_now` is for delivery; both UTC."""

    tx: Connection
    scene: "Scene"
    now: datetime
    machine_now: datetime

    def opened(self, opening: Opening, parent: Signal | None = None) -> tuple[ThreadNow, Change]:
        """The row of a new thread, and what its opening changes, not yet written."""
        directory, flow = self.scene.directory, self.scene.record.flows[opening.flow]
        if not flow.caseless:
            sealing.settle(self.tx)
        facts = None if flow.caseless else directory.case(self.tx, opening.case_ref)
        profile = self.scene.record.profile_of(directory, opening.sender_unit_id, facts)
        row: dict[str, Any] = {
            "flow": opening.flow, "profile": profile.name, "state": "", "version": 0, "case_ref": opening.case_ref,
            "case_known": _has_responsible(facts, directory), "sender_id": opening.sender_id,
            "sender_unit_id": opening.sender_unit_id,
            "sender_side": "authority" if directory.units[opening.sender_unit_id].kind == AUTHORITY else "provider",
            "marks": _first_marks(flow, known=facts is not None), "opened_at": self.now,
            "parent_id": parent.thread_id if parent else opening.parent_id,
        }  # fmt: skip
        thread_id = new_id(self.tx.execute(insert(t.thread).values(**row, opening_key=opening.key)))
        thread = ThreadNow(**row, id=thread_id, closed_at=None)
        if flow.caseless:
            thread.case_ref = caseless_ref(flow.caseless_word, thread_id)
            named = update(t.thread).where(t.thread.c.id == thread_id).values(case_ref=thread.case_ref)
            self.tx.execute(named)
        if facts is not None:
            thread.case_unit_id, thread.responsible_id = facts.unit_id, facts.responsible_id
            thread.fixed_contact_id = facts.fixed_contact_id
        thread.owner = Party(
            id=None, side="sender", role="sender", unit_id=opening.sender_unit_id, person_id=opening.sender_id,
            because="opened",
        )  # fmt: skip
        thread.parties.append(thread.owner)
        signal = Signal(
            thread_id=thread_id, name="open", by=parent.by if parent else Actor.person(opening.sender_id),
            values=dict(opening.values), on_behalf=opening.sender_id,
        )  # fmt: skip
        return thread, self.scene.planner(thread, self.now).by_person(signal)

    def related(self, change: Change, reached: frozenset[int] = frozenset()) -> None:
        """What a change passes on to related threads, and those that it opens, in the same transaction.

        What cannot be sent yet stays a draft of its sender's, who is reminded of it. `reached` have passed it here.
        """
        on = reached | {change.thread.id}
        instead = relay(
            self.tx, self.scene.planner, change, self.now, self.machine_now, reached=on,
            carry=lambda given: self.related(given, on),
        )  # fmt: skip
        reach(self.tx, self.scene.planner, self.scene.record.flows, change, self.now, self.machine_now)
        each = [one for action in change.opens_each for one in self._each(change, action)]
        for related in (*change.opens, *instead, *each):
            thread = self._open_one(change, related)
            change.thread.has_opened(thread.id)

    def _each(self, change: Change, action: OpenEach) -> list[Related]:
        """One for each case whose outcome asks for it and that has none of this one's yet."""
        thread = change.thread
        outcomes = per_case(thread.values.get(action.field))
        wanted = [case for case, code in outcomes.items() if code in action.codes]
        row = t.thread.c
        query = select(row.case_ref).where(row.parent_id == thread.id, row.flow == action.flow)
        there = set(self.tx.execute(query).scalars()) if wanted else set()
        planner = self.scene.planner(thread, self.now)
        found = []
        for case in [one for one in wanted if one not in there]:
            facts = self.scene.directory.case(self.tx, case) or CaseFacts()
            found.append(related_of_case(replace(planner, case=facts), action, case, change.signal.by.person_id))
        return found

    def _open_one(self, change: Change, related: Related) -> ThreadNow:
        flow = self.scene.record.flows[related.flow]
        opening = Opening(
            flow=related.flow, sender_id=related.sender_id, sender_unit_id=related.sender_unit_id,
            case_ref=related.case_ref or change.thread.case_ref, values=fitted(flow.form, related.values),
        )  # fmt: skip
        opening = replace(opening, values=self._allowed(opening, flow))
        try:
            thread, opened = self.opened(opening, parent=change.signal)
            write(self.tx, [opened], self.now, self.machine_now)
        except RecordError as fault:
            raise RelatedFault(f"{change.thread.flow} kan inte öppna {related.flow}: {fault}") from fault
        if related.signal:
            self._send(thread.id, related, change)
        return thread

    def _allowed(self, opening: Opening, flow: Flow) -> dict[str, Any]:
        """The answers that may follow to whoever gets the new thread: content does not where one may not read it."""
        directory = self.scene.directory
        facts = None if flow.caseless else directory.case(self.tx, opening.case_ref)
        profile = self.scene.record.profile_of(directory, opening.sender_unit_id, facts)
        hidden = flow.sensitive_names() & set(opening.values)
        units = [opening.sender_unit_id, *to_be(facts, opening.values.values())]
        if hidden and is_capped(mode_among(units, profile, directory), profile):
            return {name: value for name, value in opening.values.items() if name not in hidden}
        return dict(opening.values)

    def _send(self, thread_id: int, related: Related, change: Change) -> None:
        signal = Signal(thread_id=thread_id, name=related.signal, by=change.signal.by, on_behalf=related.sender_id)
        try:
            sent = self.scene.planner(load.one(self.tx, thread_id), self.now).by_person(signal)
        except (AnswerMissing, NobodyReceives) as later:
            _LOG.warning("thread %s opened, not sent: %s", thread_id, type(later).__name__)
            return
        self.related(sent)
        write(self.tx, [sent], self.now, self.machine_now)


def _first_marks(flow: Flow, *, known: bool) -> list[str]:
    """What a thread is marked with from the start; the record itself is asked for nothing more of others."""
    meeting = [f"{HAS_MEETING}{flow.meeting}"] if flow.meeting else []
    if flow.caseless:
        return [NO_CASE, *meeting]
    return meeting if known or flow.new_case else ["unknown_case", *meeting]


def _has_responsible(facts: CaseFacts | None, directory: Directory) -> bool:
    """Whether the case has an assessor who is still there to read."""
    who = facts.responsible_id if facts and facts.responsible_unit_id else None
    return who is not None and directory.is_active(who)
