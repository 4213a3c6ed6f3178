"""However a case is spelled it is the same one to seal, and what begins meanwhile does not slip by."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from databases import new_sqlite
from flow_walk import SECRET, led_to, opened
from privacy_town import keeping_content
from sealed import seals
from sqlalchemy import Connection, func, select
from town import Town

from cases import sealing
from cases import tables as t
from cases.thread import SEALED


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    with closing(Town(new_sqlite(tmp_path), record=keeping_content())) as made:
        yield made


@pytest.mark.parametrize(
    "spelled", ["NK-2041", "nk-2041", "NK 2041", "Nk/2041", "NK2041", " nk.2041 ", "ＮＫ－２０４１", "ｎｋ２０４１"]
)
def test_however_it_is_spelled_it_is_the_same_case(spelled: str) -> None:
    assert sealing.key_of(spelled) == "NK2041"


def test_threads_in_another_spelling_are_sealed_with_it(visa: Town) -> None:
    number = led_to(visa, "question", "sent")
    other = opened(visa, "question")
    row = t.thread.c
    visa.store.transaction(lambda tx: tx.execute(t.thread.update().where(row.id == other).values(case_ref="nk 2041")))
    seals(visa, "karim", number)
    assert visa.thread(other).is_sealed
    assert visa.store.transaction(lambda tx: tx.scalar(select(t.sealed_case.c.key))) == "NK2041"


@pytest.mark.parametrize(
    ("first", "second"),
    [("NK2041", "NK-2041"), ("NX-20/41", "NX2041"), ("ÄR2041", "är-20 41"), ("ＮＫ２０４１", "NK-2041")],
)
def test_signs_that_one_spelling_has_and_the_other_lacks_do_not_part_them(visa: Town, first: str, second: str) -> None:
    """Nor does the roster, the hours or a meeting's list keep it as they spell it."""
    meeting = opened(visa, "assistance_meeting", {"cases": "NK-2041,NK-2042"})
    for ref in (first, second):
        visa.karim.begins("question", ref, category="planning", question_text=SECRET)
        visa.karim.presses("Skicka")
    seals(visa, "karim", meeting + 1)
    assert all(visa.thread(number).is_sealed for number in (meeting + 1, meeting + 2))
    key = sealing.key_of(first)
    assert key not in {sealing.key_of(row.case_ref) for row in visa.rows(t.care_case)}
    assert key not in {sealing.key_of(one) for one in visa.thread(meeting).values["cases"].split(",")}
    visa.karim.begins("question", second, category="planning", question_text=SECRET)
    assert len(visa.rows(t.thread)) == meeting + 2, "nothing begins anew"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_sealing_and_whatever_names_a_case_take_turns(database: str) -> None:
    """While one of them has not ended the other cannot begin: a second connection asks whether it could."""
    with closing(Town(database, record=keeping_content())) as town:
        number = led_to(town, "question", "sent")
        form = {"flow": "question", "unit": "HT-NORR", "protected": "no", "case_ref": "NK-2041", "category": "planning"}
        assert could(town, SEALS) and could(town, NAMES)
        assert not meanwhile(town, {"verb": "draft", "question_text": SECRET, **form}, SEALS)
        assert not meanwhile(town, {"verb": "seal", "thread": number}, NAMES)
        assert [row.state for row in town.rows(t.thread)] == [SEALED] * 2, "the draft that came first was found"


SEALS, NAMES = func.pg_try_advisory_xact_lock, func.pg_try_advisory_xact_lock_shared


def could(town: Town, take: Any) -> bool:
    return bool(town.store.transaction(lambda tx: tx.scalar(select(take(sealing.TURNS)))))


def meanwhile(town: Town, pressed: dict[str, Any], take: Any) -> bool:
    """Whether the other could begin when Karim has pressed, and what came of it is not yet on disk."""

    def turn(tx: Connection) -> bool:
        visit = town.desk.visit(tx, town.karim.id, town.clock.care(), town.clock.machine())
        town.desk.pressed(visit, pressed)
        return could(town, take)

    return town.store.transaction(turn)
