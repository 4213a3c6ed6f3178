"""A file of ordered and performed hours, read cell by cell: exact, and either all of it is right or nothing is used."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cases.roster_cells import shown
from cases.roster_values import Row

HEADINGS = CASE, ORDERED, PERFORMED = "arende", "bestalld", "utford"
_DECIMAL = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])")
_SECONDS = Decimal(3600)
_HOW = "Skriv timmar som 33,1 eller 33:06, med högst två decimaler."


@dataclass(frozen=True, kw_only=True)
class CaseHours:
    """Ordered and performed time of a case in a month, in seconds."""

    case_ref: str
    ordered: int
    performed: int


@dataclass(frozen=True, kw_only=True)
class HoursFault:
    """Something in the file that must be put right; line 1 holds the headings. No cell is repeated that may tell of a
    person."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """«rad 4, kolumn utford: …»."""
        return f"rad {self.line}" + (f", kolumn {self.column}" if self.column else "") + f": {self.message}"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a right file holds. Cases for which nothing was ordered cannot be compared and are only named."""

    hours: tuple[CaseHours, ...]
    nothing_ordered: tuple[str, ...]


def check(
    rows: Sequence[Row], cases: Collection[str], has_personal_number: Callable[[str], bool]
) -> Checked | list[HoursFault]:
    """The hours, or every fault. `cases` are those of the unit; cells with a personal number are never repeated."""
    faults = _personal_numbers(rows, has_personal_number) or _headings(rows)
    if faults:
        return faults
    found: dict[str, tuple[int, CaseHours]] = {}
    for line, cells in rows:
        one = _row(line, cells, cases, faults)
        if one is None:
            continue
        if one.case_ref in found:
            faults.append(_fault(line, CASE, f"ärendet står redan på rad {found[one.case_ref][0]}. Ta bort den ena."))
        found[one.case_ref] = (line, one)
    if faults:
        return faults
    hours = [one for _, one in found.values()]
    return Checked(
        hours=tuple(one for one in hours if one.ordered),
        nothing_ordered=tuple(one.case_ref for one in hours if not one.ordered),
    )


def seconds(text: str) -> int | None:
    """«33,1», «33.10» or «33:06» hours as seconds, or None when it is no time or has more than two decimals."""
    plain = "".join(text.split())
    clock = _CLOCK.fullmatch(plain)
    if clock:
        return int(clock[1]) * 3600 + int(clock[2]) * 60
    return int(Decimal(plain.replace(",", ".")) * _SECONDS) if _DECIMAL.fullmatch(plain) else None


def _row(line: int, cells: Mapping[str, str], cases: Collection[str], faults: list[HoursFault]) -> CaseHours | None:
    before = len(faults)
    case_ref = " ".join(cells.get(CASE, "").split()).upper()
    if not case_ref:
        faults.append(_fault(line, CASE, "cellen är tom. Skriv ärendenumret."))
    elif case_ref not in cases:
        faults.append(_fault(line, CASE, f"ärendet {shown(case_ref)} hör inte till enheten i Stafetts register."))
    ordered, performed = (_hours(line, column, cells, faults) for column in (ORDERED, PERFORMED))
    return None if len(faults) > before else CaseHours(case_ref=case_ref, ordered=ordered, performed=performed)


def _hours(line: int, column: str, cells: Mapping[str, str], faults: list[HoursFault]) -> int:
    written = cells.get(column, "").strip()
    found = seconds(written)
    if not written:
        faults.append(_fault(line, column, f"cellen är tom. {_HOW} Skriv 0 om det inte fanns någon tid."))
    elif found is None:
        faults.append(_fault(line, column, f"«{shown(written)}» är ingen tid. {_HOW}"))
    return found or 0


def _personal_numbers(rows: Sequence[Row], has_personal_number: Callable[[str], bool]) -> list[HoursFault]:
    told = "innehåller ett personnummer. Ta bort det: Stafett ska inte ha några personnummer."
    if rows and any(has_personal_number(heading) for heading in rows[0][1]):
        return [_fault(1, "", f"en rubrik {told}")]
    return [
        _fault(line, heading if heading in HEADINGS else "", f"cellen {told}")
        for line, cells in rows
        for heading, text in cells.items()
        if has_personal_number(text)
    ]


def _headings(rows: Sequence[Row]) -> list[HoursFault]:
    """Columns that we do not know may hold anything, so they are refused, and not read past."""
    if not rows:
        return [_fault(1, "", "filen har inga rader. Kontrollera att det är rätt fil.")]
    seen = {heading: line for line, cells in reversed(rows) for heading in cells}
    known = ", ".join(HEADINGS)
    missing = [_fault(1, one, f"rubriken saknas. De som ska finnas är {known}.") for one in HEADINGS if one not in seen]
    strange = [
        _fault(
            line if heading.startswith("kolumn_") else 1,
            shown(heading),
            f"ska inte vara med. Ta bort allt utom {known}.",
        )
        for heading, line in seen.items()
        if heading not in HEADINGS
    ]
    return missing + strange


def _fault(line: int, column: str, message: str) -> HoursFault:
    return HoursFault(line=line, column=column, message=message)
