"""Checking the sheets `enheter` and `arenden`."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from cases import tables as t
from cases.modes import MODES, OWN, SAME_COMMITTEE
from cases.roster_cells import Line, shown, width_of
from cases.roster_values import (
    DECISION,
    GROUND,
    MOST_SHOWN,
    RosterCase,
    RosterPerson,
    RosterRole,
    RosterUnit,
)
from cases.roster_words import (
    ASSESSORS,
    GROUND_WORDS,
    KIND_WORDS,
    PROVIDER_WORDS,
    ground_of,
    kind_of,
    provider_kind_of,
)

AUTHORITY = "authority_unit"
_UNIT = t.unit.c


def read_units(lines: Iterable[Line], profiles: Collection[str]) -> dict[str, RosterUnit]:
    """Units by id, also those with faults, so that what refers to them is not told as wrong."""
    found: dict[str, RosterUnit] = {}
    where: dict[str, Line] = {}
    for line in lines:
        unit = _unit(line, profiles)
        if unit.id in found:
            line.refuse(
                "enhet", f"enheten {shown(unit.id)} står redan på rad {where[unit.id].number}. Ta bort den ena."
            )
        elif unit.id:
            found[unit.id], where[unit.id] = unit, line
    for unit_id, unit in found.items():
        _check_authority(where[unit_id], unit, found)
    return found


def _unit(line: Line, profiles: Collection[str]) -> RosterUnit:
    kind = line.word("slag", kind_of, _one_of(KIND_WORDS))
    # What runs the authority itself is given: only a provider has to say it.
    provider_kind = line.word(
        "driftsform", provider_kind_of, _one_of(PROVIDER_WORDS), needed=kind not in (AUTHORITY, "")
    )
    known = "en profil som finns: " + ", ".join(sorted(profiles))
    ground, decision = _ground(line, provider_kind or OWN)
    return RosterUnit(
        id=line.text("enhet", width_of(_UNIT.id)),
        name=line.text("namn", width_of(_UNIT.name)),
        kind=kind,
        profile=line.word("profil", lambda word: word.lower() if word.lower() in profiles else None, known),
        provider_kind=provider_kind or OWN,
        authority_unit_id=line.text("myndighet", width_of(_UNIT.authority_unit_id), needed=False) or None,
        phone=line.phone("telefon"),
        on_call_phone=line.phone("jourtelefon", needed=False) or None,
        last_resort_role=line.text("sista_utvag_roll", width_of(_UNIT.last_resort_role)),
        last_resort_phone=line.phone("sista_utvag_telefon"),
        mailbox=line.mailbox("funktionsbrevlada"),
        disclosure_basis=ground,
        disclosure_ref=decision,
        mode_cap=line.word(MOST_SHOWN, _mode, "något av " + ", ".join(MODES), needed=False) or None,
    )


def _mode(word: str) -> str | None:
    return word.lower() if word.lower() in MODES else None


def _ground(line: Line, provider_kind: str) -> tuple[str | None, str | None]:
    """On what ground the unit may read content, and the decision behind it. Without both it gets pointers only.

    «Samma nämnd» says nothing of another controller than the committee itself.
    """
    ground = line.word(GROUND, ground_of, _one_of(GROUND_WORDS), needed=False)
    decision = line.text(DECISION, width_of(_UNIT.disclosure_ref), needed=False)
    if ground == SAME_COMMITTEE and provider_kind != OWN:
        line.refuse(GROUND, "samma nämnd gäller bara egen regi. Ange en annan grund, eller lämna cellen tom.")
    elif ground and provider_kind == OWN and ground != SAME_COMMITTEE:
        line.refuse(GROUND, "egen regi behöver ingen grund. Lämna cellen tom, eller rätta driftsformen.")
    elif ground and not decision and provider_kind != OWN:
        line.refuse(DECISION, "grunden saknar beslut. Skriv beslutets diarienummer, eller ta bort grunden.")
    elif decision and not ground:
        line.refuse(GROUND, "cellen är tom fast ett beslut anges. Skriv grunden: " + ", ".join(GROUND_WORDS.values()))
    return ground or None, decision or None


def _one_of(words: Mapping[str, str]) -> str:
    return "något av " + ", ".join(words.values())


def _check_authority(line: Line, unit: RosterUnit, units: Mapping[str, RosterUnit]) -> None:
    """A provider answers to an authority unit; an authority unit answers to none."""
    if not unit.kind:
        return
    if unit.kind == AUTHORITY:
        if unit.authority_unit_id:
            line.refuse("myndighet", "enheten är själv en myndighet. Lämna cellen tom.")
    elif unit.authority_unit_id is None:
        if not line.cells.get("myndighet", "").strip():
            line.refuse("myndighet", "cellen är tom. Skriv vilken myndighetsenhet som utföraren hör till.")
    elif unit.authority_unit_id not in units:
        line.refuse("myndighet", f"enheten {shown(unit.authority_unit_id)} finns inte i bladet enheter.")
    elif units[unit.authority_unit_id].kind not in (AUTHORITY, ""):
        line.refuse("myndighet", f"enheten {shown(unit.authority_unit_id)} är ingen myndighet. Ange en som är det.")


def read_cases(
    lines: Iterable[Line],
    people: Mapping[str, RosterPerson],
    units: Mapping[str, RosterUnit],
    roles: Sequence[RosterRole],
) -> list[RosterCase]:
    assessors = {one.person for one in roles if one.role in ASSESSORS}
    workers = {(one.person, one.unit_id) for one in roles}
    found: dict[str, tuple[int, RosterCase]] = {}
    for line in lines:
        case = _case(line, people, units, assessors, workers)
        if case.case_ref in found:
            line.refuse("arende", f"ärendet står redan på rad {found[case.case_ref][0]}. Ta bort den ena.")
        elif case.case_ref:
            found[case.case_ref] = (line.number, case)
    return [case for _, case in found.values()]


def _case(
    line: Line, people: Mapping[str, RosterPerson], units: Mapping[str, RosterUnit], assessors: Collection[str],
    workers: Collection[tuple[str, str]],
) -> RosterCase:  # fmt: skip
    case_ref = line.text("arende", width_of(t.care_case.c.case_ref)).upper()
    if not all(sign.isalnum() or sign in "-/. " for sign in case_ref):
        line.refuse("arende", "ärendenumret får ha bokstäver, siffror, bindestreck, snedstreck och punkt. Rätta det.")
    unit_id = line.text("enhet", width_of(_UNIT.id), needed=False)
    if unit_id and unit_id not in units:
        line.refuse("enhet", f"enheten {shown(unit_id)} finns inte i bladet enheter. Rätta den eller lägg till den.")
    elif unit_id and units[unit_id].kind == AUTHORITY:
        line.refuse("enhet", "enheten är en myndighet. Ange utföraren, eller lämna cellen tom tills den är vald.")
    return RosterCase(
        case_ref=case_ref,
        unit_id=unit_id or None,
        responsible=_responsible(line, people, assessors),
        decision_date=line.day("beslutsdatum"),
        in_effect_date=line.day("verkstalld"),
        last_follow_up=line.day("senaste_uppfoljning"),
        fixed_contact=_fixed_contact(line, people, unit_id, workers),
    )


def _fixed_contact(
    line: Line, people: Mapping[str, RosterPerson], unit_id: str, workers: Collection[tuple[str, str]]
) -> str | None:
    """The fixed care contact's key. An empty cell is right: what is for them then goes to the unit's queue."""
    column = "fast_omsorgskontakt"
    written = line.text(column, 120, needed=False)
    if not written:
        return None
    person = people.get(written.casefold())
    if person is None:
        line.refuse(column, f"personen {shown(written)} finns inte i bladet personer. Rätta eller lägg till.")
        return None
    if (person.key, unit_id) not in workers:
        line.refuse(
            column, f"{shown(person.name)} har ingen roll i ärendets enhet. Lägg till rollen, eller byt person."
        )
    return person.key


def _responsible(line: Line, people: Mapping[str, RosterPerson], assessors: Collection[str]) -> str | None:
    """The responsible assessor's key. An empty cell is right: the case then goes to the authority's queue."""
    written = line.text("ansvarig", 120, needed=False)
    if not written:
        return None
    person = people.get(written.casefold())
    if person is None:
        line.refuse("ansvarig", f"personen {shown(written)} finns inte i bladet personer. Rätta eller lägg till.")
        return None
    if person.key not in assessors:
        line.refuse(
            "ansvarig",
            f"{shown(person.name)} har inte rollen biståndshandläggare i bladet roller. Ange den som har den, "
            "eller lämna cellen tom så går ärendet till myndighetens kö.",
        )
    return person.key
