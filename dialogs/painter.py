"""Drawing what the outbox sends, at the moment it is sent: a late send shows the present state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import load
from cases.directory import Directory
from cases.errors import UnknownThread
from cases.outbox import Row, moved_since
from cases.record import Record
from cases.route import AUTHORITY
from cases.thread import ThreadNow
from dialogs.parts import Element
from dialogs.swedish import moment_text
from dialogs.thread_card import thread_card, toast
from dialogs.view import View
from reminders.profile import Profile

_DELAYED = timedelta(minutes=15)
# What a closed thread still has to say to its people.
_LAST_WORDS = frozenset({"answered", "completed", "withdrawn", "not_delivered"})


@dataclass(frozen=True, kw_only=True)
class Painted:
    """A card ready to send. `alert` asks for a toast; off duty, the first message comes silently."""

    card: Element
    toast: str
    alert: bool
    version: int


def paint(tx: Connection, record: Record, row: Row, now: datetime, *, inline: bool) -> Painted | None:
    """The card for one outbox row, or None when the thread no longer wants it sent. `now` is care time."""
    try:
        thread = load.one(tx, row.thread_id)
    except UnknownThread:
        return None
    if row.kind == "message" and _is_stale(tx, thread, row):
        return None
    scene = record.scene(tx, [thread])
    view = View(
        thread=thread, flow=record.flows[thread.flow], scene=scene, viewer=row.person_id, now=now, inline=inline
    )
    if not view.relations:
        return None
    return Painted(
        card=thread_card(view, row.text, message=_delay(thread, row, now)),
        toast=toast(view, row.text),
        alert=row.kind == "message"
        and (row.text == "answered" or on_duty(row.person_id, scene.directory, view.profile, now)),
        version=thread.version,
    )


def on_duty(person_id: int, directory: Directory, profile: Profile, now: datetime) -> bool:
    """Whether a toast may be asked for: in office hours, on an on-call pass, or for those whose work is by shift."""
    if profile.calendar.is_office_hours(now):
        return True
    if any(one.person_id == person_id and one.covers(now) for many in directory.passes.values() for one in many):
        return True
    kinds = {directory.units[unit].kind for (unit, _), who in directory.roles.items() if person_id in who}
    roles = {role for (_, role), who in directory.roles.items() if person_id in who}
    return AUTHORITY not in kinds and bool(
        roles & {"care_worker", "fixed_care_contact", "team_lead", "return_home_team"}
    )


def _delay(thread: ThreadNow, row: Row, now: datetime) -> str:
    """When the clock's message should have come, if Stafett was stopped then."""
    planned = row.original_due_at
    if planned is None or planned < thread.opened_at or now - planned < _DELAYED:
        return ""
    return f"Skulle ha kommit {moment_text(planned)}."


def _is_stale(tx: Connection, thread: ThreadNow, row: Row) -> bool:
    if thread.is_closed:
        seen = row.person_id in thread.holders
        return row.text not in _LAST_WORDS or (row.text == "withdrawn" and not seen)
    return row.original_due_at is not None and moved_since(tx, thread.id, row.version)
