"""Byte av jourpass: an on-call pass changes hands, proposed by the jour or the manager, approved by somebody else.

Nils has the night of Friday 20 November, and Sara may be on call as well. It is Monday 16 November 2026 at 09.00.
"""

import pytest
from nights import extends, pass_of
from sqlalchemy import delete, insert
from test_lists import sends_urgent
from town import Resident, Town, instant

from cases import rota
from cases import tables as t
from cases.directory import roster_changed
from cases.passes import code_of

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FRIDAY, SATURDAY = "2026-11-20 17:00", "2026-11-21 07:00"


def may_have_jour(town: Town, *who: Resident) -> None:
    for one in who:
        role = insert(t.role).values(person_id=one.id, unit_id="HT-NORR", role="on_call_supervisor")
        town.store.transaction(lambda tx, role=role: (tx.execute(role), roster_changed(tx)))


def ready(town: Town) -> None:
    """Nils has Friday night; Sara may be on call too."""
    pass_of(town, FRIDAY, SATURDAY)
    may_have_jour(town, town.sara)


def proposes(town: Town, who: Resident, taker: Resident, start: str = FRIDAY, holder: Resident | None = None) -> None:
    """The form, filled in, and sent."""
    one = next(
        one
        for one in town.store.transaction(lambda tx: town.record.directory(tx).passes["HT-NORR"])
        if one.starts_at == instant(start) and one.person_id == (holder or town.nils).id
    )
    who.types("byte")
    who.presses("Fortsätt", on_call_pass=code_of(one), pass_taker=str(taker.id), swap_reason="agreed")
    if "Föreslå bytet" in who.buttons():
        who.presses("Föreslå bytet")


def on_call(town: Town, local: str) -> list[int]:
    return town.store.transaction(lambda tx: town.record.directory(tx).on_call("HT-NORR", instant(local)))


def test_the_pass_changes_hands_when_a_third_approves(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.sara)
    assert town.thread().state == "proposed" and town.thread().case_ref.startswith("BYTE-")
    assert "Jourpass: fre 20 nov kl. 17.00 till lör 21 nov kl. 07.00, Nils Fors, Hemtjänst Norr" in town.maria.newest()
    assert "Den som ska ha passet: har inte svarat än" in town.maria.newest()
    assert on_call(town, "2026-11-20 20:00") == [town.nils.id], "until it is approved the rota holds"
    town.sara.presses("Jag tar passet")
    assert "Den som ska ha passet: har sagt ja" in town.maria.newest() and "Jag tar passet" not in town.sara.may()
    town.maria.presses("Godkänn bytet")
    assert town.thread().state == "approved"
    assert on_call(town, "2026-11-20 20:00") == [town.sara.id]
    assert town.nils.sees("Passet har bytt hand.") and town.sara.sees("Passet har bytt hand.")
    assert [(row.action, row.signal, row.thread_id) for row in town.rows_of("audit") if row.action == "rota"] == [
        ("rota", "swap", 1)
    ]
    assert {row.source: row.person_id for row in town.rows_of("on_call")} == {
        "roster": town.nils.id, "swap": town.sara.id
    }  # fmt: skip


@ONLY_SQLITE
def test_access_to_the_night_goes_with_the_pass_and_ends_with_it(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.sara)
    town.maria.presses("Godkänn bytet")
    town.until("2026-11-20 18:00")
    urgent = sends_urgent(town.karim)
    for one in (town.nils, town.sara):
        one.types("jour")
    assert "Du har inget jourpass just nu." in town.nils.newest(), "it is not his any more"
    assert urgent in town.sara.newest()
    town.nils.types(urgent)
    assert "Det finns inget meddelande" in town.nils.newest()
    town.sara.types(urgent)
    assert "NK-2041" in town.sara.newest()
    town.nils.types("utökad hjälp")
    assert "Du har inget jourpass nu." in town.nils.newest(), "nor can he act as the jour"
    town.until("2026-11-21 07:00")
    town.sara.types("jour")
    assert "Du har inget jourpass just nu." in town.sara.newest(), "it ended with the pass"


@ONLY_SQLITE
def test_what_the_jour_sent_in_the_night_is_theirs_to_note_for_twelve_hours(town: Town) -> None:
    pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
    town.until("2026-11-16 22:00")
    extends(town)
    ref = town.thread().ref
    for when, sees in (("2026-11-17 18:59", True), ("2026-11-17 19:00", False)):
        town.until(when)
        town.nils.types(ref)
        assert ("NK-2041" in town.nils.newest()) is sees


@ONLY_SQLITE
def test_neither_of_the_two_can_approve_it(town: Town) -> None:
    """The manager is to have the pass: then the next who leads the unit approves it."""
    ready(town)
    may_have_jour(town, town.maria)
    proposes(town, town.nils, town.maria)
    assert "Godkänn bytet" not in town.maria.may() + town.nils.may() and "Godkänn bytet" in town.karim.may()
    for one in (town.maria, town.nils, town.sara):
        one.forges(verb="do", thread=1, signal="approve")
    assert town.thread().state == "proposed" and on_call(town, "2026-11-20 20:00") == [town.nils.id]
    town.karim.presses("Godkänn bytet")
    assert on_call(town, "2026-11-20 20:00") == [town.maria.id]


