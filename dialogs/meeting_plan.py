"""A meeting before it is sent: when it would be by the answers so far, for whom, and what speaks against it."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cases.actions import Invite
from cases.convene import kind_of
from cases.flow import Move
from cases.invite import guests_of, organizer_of, starts_of
from cases.meetings import busy
from dialogs import parts
from dialogs.meeting_words import booked_text, day_text_of
from dialogs.parts import Element
from dialogs.view import Booked, View
from reminders.day_conflicts import day_conflicts

CHANGES = ("edit", "reschedule")  # the moves that give a meeting another time, in a draft and later
DESPITE = "despite"  # what the button brings by which a meeting is moved in spite of what speaks against it
_SENDS = ("send", "reschedule")


@dataclass(frozen=True, kw_only=True)
class ToBe:
    """A meeting as it would be (UTC). `people` are all who are to be there, and whether they need not come; `asked` is
    the question whose answer its time is, `on_site` that it was chosen so where the routine may have it digitally."""

    asked: str
    starts: datetime
    ends: datetime
    on_site: bool
    people: Mapping[int, bool]


def to_be(view: View, values: Mapping[str, Any] | None = None) -> list[ToBe]:
    """The meetings that this thread would have if it were sent, or moved, now: none for one that has none.

    `values` are answers that are about to be given.
    """
    if not view.flow.meeting:
        return []
    if values:
        thread = copy(view.thread)
        thread.values = {**thread.values, **values}
        view = replace(view, thread=thread)
    return [one for move in _move(view) for action in move.then if isinstance(action, Invite)
            for one in _planned(view, action)]  # fmt: skip


def conflicts(view: View, planned: list[ToBe], booked: Booked) -> list[str]:
    """What speaks against these times, each said once: the day first, then who is at another meeting."""
    found: list[str] = []
    for one in planned:
        against = day_conflicts(one.starts, one.ends, view.profile, on_site=one.on_site)
        found += [day_text_of(conflict, view.profile) for conflict in against]
    for one in planned:
        found += [
            booked_text(view.person_name(who), starts, ends)
            for who in one.people
            for starts, ends in booked.get(who, ())
            if starts < one.ends and one.starts < ends
        ]
    return list(dict.fromkeys(found))


def with_bookings(tx: Connection, view: View) -> View:
    """The view of a draft, with what those who are to be called have booked then. Other views are left as they are."""
    if not view.flow.meeting or not view.is_draft:
        return view
    return replace(view, booked=booked_at(tx, view, to_be(view)))


def against(tx: Connection, view: View, signal: str, values: Mapping[str, Any]) -> list[str]:
    """What speaks against moving a meeting to the time in these answers. Of a draft its own card says it."""
    if signal != "reschedule" or view.is_draft:
        return []
    planned = to_be(view, values)
    return conflicts(view, planned, booked_at(tx, view, planned))


def lines(view: View) -> list[Element]:
    """What speaks against a drafted meeting, on its card."""
    return [parts.notice(said) for said in conflicts(view, to_be(view), view.booked)] if view.is_draft else []


def stop_card(view: View, said: list[str], label: str, data: Mapping[str, Any]) -> Element:
    """What speaks against the new time, before the meeting is moved. Whoever knows better moves it all the same."""
    on = {name: value for name, value in data.items() if name != "verb"}
    body = [parts.heading("Läs det här först"), *(parts.notice(one) for one in said)]
    back = {"thread": view.thread.id, "signal": data.get("signal")}
    actions = [
        parts.button(f"{label} ändå", "do", {**on, DESPITE: 1}),
        parts.button("Välj en annan tid", "ask", back),
        parts.button("Tillbaka", "show", {"thread": view.thread.id}),
    ]
    return parts.card(body, actions)


def booked_at(tx: Connection, view: View, planned: list[ToBe]) -> Booked:
    """What the people of these meetings have booked meanwhile."""
    if not planned:
        return {}
    people = {who for one in planned for who in one.people}
    begins, ends = min(one.starts for one in planned), max(one.ends for one in planned)
    return busy(tx, people, begins, ends, besides=view.thread.id)


# --- pieces ------------------------------------------------------------------------------------------------------


def _move(view: View) -> Iterator[Move]:
    """The move that would put it into the calendars."""
    for signal in _SENDS:
        move = view.flow.pick(signal, view.situation)
        if move is not None and any(isinstance(action, Invite) for action in move.then):
            yield move
            return


def _planned(view: View, action: Invite) -> Iterator[ToBe]:
    routing = view.routing
    kind, since = kind_of(routing, action.kind), view.thread.values.get(action.starts)
    if kind is None or not since:
        return
    starts = starts_of(action, str(since), routing)
    organizer = organizer_of(routing)
    people = {organizer: False} | {one.person_id: one.optional for one in guests_of(kind, organizer, routing)}
    chosen = str(view.thread.values.get(action.mode) or kind.mode)
    yield ToBe(
        asked=action.starts, starts=starts, ends=starts + timedelta(minutes=kind.minutes),
        on_site=kind.digital_months and chosen == "on_site", people=people,
    )  # fmt: skip
