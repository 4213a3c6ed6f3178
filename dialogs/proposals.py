"""«Föreslå tider»: the nearest times when those who are called are free, each a button that takes it.

Before the turn, calendars have been asked where there are any; what they did not answer is said to be unknown. Where no
calendar is connected only Stafett's own meetings are known, and the card says that too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cases.away import Absence
from cases.meetings import busy
from dialogs import parts
from dialogs.calendars import Calendars
from dialogs.meeting_plan import CHANGES, to_be
from dialogs.meeting_words import listed, time_text
from dialogs.parts import Element
from dialogs.view import View
from dialogs.visit import Visit
from reminders.free_times import Proposal, Span, Wish, proposals, window
from reminders.localtime import to_local

PROPOSE, TAKE = "propose", "take_time"
TIME = "time"  # what a button brings: the chosen time
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Times are to be proposed for these people (whether they need not come), from the wished time on. `shift` is from
    the first of the meetings to the one whose time is asked for: a word beforehand comes earlier."""

    wish: Wish
    people: Mapping[int, bool]
    span: Span
    shift: timedelta


def asked(view: View) -> Asked | None:
    """What is to be looked for; None for a thread whose meeting cannot be moved by this person now."""
    planned = to_be(view)
    if not planned or movable(view) is None:
        return None
    day = to_local(planned[0].starts).date()
    together = [one for one in planned if to_local(one.starts).date() == day]
    begins, ends = min(one.starts for one in together), max(one.ends for one in together)
    people: dict[int, bool] = {}
    for one in planned:
        people |= {who: optional and people.get(who, True) for who, optional in one.people.items()}
    wish = Wish(starts=begins, minutes=int((ends - begins).total_seconds() // 60), earliest=view.now)
    shift = datetime.fromisoformat(view.thread.values[planned[0].asked]) - begins
    return Asked(wish=wish, people=people, span=window(wish, view.profile.calendar), shift=shift)


def movable(view: View) -> tuple[str, str] | None:
    """The move by which this person may give the meeting another time, and the question it asks."""
    planned, offered = to_be(view), dict(view.moves())
    for signal in CHANGES if planned else ():
        move = offered.get(signal)
        if move is not None and any(item.name == planned[0].asked for item in move.needs):
            return signal, planned[0].asked
    return None


def button(view: View) -> list[Element]:
    """«Föreslå tider», where the meeting can be moved."""
    if not view.flow.meeting or asked(view) is None:
        return []
    return [parts.button("Föreslå tider", PROPOSE, {"thread": view.thread.id})]


def card(visit: Visit, view: View) -> Element:
    """The proposals, and by what they were found."""
    wanted, moves = asked(view), movable(view)
    back = parts.button("Tillbaka", "show", {"thread": view.thread.id})
    if wanted is None or moves is None:
        return parts.card([parts.heading("Föreslå tider"), parts.line("Mötets tid kan inte ändras nu.")], [back])
    calendars = next((one for one in visit.brought if isinstance(one, Calendars)), None)
    optional = {who for who, need_not in wanted.people.items() if need_not}
    found = proposals(wanted.wish, view.profile.calendar, _busy(visit.tx, view, wanted, calendars), optional)
    body = [parts.heading("Föreslå tider"), parts.labelled(view.flow.matter, view.thread.case_ref)]
    body += [parts.line(text, subtle=True) for text in _known_by(view, wanted, calendars)]
    body += [parts.line(_without(view, one)) for one in found if one.without]
    if not found:
        body.append(parts.notice("Ingen tid passar alla inom tio arbetsdagar. Välj en annan dag, eller ring."))
    data = {"thread": view.thread.id, "signal": moves[0], "version": view.thread.version}
    made = [
        parts.button(time_text(one.starts, one.ends), TAKE, {**data, TIME: (one.starts + wanted.shift).isoformat()})
        for one in found
    ]
    return parts.card(body, [*made, back])


def chosen(view: View, data: Mapping[str, Any]) -> dict[str, Any]:
    """The time of a pressed proposal, as the answer it is. Card data is never trusted: only a time ahead is one."""
    moves = movable(view)
    try:
        starts = datetime.fromisoformat(str(data.get(TIME) or ""))
    except ValueError:
        return {}
    if moves is None or starts.tzinfo is None or starts <= view.now:
        return {}
    return {moves[1]: starts.astimezone(UTC).isoformat()}


# --- pieces ------------------------------------------------------------------------------------------------------


def _busy(tx: Connection, view: View, wanted: Asked, calendars: Calendars | None) -> dict[int, Sequence[Span]]:
    """Everything that is known: calendars, Stafett's own meetings, and absence. Nobody is free by being unknown."""
    begins, ends = wanted.span
    found: dict[int, list[Span]] = {}
    for who, spans in busy(tx, wanted.people, begins, ends, besides=view.thread.id).items():
        found[who] = list(spans)
    own = [] if view.is_draft else _own_times(view)
    for who in wanted.people:
        periods = view.scene.directory.absence.periods.get(who, ())
        found.setdefault(who, []).extend(_span(one) for one in periods)
        booked = calendars.busy.get(who, ()) if calendars is not None else ()
        found[who] += [span for span in booked if not any(_within(span, mine) for mine in own)]
    return dict(found)


def _own_times(view: View) -> list[Span]:
    """When the meeting itself stands in the calendars: it does not hinder its own moving."""
    return [(one.starts_at, one.ends_at) for one in view.thread.meetings.values() if one.is_on]


def _within(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _span(absence: Absence) -> Span:
    return absence.starts_at, absence.ends_at or _FOR_EVER


def _known_by(view: View, wanted: Asked, calendars: Calendars | None) -> list[str]:
    if calendars is None:
        return ["Kalendrarna är inte anslutna. Bara möten och frånvaro som Stafett känner till är med."]
    names = {who: view.person_name(who) for who in wanted.people}
    known = sorted(names[who] for who in names if who not in calendars.unknown)
    unknown = sorted(names[who] for who in names if who in calendars.unknown)
    said = [f"Efter kalendern för {listed(known)}."] if known else []
    if unknown:
        said.append(f"Kalendern kunde inte läsas för {listed(unknown)}. Fråga om tiden passar.")
    return said


def _without(view: View, one: Proposal) -> str:
    names = listed([view.person_name(who) for who in one.without])
    return f"{time_text(one.starts, one.ends)}: {names} är upptagen men behöver inte vara med."
