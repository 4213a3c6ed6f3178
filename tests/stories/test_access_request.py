"""Behörighetsansökan: a role for a time, approved by a manager who neither asked nor is to have it.

It is Monday 16 November 2026 at 09.00. Maria leads Hemtjänst Norr and Birgitta Hemtjänst Söder, both of the
municipality; Eva leads the assessors.
"""

import pytest
from sqlalchemy import delete, insert, update
from town import Resident, Town

from cases import tables as t
from cases.directory import roster_changed

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

UNTIL = "2026-12-31"


def asks(
    who: Resident, whom: Resident, role: str, unit: str = "HT-NORR", until: str = UNTIL, *, send: bool = True
) -> None:
    """The form, filled in, and sent."""
    who.types("behörighet")
    who.presses(
        "Fortsätt", access_for=str(whom.id), access_unit=unit, access_role=role, access_until=until,
        access_reason="substitute",
    )  # fmt: skip
    if send:
        who.presses("Skicka ansökan")


def roles(town: Town, who: Resident, unit: str = "HT-NORR") -> frozenset[str]:
    return town.store.transaction(lambda tx: town.record.directory(tx).roles_of(who.id, unit))


def test_somebody_else_approves_and_it_ends_by_itself(town: Town) -> None:
    asks(town.sara, town.sara, "team_lead")
    assert town.thread().state == "requested" and town.thread().case_ref.startswith("BEHÖRIGHET-")
    assert "Gäller: Sara Lind" in town.maria.newest() and "Roll: gruppledare" in town.maria.newest()
    assert "åt dig" not in town.sara.newest() and "Återkalla" in town.sara.may()
    assert roles(town, town.sara) == {"care_worker"}, "until it is approved nothing has changed"
    assert "Godkänn" not in town.sara.may() + town.karim.may()
    town.maria.presses("Godkänn")
    assert town.thread().state == "granted" and roles(town, town.sara) == {"care_worker", "team_lead"}
    assert town.sara.sees("Behörigheten är godkänd och gäller nu.") and "Återkalla" not in town.sara.may()
    town.until("2026-12-22 09:00")
    assert town.sara.sees("Behörigheten upphör snart.")
    town.until("2026-12-31 23:58")
    assert "team_lead" in roles(town, town.sara)
    town.until("2026-12-31 23:59")
    assert town.thread().state == "ended" and roles(town, town.sara) == {"care_worker"}
    noted = [(row.signal, row.person_id, row.reason) for row in town.rows_of("audit") if row.action == "permission"]
    assert noted == [
        ("access_granted", town.maria.id, "HT-NORR team_lead"), ("access_ended", None, "HT-NORR team_lead")
    ]  # fmt: skip


def test_a_manager_never_approves_their_own(town: Town) -> None:
    """Maria asks for herself: a manager of the same provider is asked, and not she nor those she leads."""
    asks(town.maria, town.maria, "on_call_supervisor")
    assert "Godkänn" not in town.maria.may() and "Godkänn" in town.birgitta.may()
    for one in (town.maria, town.karim, town.sara):
        one.forges(verb="do", thread=1, signal="approve")
    assert town.thread().state == "requested" and "on_call_supervisor" not in roles(town, town.maria)
    town.birgitta.presses("Godkänn")
    assert "on_call_supervisor" in roles(town, town.maria)


def test_whoever_asks_for_somebody_else_does_not_approve_it_either(town: Town) -> None:
    asks(town.maria, town.sara, "team_lead")
    town.maria.forges(verb="do", thread=1, signal="approve")
    town.sara.forges(verb="do", thread=1, signal="approve")
    assert town.thread().state == "requested" and town.sara.sees("Någon har ansökt om behörighet åt dig.")
    town.birgitta.answers("Godkänn inte", declined_reason="too_much")
    assert town.thread().state == "declined" and roles(town, town.sara) == {"care_worker"}
    assert town.maria.sees("Behörigheten är inte godkänd.") and town.sara.sees("Behörigheten är inte godkänd.")


def test_a_request_that_is_not_sent_is_its_senders_alone(town: Town) -> None:
    """Maria knows the reference of Sara's draft: she can neither change it for somebody else nor send it."""
    asks(town.sara, town.sara, "team_lead", send=False)
    heard = len(town.maria.chat())
    town.maria.types(town.thread().ref)
    assert "Ändra" not in town.maria.may() and "Sara" not in town.maria.newest()
    assert len(town.maria.chat()) == heard + 1
    theirs = {"access_for": str(town.karim.id), "access_unit": "HT-NORR", "access_role": "unit_manager"}
    for one in (town.maria, town.karim):
        one.forges(verb="do", thread=1, signal="edit", access_until=UNTIL, access_reason="extra", **theirs)
        one.forges(verb="do", thread=1, signal="send")
        one.forges(verb="do", thread=1, signal="withdraw")
    assert town.thread().state == "draft" and town.thread().values["access_for"] == str(town.sara.id)
    town.sara.presses("Skicka ansökan")
    town.maria.presses("Godkänn")
    assert town.thread().state == "granted" and roles(town, town.karim) == {"team_lead"}


