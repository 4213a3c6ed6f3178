"""A message about a case that the roster does not know, or that has no responsible assessor, is never refused."""

import pytest
from people import leaves
from test_drafts import BEGIN
from town import Town

PROVIDER_FLOWS = ("urgent_lasting", "question", "handover_simplified")
SEND = {"urgent_lasting": "Skicka", "question": "Skicka", "handover_simplified": "Meddela överlämningen"}


def sent(town: Town, flow: str, case_ref: str) -> None:
    who, answers = BEGIN[flow]
    town.residents[who].begins(flow, case_ref, **answers)
    town.residents[who].presses(SEND[flow])


@pytest.mark.parametrize("flow", PROVIDER_FLOWS)
@pytest.mark.parametrize("case_ref", ["XX-404", "NK-2090"])
def test_it_goes_to_the_authoritys_queue_marked_and_the_lead_is_told(town: Town, flow: str, case_ref: str) -> None:
    sent(town, flow, case_ref)
    for resident in (town.anna, town.johan):
        assert case_ref in resident.newest(), resident.key
        assert "Ärendet saknar ansvarig i Stafetts register." in resident.newest()
    assert "Ärendet saknar ansvarig i Stafetts register. Meddelandet ligger i enhetens kö." in town.eva.newest()
    sender = town.residents[BEGIN[flow][0]]
    assert "Myndigheten äldreomsorg, funktionsbrevlådan" in sender.newest()
    assert not sender.sees("Inte levererat")


def test_the_sender_is_warned_before_sending(town: Town) -> None:
    town.karim.begins("question", "XX-404", category="planning")
    assert "Kontrollera ärendenumret." in town.karim.newest()


def test_one_of_the_queue_takes_it_and_it_is_hers(town: Town) -> None:
    sent(town, "urgent_lasting", "NK-2090")
    town.johan.presses("Ta ärendet")
    assert town.sara.sees("Taget av Johan Nyman") and town.anna.sees("Taget av Johan Nyman")
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed


def test_an_assessor_who_has_left_no_longer_answers_for_the_case(town: Town) -> None:
    town.store.transaction(lambda tx: leaves(tx, town.anna.id))
    sent(town, "urgent_lasting", "NK-2041")
    assert "NK-2041" in town.johan.newest()
    assert town.eva.sees("Meddelandet ligger i enhetens kö.")


def test_an_assessor_says_which_provider_an_unknown_case_belongs_to(town: Town) -> None:
    town.anna.begins("question", "XX-404", category="assignment")
    assert "Svara på frågan «Vilken hemtjänst gäller det?»." in town.anna.newest() and town.rows_of("thread") == []
    town.anna.presses("Fortsätt", provider_unit="HT-SODER")
    assert "Hemtjänst Söder, funktionsbrevlådan" in town.anna.newest()
    town.anna.presses("Skicka")
    assert "XX-404" in town.olle.newest() and not town.karim.sees("XX-404")
    assert town.thread().state == "sent"


def test_a_known_case_is_not_asked_about(town: Town) -> None:
    town.anna.begins("question", "NK-2090", category="assignment")
    assert "Vilken hemtjänst" not in town.anna.newest() and town.thread().values.get("provider_unit") is None


def test_an_assessors_message_that_nobody_would_get_cannot_be_sent(town: Town) -> None:
    town.anna.begins("question", "NK-2077", category="assignment")
    draft, message = town.anna.keeps()
    for gone in (town.olle, town.birgitta):
        town.store.transaction(lambda tx, who=gone.id: leaves(tx, who))
    town.anna.types(town.thread().ref)
    assert "Ingen i registret kan få meddelandet, så det kan inte skickas. Ring i stället." in town.anna.newest()
    assert "Skicka" not in town.anna.moves()
    town.anna.presses_old(draft, "Skicka", message)
    assert town.thread().state == "draft" and not any(row.side == "receiver" for row in town.rows_of("party"))
