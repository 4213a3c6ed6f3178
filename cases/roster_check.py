"""Checking a whole roster before any of it is used. Pure: either everything is right, or every fault is told."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from cases.roster_cells import Line, is_uuid, shown
from cases.roster_check_absences import read_absences
from cases.roster_check_people import read_passes, read_people, read_roles
from cases.roster_check_units import read_cases, read_units
from cases.roster_values import (
    ABSENCES,
    CASES,
    HEADINGS,
    ON_CALL,
    OPTIONAL_HEADINGS,
    OPTIONAL_SHEETS,
    PEOPLE,
    ROLES_SHEET,
    UNITS,
    Fault,
    Faults,
    Roster,
    Sheets,
)

_PHONE_COLUMNS = frozenset({"telefon", "jourtelefon", "sista_utvag_telefon"})


@dataclass(frozen=True, kw_only=True)
class _Reading:
    sheets: Sheets
    faults: Faults = field(default_factory=Faults)

    def lines(self, sheet: str) -> Iterator[Line]:
        for number, cells in self.sheets[sheet]:
            yield Line(sheet=sheet, number=number, cells=cells, faults=self.faults)


def check(
    sheets: Sheets, *, profiles: Collection[str], has_personal_number: Callable[[str], bool]
) -> Roster | list[Fault]:
    """The roster that the sheets tell of, or every fault in them.

    A personal number is told first and alone, by its place only, so that no other message can repeat it. Wrong
    headings come next, also alone, since every row would be wrong because of them.
    """
    faults = _personal_numbers(sheets, has_personal_number) or _headings(sheets)
    if faults:
        return list(faults)
    reading = _Reading(sheets=sheets)
    units = read_units(reading.lines(UNITS), profiles)
    people = read_people(reading.lines(PEOPLE))
    roles = read_roles(reading.lines(ROLES_SHEET), people, units)
    passes = read_passes(reading.lines(ON_CALL), people, units, roles)
    cases = read_cases(reading.lines(CASES), people, units, roles)
    absences = read_absences(reading.lines(ABSENCES) if ABSENCES in sheets else (), people)
    if reading.faults:
        return list(reading.faults)
    return Roster(
        units=tuple(units.values()),
        people=tuple(people.values()),
        roles=tuple(roles),
        passes=tuple(passes),
        cases=tuple(cases),
        absences=tuple(absences),
    )


def _personal_numbers(sheets: Sheets, has_personal_number: Callable[[str], bool]) -> Faults:
    faults = Faults()
    for sheet in HEADINGS:
        rows = sheets.get(sheet, ())
        if any(has_personal_number(heading) for _, cells in rows[:1] for heading in cells):
            faults.add(sheet, 1, "", "en rubrik är ett personnummer. Ta bort det och lägg till raden med rubriker.")
        for line, cells in rows:
            for heading, text in cells.items():
                if has_personal_number(text) and not is_uuid(text):
                    faults.add(sheet, line, _safe(sheet, heading), _no_number(heading))
    return faults


def _safe(sheet: str, heading: str) -> str:
    """A heading that may be repeated: one of ours, or the place of a column without a heading."""
    return heading if heading in HEADINGS[sheet] or heading.startswith("kolumn_") else ""


def _no_number(heading: str) -> str:
    message = "cellen innehåller ett personnummer. Ta bort det: Stafett ska inte ha några personnummer."
    if heading in _PHONE_COLUMNS:
        message += " Är det ett telefonnummer, skriv det med bindestreck efter riktnumret, som 070-174 06 05."
    return message


def _headings(sheets: Sheets) -> Faults:
    faults = Faults()
    for sheet, known in HEADINGS.items():
        if sheet not in sheets:
            if sheet in OPTIONAL_SHEETS:
                continue
            faults.add(sheet, 0, "", f"bladet saknas. Lägg till det med rubrikerna {', '.join(known)}.")
            continue
        rows = sheets[sheet]
        if not rows and sheet in (UNITS, PEOPLE, ROLES_SHEET):
            # An empty sheet would take everything away; that is never what was meant.
            faults.add(sheet, 0, "", "bladet är tomt. Fyll i det, annars skulle allt tas bort.")
        seen = {heading for _, cells in rows for heading in cells}
        for heading in [one for one in known if one not in OPTIONAL_HEADINGS and rows and one not in seen]:
            faults.add(sheet, 1, heading, "rubriken saknas. Lägg till kolumnen.")
        for heading in sorted(seen - set(known)):
            _strange(faults, sheet, heading, sheets)
    return faults


def _strange(faults: Faults, sheet: str, heading: str, sheets: Sheets) -> None:
    if heading.startswith("kolumn_"):
        line = next(line for line, cells in sheets[sheet] if heading in cells)
        faults.add(sheet, line, heading, "cellen står utanför kolumnerna. Flytta texten eller ta bort den.")
        return
    known = ", ".join(HEADINGS[sheet])
    faults.add(sheet, 1, shown(heading), f"rubriken känns inte igen. De som finns är {known}. Rätta den eller ta bort.")
