"""Roles that somebody has asked for, beside the roster and the groups; and who may not be named anywhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import new_sqlite
from roster_sheets import NOW, Sheets, right, sheets, with_row
from sqlalchemy import delete, insert, select, update
from town import shipped

from cases import groups, roster
from cases import tables as t
from cases.access import answers_for
from cases.actions import Access
from cases.directory import Directory, read
from cases.group_map import GroupMap, Mapped
from cases.groups import Member
from cases.store import Store
from reminders.errors import ProfileError
from reminders.profile import FOLDER, load_profile

IDA = "00000000-0000-4000-8000-00000000000a"
GROUP = "00000000-0000-4000-8000-0000000000aa"


@pytest.fixture(scope="module", autouse=True)
def sections() -> None:
    """Every section of a profile has its reader."""
    shipped()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(new_sqlite(tmp_path))
    yield store
    store.close()


def bring(store: Store, given: Sheets) -> None:
    found = right(given)
    store.transaction(lambda tx: roster.apply(tx, found, NOW))
    assert store.transaction(lambda tx: roster.apply(tx, found, NOW)).empty


def asked_for(store: Store, role: str = "coordinator") -> int:
    """Ida has asked for a role in the unit where she works."""
    ida = store.transaction(lambda tx: tx.execute(select(t.person).where(t.person.c.name == "Ida Rönn")).one())
    unit = store.transaction(lambda tx: tx.scalar(select(t.role.c.unit_id).where(t.role.c.person_id == ida.id)))
    row = {
        "person_id": ida.id, "unit_id": unit, "role": role, "source": "request", "since": NOW,
        "until": NOW + timedelta(days=30), "thread_id": 7,
    }  # fmt: skip
    store.transaction(lambda tx: tx.execute(insert(t.role).values(row)))
    return int(ida.id)


def rows_of(store: Store, person_id: int) -> dict[str, Any]:
    query = select(t.role).where(t.role.c.person_id == person_id)
    return {row.role: row for row in store.transaction(lambda tx: tx.execute(query).all())}


def directory(store: Store) -> Directory:
    return store.transaction(lambda tx: read(tx, ""))


def test_the_next_roster_leaves_it_alone(store: Store) -> None:
    bring(store, sheets())
    ida = asked_for(store)
    bring(store, sheets())
    assert rows_of(store, ida)["coordinator"].source == "request"


def test_who_is_no_longer_in_the_roster_has_lost_it(store: Store) -> None:
    bring(store, sheets())
    ida = asked_for(store)
    found = sheets()
    for name, lines in found.items():
        found[name] = [(number, line) for number, line in lines if "ida@exempel.invalid" not in line.values()]
    bring(store, found)
    assert rows_of(store, ida) == {} and directory(store).memberships(ida) == []


def test_what_the_roster_gives_as_well_is_the_rosters_and_does_not_end(store: Store) -> None:
    bring(store, sheets())
    ida = asked_for(store)
    unit = rows_of(store, ida)["coordinator"].unit_id
    given = with_row(sheets(), "roller", "ida@exempel.invalid", unit, "samordnare")
    bring(store, given)
    row = rows_of(store, ida)["coordinator"]
    assert (row.source, row.until, row.thread_id) == ("roster", None, None)


def test_a_new_role_knows_since_when(store: Store) -> None:
    bring(store, sheets())
    rows = store.transaction(lambda tx: tx.execute(select(t.role)).all())
    assert rows and {row.since for row in rows} == {NOW}


def test_a_group_that_overrules_leaves_it_alone_and_takes_it_over_when_it_gives_it(store: Store) -> None:
    bring(store, sheets())
    ida = asked_for(store)
    unit = rows_of(store, ida)["coordinator"].unit_id
    mapped = GroupMap(precedence="groups", mapped=(Mapped(group_id=GROUP, unit_id=unit, role="coordinator"),))
    aad = update(t.person).where(t.person.c.id == ida).values(aad_object_id=IDA)
    store.transaction(lambda tx: tx.execute(aad))
    store.transaction(lambda tx: groups.keep(tx, GROUP, [], [], NOW))
    store.transaction(lambda tx: groups.reconcile(tx, mapped, NOW))
    assert rows_of(store, ida)["coordinator"].source == "request"
    store.transaction(lambda tx: groups.keep(tx, GROUP, [Member(aad_object_id=IDA)], [], NOW))
    store.transaction(lambda tx: groups.reconcile(tx, mapped, NOW))
    row = rows_of(store, ida)["coordinator"]
    assert (row.source, row.until) == ("group", None)


def test_it_is_worth_nothing_to_whoever_has_no_other_role(store: Store) -> None:
    bring(store, sheets())
    ida = asked_for(store)
    assert "coordinator" in {one.role for one in directory(store).memberships(ida)}
    gone = delete(t.role).where(t.role.c.person_id == ida, t.role.c.source == "roster")
    store.transaction(lambda tx: tx.execute(gone))
    found = directory(store)
    assert found.memberships(ida) == [] and not found.works(ida)


def test_every_way_out_of_a_granted_request_takes_the_role_back() -> None:
    flow = shipped().flows["access_request"]
    out = [move for (state, _), moves in flow.moves.items() if state == "granted" for move in moves]
    ends = [move for move in out if move.to != "granted"]
    assert {move.to for move in ends} == {"ended"} and all(Access(ends=True) in move.then for move in ends)


def test_no_answer_goes_to_another_provider(store: Store) -> None:
    """Whoever the roster is about: a private provider's request is never another provider's to answer."""
    bring(store, sheets())
    store.transaction(lambda tx: tx.execute(update(t.unit).values(provider_kind="privat_lov")))
    found, profile = directory(store), load_profile("norrkoping")
    for unit in found.units.values():
        own = {who for (one, _), held in found.roles.items() if one == unit.id for who in held}
        seats = answers_for(unit, own, found, profile)
        assert {one for one, _ in seats} <= {unit.authority_unit_id}


@pytest.mark.parametrize("role", ["profile_admin", "auditor"])
@pytest.mark.parametrize("table", ["queue", "sender_team", "superiors", "cover", "break_glass", "approvers"])
def test_who_sees_no_case_cannot_be_given_a_part_in_one(tmp_path: Path, role: str, table: str) -> None:
    text = (FOLDER / "_standard.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition(f"[roles.{table}]\n")
    _, _, after = rest.partition("\n")
    (tmp_path / "ny.toml").write_text(f'title = "Ny"\n{head}[roles.{table}]\nhome_care = ["{role}"]\n{after}')
    with pytest.raises(ProfileError, match="home_care"):
        load_profile("ny", tmp_path)


@pytest.mark.parametrize(
    "wrong", ["review_months = [13]", "longest_days = 0", "break_glass_minutes = 600", "dagar = 1"]
)
def test_a_fault_in_the_access_table_is_told(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "ny.toml").write_text(f'extends = "norrkoping"\ntitle = "Ny"\n[access]\n{wrong}\n')
    with pytest.raises(ProfileError, match=wrong.split(" ")[0]):
        load_profile("ny", tmp_path)
