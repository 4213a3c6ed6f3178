"""The town as a municipality with Katrineholm's routine: every unit follows it, and there is health care staff."""

from datetime import datetime, time, timedelta

from people import aad
from resident import Resident
from sqlalchemy import Connection, insert, update
from town import Town, instant

from bot.openings import Openings
from cases import tables as t
from cases.directory import roster_changed
from dialogs.supervision_openings import steps
from reminders.localtime import at, to_local

UNIT = "HSR"
_NINE = time(9)
NEW = (
    ("ida", "Ida Falk", "arbetsterapeut", "occupational_therapist", UNIT),
    ("oskar", "Oskar Hed", "sjukgymnast", "physiotherapist", UNIT),
    ("ylva", "Ylva Ros", "sjuksköterska", "nurse", UNIT),
    ("disa", "Disa Wall", "planerare", "planner", "HT-NORR"),
    ("fia", "Fia Strand", "undersköterska", "fixed_care_contact", "HT-NORR"),
)


class SupervisedTown(Town):
    """Time stops on each morning when there is something to open."""

    def __init__(self, where: str, local: str) -> None:
        super().__init__(where, local)
        move_to_katrineholm(self)
        self.openings = Openings(self.store, self.record, self.clock, opened=lambda: None)

    def until(self, local: str) -> None:
        """Let time pass, with a stop on each morning at nine when there is something to open."""
        end = instant(local)
        while (morning := self._next_opening(end)) is not None:
            super().until(f"{to_local(morning):%Y-%m-%d %H:%M}")
            self.looks()
        self.clock.time = min(self.clock.time, end)
        super().until(local)

    def _next_opening(self, end: datetime) -> datetime | None:
        day = to_local(self.clock.time).date()
        for morning in (at(day + timedelta(days=n), _NINE) for n in range(60)):
            if morning > end:
                return None
            if morning <= self.clock.time:
                continue
            if self.store.transaction(lambda tx, now=morning: steps(tx, self.record.scene(tx), now)):
                return morning
        return None

    def looks(self) -> int:
        """Look for what is to be opened now; how much there was."""
        found = self.do(self.openings.look())
        self.settle()
        return found


def move_to_katrineholm(town: Town) -> None:
    """Every unit follows Katrineholm's routine, and those it calls to supervision have come."""
    first = len(town.residents) + 1
    town.store.transaction(lambda tx: _move_in(tx, first))
    for number, (key, *_) in enumerate(NEW, start=first):
        town.teams.moved_in[key] = number
        town.residents[key] = Resident(town=town, key=key, id=number)
        town.residents[key].installs()


def _move_in(tx: Connection, first: int) -> None:
    tx.execute(update(t.unit).values(profile="katrineholm"))
    tx.execute(
        insert(t.unit).values(
            id=UNIT, name="Kommunrehab", kind="health_care", profile="katrineholm", provider_kind="egen_regi",
            authority_unit_id="MYND", phone="08-465 004 05", on_call_phone=None, last_resort_role="växeln",
            last_resort_phone="08-465 004 99",
        )
    )  # fmt: skip
    for number, (key, name, title, role, unit) in enumerate(NEW, start=first):
        person = insert(t.person).values(
            id=number, aad_object_id=aad(number), upn=f"{key}@exempel.invalid", name=name, title=title, phone="",
            active=True,
        )  # fmt: skip
        tx.execute(person)
        tx.execute(insert(t.role).values(person_id=number, unit_id=unit, role=role))
    tx.execute(update(t.care_case).where(t.care_case.c.case_ref == "NK-2041").values(fixed_contact_id=first + 4))
    roster_changed(tx)
