"""The town as Östhammar's: its routine, and the planner, the nurse and the rehab that its biståndsmöten call."""

from collections.abc import Iterator
from contextlib import contextmanager

from people import aad
from resident import Resident
from sqlalchemy import Connection, insert, update
from town import Town

from cases import tables as t
from cases.directory import roster_changed
from cases.write import new_id

HEALTH = ("HSV", "Kommunens hemsjukvård", "health_care")
CALLED = (
    ("disa", "Disa Wall", "planerare", "planner", "HT-NORR"),
    ("ylva", "Ylva Ros", "sjuksköterska", "nurse", "HSV"),
    ("ivar", "Ivar Lund", "arbetsterapeut", "occupational_therapist", "HSV"),
)


@contextmanager
def osthammar(database: str, local: str) -> Iterator[Town]:
    """The town at this local time; everybody has the bot."""
    made = Town(database, local)
    move_to_osthammar(made)
    yield made
    made.close()


def move_to_osthammar(town: Town) -> None:
    """Every unit follows Östhammar's routine, and those it calls to its meetings have come."""
    for key, number in town.store.transaction(_staff).items():
        town.teams.moved_in[key] = number
        town.residents[key] = Resident(town=town, key=key, id=number)
        town.residents[key].installs()


def _staff(tx: Connection) -> dict[str, int]:
    tx.execute(update(t.unit).values(profile="osthammar"))
    key, name, kind = HEALTH
    tx.execute(
        insert(t.unit).values(
            id=key, name=name, kind=kind, profile="osthammar", provider_kind="egen_regi", authority_unit_id="MYND",
            phone="08-465 004 05", on_call_phone=None, last_resort_role="växeln", last_resort_phone="08-465 004 99",
        )
    )  # fmt: skip
    numbers: dict[str, int] = {}
    for person, name, title, role, unit in CALLED:
        row = insert(t.person).values(
            aad_object_id=aad(11 + len(numbers)), upn=f"{person}@exempel.invalid", name=name, title=title, phone="",
            active=True,
        )  # fmt: skip
        numbers[person] = new_id(tx.execute(row))
        tx.execute(insert(t.role).values(person_id=numbers[person], unit_id=unit, role=role))
    roster_changed(tx)
    return numbers
