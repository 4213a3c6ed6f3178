"""Checking the sheet `franvaro`, which may be left out: whole days on which somebody is away."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from cases.roster_cells import Line, shown
from cases.roster_values import RosterAbsence, RosterPerson
from reminders.localtime import at

_KEY_WIDTH = 120
_DAY = timedelta(days=1)


def read_absences(lines: Iterable[Line], people: Mapping[str, RosterPerson]) -> list[RosterAbsence]:
    """Periods as instants: from the beginning of the first day to the end of the last."""
    found: dict[tuple[str, date], int] = {}
    read: list[RosterAbsence] = []
    for line in lines:
        written = line.text("person", _KEY_WIDTH)
        person = people.get(written.casefold())
        if written and person is None:
            line.refuse("person", f"personen {shown(written)} finns inte i bladet personer. Rätta eller lägg till.")
        first, last = line.day("fran"), line.day("till")
        if not line.cells.get("fran", "").strip():
            line.refuse("fran", "cellen är tom. Fyll i den.")
        if person is None or first is None:
            continue
        if last is not None and last < first:
            line.refuse("till", "sista dagen ligger före den första. Rätta till eller fran.")
            continue
        if found.setdefault((person.key, first), line.number) != line.number:
            line.refuse("fran", f"samma period står redan på rad {found[person.key, first]}. Ta bort den ena.")
            continue
        ends_at = at(last + _DAY, time()) if last is not None else None
        read.append(RosterAbsence(person=person.key, starts_at=at(first, time()), ends_at=ends_at))
    return read
