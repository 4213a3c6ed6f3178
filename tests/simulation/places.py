"""Who lives in the simulation: the little municipality of the stories, as many times over as are asked for."""

from dataclasses import dataclass
from datetime import date

from people import CASES, PEOPLE, PHONES, UNITS
from sqlalchemy import Connection, insert

from cases import tables as t
from cases.directory import roster_changed

LAST_RESORT = {"last_resort_role": "växeln", "last_resort_phone": "08-465 004 99", "on_call_phone": "070-174 06 05"}


@dataclass(frozen=True, kw_only=True)
class Somebody:
    key: str
    person_id: int
    role: str
    cases: tuple[str, ...]


def settle(tx: Connection, towns: int, profile: str = "norrkoping") -> list[Somebody]:
    """Put so many towns of ten people in the record."""
    everybody: list[Somebody] = []
    for number in range(towns):
        everybody += _one_town(tx, f"{number}", number * len(PEOPLE), profile)
    roster_changed(tx)
    return everybody


def _one_town(tx: Connection, suffix: str, before: int, profile: str) -> list[Somebody]:
    for key, name, kind, authority in UNITS:
        values = {"name": name, "kind": kind, "profile": profile, "provider_kind": "egen_regi", "phone": PHONES[key]}
        answers_to = f"{authority}-{suffix}" if authority else None
        tx.execute(insert(t.unit).values(id=f"{key}-{suffix}", authority_unit_id=answers_to, **values, **LAST_RESORT))
    cases = tuple(f"{ref}-{suffix}" for ref, *_ in CASES)
    made: list[Somebody] = []
    for number, (key, name, title, role, unit) in enumerate(PEOPLE, start=before + 1):
        ids = {"aad_object_id": f"00000000-0000-4000-8000-{number:012d}", "upn": f"{key}{suffix}@exempel.invalid"}
        tx.execute(insert(t.person).values(id=number, name=name, title=title, phone="", active=True, **ids))
        tx.execute(insert(t.role).values(person_id=number, unit_id=f"{unit}-{suffix}", role=role))
        made.append(Somebody(key=f"{key}{suffix}", person_id=number, role=role, cases=cases))
    ids_of = {person[0]: before + number for number, person in enumerate(PEOPLE, start=1)}
    for ref, unit, responsible in CASES:
        who = ids_of[responsible] if responsible else None
        values = {"unit_id": f"{unit}-{suffix}", "responsible_id": who, "decision_date": date(2026, 1, 1)}
        tx.execute(insert(t.care_case).values(case_ref=f"{ref}-{suffix}", **values))
    return made
