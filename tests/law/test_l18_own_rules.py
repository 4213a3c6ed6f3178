"""L18: every rule is the municipality's own and the provider's, and each message says which rule it goes by."""

from sqlalchemy import Connection, insert, update
from town import Town

from cases import tables as t
from cases.directory import roster_changed
from reminders.rule_spec import CATALOGUE


def another_authority(town: Town) -> None:
    """Söder answers to an authority unit with a routine of its own, in which Johan works and has Söder's case."""
    unit, case = t.unit, t.care_case

    def work(tx: Connection) -> None:
        tx.execute(
            insert(unit).values(
                id="MYND-2", name="Myndigheten två", kind="authority_unit", profile="stockholm",
                provider_kind="egen_regi", phone="08-465 004 05", on_call_phone="070-174 06 05",
                last_resort_role="växeln", last_resort_phone="08-465 004 99",
            )
        )  # fmt: skip
        tx.execute(update(unit).where(unit.c.id == "HT-SODER").values(authority_unit_id="MYND-2", profile="stockholm"))
        tx.execute(update(t.role).where(t.role.c.person_id == town.johan.id).values(unit_id="MYND-2"))
        tx.execute(update(case).where(case.c.case_ref == "NK-2077").values(responsible_id=town.johan.id))
        roster_changed(tx)

    town.store.transaction(work)


def test_l18_each_message_keeps_the_rule_and_the_routine_it_goes_by(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    assert "Norrköping 1.1" in town.anna.newest(), "the source stands on the card"
    assert town.thread().profile == "norrkoping"
    rows = town.rows_of("deadline")
    known = {*CATALOGUE.values(), "draft"}  # what no routine says of is called our own
    assert {row.rule for row in rows} <= known and len(rows) > 1, "and the rule with every time"
    assert all(row.profile_print for row in rows), "and which version of the routine it was counted by"


def test_l18_two_authorities_and_their_providers_go_by_different_routines_at_the_same_time(town: Town) -> None:
    """Three weeks for a care plan in one, fifteen days until it is signed in the other."""
    another_authority(town)
    for number, (who, case_ref, flow, profile, source, due) in enumerate(
        (
            ("karim", "NK-2041", "care_plan", "norrkoping", "Norrköping 2.2", "mån 7 dec"),
            ("olle", "NK-2077", "care_plan_signed", "stockholm", "Stockholm", "tis 1 dec"),
        ),
        start=1,
    ):
        sender = town.residents[who]
        sender.begins(flow, case_ref, execution_date="2026-11-16")
        sender.presses("Skicka")
        sender.types(town.thread(number).ref)
        assert town.thread(number).profile == profile
        assert source in sender.newest() and due in sender.newest(), sender.newest()