@pytest.mark.parametrize("signal", ["edit", "send"])
def test_whoever_has_had_a_hand_in_the_request_does_not_approve_it(town: Town, signal: str) -> None:
    """The log knows who has, whoever stands as its sender."""
    asks(town.sara, town.sara, "team_lead")
    row = {name: value for name, value in town.rows_of("log")[0]._asdict().items() if name != "id"}
    forged = row | {"person_id": town.maria.id, "by": "person", "signal": signal}
    town.store.transaction(lambda tx: tx.execute(insert(t.log).values(**forged)))
    town.maria.forges(verb="do", thread=1, signal="approve")
    assert town.thread().state == "requested" and roles(town, town.sara) == {"care_worker"}


def test_a_private_providers_request_never_reaches_another_provider(town: Town) -> None:
    """Its only manager asks for herself: the authority answers, and the other provider hears nothing."""
    private = update(t.unit).where(t.unit.c.id == "HT-NORR").values(provider_kind="privat_lov")
    town.store.transaction(lambda tx: (tx.execute(private), roster_changed(tx)))
    town.maria.types("behörighet")
    assert "Hemtjänst Söder" not in str(town.maria.chat()[-1].card)
    asks(town.maria, town.maria, "on_call_supervisor")
    assert town.birgitta.has_heard_nothing() and "Godkänn" in town.eva.may()


def test_what_cannot_be_is_refused_before_anybody_is_asked(town: Town) -> None:
    asks(town.sara, town.sara, "care_worker", send=False)
    assert "Personen har redan den rollen i enheten." in town.sara.newest()
    asks(town.sara, town.sara, "team_lead", until="2027-05-16", send=False)
    assert "Behörigheten kan gälla längst till lör 15 maj 2027." in town.sara.newest()
    asks(town.sara, town.sara, "needs_assessor", send=False)
    assert "Den rollen finns inte i Hemtjänst Norr." in town.sara.newest()
    asks(town.sara, town.karim, "team_lead", send=False)
    assert town.rows_of("thread") == [], "for somebody else only whoever leads them asks"
    for secret in ("profile_admin", "auditor"):
        asks(town.sara, town.sara, secret, send=False)
    assert town.rows_of("thread") == []


def test_nobody_answers_and_it_lapses(town: Town) -> None:
    asks(town.sara, town.sara, "team_lead")
    town.until("2026-11-18 09:00")
    assert town.maria.sees("En ansökan om behörighet väntar på svar.")
    town.until("2026-11-30 09:00")
    assert town.thread().state == "lapsed" and roles(town, town.sara) == {"care_worker"}
    assert town.sara.sees("Ansökan är inte besvarad i tid.")


def test_it_is_ended_when_it_is_no_longer_needed_and_what_was_held_goes_to_the_unit(town: Town) -> None:
    asks(town.johan, town.johan, "team_lead", unit="HT-SODER")
    town.birgitta.presses("Godkänn")
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    question = len(town.rows_of("thread"))
    town.johan.presses("Ta ärendet")
    assert town.olle.sees("Taget av Johan Nyman")
    town.johan.presses("Avsluta behörigheten")
    assert town.thread(1).state == "ended" and roles(town, town.johan, "HT-SODER") == frozenset()
    assert town.olle.sees("Den som hade meddelandet arbetar inte kvar i enheten. Det ligger nu hos er.")
    owner = town.thread(question).owner
    assert owner is not None and owner.person_id is None and owner.taken_by is None


def test_whoever_leaves_the_roster_has_nothing_left_of_it(town: Town) -> None:
    asks(town.sara, town.sara, "team_lead")
    town.maria.presses("Godkänn")
    only = delete(t.role).where(t.role.c.person_id == town.sara.id, t.role.c.source == "roster")
    town.store.transaction(lambda tx: (tx.execute(only), roster_changed(tx)))
    assert roles(town, town.sara) == frozenset()


def test_what_the_register_has_given_meanwhile_is_not_given_again(town: Town) -> None:
    asks(town.sara, town.sara, "team_lead")
    other = insert(t.role).values(person_id=town.sara.id, unit_id="HT-NORR", role="team_lead")
    town.store.transaction(lambda tx: (tx.execute(other), roster_changed(tx)))
    town.maria.presses("Godkänn")
    assert "Registret har ändrats sedan ansökan gjordes." in town.maria.newest()
    assert town.thread().state == "requested"
