"""Nothing half imported: whatever is wrong with the sheets or the database, the record is whole or untouched."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_sheets import NOW, Sheets, checked, everything, open_store, right, sheets, with_cell, with_row
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from cases import roster
from cases import tables as t
from cases.store import Store

BAD_CELLS = ("", "okänd", "19121212-1212", "2026-13-01", "x" * 200, "\u200b", "112", "HT", "MY", "eva@exempel.invalid")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all examples: each starts from what the one before left."""
    store = open_store(tmp_path_factory.mktemp("shared"))
    store.transaction(lambda tx: roster.apply(tx, right(sheets()), NOW))
    yield store
    store.close()


@st.composite
def damaged(draw: st.DrawFn) -> Sheets:
    """The right sheets in another order, with cells, rows or whole sheets spoiled at random; sometimes still right."""
    found = with_cell(sheets(), "enheter", 2, namn=draw(st.sampled_from(("Väst", "Öst"))))
    found["personer"] = draw(st.permutations(found["personer"]))
    for _ in range(draw(st.integers(0, 3))):
        _spoil(draw, found[draw(st.sampled_from(sorted(found)))])
    return found


def _spoil(draw: st.DrawFn, rows: list[tuple[int, dict[str, str]]]) -> None:
    if not rows:
        return
    at = draw(st.integers(0, len(rows) - 1))
    how = draw(st.sampled_from(("cell", "cell", "cell", "double", "drop", "empty")))
    if how == "cell":
        row = rows[at][1]
        row[draw(st.sampled_from(sorted(row)))] = draw(st.sampled_from(BAD_CELLS))
    elif how == "double":
        rows.append((99, dict(rows[at][1])))
    elif how == "drop":
        del rows[at]
    else:
        rows.clear()


@settings(max_examples=80, deadline=None)
@given(spoiled=damaged())
def test_either_the_whole_roster_is_brought_in_or_nothing_is_touched(shared: Store, spoiled: Sheets) -> None:
    before = shared.transaction(everything)
    found = checked(spoiled)
    if isinstance(found, list):
        assert found
        assert "1212-1212" not in " ".join(str(one) for one in found)
        assert shared.transaction(everything) == before
        return
    shared.transaction(lambda tx: roster.apply(tx, found, NOW))
    assert shared.transaction(lambda tx: roster.diff(tx, found, NOW)).empty
    now_stored = shared.transaction(_counted)
    assert now_stored == (len(found.units), len(found.people), len(found.roles), len(found.passes), len(found.cases))


def _counted(tx: Any) -> tuple[int, ...]:
    tables = (t.unit, t.person, t.role, t.on_call, t.care_case)
    return tuple(len(tx.execute(select(table)).all()) for table in tables)


def test_a_database_that_says_no_halfway_is_left_as_it_was(shared: Store) -> None:
    more = with_row(
        sheets(), "enheter", "HG", "Teamet", "hemgångsteam", "norrkoping", "egen_regi", "MY", "08-46500405", "", "jour",
        "08-46500406",
    )  # fmt: skip
    found = right(with_row(more, "arenden", "NK-3", "HG", "", "", "", ""))
    before = shared.transaction(everything)

    def work(tx: Any) -> None:
        roster.apply(tx, found, NOW)
        tx.execute(insert(t.care_case).values(case_ref="NK-3"))

    with pytest.raises(IntegrityError):
        shared.transaction(work)
    assert shared.transaction(everything) == before
