"""Drawing what the outbox sends, at the moment it is sent: a late send shows the present state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import load
from cases.deliveries import last_said, perhaps_got
from cases.flow import By
from cases.lanes import AS_SAID, CLEARED
from cases.log import moved_since
from cases.outbox import Row
from cases.record import Record
from cases.thread import SEALED, ThreadNow, thread_ref
from dialogs.digest_card import digest_card, digest_toast
from dialogs.duty import held_until, on_duty
from dialogs.meeting_plan import with_bookings
from dialogs.parts import Element
from dialogs.sealing import ended_card, ended_toast
from dialogs.swedish import moment_text
from dialogs.terms import flow_of
from dialogs.thread_card import cleared_card, superseded_card, thread_card, toast
from dialogs.view import View

_DELAYED = timedelta(minutes=15)
# What a closed thread still has to say to its people.
_LAST_WORDS = frozenset(
    {"answered", "completed", "withdrawn", "not_delivered", "sender_unreachable", "draft_discarded"}
)


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
        """The card for one outbox row, or None when the thread no longer wants it sent. Who has left a thread keeps
        nothing of it in the chat."""
        if row.folds:
            ref = thread_ref(row.thread_id)
            card = cleared_card(ref) if row.text == CLEARED else superseded_card(ref)
            return Painted(card=card, toast=f"Stafett {ref}", alert=False, version=row.version)
        thread = self._threads.get(row.thread_id)
        if thread is not None and thread.is_sealed:
            return self._ended(thread, row)
        view = self._view(row)
        if view is None:
            return _withdrawn_from(thread) if thread is not None and row.kind == "update" else None
        text = last_said(self._tx, row.thread_id, row.person_id) if row.text == AS_SAID else row.text
        return Painted(
            card=thread_card(view, text, message=_delay(view.thread, row, self._now)),
            toast=toast(view, text),
            alert=row.kind == "message" and self._hears(view, row),
            version=view.thread.version,
            tells_sender=view.thread.sender_id if self._is_news_to_sender(view) else None,
        )

    def _ended(self, thread: ThreadNow, row: Row) -> Painted | None:
        """Of a sealed thread every card says the same, also that of somebody who has no part in it any more; no
        message of it goes but the last."""
        if row.kind == "message" and row.text != SEALED:
            return None
        profile = self._scene.profile(thread)
        hears = on_duty(row.person_id, self._scene.directory, profile, self._now)
        return Painted(
            card=ended_card(thread.ref, profile.section("terms")), toast=ended_toast(thread.ref),
            alert=row.kind == "message" and hears, version=thread.version,
        )  # fmt: skip

    def paint_together(self, rows: Sequence[Row]) -> tuple[Painted, list[Row]] | None:
        """One card for several reminders to one person, and those that stand in it; the rest are no longer wanted.

        None when fewer than two are left: then the one is told by itself.
        """
        told = [(row, view) for row in rows if (view := self._view(row)) is not None]
        if len(told) < 2:
            return None
        views = [view for _, view in told]
        late = {row.thread_id: _delay(view.thread, row, self._now) for row, view in told}
        painted = Painted(
            card=digest_card(views, late),
            toast=digest_toast(views),
            alert=any(self._hears(view, row) for row, view in told),
            version=0,
        )
        return painted, [row for row, _ in told]

    def version(self, thread_id: int) -> int:
        """The version of a thread as it is drawn."""
        return self._threads[thread_id].version

    def held_until(self, row: Row) -> datetime | None:
        """Until when quiet hours hold the row, or None. Care time. What is urgent is never held, nor is an edit."""
        thread = self._threads.get(row.thread_id)
        if thread is None or row.urgent or row.kind != "message":
            return None
        return held_until(row.person_id, self._scene.directory, self._scene.profile(thread), self._now)

    def _view(self, row: Row) -> View | None:
        """The thread as the receiver sees it, or None when it is no longer theirs or no longer wants this said."""
        thread = self._threads.get(row.thread_id)
        if thread is None or thread.is_sealed or (row.kind == "message" and _is_stale(self._tx, thread, row)):
            return None
        scene = self._scene
        view = View(
            thread=thread,
            flow=flow_of(scene, thread),
            scene=scene,
            viewer=row.person_id,
            now=self._now,
            inline=self._inline,
        )
        return with_bookings(self._tx, view) if view.relations else None

    def _hears(self, view: View, row: Row) -> bool:
        return row.text == "answered" or on_duty(row.person_id, self._scene.directory, view.profile, self._now)

    def _is_news_to_sender(self, view: View) -> bool:
        """A card on the other side has arrived, and the sender has a card to say so on."""
        thread = view.thread
        return bool(view.relations - {By.SENDER}) and not thread.is_closed and thread.sender_id in thread.holders


def _withdrawn_from(thread: ThreadNow) -> Painted:
    """The card of somebody who has no part in the thread any more: its old words and buttons would be untrue."""
    return Painted(card=cleared_card(thread.ref), toast=f"Stafett {thread.ref}", alert=False, version=thread.version)


def _delay(thread: ThreadNow, row: Row, now: datetime) -> str:
    """When the clock's message should have come, if Stafett was stopped then."""
    planned = row.original_due_at
    if planned is None or planned < thread.opened_at or now - planned < _DELAYED:
        return ""
    return f"Skulle ha kommit {moment_text(planned)}."


def _is_stale(tx: Connection, thread: ThreadNow, row: Row) -> bool:
    if thread.is_closed:
        if row.text == "withdrawn" and not _may_have_seen(tx, thread, row):
            return True
        # What the very move that ended it has said is a last word, whatever it is called.
        return row.text not in _LAST_WORDS and moved_since(tx, thread.id, row.version)
    return row.original_due_at is not None and moved_since(tx, thread.id, row.version)


def _may_have_seen(tx: Connection, thread: ThreadNow, row: Row) -> bool:
    """What has been withdrawn is told of to everybody who may have got it."""
    return row.person_id in thread.holders or perhaps_got(tx, row)
