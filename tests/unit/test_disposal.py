"""Disposing of what a thread was, of the account and of the roster: what is left, and what holds for all of it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from disposed import SECRET, content_of, decided, dispose, ended, later, stays, tells_of, ticks
from people import on_call
from privacy_town import in_content, outside_content
from sealed import seals
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import DBAPIError
from town import Town

from bot.disposals import Disposals
from cases import account_check, disposal, holds
from cases import tables as t
from cases.restore import AT
from cases.retention_section import read_retention
from reminders.profile_schema import Complain

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with closing(decided(database)) as made:
        yield made


# --- the rest of a thread -----------------------------------------------------------------------------------------


def test_after_two_years_nothing_is_left_but_the_account_and_a_figure(town: Town) -> None:
    number = ended(town)
    ended(town, "NK-2042")
    ticks(town, number)
    later(town, "2028-11-15 23:59")
    dispose(town)
    assert "log" in tells_of(town, number)
    later(town, "2028-11-17 00:01")
    dispose(town)
    assert tells_of(town, number).keys() == {"audit"}
    assert [tuple(row) for row in town.rows(t.thread_figure)] == [
        (date(2026, 11, 1), "norrkoping", "question", 1, 0)
    ]  # fmt: skip
    told = outside_content(town)
    assert SECRET not in told and town.thread(2).case_ref == "NK-2042"


def test_the_newest_thread_stays_so_that_its_number_is_not_given_again(town: Town) -> None:
    number = ended(town)
    ticks(town, number)
    later(town, "2029-01-02 10:00")
    dispose(town)
    assert stays(town) == {("thread", "last"): 1}
    assert ended(town, "NK-2042") == number + 1
    dispose(town)
    assert tells_of(town, number).keys() == {"audit"}


def test_a_draft_that_was_thrown_away_goes_after_a_day(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning", question_text=SECRET)
    town.karim.presses("Kasta utkastet")
    ended(town, "NK-2042")
    later(town, "2026-11-17 08:59")
    assert dispose(town) == 0
    later(town, "2026-11-17 09:01")
    assert dispose(town) > 0 and tells_of(town, 1).keys() == {"audit"}
    assert town.rows(t.thread_figure) == [], "it was no message"


def test_what_was_cut_short_is_gone_on_with(town: Town) -> None:
    numbers = [ended(town, ref) for ref in ("NK-2041", "NK-2042", "NK-2041")]
    for number in numbers:
        ticks(town, number)
    later(town, "2027-01-10 09:00")
    assert town.store.transaction(lambda tx: disposal.batch(tx, town.record, town.clock.care(), 1)) > 0
    assert [bool(content_of(town, one)) for one in numbers] == [True, True, False]
    assert dispose(town, 1) > 0
    assert in_content(town) == "[]"
    batches = town.rows(t.disposal)
    assert [(row.kind, row.profile, row.threads) for row in batches] == [("content", "norrkoping", 1)] * 3
    assert all(row.finished_at is not None and row.decision_ref == "VON 2026/0003" for row in batches)


def test_what_was_sealed_goes_and_its_case_still_begins_nothing(town: Town) -> None:
    number = ended(town)
    ended(town, "NK-2042")
    ticks(town, number)
    seals(town, "anna", number)
    assert content_of(town, number) == {} and town.rows(t.sealed)
    later(town, "2028-11-17 00:01")
    dispose(town)
    assert tells_of(town, number).keys() == {"audit", "sealed_case"} and town.rows(t.sealed) == []
    assert town.rows(t.thread_figure) == [], "nothing counts it"


def test_what_was_sealed_before_it_was_journaled_stays_and_is_reported(town: Town) -> None:
    number = ended(town)
    ended(town, "NK-2042")
    seals(town, "anna", number)
    later(town, "2029-01-02 10:00")
    dispose(town)
    assert town.rows(t.sealed) and tells_of(town, number)["log"]
    assert stays(town)["thread", "not_journaled"] == 1
    ticks(town, number)
    dispose(town)
    assert town.rows(t.sealed) == [] and tells_of(town, number).keys() == {"audit", "sealed_case"}


@pytest.mark.parametrize("table", ["log", "audit"])
def test_outside_disposal_the_log_and_the_account_stay(town: Town, table: str) -> None:
    ended(town)
    with pytest.raises(DBAPIError, match="append-only"):
        town.store.transaction(lambda tx: tx.execute(text(f"DELETE FROM {table}")))
    assert town.rows(t.disposing) == []


def test_what_came_of_it_goes_first(town: Town) -> None:
    first, second = ended(town), ended(town, "NK-2042")
    ended(town)
    town.store.transaction(
        lambda tx: tx.execute(update(t.thread).where(t.thread.c.id == second).values(parent_id=first))
    )
    ticks(town, first)
    later(town, "2029-01-01 09:00")
    dispose(town)
    assert stays(town)["thread", "related"] == 1, "the second is not journaled, and the first is what it came of"
    ticks(town, second)
    dispose(town)
    assert {row.id for row in town.rows(t.thread)} == {3}


def test_what_is_left_of_an_old_account_can_still_be_checked(town: Town) -> None:
    number = ended(town)
    ended(town, "NK-2042")
    town.store.transaction(lambda tx: holds.place(tx, "NK-2042", "domstol", town.eva.id, town.clock.care()))
    ticks(town, number)
    later(town, "2031-11-17 00:01")
    dispose(town)
    assert tells_of(town, number).keys() == {"audit"}
    assert {row.action for row in town.rows(t.audit) if row.thread_id == number} == {"purge"}, "that was today"
    assert {"open", "send"} <= {row.signal for row in town.rows(t.audit) if row.case_ref == "NK-2042"}, "it is held"
    checked = town.store.transaction(lambda tx: account_check.check(tx))
    assert checked.rows > 0 and not checked.faults
    assert "account" in {row.kind for row in town.rows(t.disposal)}


# --- what holds for all -------------------------------------------------------------------------------------------


def test_after_a_restore_nothing_goes_for_a_week(town: Town) -> None:
    number = ended(town)
    ticks(town, number)
    later(town, "2027-01-10 09:00")
    at = town.clock.care().isoformat()
    town.store.transaction(lambda tx: tx.execute(insert(t.setting).values(key=AT, value=at)))
    assert dispose(town) == 0 and stays(town) == {("content", "restored"): 1}
    later(town, "2027-01-17 09:00")
    assert dispose(town) > 0


def test_whoever_left_two_years_ago_is_no_longer_named(town: Town) -> None:
    number = ended(town)

    def leaves(tx: Connection) -> None:
        tx.execute(update(t.person).where(t.person.c.id == town.sara.id).values(active=False))
        tx.execute(update(t.person).where(t.person.c.id == town.olle.id).values(active=False))

    town.store.transaction(leaves)
    dispose(town)
    later(town, "2027-11-16 09:00")
    town.store.transaction(
        lambda tx: tx.execute(update(t.person).where(t.person.c.id == town.olle.id).values(active=True))
    )
    dispose(town)
    assert [row.person_id for row in town.rows(t.departure)] == [town.sara.id]
    later(town, "2028-11-17 09:00")
    assert dispose(town) > 0 and dispose(town) == 0
    told = outside_content(town)
    assert "Sara Lind" not in told and "sara@exempel.invalid" not in told and "Olle Dahl" in told
    assert town.thread(number).sender_id == town.karim.id


def test_what_belongs_to_no_thread_has_its_time_too(town: Town) -> None:
    now = town.clock.care()
    hours = {"unit_id": "HT-NORR", "month": date(2026, 10, 1), "case_ref": "NK-2041", "ordered": 1, "performed": 1}
    places = {"key": "NK2041", "case_ref": "NK-2041", "reason": "tillsyn", "placed_at": now, "placed_by": town.eva.id}

    def fill(tx: Connection) -> None:
        tx.execute(insert(t.case_hours).values(**hours, imported_at=now))
        tx.execute(insert(t.legal_hold).values(**places, released_at=now, released_by=town.eva.id))
        on_call(tx, town.nils.id, "HT-NORR", now, now)

    town.store.transaction(fill)
    later(town, "2028-11-15 09:00")
    assert dispose(town) == 0
    later(town, "2028-11-17 09:00")
    assert dispose(town) == 2 and town.rows(t.case_hours) == town.rows(t.on_call) == []
    later(town, "2031-11-17 09:00")
    dispose(town)
    assert town.rows(t.legal_hold) == []


def test_the_night_does_it_once_and_says_what_stays(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    number, other = ended(town), ended(town, "NK-2042")
    ticks(town, number)
    later(town, "2027-01-10 02:29")
    night = Disposals(town.store, town.record, town.clock)
    night.unhurried.in_haste()
    caplog.set_level("INFO", "stafett.disposals")
    town.do(night.look())
    assert content_of(town, number), "the day before is done, the new one has not begun"
    later(town, "2027-01-10 02:30")
    assert town.do(night.look()) > 0 and content_of(town, number) == {}
    assert "kept past its time: 1 of content, not_journaled" in caplog.messages
    ticks(town, other)
    assert town.do(night.look()) == 0, "the rest waits for the next night"
    later(town, "2027-01-11 02:31")
    assert town.do(night.look()) > 0


def test_times_that_cannot_be_meant_are_refused(database: str) -> None:
    for values in ({"content_days": 0}, {"account_months": 23}, {"metadata_months": 70}, {"forever": True}):
        faults: list[str] = []
        read_retention(values, Complain(faults=faults, origin={}, file="lund.toml", path=("retention",)))
        assert len(faults) == 1 and faults[0].startswith("lund.toml: retention."), values
