"""What the roster says, as values: the rows as they were read, what is wrong with them, and the whole roster.

The columns, sheet by sheet; those in brackets may be empty:

- `enheter`: `enhet` (the unit's id), `namn`, `slag` (hemtjänst, myndighet, hemgångsteam, larmteam, nattdistrikt),
  `profil`, `driftsform` (egen regi, privat LOV, annan nämnd; [for a myndighet]), `myndighet` (the id of the authority
  unit that a provider answers to; empty for a myndighet), `telefon`, [`jourtelefon`], and the last resort when nobody
  can be reached: `sista_utvag_roll` (as it is read out) and `sista_utvag_telefon`. [`funktionsbrevlada`]: the unit's
  own e-mail address, to which pointers go; never a person's. Of a provider that the committee does not run:
  [`grund_for_utlamnande`] (samtycke, nödvändigt utlämnande, annan lag) and [`beslut_om_utlamnande`], the reference of
  the decision; without both it gets pointers only. [`hogsta_lage`] (pekare, visa, chatt): the most that is shown of
  what the unit takes part in, where that is less than the profile's mode.
- `personer`: `person` (what the other sheets call them: the upn or the aad_object_id), [`aad_object_id`], [`upn`],
  `namn`, [`titel`], [`telefon`]. One of the two ids must be there, or be the key itself.
- `roller`: `person`, `enhet`, `roll` (a Swedish word or an identifier).
- `jour`: `person`, `enhet`, `fran`, `till` (local time, 2026-11-16 17:00; the end is exclusive).
- `franvaro`, a sheet that may be left out: `person`, `fran`, [`till`] (the first and the last day, both away; without
  a last day until further notice). Only the days: never why somebody is away.
- `arenden`: `arende`, [`enhet`] (the provider), [`ansvarig`] (a person), and the dates [`beslutsdatum`],
  [`verkstalld`], [`senaste_uppfoljning`], and [`fast_omsorgskontakt`] (a person with a role in the provider's unit).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

# Sheet → rows as (line number, column → text). Columns without a heading are called «kolumn_N».
Row = tuple[int, Mapping[str, str]]
Sheets = Mapping[str, Sequence[Row]]

UNITS, PEOPLE, ROLES_SHEET, ON_CALL, CASES = "enheter", "personer", "roller", "jour", "arenden"
ABSENCES = "franvaro"
GROUND, DECISION, MOST_SHOWN = "grund_for_utlamnande", "beslut_om_utlamnande", "hogsta_lage"
HEADINGS: Mapping[str, tuple[str, ...]] = {
    UNITS: (
        "enhet", "namn", "slag", "profil", "driftsform", "myndighet", "telefon", "jourtelefon", "sista_utvag_roll",
        "sista_utvag_telefon", "funktionsbrevlada", GROUND, DECISION, MOST_SHOWN,
    ),
    PEOPLE: ("person", "aad_object_id", "upn", "namn", "titel", "telefon"),
    ROLES_SHEET: ("person", "enhet", "roll"),
    ON_CALL: ("person", "enhet", "fran", "till"),
    CASES: (
        "arende", "enhet", "ansvarig", "beslutsdatum", "verkstalld", "senaste_uppfoljning", "fast_omsorgskontakt",
    ),
    ABSENCES: ("person", "fran", "till"),
}  # fmt: skip
OPTIONAL_SHEETS = frozenset({ABSENCES})  # may be left out altogether
# Columns that may be left out altogether; the others must have a heading in every sheet that has rows.
OPTIONAL_HEADINGS = frozenset({
    "jourtelefon", "funktionsbrevlada", GROUND, DECISION, MOST_SHOWN, "aad_object_id", "upn", "titel", "beslutsdatum",
    "verkstalld", "senaste_uppfoljning", "fast_omsorgskontakt",
})  # fmt: skip


# A person: the roster's key, or the record's number for somebody whom the roster does not have.
Who = str | int


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something in the roster that must be put right. Line 0 is the sheet as a whole, line 1 its headings."""

    sheet: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """«enheter rad 4, kolumn telefon: …»."""
        where = (
            self.sheet + (f" rad {self.line}" if self.line else "") + (f", kolumn {self.column}" * bool(self.column))
        )
        return f"{where}: {self.message}"


@dataclass(kw_only=True)
class Faults:
    """The faults found so far, told in the order of the sheets."""

    found: list[Fault] = field(default_factory=list)

    def add(self, sheet: str, line: int, column: str, message: str) -> None:
        self.found.append(Fault(sheet=sheet, line=line, column=column, message=message))

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Fault]:
        sheets = list(HEADINGS)
        return iter(sorted(self.found, key=lambda one: (sheets.index(one.sheet), one.line)))


@dataclass(frozen=True, kw_only=True)
class RosterUnit:
    id: str
    name: str
    kind: str
    profile: str
    provider_kind: str
    authority_unit_id: str | None
    phone: str
    on_call_phone: str | None
    last_resort_role: str
    last_resort_phone: str
    mailbox: str | None = None
    disclosure_basis: str | None = None
    disclosure_ref: str | None = None
    mode_cap: str | None = None


@dataclass(frozen=True, kw_only=True)
class RosterPerson:
    """A person; `key` is what the other sheets call them. At least one of the two ids is set, both in lower case."""

    key: str
    aad_object_id: str | None
    upn: str | None
    name: str
    title: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class RosterRole:
    person: str
    unit_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class RosterPass:
    """An on-call pass in UTC; the end is exclusive."""

    person: str
    unit_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class RosterAbsence:
    """A period of absence in UTC; the end is exclusive, None until further notice."""

    person: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RosterCase:
    case_ref: str
    unit_id: str | None
    responsible: str | None
    decision_date: date | None
    in_effect_date: date | None
    last_follow_up: date | None
    fixed_contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A complete roster: every reference in it leads somewhere."""

    units: tuple[RosterUnit, ...]
    people: tuple[RosterPerson, ...]
    roles: tuple[RosterRole, ...]
    passes: tuple[RosterPass, ...]
    cases: tuple[RosterCase, ...]
    absences: tuple[RosterAbsence, ...] = ()
