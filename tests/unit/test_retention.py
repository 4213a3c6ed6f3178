"""When content is disposed of, and what is kept past its time and why."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from disposed import SECRET, content_of, decided, dispose, ended, later, stays, ticks
from privacy_town import in_content, outside_content
from sqlalchemy import Connection, delete, insert, update
from town import Town

from cases import follow_ups, holds, journal
from cases import tables as t
from cases.retention_section import limits_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with closing(decided(database)) as made:
        yield made


# --- content ------------------------------------------------------------------------------------------------------


def test_content_goes_thirty_days_after_both_have_journaled(town: Town) -> None:
    number = ended(town)
    ticks(town, number)
    later(town, "2026-12-16 08:59")
    assert dispose(town) == 0 and SECRET in in_content(town)
    later(town, "2026-12-16 09:01")
    assert dispose(town) > 0
    assert content_of(town, number) == {} and SECRET not in outside_content(town)
    assert town.thread(number).state == "answered", "what has happened to it is still told"
    town.anna.types(town.thread(number).ref)
    assert "NK-2041" in town.anna.newest()


@pytest.mark.parametrize("unit", ["HT-NORR", "MYND"])
def test_content_that_one_side_has_not_journaled_is_kept_and_reported(town: Town, unit: str) -> None:
    number, other = ended(town), ended(town, "NK-2042")
    ticks(town, number, unit)
    ticks(town, other)
    later(town, "2027-06-01 09:00")
    assert stays(town) == {("content", "not_journaled"): 1}
    assert dispose(town) > 0 and content_of(town, other) == {}, "what another has journaled says nothing of this"
    assert SECRET in in_content(town) and stays(town) == {("content", "not_journaled"): 1}


def test_content_of_what_is_open_stays(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning", question_text=SECRET)
    town.karim.presses("Skicka")
    ticks(town, 1)
    later(town, "2029-06-01 09:00")
    assert dispose(town) == 0 and stays(town) == {}


def test_content_waits_for_a_relative_that_is_open(town: Town) -> None:
    number = ended(town)
    other = ended(town, "NK-2042")
    ticks(town, number)
    town.store.transaction(
        lambda tx: tx.execute(update(t.thread).where(t.thread.c.id == other).values(parent_id=number, closed_at=None))
    )
    later(town, "2027-03-01 09:00")
    assert dispose(town) == 0 and stays(town) == {("content", "related"): 1}


def test_what_may_be_reopened_keeps_its_content(town: Town) -> None:
    profile = town.record.profiles["norrkoping"]
    short = {**profile.sections, "retention": type(profile.section("retention"))(**{
        **vars(profile.section("retention")), "content_days": 1,
    })}  # fmt: skip
    now = town.clock.care()
    changed = type(profile)(**{**vars(profile), "sections": short})
    assert (now - limits_of(changed, now).content).days == profile.section("flows").reopen_days == 14


def test_the_quality_answers_stay_without_case_and_thread(town: Town) -> None:
    town.anna.begins("follow_up", "NK-2041", occasion="changed_need", basis_date="2026-11-02")
    town.anna.presses("Lägg i planen")
    answers = {"gets_help": "yes", "plans_when": "partly", "plans_how": "no", "feels_good": "no_answer"}
    town.anna.answers(
        "Uppföljningen är gjord", done_date="2026-11-10", meeting_form="phone", provider_present="yes",
        outcome="remains", granted="home_care", **answers,
    )  # fmt: skip
    held = town.store.transaction(lambda tx: _held(tx))
    assert len(held) == 1
    town.store.transaction(
        lambda tx: tx.execute(update(t.thread).values(closed_at=town.clock.care(), state="completed"))
    )
    ticks(town, 1)
    later(town, "2027-01-10 09:00")
    dispose(town)
    assert content_of(town, 1) == {} and town.store.transaction(lambda tx: _held(tx)) == held
    (kept,) = town.rows(t.quality_answer)
    assert kept.answers == {"done_date": "2026-11-10", **answers} and kept.unit_id == "MYND"


def _held(tx: Connection) -> list[dict[str, object]]:
    return follow_ups.held(tx, "MYND", date(2026, 11, 1), date(2026, 12, 31))


def test_a_unit_that_has_only_been_told_has_nothing_to_journal(town: Town) -> None:
    number = ended(town)
    ticks(town, number)
    seat = {
        "thread_id": number, "side": "informed", "role": "unit_manager", "unit_id": "HT-SODER", "person_id": None,
        "added_at": town.clock.care(), "because": "told",
    }  # fmt: skip
    town.store.transaction(lambda tx: tx.execute(insert(t.party).values(seat)))
    later(town, "2027-01-10 09:00")
    assert dispose(town) > 0


def test_a_tick_that_is_taken_back_keeps_the_content(town: Town) -> None:
    number = ended(town)
    ticks(town, number)
    town.store.transaction(lambda tx: journal.untick(tx, number, "MYND"))
    later(town, "2027-01-10 09:00")
    assert dispose(town) == 0
    town.store.transaction(lambda tx: tx.execute(delete(t.journaled)))
    assert stays(town) == {("content", "not_journaled"): 1}


# --- holds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["NK-2041", "nk 2041"])
def test_a_held_case_is_kept_whatever_its_spelling(town: Town, spelled: str) -> None:
    number = ended(town)
    ticks(town, number)
    place = lambda tx: holds.place(tx, spelled, "tillsyn", town.eva.id, town.clock.care())  # noqa: E731
    assert town.store.transaction(place) and not town.store.transaction(place), "it is held once"
    later(town, "2029-01-10 09:00")
    assert dispose(town) == 0
    assert stays(town) == {("content", "held"): 1}
    assert town.store.transaction(lambda tx: holds.release(tx, "NK-2041", town.eva.id, town.clock.care()))
    assert dispose(town) > 0
    noted = [(row.signal, row.reason) for row in town.rows(t.audit) if row.action == "config"]
    assert noted == [("hold", "tillsyn"), ("release", "")]
