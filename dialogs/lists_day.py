"""«Dagen»: a unit's day for whoever leads it. What is due, late and untaken, who steps in for whom, who is on call.

Numbers, references and times; nothing of any client, and no measure of any one colleague.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cases import covers, lists_day
from cases.directory import Unit
from cases.lists_day import Standing
from cases.thread import thread_ref
from dialogs import parts
from dialogs.hand_moves import COVER_REASON
from dialogs.lists_open import leads
from dialogs.lists_rows import framed, listed, open_button, reader, where_it_stands
from dialogs.lists_watch import glass_lines
from dialogs.parts import Element
from dialogs.swedish import clock_text, day_text, full_day_text, since_text
from dialogs.view import View
from dialogs.visit import Desked, Visit
from reminders.localtime import at, end_of_day, to_local

_SHOWN = 8
_LOOKED_AT = 100
_TO_START = parts.button("Till start", "start")


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    return Desked(card=day_card(visit))


def day_card(visit: Visit, unit_id: str | None = None) -> Element:
    """The day of every unit that the person leads, or of this one."""
    units = [one for one in leads(visit) if unit_id in (None, one)]
    if not units:
        text = "Dagen är för dig som leder en enhet. Skriv «enheten» för att se vad som är öppet."
        return parts.card([parts.heading("Dagen"), parts.line(text)], [_TO_START])
    body = [parts.heading(f"Dagen, {full_day_text(visit.now)}")]
    for one in units:
        body += _unit(visit, visit.scene.directory.units[one])
    buttons = [parts.button(label, "list", {"list": name}) for label, name in _LISTS]
    return parts.card(body, [*buttons, _TO_START])


_LISTS = (("Enheten", "unit"), ("Ej journalfört", "journal"))


def _unit(visit: Visit, unit: Unit) -> list[Element]:
    day = to_local(visit.now).date()
    people, end, count = _people(visit, unit), end_of_day(day), standing_of(visit, unit)
    made = [parts.line(unit.name, strong=True, space=True), *_numbers(count)]
    made += _to_do(visit, end, unit)
    made += _who_covers(visit, people, unit)
    return [*made, *_on_call(visit, unit, day)]


def standing_of(visit: Visit, unit: Unit) -> Standing:
    """How the unit stands today, in numbers; for whoever leads it."""
    day = to_local(visit.now).date()
    begin, end = at(day, datetime.min.time()), end_of_day(day)
    only_read = [flow.name for flow in visit.record.flows.values() if not flow.is_taken]
    return lists_day.standing(visit.tx, unit.id, _people(visit, unit), begin, visit.now, end, only_read)


def _people(visit: Visit, unit: Unit) -> list[int]:
    held = visit.scene.directory.roles.items()
    return sorted({who for (where, _), some in held if where == unit.id for who in some})


def _numbers(count: Standing) -> list[Element]:
    rows = (
        ("Ska göras i dag", count.today), ("Försenat", count.late),
        ("Har kommit in och ingen har tagit", count.untaken), ("Öppet i allt", count.open),
    )  # fmt: skip
    return [parts.labelled(label, str(number)) for label, number in rows]


def _to_do(visit: Visit, end: datetime, unit: Unit) -> list[Element]:
    """What is late or due today and is the leader's to see, the first first."""
    page = lists_day.due(visit.tx, reader(visit), unit.id, visit.now, end, most=_LOOKED_AT)
    found = listed(visit, page)
    made = [_row(view) for view in found.views[:_SHOWN]]
    left = len(found.views) - _SHOWN
    if left > 0 or found.more:
        more = "fler" if found.more else f"{left} till"
        made.append(parts.line(f"… och {more}. Tryck på Enheten för att se allt.", subtle=True))
    return made


def _row(view: View) -> Element:
    urgent = "Brådskande · " if view.flow.urgent else ""
    lines = [parts.line(f"{urgent}{view.thread.ref}", strong=True), parts.line(where_it_stands(view), subtle=True)]
    return framed([*lines, open_button(view)])


def _who_covers(visit: Visit, people: Sequence[int], unit: Unit) -> list[Element]:
    """Who has stepped in for whom, or opened something in an emergency, since the working day before."""
    directory, calendar = visit.scene.directory, visit.scene.profile_of_unit(unit.id).calendar
    since = at(calendar.add_workdays(to_local(visit.now).date(), -1), datetime.min.time())
    found = covers.in_unit(visit.tx, unit.id, people, since)
    lines = glass_lines(visit, unit.id, since)[:_SHOWN]
    if not found:
        return [parts.labelled("Frånvaro", "ingen har gått in för en kollega"), *lines]
    reasons = dict(COVER_REASON.options)
    for one in found[:_SHOWN]:
        absent = directory.people.get(one.absent or 0)
        text = f"{directory.people[one.covering].name} har gått in" + (f" för {absent.name}" if absent else "")
        text += f" i {thread_ref(one.thread_id)}, {since_text(one.at, visit.now)}"
        lines.append(parts.labelled("Frånvaro", f"{text}. {reasons.get(one.reason, '')}".strip()))
    return lines


def _on_call(visit: Visit, unit: Unit, day: date) -> list[Element]:
    """Who has the unit's on-call pass that begins today or lasts now."""
    directory = visit.scene.directory
    lines = [
        f"{directory.people[one.person_id].name}, {_hours(one.starts_at, one.ends_at)}"
        for one in directory.passes.get(unit.id, ())
        if directory.is_active(one.person_id)
        and (one.covers(visit.now) or (to_local(one.starts_at).date() == day and one.starts_at > visit.now))
    ]
    return [parts.labelled("Jour", "; ".join(lines))] if lines else []


def _hours(begin: datetime, end: datetime) -> str:
    day = "" if to_local(begin).date() == to_local(end).date() else f"{day_text(end)} "
    return f"{clock_text(begin)} till {day}{clock_text(end)}"
