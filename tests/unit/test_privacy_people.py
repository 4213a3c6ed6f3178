"""Who may know what: protected identity, other people's threads, strangers, and the same press twice."""

from pathlib import Path

import pytest
from cards import words_of
from databases import new_sqlite
from flow_walk import SENDERS, everything, led_to, opened, staged
from privacy_town import REFS, profiles
from town import Resident, Town

from bot.house import build_record
from bot.turn import Turns
from cases.thread import thread_ref
from dialogs.catalogue import HERE, WATCH, load_flows
from reminders.errors import ProfileError

ELSEWHERE = 4711  # no such thread


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Who may know what is the same on either kind."""
    return new_sqlite(tmp_path)


# --- protected identity --------------------------------------------------------------------------------------------


FLOWS = load_flows((HERE, WATCH))
ABOUT_SOMEBODY = [flow for flow in SENDERS if not FLOWS[flow].caseless]


@pytest.mark.parametrize("flow", ABOUT_SOMEBODY)
@pytest.mark.parametrize("answer", ["Ja", "Vet inte"])
def test_protected_identity_stops_every_flow_and_leaves_only_a_count(town: Town, flow: str, answer: str) -> None:
    staged(town, flow)
    sender = town.residents[SENDERS[flow]]
    sender.types("start")
    sender.chooses(town.record.flows[flow].title)
    assert "Har personen skyddade personuppgifter?" in sender.newest(), "the first question of every new thread"
    assert inputs_before_the_gate(sender) <= {"unit"}
    before = town.store.transaction(everything)
    sender.presses(answer)
    assert "Inget om ärendet har sparats." in sender.newest()
    after = town.store.transaction(everything)
    assert {name for name in after if after[name] != before[name]} == {"counter", "inbound"}
    assert [(row.name, row.n) for row in town.rows_of("counter")] == [("protected_identity_stopped", 1)]
    assert town.rows_of("inbound")[-1].thread_id is None


def inputs_before_the_gate(sender: Resident) -> set[str]:
    return {item["id"] for item in sender.chat()[-1].card["body"] if str(item.get("type")).startswith("Input.")}


def test_the_gate_cannot_be_walked_around(town: Town) -> None:
    for gate in ({}, {"protected": "yes"}, {"protected": "unknown"}):
        town.karim.forges(verb="draft", flow="question", unit="HT-NORR", case_ref="NK-2041", category="other", **gate)
        assert town.rows_of("thread") == []


# --- other people's threads ----------------------------------------------------------------------------------------


STRANGERS = ("birgitta", "olle", "lena", "nils")  # other units, and who is not on call
COLLEAGUES = ("johan", "eva")  # of Anna's own unit, in roles that may cover for her


@pytest.mark.parametrize("verb", ["show", "do", "ask", "view"])
@pytest.mark.parametrize("who", STRANGERS)
def test_without_a_relation_a_thread_is_as_if_it_did_not_exist(town: Town, verb: str, who: str) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    stranger = town.residents[who]
    data = {"verb": verb, "signal": "take", "action_code": "other"}
    before = town.store.transaction(everything)
    real, unreal = stranger.forges(thread=number, **data), stranger.forges(thread=ELSEWHERE, **data)
    assert real == unreal
    assert "Det finns inget meddelande med den beteckningen" in words_of(real.card)
    after = town.store.transaction(everything)
    assert {name for name in after if after[name] != before[name]} == {"audit", "inbound"}
    told, untold = town.rows_of("audit")[-2:]
    assert (told.action, told.person_id, told.thread_id, told.reason) == ("denied", stranger.id, number, "no_relation")
    assert (untold.action, untold.person_id, untold.thread_id) == ("denied", stranger.id, None)


@pytest.mark.parametrize("who", STRANGERS)
def test_nor_by_typing_its_reference(town: Town, who: str) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    stranger = town.residents[who]
    stranger.types(thread_ref(number))
    real = stranger.newest()
    assert town.rows_of("audit")[-1].reason == "no_relation"
    stranger.types(thread_ref(ELSEWHERE))
    assert stranger.newest() == real


@pytest.mark.parametrize("who", COLLEAGUES)
def test_a_colleague_who_may_cover_learns_who_holds_it_and_nothing_more(town: Town, who: str) -> None:
    """Only by its reference, only in the unit of whoever holds it; every other way it is as if it did not exist."""
    number = led_to(town, "urgent_lasting", "sent")
    colleague, flow = town.residents[who], town.record.flows["urgent_lasting"]
    colleague.types(thread_ref(number))
    shown = colleague.newest()
    assert "Kollegas meddelande" in shown and thread_ref(number) in shown and "Anna Berg" in shown
    untold = ("NK-2041", flow.title, flow.states["sent"], "Hemtjänst Norr", "Sara Lind", "Brådskande", "16 nov")
    assert not [word for word in untold if word in shown]
    assert colleague.buttons() == ["Gå in för kollega", "Till start"]
    row = town.rows_of("audit")[-1]
    assert (row.action, row.person_id, row.thread_id, row.reason) == ("denied", colleague.id, number, "no_relation")
    for verb, signal in (("view", ""), ("ask", "take"), ("do", "take"), ("journal", ""), ("rule", "")):
        data = {"verb": verb, "signal": signal, "action_code": "other"}
        real, unreal = colleague.forges(thread=number, **data), colleague.forges(thread=ELSEWHERE, **data)
        assert real == unreal, verb


def test_nor_in_a_list(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    for who in (*STRANGERS, *COLLEAGUES):
        town.residents[who].types("mina")
        assert "Du har inget öppet just nu." in town.residents[who].newest(), who
    for who, word in (("sara", "mina"), ("karim", "enheten"), ("maria", "enheten"), ("anna", "mina")):
        town.residents[who].types(word)
        assert thread_ref(number) in town.residents[who].newest(), who


def test_nor_by_how_many_pages_a_list_has_or_how_much_is_unread(town: Town) -> None:
    for _ in range(9):
        opened(town, "question")
    town.karim.types("enheten")
    assert "Nästa sida" in town.karim.buttons(), "a page holds eight"
    for who in ("sara", "nils", "birgitta"):  # a colleague with no part in them, the jour off duty, another unit
        town.residents[who].types("enheten")
        assert "Din enhet har inget öppet just nu." in town.residents[who].newest(), who
        assert not {"Nästa sida", "Förra sidan"} & set(town.residents[who].buttons()), who
        town.residents[who].types("start")
        assert "oläst" not in town.residents[who].newest(), who


@pytest.mark.parametrize(
    ("who", "signal"), [("sara", "take"), ("anna", "withdraw"), ("anna", "escalate"), ("anna", "undeliverable")]
)
def test_somebody_elses_move_is_refused_noted_and_answered_with_the_present_state(
    town: Town, who: str, signal: str
) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    version = town.thread(number).version
    answer = town.residents[who].forges(verb="do", thread=number, signal=signal)
    assert "Här är läget nu." in words_of(answer.card) and "NK-2041" in words_of(answer.card)
    assert town.thread(number).version == version
    row = town.rows_of("audit")[-1]
    assert (row.action, row.outcome, row.signal, row.reason) == ("denied", "refused", signal, "not_permitted")


def test_a_signal_that_does_not_exist_is_not_written_down(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    before = town.rows_of("audit")
    town.anna.forges(verb="do", thread=number, signal="19121212-1212")
    assert town.rows_of("audit") == before


# --- strangers, and the same activity twice ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["hej", "brådskande", "mina"])
def test_somebody_the_roster_does_not_know_is_told_how_to_be_added(town: Town, text: str) -> None:
    stranger = Resident(town=town, key="okand", id=98)
    before = town.store.transaction(everything)
    stranger.types(text)
    assert "Du finns inte i Stafetts register" in stranger.newest()
    assert "Be din chef att lägga till dig" in stranger.newest()
    assert town.store.transaction(everything) == before


def test_a_repeated_activity_is_done_once_and_gets_the_first_answer(town: Town) -> None:
    led_to(town, "urgent_lasting", "draft")
    town.sara.types(thread_ref(1))
    town.sara.presses("Skicka")
    assert town.last is not None
    first = town.do(town.turns.handle(town.last))
    again = town.do(town.turns.handle(town.last))
    assert first is again and "Skickat" in words_of(first.card)
    assert [row.signal for row in town.rows_of("log")].count("send") == 1

    restarted = Turns(town.store, town.desk, town.clock, look=town.teams.member, changed=lambda _due: None)
    later = town.do(restarted.handle(town.last))
    assert "Skickat" in words_of(later.card)
    assert [row.signal for row in town.rows_of("log")].count("send") == 1


# --- the modes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["visa", "chatt"])
@pytest.mark.parametrize("missing", REFS)
def test_content_needs_the_municipalitys_own_decisions(tmp_path: Path, mode: str, missing: str) -> None:
    folder = profiles(tmp_path, mode, {name: value for name, value in REFS.items() if name != missing})
    with pytest.raises(ProfileError, match=missing) as refused:
        build_record(folder)
    assert "krävs när mode är" in str(refused.value) and "norrkoping.toml" in str(refused.value)


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="pekare"):
        build_record(profiles(tmp_path, "allt", REFS))
