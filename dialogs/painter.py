"""Drawing what the outbox sends, at the moment it is sent: a late send shows the present state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import load
from cases.directory import Directory
from cases.flow import By
from cases.log import moved_since
from cases.outbox import Row
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
_LAST_WORDS = frozenset(
    {"answered", "completed", "withdrawn", "not_delivered", "sender_unreachable", "draft_discarded"}
)


_BY_SHIFT = frozenset({"care_worker", "fixed_care_contact", "team_lead", "return_home_team"})


@dataclass(frozen=True, kw_only=True)
class Painted:
    """A card ready to send. `alert` asks for a toast; off duty, the first message comes silently."""

    card: Element
    toast: str
    alert: bool
    version: int
    tells_sender: int | None = None  # the sender, whose card is to say that this first card has arrived


class Painter:
    """Draws a batch: the threads and the roster are read once. `now` is care time."""

    def __init__(self, tx: Connection, record: Record, rows: Iterable[Row], now: datetime, *, inline: bool) -> None:
        self._tx, self._now, self._inline = tx, now, inline
        self._scene = record.scene(tx)
        self._threads = load.threads(tx, {row.thread_id for row in rows})

    def paint(self, row: Row) -> Painted | None:
        """The card for one outbox row, or None when the thread no longer wants it sent."""
        thread = self._threads.get(row.thread_id)
        if thread is None or (row.kind == "message" and _is_stale(self._tx, thread, row)):
            return None
        scene = self._scene
        view = View(
            thread=thread,
            flow=scene.record.flows[thread.flow],
            scene=scene,
            viewer=row.person_id,
            now=self._now,
            inline=self._inline,
        )
        if not view.relations:
            return None
        heard = row.text == "answered" or on_duty(row.person_id, scene.directory, view.profile, self._now)
        return Painted(
            card=thread_card(view, row.text, message=_delay(thread, row, self._now)),
            toast=toast(view, row.text),
            alert=row.kind == "message" and heard,
            version=thread.version,
            tells_sender=thread.sender_id if self._is_news_to_sender(view) else None,
        )

    def _is_news_to_sender(self, view: View) -> bool:
        """A card on the other side has arrived, and the sender has a card to say so on."""
        thread = view.thread
        return bool(view.relations - {By.SENDER}) and not thread.is_closed and thread.sender_id in thread.holders


def on_duty(person_id: int, directory: Directory, profile: Profile, now: datetime) -> bool:
    """Whether a toast may be asked for: in office hours, on an on-call pass, or for those whose work is by shift."""
    if profile.calendar.is_office_hours(now):
        return True
    held = directory.memberships(person_id)
    if any(person_id in directory.on_call(one.unit_id, now) for one in held):
        return True
    kinds, roles = {one.unit_kind for one in held}, {one.role for one in held}
    return AUTHORITY not in kinds and bool(roles & _BY_SHIFT)


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
