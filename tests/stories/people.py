"""The little municipality that the stories are about. Everybody is invented."""

from datetime import date, datetime

from sqlalchemy import Connection, insert, update

from cases import tables as t
from cases.directory import roster_changed
from cases.write import new_id

PHONES = {"HT-NORR": "08-465 004 01", "HT-SODER": "08-465 004 02", "MYND": "08-465 004 03", "HGT": "08-465 004 04"}

UNITS = (
    ("HT-NORR", "Hemtjänst Norr", "home_care", "MYND"),
    ("HT-SODER", "Hemtjänst Söder", "home_care", "MYND"),
    ("MYND", "Myndigheten äldreomsorg", "authority_unit", None),
    ("HGT", "Hemgångsteamet", "return_home_team", "MYND"),
)
PEOPLE = (
    ("sara", "Sara Lind", "undersköterska", "care_worker", "HT-NORR"),
    ("karim", "Karim Aziz", "gruppledare", "team_lead", "HT-NORR"),
    ("maria", "Maria Ek", "enhetschef", "unit_manager", "HT-NORR"),
    ("olle", "Olle Dahl", "administratör", "unit_administrator", "HT-SODER"),
    ("birgitta", "Birgitta Holm", "enhetschef", "unit_manager", "HT-SODER"),
    ("anna", "Anna Berg", "biståndshandläggare", "needs_assessor", "MYND"),
    ("johan", "Johan Nyman", "biståndshandläggare", "needs_assessor", "MYND"),
    ("eva", "Eva Sund", "förste biståndshandläggare", "lead_needs_assessor", "MYND"),
    ("nils", "Nils Fors", "jourhavande arbetsledare", "on_call_supervisor", "HT-NORR"),
    ("lena", "Lena Moberg", "samordnare", "return_home_team", "HGT"),
)
CASES = (
    ("NK-2041", "HT-NORR", "anna"),
    ("NK-2042", "HT-NORR", "johan"),
    ("NK-2077", "HT-SODER", "anna"),
    ("NK-2090", "HT-NORR", None),
)


def settle(tx: Connection, profile: str = "norrkoping") -> dict[str, int]:
    """Put everybody in the record; name → person id."""
    for key, name, kind, authority in UNITS:
        tx.execute(
            insert(t.unit).values(
                id=key, name=name, kind=kind, profile=profile, provider_kind="egen_regi", authority_unit_id=authority,
                phone=PHONES[key], on_call_phone="070-174 06 05", last_resort_role="växeln",
                last_resort_phone="08-465 004 99",
            )
        )  # fmt: skip
    ids: dict[str, int] = {}
    for number, (key, name, title, role, unit) in enumerate(PEOPLE, start=1):
        person = insert(t.person).values(
            aad_object_id=aad(number), upn=f"{key}@exempel.invalid", name=name, title=title, phone="", active=True
        )
        ids[key] = new_id(tx.execute(person))
        assert ids[key] == number, "the people of the town come first into an empty database"
        tx.execute(insert(t.role).values(person_id=number, unit_id=unit, role=role))
    for ref, unit, responsible in CASES:
        tx.execute(
            insert(t.care_case).values(
                case_ref=ref, unit_id=unit, responsible_id=ids.get(responsible or ""), decision_date=date(2026, 9, 1)
            )
        )
    return ids


def aad(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def leaves(tx: Connection, person_id: int) -> None:
    """Somebody stops working here, as the next roster says."""
    tx.execute(update(t.person).where(t.person.c.id == person_id).values(active=False))
    roster_changed(tx)


def on_call(tx: Connection, person_id: int, unit_id: str, start: datetime, end: datetime) -> None:
    tx.execute(insert(t.on_call).values(person_id=person_id, unit_id=unit_id, starts_at=start, ends_at=end))
    roster_changed(tx)