@ONLY_SQLITE
def test_a_manager_who_proposes_it_does_not_approve_it(town: Town) -> None:
    """With the team lead as its taker nobody is left in the unit, and a manager of another one is asked."""
    ready(town)
    may_have_jour(town, town.karim)
    proposes(town, town.maria, town.karim)
    assert "Godkänn bytet" not in town.maria.may() + town.karim.may()
    assert town.nils.sees("Ett byte av jourpass är föreslaget.")
    town.birgitta.presses("Godkänn bytet")
    assert on_call(town, "2026-11-20 20:00") == [town.karim.id]
    assert town.maria.sees("Bytet är godkänt.") and town.nils.sees("Bytet är godkänt.")


@ONLY_SQLITE
@pytest.mark.parametrize("how", ["declined", "refused", "withdrawn"])
def test_what_is_not_to_be_leaves_the_rota_and_the_manager_hears(town: Town, how: str) -> None:
    ready(town)
    may_have_jour(town, town.maria)
    proposes(town, town.nils, town.sara if how == "refused" else town.maria)  # with Maria, Karim is to approve
    if how == "declined":
        town.karim.answers("Godkänn inte", declined_reason="rest")
    elif how == "refused":
        town.sara.presses("Jag kan inte ta passet")
    else:
        town.nils.presses("Återkalla")
    assert town.thread().state == ("withdrawn" if how == "withdrawn" else "declined")
    assert town.maria.sees("Schemat gäller som det var.") and town.nils.sees("Schemat gäller som det var")
    assert on_call(town, "2026-11-20 20:00") == [town.nils.id]


@ONLY_SQLITE
def test_nobody_answers_and_the_pass_begins(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.sara)
    town.until("2026-11-16 11:00")
    assert town.maria.sees("Ett byte av jourpass väntar på att du godkänner det eller säger nej.")
    town.until("2026-11-20 16:59")
    assert town.thread().state == "proposed"
    town.until("2026-11-20 17:00")
    assert town.thread().state == "lapsed" and on_call(town, "2026-11-20 20:00") == [town.nils.id]
    for one in (town.nils, town.sara, town.maria):
        assert one.sees("Passet börjar nu och bytet godkändes inte i tid.")
    assert "Godkänn bytet" not in town.maria.may()


@ONLY_SQLITE
def test_proposed_in_the_evening_for_the_night_it_does_not_wait_for_the_morning(town: Town) -> None:
    may_have_jour(town, town.sara)
    pass_of(town, "2026-11-16 23:00", "2026-11-17 07:00")
    town.until("2026-11-16 20:00")
    proposes(town, town.nils, town.sara, "2026-11-16 23:00")
    assert "Godkänn bytet" in town.maria.may() and town.sara.sees("Ett byte av jourpass är föreslaget.")
    town.maria.presses("Godkänn bytet")
    assert on_call(town, "2026-11-17 01:00") == [town.sara.id] and town.sara.sees("Passet har bytt hand.")


@ONLY_SQLITE
def test_the_rota_has_changed_meanwhile(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.sara)
    town.store.transaction(lambda tx: (tx.execute(delete(t.on_call)), roster_changed(tx)))
    town.maria.presses("Godkänn bytet")
    assert "Passet har ändrats i schemat" in town.maria.newest() and town.thread().state == "proposed"
    assert on_call(town, "2026-11-20 20:00") == []


@ONLY_SQLITE
def test_who_cannot_have_it_is_refused_before_anybody_is_asked(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.nils)
    assert "Den personen har redan passet. Välj någon annan." in town.nils.newest()
    pass_of(town, "2026-11-20 12:00", "2026-11-20 20:00", who="sara")
    proposes(town, town.nils, town.sara)
    assert "Den personen har redan jour då. Välj någon annan." in town.nils.newest()
    town.lena.types("byte")
    assert "Din roll kan inte starta det meddelandet." in town.lena.newest()
    assert town.rows_of("thread") == [] and town.maria.has_heard_nothing()


@ONLY_SQLITE
def test_it_comes_back_to_whom_the_rota_has(town: Town) -> None:
    ready(town)
    proposes(town, town.nils, town.sara)
    town.maria.presses("Godkänn bytet")
    proposes(town, town.sara, town.nils, holder=town.sara)
    town.maria.presses("Godkänn bytet")
    assert on_call(town, "2026-11-20 20:00") == [town.nils.id]
    assert [(row.source, row.swapped_by) for row in town.rows_of("on_call")] == [(rota.ROSTER, None)]


@ONLY_SQLITE
def test_with_no_pass_ahead_there_is_nothing_to_swap_and_it_says_so(town: Town) -> None:
    town.maria.types("byte")
    assert "Just nu finns inget att välja på." in town.maria.newest()
    assert town.maria.buttons() == ["Till start"]
