"""The roster's own periods of absence, and a roster that is brought in beside the directory's groups."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import new_sqlite
from roster_sheets import NOW, Sheets, faults, right, sheets, without
from sqlalchemy import Connection, insert, select

from cases import groups, roster
from cases import tables as t
from cases.group_map import GroupMap, Mapped
from cases.groups import Member
from cases.store import Store

IDA = "00000000-0000-4000-8000-00000000000a"
NEW = "00000000-0000-4000-8000-00000000000b"
GROUP = "00000000-0000-4000-8000-0000000000aa"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(new_sqlite(tmp_path))
    yield store
    store.close()


def bring(store: Store, given: Sheets, mapped: GroupMap | None = None) -> roster.Diff:
    found = right(given)
    done = store.transaction(lambda tx: roster.apply(tx, found, NOW, mapped))
    assert store.transaction(lambda tx: roster.apply(tx, found, NOW, mapped)).empty
    return done


def with_absences(*rows: tuple[str, str, str]) -> Sheets:
    names = ("person", "fran", "till")
    listed = [(number, dict(zip(names, row, strict=True))) for number, row in enumerate(rows, start=2)]
    return sheets() | {"franvaro": listed}


# --- absence ----------------------------------------------------------------------------------------------------------


def test_whole_days_both_ends_counted(store: Store) -> None:
    bring(store, with_absences(("ida@exempel.invalid", "2026-11-16", "2026-11-20"), ("per@exempel.invalid",
                                "2026-11-23", "")))  # fmt: skip
    rows = store.transaction(lambda tx: list(tx.execute(select(t.absence).order_by(t.absence.c.id))))
    assert [(row.starts_at, row.ends_at, row.source) for row in rows] == [
        (datetime(2026, 11, 15, 23, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC), "roster"),
        (datetime(2026, 11, 22, 23, tzinfo=UTC), None, "roster"),
    ]


def test_the_next_roster_changes_and_ends_them(store: Store) -> None:
    bring(store, with_absences(("ida@exempel.invalid", "2026-11-16", "2026-11-20")))
    told = bring(store, with_absences(("ida@exempel.invalid", "2026-11-16", "2026-11-18")))
    assert told.changed == 1 and any("Ida Rönn, från 2026-11-16 00:00: till" in line for line in told.lines)
    assert bring(store, sheets()).gone == 1, "a roster without the sheet says that nobody is away"
    assert store.transaction(lambda tx: tx.execute(select(t.absence)).all()) == []


def test_what_a_mailbox_has_said_is_left_alone(store: Store) -> None:
    bring(store, sheets())

    def says(tx: Connection) -> None:
        who = tx.scalar(select(t.person.c.id).where(t.person.c.name == "Ida Rönn"))
        tx.execute(insert(t.absence).values(person_id=who, starts_at=NOW, ends_at=None, source="autosvar"))
        tx.execute(insert(t.absence_check).values(person_id=who, fetched_at=NOW, known=True))

    store.transaction(says)
    bring(store, with_absences(("ida@exempel.invalid", "2026-11-16", "2026-11-20")))
    assert {row.source for row in store.transaction(lambda tx: tx.execute(select(t.absence)).all())} == {
        "autosvar", "roster"
    }  # fmt: skip


def test_who_is_taken_away_takes_their_absence_along(store: Store) -> None:
    bring(store, with_absences(("eva@exempel.invalid", "2026-11-16", "")))
    bring(store, without(without(sheets(), "personer", 2), "roller", 2))
    assert store.transaction(lambda tx: tx.scalar(select(t.person.c.id).where(t.person.c.name == "Eva Ask"))) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("nobody@exempel.invalid", "2026-11-16", ""), "finns inte i bladet personer"),
        (("ida@exempel.invalid", "", ""), "cellen är tom"),
        (("ida@exempel.invalid", "2026-11-16", "2026-11-15"), "sista dagen ligger före den första"),
        (("ida@exempel.invalid", "16/11", ""), "är inget datum som finns"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(row: tuple[str, str, str], said: str) -> None:
    found = faults(with_absences(row))
    assert len(found) == 1 and said in str(found[0]) and str(found[0]).startswith("franvaro rad 2, kolumn ")


def test_the_same_period_twice() -> None:
    one = ("ida@exempel.invalid", "2026-11-16", "2026-11-20")
    assert "samma period står redan på rad 2" in str(faults(with_absences(one, one))[0])


# --- beside groups ----------------------------------------------------------------------------------------------------


def the_map(precedence: str) -> GroupMap:
    return GroupMap(precedence=precedence, mapped=(Mapped(group_id=GROUP, unit_id="MY", role="needs_assessor"),))


def group_holds(store: Store, mapped: GroupMap, *members: Member) -> list[str]:
    def read(tx: Connection) -> list[str]:
        groups.keep(tx, GROUP, members, (), NOW)
        return [one.change for one in groups.reconcile(tx, mapped, NOW)]

    return store.transaction(read)


def assessors(store: Store) -> dict[str, str]:
    query = select(t.person.c.name, t.role.c.source).join(t.role, t.role.c.person_id == t.person.c.id)
    rows = store.transaction(lambda tx: tx.execute(query.where(t.role.c.role == "needs_assessor")).all())
    return {row.name: row.source for row in rows}


NORA = Member(aad_object_id=NEW, upn="nora@exempel.invalid", name="Nora Ny")


def test_where_groups_overrule_the_roster_gives_and_takes_nothing_there(store: Store) -> None:
    mapped = the_map("groups")
    bring(store, sheets(), mapped)
    assert assessors(store) == {}, "until the group has been read, nobody is let in by it"
    assert group_holds(store, mapped, NORA) == ["joined"]
    bring(store, sheets(), mapped)
    assert assessors(store) == {"Nora Ny": "group"}, "whom the roster does not have stays, and Ida stays out"


def test_where_the_roster_has_precedence_it_keeps_whom_the_group_lets_go(store: Store) -> None:
    mapped = the_map("roster")
    bring(store, sheets(), mapped)
    assert group_holds(store, mapped, NORA, Member(aad_object_id=IDA)) == ["joined"]
    bring(store, sheets(), mapped)
    assert assessors(store) == {"Ida Rönn": "roster", "Nora Ny": "group"}
    assert group_holds(store, mapped) == ["left"]
    assert assessors(store) == {"Ida Rönn": "roster"}


def test_a_group_that_has_not_been_read_takes_nobody_s_role(store: Store) -> None:
    bring(store, sheets())
    assert store.transaction(lambda tx: groups.reconcile(tx, the_map("groups"), NOW)) == []
    assert assessors(store) == {"Ida Rönn": "roster"}


def test_without_groups_any_more_the_roster_alone_says(store: Store) -> None:
    mapped = the_map("roster")
    bring(store, sheets(), mapped)
    group_holds(store, mapped, NORA)
    bring(store, sheets())
    assert assessors(store) == {"Ida Rönn": "roster"}
