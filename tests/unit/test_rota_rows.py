"""Where each pass comes from: the roster's sheet, Teams Shifts, or a swap; and what one leaves of the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from roster_sheets import NOW, open_store, right, sheets, with_cell, with_row, without
from sqlalchemy import select

from cases import passes, roster, rota
from cases import tables as t
from cases.directory import Directory, Pass, read
from cases.passes import Handing
from cases.roster import Diff
from cases.store import Store
from cases.telling import Change
from cases.thread import Actor, Signal, ThreadNow

BEGINS, ENDS = datetime(2026, 11, 16, 16, tzinfo=UTC), datetime(2026, 11, 17, 6, tzinfo=UTC)
# Per has the night; Eva may be on call too.
BASE = with_row(sheets(), "roller", "eva@exempel.invalid", "HT", "jourhavande arbetsledare")
PER, EVA = "Per Alm", "Eva Ask"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path)
    bring(made, BASE)
    yield made
    made.close()


def bring(store: Store, given: object, now: datetime = NOW) -> Diff:
    return store.transaction(lambda tx: roster.apply(tx, right(given), now))  # type: ignore[arg-type]


def directory(store: Store) -> Directory:
    return store.transaction(lambda tx: read(tx, ""))


def number(store: Store, name: str) -> int:
    return next(who for who, person in directory(store).people.items() if person.name == name)


def on_call(store: Store, now: datetime = BEGINS) -> list[str]:
    found = directory(store)
    return [found.people[who].name for who in found.on_call("HT", now)]


def sources(store: Store) -> set[tuple[str, bool]]:
    """Each row's source, and whether it has gone to somebody else."""
    rows = store.transaction(lambda tx: tx.execute(select(t.on_call.c.source, t.on_call.c.swapped_by)).all())
    return {(source, swapped_by is not None) for source, swapped_by in rows}


def swap(store: Store, giver: str, taker: str) -> None:
    one = Pass(person_id=number(store, giver), unit_id="HT", starts_at=BEGINS, ends_at=ENDS)
    thread = ThreadNow(
        id=7, flow="on_call_swap", profile="norrkoping", state="approved", version=1, case_ref="", case_known=False,
        sender_id=1, sender_unit_id="HT", sender_side="provider", opened_at=NOW, closed_at=NOW,
    )  # fmt: skip
    signal = Signal(thread_id=7, name="approve", by=Actor.person(number(store, EVA)))
    change = Change(thread=thread, signal=signal, from_state="proposed", to_state="approved")
    change.handings.append(Handing(thread_id=7, one=one, taker_id=number(store, taker)))
    store.transaction(lambda tx: rota.give(tx, [change], NOW))


def shifts(store: Store, *who: str, now: datetime = NOW) -> rota.Brought:
    wanted = [(number(store, name), BEGINS, ENDS) for name in who]
    return store.transaction(lambda tx: rota.bring(tx, "HT", wanted, now, now + timedelta(days=40)))


def test_a_swap_outlives_every_import_of_the_same_roster(store: Store) -> None:
    swap(store, PER, EVA)
    assert on_call(store) == [EVA] and sources(store) == {("roster", True), ("swap", False)}
    assert bring(store, BASE).empty and on_call(store) == [EVA]


def test_a_roster_that_has_taken_it_up_has_the_pass_for_its_own(store: Store) -> None:
    swap(store, PER, EVA)
    taken_up = with_cell(BASE, "jour", 2, person="eva@exempel.invalid")
    told = bring(store, taken_up)
    assert any("källa godkänt byte → registret" in line for line in told.lines)
    assert on_call(store) == [EVA] and sources(store) == {("roster", False)}
    bring(store, BASE)
    assert on_call(store) == [PER], "and may give it to somebody else again"


def test_a_pass_that_leaves_the_roster_leaves_the_swap_to_whoever_took_it(store: Store) -> None:
    swap(store, PER, EVA)
    bring(store, without(BASE, "jour", 2))
    assert on_call(store) == [EVA] and sources(store) == {("swap", False)}


def test_who_has_taken_a_pass_and_leaves_the_roster_stays_as_inactive(store: Store) -> None:
    swap(store, PER, EVA)
    gone = without(without(without(BASE, "personer", 2), "roller", 2), "roller", 5)
    bring(store, gone)
    assert on_call(store) == [] and not directory(store).is_active(number(store, EVA))


def test_a_unit_with_shifts_takes_nothing_from_the_sheet_until_it_lets_go(store: Store) -> None:
    assert shifts(store, EVA) == rota.Brought(new=1, gone=1)
    told = bring(store, BASE)
    assert told.empty and told.remarks == (
        "Jouren i HT hämtas från Teams Shifts. Bladet jour används inte för den enheten.",
    )
    assert on_call(store) == [EVA] and not shifts(store, EVA)
    assert store.transaction(lambda tx: rota.let_go(tx, ["HT"], NOW)) == []
    assert store.transaction(lambda tx: rota.let_go(tx, [], NOW)) == ["HT"] and on_call(store) == []
    assert bring(store, BASE).new == 1 and on_call(store) == [PER]


def test_what_is_over_is_history_for_shifts_too(store: Store) -> None:
    assert not shifts(store, now=ENDS + timedelta(hours=1)), "nothing to come, and nothing taken away"
    assert sources(store) == {("roster", False)}
    fetched = store.transaction(rota.elsewhere)["HT"]
    assert not rota.is_stale(fetched, fetched + timedelta(hours=12), timedelta(hours=12))
    assert rota.is_stale(fetched, fetched + timedelta(hours=13), timedelta(hours=12))
    assert not rota.is_stale(None, NOW, timedelta(hours=12))


def test_a_code_that_is_none_names_no_pass(store: Store) -> None:
    found = directory(store)
    for code in ("", "HT", "HT:9", "HT:x:20261116T160000", "HT:9:2026", ":9:20261116T160000"):
        assert passes.parts_of(code) is None and passes.found(code, found) is None
        assert passes.refusal(code, 1, found) == "Passet har ändrats i schemat. Välj pass på nytt."
