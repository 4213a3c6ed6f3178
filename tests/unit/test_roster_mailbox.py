"""The roster's mailbox of a unit and fixed care contact of a case: brought in, told in the diff, refused when wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from roster_sheets import NOW, PROFILES, sheets, with_cell
from sqlalchemy import select
from town import new_sqlite

from cases import roster
from cases import tables as t
from cases.roster import Roster
from cases.roster_values import Fault
from cases.store import Store
from dialogs.personal_number import has_personal_number

KNOWN: Any = {"profiles": PROFILES, "has_personal_number": has_personal_number}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(new_sqlite(tmp_path))
    yield made
    made.close()


def checked(sheet: str, line: int, **cells: str) -> Roster | list[Fault]:
    return roster.check(with_cell(sheets(), sheet, line, **cells), **KNOWN)


def test_they_are_brought_in_and_changed_like_the_rest(store: Store) -> None:
    before = roster.check(sheets(), **KNOWN)
    after = roster.check(
        with_cell(
            with_cell(sheets(), "enheter", 3, funktionsbrevlada="Myndighet@Exempel.invalid"),
            "arenden", 2, enhet="HT", fast_omsorgskontakt="eva@exempel.invalid",
        ),
        **KNOWN,
    )  # fmt: skip
    assert isinstance(before, Roster) and isinstance(after, Roster)
    store.transaction(lambda tx: roster.apply(tx, before, NOW))
    told = store.transaction(lambda tx: roster.apply(tx, after, NOW)).lines
    assert "  ändrad enhet MY: funktionsbrevlåda (tomt) → myndighet@exempel.invalid" in told
    assert any("fast omsorgskontakt (tomt) → Eva Ask" in line for line in told)
    assert store.transaction(lambda tx: roster.apply(tx, after, NOW)).empty
    contact = select(t.person.c.name).join(t.care_case, t.care_case.c.fixed_contact_id == t.person.c.id)
    assert store.transaction(lambda tx: tx.scalar(contact)) == "Eva Ask"


@pytest.mark.parametrize(
    ("sheet", "cells", "said"),
    [
        ("enheter", {"funktionsbrevlada": "brevlådan"}, "är ingen e-postadress"),
        ("enheter", {"funktionsbrevlada": "a@exempel.invalid, b@exempel.invalid"}, "är ingen e-postadress"),
        ("arenden", {"fast_omsorgskontakt": "okänd@exempel.invalid"}, "finns inte i bladet personer"),
        ("arenden", {"fast_omsorgskontakt": "ida@exempel.invalid"}, "har ingen roll i ärendets enhet"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(sheet: str, cells: dict[str, str], said: str) -> None:
    found = checked(sheet, 2, **cells)
    assert isinstance(found, list)
    assert [(fault.line, said in fault.message) for fault in found] == [(2, True)]
