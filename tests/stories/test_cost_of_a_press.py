"""What «Skicka» costs, counted in calls and in statements: a count is the same on every machine, and grows unseen."""

import gc
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from cards import actions_of
from sqlalchemy import Connection, select
from told_statements import statements_of
from town import Town

from bot.channel.values import Incoming
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # its driver makes the fewest calls itself

FORM = {"extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker"}
WARM = 4
# Python functions and built-in ones, with Python 3.11; later versions make fewer. Whoever goes past says why.
MOST_CALLS, MOST_STATEMENTS = 1_400, 18


@pytest.fixture
def presses(town: Town) -> list[Incoming]:
    """«Skicka» of some drafts, in order; what a process keeps of its first ones is there for the last."""
    made = []
    for number in range(WARM + 1):
        town.sara.begins("urgent_lasting", "NK-2041", **FORM)
        message = town.sara.chat()[-1]
        data = next(action["data"] for action in actions_of(message.card) if action["title"] == "Skicka")
        assert town.last is not None
        made.append(replace(town.last, activity_id=f"press{number}", data=dict(data), reply_to_id=message.id))
    return made


def test_a_press_makes_no_more_calls_than_it_did(town: Town, presses: list[Incoming]) -> None:
    for press in presses[:-1]:
        town.store.transaction(partial(_pressed, town, press=press))
    calls = town.store.transaction(lambda tx: _counted(town, tx, presses[-1]))
    assert calls <= MOST_CALLS


def test_a_press_asks_no_more_of_the_database_than_it_did(town: Town, presses: list[Incoming]) -> None:
    with statements_of(town) as seen:
        town.store.transaction(lambda tx: _pressed(town, tx, presses[0]))
    said = [one for one in seen if not one.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]
    assert len(said) <= MOST_STATEMENTS, "\n".join(said)


def test_the_pressed_card_is_edited_once(town: Town, presses: list[Incoming]) -> None:
    """The move itself has the card edited; the press has nothing to add."""
    town.store.transaction(lambda tx: _pressed(town, tx, presses[0]))
    edits = _edits(town, presses[0])
    assert len(edits) == 1 and edits[0].not_before > town.clock.time

    town.store.transaction(lambda tx: _pressed(town, tx, replace(presses[0], activity_id="late")))
    assert len(_edits(town, presses[0])) == 1, "a late press on the same message shows what the edit will show"


def _edits(town: Town, press: Incoming) -> list[Any]:
    """What is to be done with her message of the thread since it was a draft."""
    box = t.outbox.c
    mine = box.thread_id == press.data["thread"], box.person_id == town.sara.id, box.version > 1
    query = select(t.outbox).where(box.kind == "update", *mine)
    return town.store.transaction(lambda tx: list(tx.execute(query)))


def _pressed(town: Town, tx: Connection, press: Incoming) -> None:
    done = town.turns._turn(tx, press, press.activity_id, ())
    assert done is not None and done[0].card is not None


def _counted(town: Town, tx: Connection, press: Incoming) -> int:
    calls = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    gc.disable()
    sys.setprofile(count)
    try:
        _pressed(town, tx, press)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls
