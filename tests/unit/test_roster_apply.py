"""Bringing a roster into a real database: what is added, changed, taken away and kept."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from roster_sheets import (
    NOW,
    Sheets,
    everything,
    open_store,
    right,
    sheets,
    with_cell,
    with_row,
    without,
)
from sqlalchemy import insert, select, update

from cases import people, roster
from cases import tables as t
from cases.store import Store

BASE = sheets()
LATER = NOW + timedelta(days=7)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


def bring(store: Store, given: Sheets, now: datetime = NOW) -> roster.Diff:
    """What the diff said, after proving that it was done and that there is nothing left to do."""
    found = right(given)
    told = store.transaction(lambda tx: roster.diff(tx, found, now))
    assert store.transaction(lambda tx: roster.apply(tx, found, now)) == told
    again = store.transaction(lambda tx: roster.apply(tx, found, now))
    assert again.empty, again.lines
    assert again.remarks == told.remarks
    return told


def rows(store: Store, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    chosen = [table.c[one] for one in columns]
    return [tuple(row) for row in store.transaction(lambda tx: tx.execute(select(*chosen)).all())]


def number_of(store: Store, name: str) -> int:
    found = store.transaction(lambda tx: tx.scalar(select(t.person.c.id).where(t.person.c.name == name)))
    assert found is not None
    return int(found)


def open_thread(
    store: Store, name: str, *, case_ref: str = "NK-1", closed: datetime | None = None, flow: str = "question"
) -> None:
    """A message that the person has sent from HT."""
    who = number_of(store, name)
    values = {
        "flow": flow, "profile": "norrkoping", "state": "sent", "version": 1, "case_ref": case_ref,
        "case_known": True, "sender_id": who, "sender_unit_id": "HT", "sender_side": "provider", "marks": [],
        "opened_at": NOW, "closed_at": closed,
    }  # fmt: skip
    store.transaction(lambda tx: tx.execute(insert(t.thread).values(**values)))


def gone(given: Sheets, person: str) -> Sheets:
    """The sheets without a person, and without everything that names them."""
    found = copy.deepcopy(given)
    for sheet in ("personer", "roller", "jour"):
        found[sheet] = [row for row in found[sheet] if row[1]["person"].lower() != person]
    for _, row in found["arenden"]:
        row["ansvarig"] = "" if row["ansvarig"] == person else row["ansvarig"]
    return found


def test_the_first_import_fills_the_record(store: Store) -> None:
    told = bring(store, BASE)
    assert told.lines == (
        "Enheter: 2 nya",
        "  ny enhet HT: Hemtjänsten, hemtjänst, profil norrkoping",
        "  ny enhet MY: Myndigheten, myndighet, profil norrkoping",
        "Personer: 3 nya",
        "  ny person Eva Ask (eva@exempel.invalid)",
        "  ny person Ida Rönn (00000000-0000-4000-8000-00000000000a)",
        "  ny person Per Alm (per@exempel.invalid)",
        "Roller: 3 nya",
        "  ny roll Eva Ask, gruppledare i HT",
        "  ny roll Ida Rönn, biståndshandläggare i MY",
        "  ny roll Per Alm, jourhavande arbetsledare i HT",
        "Jourpass: 1 nytt",
        "  nytt jourpass Per Alm, HT, från 2026-11-16 17:00 till 2026-11-17 07:00",
        "Ärenden: 2 nya",
        "  nytt ärende NK-1, ansvarig Ida Rönn",
        "  nytt ärende NK-2",
    )
    ida = number_of(store, "Ida Rönn")
    assert rows(store, t.care_case, "case_ref", "unit_id", "responsible_id") == [
        ("NK-1", "HT", ida),
        ("NK-2", None, None),
    ]
    assert rows(store, t.on_call, "starts_at", "ends_at") == [
        (datetime(2026, 11, 16, 16, tzinfo=UTC), datetime(2026, 11, 17, 6, tzinfo=UTC))
    ]


def test_an_import_leaves_one_audit_row_and_an_empty_one_none(store: Store) -> None:
    bring(store, BASE)
    noted = rows(store, t.audit, "at", "action", "signal", "outcome", "reason")
    assert noted[-1] == (NOW, "config", "roster_import", "done", "new=11 changed=0 gone=0")
    assert {row[1] for row in noted[:-1]} == {"permission"}
    bring(store, BASE)
    assert len(rows(store, t.audit, "at")) == len(noted)


def test_each_role_that_is_given_and_taken_stands_in_the_account(store: Store) -> None:
    bring(store, BASE)
    given = rows(store, t.audit, "about_id", "signal", "reason")[:-1]
    held = {(row[0], f"{row[1]} {row[2]}") for row in rows(store, t.role, "person_id", "unit_id", "role")}
    assert {(about, reason) for about, _, reason in given} == held and {row[1] for row in given} == {"roster_joined"}


def test_a_case_that_changes_hands_takes_its_plan_with_it(store: Store) -> None:
    more = with_row(with_row(BASE, "personer", "ulf@exempel.invalid", "", "", "Ulf Vik", "handläggare", ""), "roller",
                    "ulf@exempel.invalid", "MY", "biståndshandläggare")  # fmt: skip
    bring(store, more)
    for flow in ("follow_up", "question"):
        open_thread(store, "Ida Rönn", flow=flow)
    bring(store, with_cell(more, "arenden", 2, ansvarig=""))
    ida, ulf = number_of(store, "Ida Rönn"), number_of(store, "Ulf Vik")
    assert rows(store, t.thread, "flow", "sender_id") == [("follow_up", ida), ("question", ida)], "nobody to have it"
    bring(store, with_cell(more, "arenden", 2, ansvarig="ulf@exempel.invalid"))
    assert rows(store, t.thread, "flow", "sender_id") == [("follow_up", ulf), ("question", ida)]
    assert rows(store, t.log, "by", "signal") == [("case", "case_given")]
    assert rows(store, t.outbox, "person_id", "text") == [(ulf, "case_given")]


def test_changes_are_told_with_before_and_after(store: Store) -> None:
    bring(store, BASE)
    changed = with_cell(
        BASE, "enheter", 2, telefon="08-465 004 09", jourtelefon="08-465 004 08", driftsform="privat LOV"
    )
    changed = with_cell(changed, "personer", 2, namn="Eva Asp")
    changed = with_cell(changed, "jour", 2, till="2026-11-17 08:00")
    changed = with_cell(changed, "arenden", 3, ansvarig="ida@exempel.invalid", beslutsdatum="2026-11-02")
    changed = with_cell(changed, "roller", 2, roll="planerare")
    assert bring(store, changed).lines == (
        "Enheter: 1 ändrad",
        "  ändrad enhet HT: driftsform egen regi → privat LOV, telefon 08-46500401 → 08-465 004 09, "
        "jourtelefon (tomt) → 08-465 004 08",
        "Personer: 1 ändrad",
        "  ändrad person Eva Asp: namn Eva Ask → Eva Asp",
        "Roller: 1 ny, 1 borttagen",
        "  ny roll Eva Asp, planerare i HT",
        "  borttagen roll Eva Asp, gruppledare i HT",
        "Jourpass: 1 ändrat",
        "  ändrat jourpass Per Alm, HT, från 2026-11-16 17:00: till 2026-11-17 07:00 → 2026-11-17 08:00",
        "Ärenden: 1 ändrat",
        "  ändrat ärende NK-2: beslutsdatum (tomt) → 2026-11-02, ansvarig (tomt) → Ida Rönn",
    )
    assert rows(store, t.unit, "provider_kind", "on_call_phone")[0] == ("privat_lov", "08-465 004 08")


def test_a_diff_changes_nothing(store: Store) -> None:
    bring(store, BASE)
    before = store.transaction(everything)
    changed = right(gone(with_cell(BASE, "enheter", 2, namn="Annat"), "eva@exempel.invalid"))
    assert not store.transaction(lambda tx: roster.diff(tx, changed, NOW)).empty
    assert store.transaction(everything) == before


# --- people ------------------------------------------------------------------------------------------------------


def test_somebody_who_has_left_no_trace_is_taken_away(store: Store) -> None:
    bring(store, BASE)
    assert "  borttagen person Eva Ask" in bring(store, gone(BASE, "eva@exempel.invalid")).lines
    assert [name for (name,) in rows(store, t.person, "name")] == ["Ida Rönn", "Per Alm"]


def test_somebody_who_is_referred_to_becomes_inactive_and_can_come_back_as_the_same(store: Store) -> None:
    bring(store, BASE)
    open_thread(store, "Eva Ask", case_ref="NK-2")
    before = number_of(store, "Eva Ask")
    told = bring(store, gone(BASE, "eva@exempel.invalid"))
    assert "  ändrad person Eva Ask: aktiv ja → nej" in told.lines
    assert rows(store, t.role, "person_id").count((before,)) == 0
    assert (
        store.transaction(
            lambda tx: people.find(tx, aad_object_id=None, channel_user_id=None, upn="eva@exempel.invalid")
        )
        is None
    )
    assert "  ändrad person Eva Ask: aktiv nej → ja" in bring(store, BASE).lines
    assert number_of(store, "Eva Ask") == before


def test_somebody_who_once_was_on_call_is_kept_with_the_pass(store: Store) -> None:
    bring(store, BASE)
    told = bring(store, gone(BASE, "per@exempel.invalid"), LATER)
    assert "  ändrad person Per Alm: aktiv ja → nej" in told.lines
    assert len(rows(store, t.on_call, "id")) == 1


def test_what_first_contact_bound_is_kept(store: Store) -> None:
    bring(store, BASE)
    eva, aad = number_of(store, "Eva Ask"), "00000000-0000-4000-8000-0000000000ee"
    store.transaction(lambda tx: people.bind(tx, eva, aad_object_id=aad, channel_user_id="29:eva"))
    assert bring(store, BASE).empty
    moved = with_cell(BASE, "personer", 2, aad_object_id=aad, upn="eva.ask@exempel.invalid")
    assert bring(store, moved).lines == (
        "Personer: 1 ändrad",
        "  ändrad person Eva Ask: upn eva@exempel.invalid → eva.ask@exempel.invalid",
    )
    assert (eva, aad, "29:eva") in rows(store, t.person, "id", "aad_object_id", "channel_user_id")


def test_a_sign_in_name_given_to_somebody_new_does_not_hand_over_the_old_ones_messages(store: Store) -> None:
    bring(store, BASE)
    old, aad = number_of(store, "Eva Ask"), "00000000-0000-4000-8000-0000000000ee"
    store.transaction(lambda tx: people.bind(tx, old, aad_object_id=aad, channel_user_id="29:eva"))
    open_thread(store, "Eva Ask")
    other = with_cell(BASE, "personer", 2, aad_object_id=aad.replace("ee", "ff"), namn="Eva Askerud")
    told = bring(store, other)
    assert "  ny person Eva Askerud (eva@exempel.invalid)" in told.lines
    assert "  ändrad person Eva Ask: upn eva@exempel.invalid → (tomt), aktiv ja → nej" in told.lines
    new = number_of(store, "Eva Askerud")
    assert new != old
    assert (new, None) in rows(store, t.person, "id", "channel_user_id")


def test_two_people_may_change_sign_in_names_with_each_other(store: Store) -> None:
    first = with_cell(BASE, "personer", 3, upn="ida@exempel.invalid")
    first = with_cell(
        first, "personer", 4, aad_object_id="00000000-0000-4000-8000-00000000000b", upn="per@exempel.invalid"
    )
    bring(store, first)
    swapped = with_cell(
        with_cell(first, "personer", 3, upn="per@exempel.invalid"), "personer", 4, upn="ida@exempel.invalid"
    )
    assert bring(store, swapped).changed == 2
    assert ("Ida Rönn", "per@exempel.invalid") in rows(store, t.person, "name", "upn")


# --- units, passes and cases -------------------------------------------------------------------------------------

WITH_TEAM = with_row(
    BASE, "enheter", "HG", "Teamet", "hemgångsteam", "norrkoping", "egen_regi", "MY", "08-465 004 05", "", "jouren",
    "08-465 004 06",
)  # fmt: skip


def test_a_unit_that_nothing_refers_to_is_taken_away(store: Store) -> None:
    bring(store, WITH_TEAM)
    assert bring(store, BASE).lines == ("Enheter: 1 borttagen", "  borttagen enhet HG")


def test_a_unit_with_messages_stays_without_roles_and_so_does_its_authority(store: Store) -> None:
    other = with_row(
        WITH_TEAM, "enheter", "MX", "Andra", "myndighet", "norrkoping", "", "", "08-46500407", "", "x", "08-46500408",
    )  # fmt: skip
    bring(store, other)
    open_thread(store, "Eva Ask")
    small = {name: [] for name in other} | {
        "enheter": [row for row in other["enheter"] if row[1]["enhet"] in ("MX", "HG")],
        "personer": other["personer"][1:2],
        "roller": [(2, {"person": "ida@exempel.invalid", "enhet": "MX", "roll": "handläggare"})],
    }
    small = with_cell(small, "enheter", 4, myndighet="MX")
    told = bring(store, small)
    assert [one for one in told.remarks if one.startswith("Enheten")] == [
        "Enheten HT finns inte längre i filen men står kvar utan roller: tidigare uppgifter hör till den.",
        "Enheten MY finns inte längre i filen men står kvar utan roller: tidigare uppgifter hör till den.",
    ]
    assert rows(store, t.role, "unit_id") == [("MX",)]


def test_passes_to_come_follow_the_roster_and_those_that_are_over_stay(store: Store) -> None:
    bring(store, with_row(BASE, "jour", "per@exempel.invalid", "HT", "2026-11-27 17:00", "2026-11-28 07:00"))
    told = bring(store, without(BASE, "jour", 2), LATER)
    assert told.lines == ("Jourpass: 1 borttaget", "  borttaget jourpass Per Alm, HT, från 2026-11-27 17:00")
    assert rows(store, t.on_call, "starts_at") == [(datetime(2026, 11, 16, 16, tzinfo=UTC),)]


def test_a_case_stays_until_the_messages_about_it_are_closed(store: Store) -> None:
    bring(store, BASE)
    open_thread(store, "Eva Ask", case_ref="NK-1")
    open_thread(store, "Eva Ask", case_ref="NK-2", closed=NOW)
    less = without(BASE, "arenden", 2, 3)
    told = bring(store, less)
    assert told.lines == ("Ärenden: 1 borttaget", "  borttaget ärende NK-2")
    assert told.remarks == (
        "Ärendet NK-1 finns inte längre i filen men står kvar så länge ett meddelande om det är öppet.",
    )
    store.transaction(lambda tx: tx.execute(update(t.thread).values(closed_at=NOW)))
    assert bring(store, less).lines == ("Ärenden: 1 borttaget", "  borttaget ärende NK-1")
