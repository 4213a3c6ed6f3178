"""L09: nobody gives themself access, and who has access is gone through again and again."""

from sqlalchemy import insert, select
from test_lists_sent import time_passes
from town import Resident, Town

from cases import tables as t
from cases.directory import roster_changed


def asks(who: Resident, whom: Resident, role: str) -> None:
    who.types("behörighet")
    who.presses(
        "Fortsätt", access_for=str(whom.id), access_unit="HT-NORR", access_role=role, access_until="2026-12-31",
        access_reason="extra",
    )  # fmt: skip
    who.presses("Skicka ansökan")


def held(town: Town) -> set[str]:
    rows = town.rows(t.role)
    return {f"{row.person_id} {row.role}" for row in rows if row.unit_id == "HT-NORR"}


def test_l09_nobody_approves_what_they_have_asked_for_or_are_to_have(town: Town) -> None:
    asks(town.maria, town.maria, "on_call_supervisor")
    asks(town.maria, town.sara, "team_lead")
    before = held(town)
    for number in (1, 2):
        for one in (town.maria, town.sara, town.karim, town.olle):
            one.forges(verb="do", thread=number, signal="approve")
    assert held(town) == before
    assert [row for row in town.rows_of("audit") if row.action == "permission"] == []


def test_l09_another_manager_approves_for_a_time_and_it_ends_by_itself(town: Town) -> None:
    asks(town.maria, town.sara, "team_lead")
    town.birgitta.presses("Godkänn")
    assert f"{town.sara.id} team_lead" in held(town)
    time_passes(town, "2027-01-01 00:00")
    assert f"{town.sara.id} team_lead" not in held(town)
    noted = town.store.transaction(
        lambda tx: tx.execute(
            select(t.audit.c.signal, t.audit.c.about_id).where(t.audit.c.action == "permission").order_by(t.audit.c.id)
        ).all()
    )
    assert [tuple(row) for row in noted] == [("access_granted", town.sara.id), ("access_ended", town.sara.id)]


def test_l09_twice_a_year_somebody_else_goes_through_who_has_which_role(town: Town) -> None:
    extra = insert(t.role).values(person_id=town.maria.id, unit_id="HT-NORR", role="planner")
    town.store.transaction(lambda tx: (tx.execute(extra), roster_changed(tx)))
    time_passes(town, "2026-12-31 12:00", "2027-01-04 07:00")
    assert town.maria.sees("Sara Lind: omvårdnadspersonal") and not town.maria.sees("Maria Ek: planerare")
    assert town.birgitta.sees("Maria Ek: planerare")
    town.maria.presses("Granskad")
    assert [row.person_id for row in town.rows_of("audit") if row.signal == "reviewed"] == [town.maria.id]


def test_l09_what_is_opened_in_an_emergency_has_a_reason_and_the_manager_hears_of_it(town: Town) -> None:
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    for who in (town.johan, town.karim):  # a colleague, and somebody of a provider that has no part in it
        who.types(f"nöd {town.thread().ref}")
        who.presses("Öppna för läsning", glass_reason="danger")
    assert "NK-2077" in town.johan.newest() and "Det finns inget meddelande" in town.karim.newest()
    noted = {(row.action, row.person_id): row.reason for row in town.rows_of("audit") if row.signal == "break_glass"}
    assert noted == {("open", town.johan.id): "danger", ("denied", town.karim.id): "no_relation"}
    time_passes(town, "2026-11-17 07:00")
    assert town.eva.sees(f"Johan Nyman läste {town.thread().ref}") and town.maria.has_heard_nothing()
