"""L14: nothing is disposed of without the municipality's decision, and what is disposed of stands in the account."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from town import Town, instant, shipped

from cases import disposal, holds, journal, retention
from cases import tables as t
from cases.record import Record

YEARS_LATER = "2033-01-10 09:00"
DECISION = "VON 2026/0003"


def answered(town: Town) -> None:
    """Karim asks, Anna answers, and both have written it in their journals."""
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    number = len(town.rows(t.thread))
    for unit, who in (("HT-NORR", town.karim), ("MYND", town.anna)):
        town.store.transaction(lambda tx, u=unit, w=who.id: journal.tick(tx, number, u, w, town.clock.care()))


def later(town: Town, local: str) -> None:
    town.clock.time = instant(local)
    town.settle()


def disposed(town: Town) -> int:
    rows = 0
    while went := in_record(town, lambda tx: disposal.batch(tx, town.record, town.clock.care())):
        rows += went
    return rows


def in_record(town: Town, work: Callable[[Any], Any]) -> Any:
    return town.store.transaction(work)


def everything(town: Town) -> dict[str, list[Any]]:
    return {one.name: town.rows(one) for one in t.metadata.sorted_tables if one is not t.departure}


@pytest.fixture
def decided(database: str) -> Iterator[Town]:
    """The town of a municipality whose profile names its decision on disposal."""
    undecided = shipped().profiles["norrkoping"]
    privacy = replace(undecided.section("privacy"), retention_decision_ref=DECISION)
    profile = replace(undecided, sections={**undecided.sections, "privacy": privacy})
    with closing(Town(database, record=Record(shipped().flows, {profile.name: profile}))) as made:
        yield made


def test_l14_nothing_goes_without_a_decision_however_old_it_is(town: Town) -> None:
    answered(town)
    answered(town)
    later(town, YEARS_LATER)
    before = everything(town)
    assert disposed(town) == 0 and everything(town) == before
    heaps = in_record(town, lambda tx: list(retention.heaps(tx, town.record, town.clock.care())))
    kept = [in_record(town, lambda tx, h=heap: retention.how_many_stay(tx, h)) for heap in heaps]
    assert {"no_decision": 2} in kept, "it is reported with its reason"


def test_l14_what_goes_by_the_decision_stands_in_the_account(decided: Town) -> None:
    town = decided
    answered(town)
    answered(town)
    later(town, "2026-12-17 09:00")
    assert disposed(town) > 0 and town.rows(t.content) == []
    noted = [(row.thread_id, row.signal, row.reason) for row in town.rows(t.audit) if row.action == "purge"]
    assert noted == [(2, "content", DECISION), (1, "content", DECISION)]
    later(town, "2028-12-01 09:00")
    disposed(town)
    assert [row.id for row in town.rows(t.thread)] == [2] and not [r for r in town.rows(t.log) if r.thread_id == 1]
    assert [(row.threads, row.flow) for row in town.rows(t.thread_figure)] == [(1, "question")]
    assert [row for row in town.rows(t.audit) if row.thread_id == 1], "its account has a longer time of its own"


def test_l14_a_held_case_stays_as_long_as_it_is_held(decided: Town) -> None:
    town = decided
    answered(town)
    answered(town)
    in_record(town, lambda tx: holds.place(tx, "NK-2041", "tillsyn", town.eva.id, town.clock.care()))
    later(town, YEARS_LATER)
    before = [town.rows(t.thread), town.rows(t.content), [row for row in town.rows(t.audit) if row.case_ref]]
    disposed(town)
    assert before == [town.rows(t.thread), town.rows(t.content), [row for row in town.rows(t.audit) if row.case_ref]]
    in_record(town, lambda tx: holds.release(tx, "NK-2041", town.eva.id, town.clock.care()))
    assert disposed(town) > 0 and town.rows(t.content) == []
