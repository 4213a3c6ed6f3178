"""Forms in dialogs of Teams, and the message extension, with the invokes that Teams sends through the real door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from activities import Json
from cards import actions_of
from city import City, opened
from cryptography.hazmat.primitives.asymmetric import rsa
from databases import new_sqlite
from dialog_window import ELSEWHERE, Window
from teams import FaultyTeams
from test_drafts import BEGIN
from town import SetClock

DONE = {"action_code": "home_visit"}
NUMBER = "19121212-1212"  # one of the Tax Agency's published test numbers
LASTING, URGENT = BEGIN["urgent_lasting"][1], "Brådskande – antas bestå"
CHECK, SENT = "Kontrollera och skicka", "Ditt brådskande meddelande"


@pytest.fixture
async def city(rsa_keys: list[rsa.RSAPrivateKey], tmp_path: Path) -> AsyncIterator[City]:
    """Monday 16 November 2026, 09.00, with a Teams that has dialogs."""
    clock = SetClock("2026-11-16 09:00")
    teams = FaultyTeams(clock=clock.machine, time=clock, signing=rsa_keys[0], folder=tmp_path)
    await teams.start()
    made = await opened(teams, new_sqlite(tmp_path), dialogs=True)
    yield made
    await made.session.close()
    await made.close()
    await teams.stop()


@pytest.fixture
def sara(city: City) -> Window:
    return Window(person=city.people["sara"])


async def filled_in(window: Window) -> None:
    """From the start card to the draft, all in one dialog."""
    await window.opens(URGENT)
    await window.sends("Nej")
    await window.sends("Fortsätt", case_ref="NK-2041", **LASTING)


async def test_a_message_is_written_checked_and_sent_in_one_dialog(city: City, sara: Window) -> None:
    before = len(sara.person.chat)
    await sara.opens(URGENT)
    assert "skyddade personuppgifter" in sara.words and sara.title == "Stafett"
    await sara.sends("Nej")
    assert "Ärendenummer" in sara.words
    await sara.sends("Fortsätt", case_ref="NK-2041", **LASTING)
    assert CHECK in sara.words and "Anna Berg" in sara.words
    await city.settle()
    assert len(sara.person.chat) == before, "the draft is looked at in the dialog"
    await sara.sends("Skicka")
    assert not sara.is_open
    await city.settle()
    assert len(sara.person.chat) == before + 1
    assert SENT in sara.person.chat[-1].words and "NK-2041" in sara.person.chat[-1].words
    assert city.people["anna"].got("Brådskande") == 1
    await city.passes(300)
    assert len(sara.person.chat) == before + 1, "the draft does not come after what was sent"


async def test_an_error_is_shown_in_the_dialog_and_nothing_typed_is_lost(city: City, sara: Window) -> None:
    await sara.opens(URGENT)
    await sara.sends("Nej")
    await sara.sends("Fortsätt", case_ref=NUMBER, **{**LASTING, "extra_help_start_date": "2031-01-01"})
    assert "2 svar behöver rättas" in sara.words
    assert "inte ett personnummer" in sara.words and NUMBER not in sara.words
    kept = {one["id"]: one.get("value") for one in sara.shown["body"] if one["type"].startswith("Input.")}
    assert kept["noticed_by_role"] == LASTING["noticed_by_role"]
    assert kept["extra_help_start_date"] == "2031-01-01"
    assert city.rows("SELECT count(*) FROM thread") == [(0,)]
    await sara.sends("Fortsätt", case_ref="NK-2041", **LASTING)
    assert CHECK in sara.words


async def test_a_number_in_what_a_button_brings_is_refused_without_a_word_of_the_chat(city: City, sara: Window) -> None:
    await sara.invokes("task/submit", {"data": {"verb": "show", "thread": 1, "x": NUMBER}})
    assert "Personnummer får inte skrivas här" in sara.words and "chatten" not in sara.words


async def test_a_dialog_that_is_closed_midway_leaves_the_draft_in_the_chat(city: City, sara: Window) -> None:
    before = len(sara.person.chat)
    await filled_in(sara)
    await city.passes(120)
    assert len(sara.person.chat) == before + 1
    assert CHECK in sara.person.chat[-1].words
    await sara.person.presses("Skicka")
    assert SENT in sara.person.chat[-1].words


async def test_a_draft_that_came_meanwhile_is_edited_when_the_dialog_goes_on(city: City, sara: Window) -> None:
    await filled_in(sara)
    await city.passes(120)
    count = len(sara.person.chat)
    await sara.sends("Ändra")
    await sara.sends("Ändra", **{**LASTING, "noticed_by_role": "night"})
    assert CHECK in sara.words
    await sara.sends("Skicka")
    await city.passes(10)
    assert len(sara.person.chat) == count
    assert SENT in sara.person.chat[-1].words


async def test_a_draft_that_is_thrown_away_in_the_dialog_never_comes(city: City, sara: Window) -> None:
    before = len(sara.person.chat)
    await filled_in(sara)
    await sara.sends("Kasta utkastet")
    assert not sara.is_open
    await city.passes(300)
    assert len(sara.person.chat) == before


async def test_protected_identity_stops_in_the_dialog_and_leaves_nothing(city: City, sara: Window) -> None:
    for answer in ("Ja", "Vet inte"):
        await sara.opens(URGENT)
        await sara.sends(answer)
        assert "Använd telefon" in sara.words
        await sara.sends("Stäng")
        assert not sara.is_open
    assert city.rows("SELECT count(*) FROM thread") == [(0,)]


async def test_a_typed_word_asks_in_the_chat_and_only_no_leads_on_to_the_dialog(city: City, sara: Window) -> None:
    await sara.person.types("brådskande")
    await sara.opens("Nej")
    assert "Ärendenummer" in sara.words
    await sara.sends("Avbryt")
    assert not sara.is_open
    await sara.person.presses("Vet inte")
    assert "Använd telefon" in sara.person.chat[-1].words
    assert city.rows("SELECT count(*) FROM thread") == [(0,)]


async def test_an_answer_is_given_in_a_dialog_and_stands_on_the_card_in_the_chat(city: City, sara: Window) -> None:
    await filled_in(sara)
    await sara.sends("Skicka")
    await city.settle()
    anna = Window(person=city.people["anna"])
    await anna.person.presses("Ta ärendet")
    count = len(anna.person.chat)
    await anna.opens("Lämna återkoppling")
    assert "NK-2041" in anna.words
    await anna.sends("Lämna återkoppling")
    assert "behöver rättas" in anna.words
    await anna.sends("Lämna återkoppling", **DONE)
    assert not anna.is_open, anna.words
    await city.passes(10)
    assert len(anna.person.chat) == count and "Avslutat" in anna.person.chat[-1].words


async def test_a_late_press_in_a_dialog_tells_how_things_stand(city: City, sara: Window) -> None:
    await filled_in(sara)
    await sara.sends("Skicka")
    await city.settle()
    anna = Window(person=city.people["anna"])
    await anna.person.presses("Ta ärendet")
    await anna.opens("Lämna återkoppling")
    await sara.person.presses("Mer …")
    await sara.person.presses("Återkalla")
    await anna.sends("Lämna återkoppling", **DONE)
    assert "Avslutat" in anna.words and anna.is_open


async def test_the_same_activity_twice_is_done_once(city: City, sara: Window) -> None:
    await filled_in(sara)
    draft = sara.last
    await sara.sends("Skicka")
    await sara.again()
    assert not sara.is_open
    sara.last = {**draft, "id": "sent-once-more-by-teams"}
    await sara.again()
    assert city.rows("SELECT count(*) FROM thread") == [(1,)]
    await city.settle()
    assert city.people["anna"].got("Brådskande") == 1


async def test_a_client_without_dialogs_gets_the_form_in_the_chat(city: City, sara: Window) -> None:
    """Such a client sends the data of the button as a message."""
    start = sara.person.chat[-1]
    action = next(one for one in actions_of(start.card) if one["title"] == URGENT)
    await city.post(sara.person._activity("message", value=action["data"], replyToId=start.id))
    assert "skyddade personuppgifter" in sara.person.chat[-1].words


async def test_without_the_setting_every_form_is_a_card(tmp_path: Path, city: City) -> None:
    city.teams.chats.clear()
    (tmp_path / "b").mkdir()
    plain = await opened(city.teams, new_sqlite(tmp_path / "b"), dialogs=False)
    own = [action["data"] for message in plain.people["sara"].chat for action in actions_of(message.card)]
    assert own and not any("msteams" in data for data in own)
    await plain.session.close()
    await plain.close()


# --- the message extension -----------------------------------------------------------------------------------------


async def chosen(window: Window) -> None:
    """From the compose box of somebody else's chat to the draft."""
    await window.extends("urgent")
    await window.sends(URGENT)
    await window.sends("Nej")
    await window.sends("Fortsätt", case_ref="NK-2041", **LASTING)


async def test_the_urgent_is_chosen_among_what_this_person_may_send(sara: Window) -> None:
    """Also where Teams does not say in which chat it was asked for."""
    for conversation in (ELSEWHERE, None, {"id": "19:meeting_x@thread.v2"}):
        for context in ("compose", "commandBox"):
            await sara.extends("urgent", conversation, context)
            assert sara.buttons == [URGENT, "Brådskande – ny, utan hemtjänst", "Brådskande – kortare tid", "Stäng"]
            assert sara.title == "Stafett"


async def test_what_is_sent_from_another_chat_comes_to_ones_own(city: City, sara: Window) -> None:
    before, posted = len(sara.person.chat), city.teams.posted
    await chosen(sara)
    assert CHECK in sara.words
    await sara.sends("Skicka")
    assert sara.words == "Klart Kortet finns i din chatt med Stafett. Stäng"
    await sara.sends("Stäng")
    assert not sara.is_open
    await city.settle()
    assert len(sara.person.chat) == before + 1 and SENT in sara.person.chat[-1].words
    assert city.people["anna"].got("Brådskande") == 1
    assert ELSEWHERE["id"] not in city.teams.chats, "nothing is posted where others read"
    assert city.teams.posted == posted + 2


async def test_the_other_chat_is_not_taken_for_ones_own(city: City, sara: Window) -> None:
    personal = {**ELSEWHERE, "conversationType": "personal", "isGroup": False, "id": "19:a_b@unq.gbl.spaces"}
    await sara.extends("urgent", personal)
    assert city.rows("SELECT conversation_id FROM conversation WHERE person_id = 1") == [("a:sara",)]
    await chosen(sara)
    await city.passes(120)
    assert CHECK in sara.person.chat[-1].words
    assert set(city.teams.chats) == {f"a:{key}" for key in city.people}


async def test_what_a_message_held_is_left_unread(city: City, sara: Window) -> None:
    """The command is offered where one writes, and not on a message; what a client sends of one goes nowhere."""
    held = {"body": {"contentType": "html", "content": f"<p>hemligt {NUMBER}</p>"}}
    value = {"commandId": "urgent", "commandContext": "message", "messagePayload": held}
    await sara.invokes("composeExtension/fetchTask", value, ELSEWHERE)
    assert "Brådskande" in sara.words and "hemligt" not in sara.words
    dumped = "".join(city.store.transaction(lambda tx: list(tx.connection.driver_connection.iterdump())))
    assert "hemligt" not in dumped and NUMBER not in dumped


async def test_who_may_send_nothing_urgent_is_told_so(city: City) -> None:
    eva = Window(person=city.people["eva"])
    await eva.extends("urgent")
    assert "inget som din roll kan skicka" in eva.words
    await eva.sends("Stäng")
    assert not eva.is_open


async def test_without_a_chat_of_ones_own_nothing_is_begun(city: City, sara: Window) -> None:
    await city.post(sara.person._activity("installationUpdate", action="remove"))
    await sara.extends("urgent")
    assert "Öppna Stafett först" in sara.words
    sara.command = "urgent"
    value = {"commandId": "urgent", "data": {"verb": "new", "flow": "urgent_lasting"}}
    await sara.invokes("composeExtension/submitAction", value, ELSEWHERE)
    assert "Öppna Stafett först" in sara.words


async def test_a_stranger_learns_nothing_and_is_not_looked_up(city: City, sara: Window) -> None:
    calls = len(city.teams.calls)
    made = sara.person._activity("invoke", name="composeExtension/fetchTask", value={"commandId": "urgent"})
    sara.last = {**made, "conversation": ELSEWHERE, "from": {"id": "29:nobody", "aadObjectId": "nobody"}}
    await sara.again()
    assert "Öppna Stafett först" in sara.words
    assert len(city.teams.calls) == calls


async def test_another_persons_thread_is_not_there(city: City, sara: Window) -> None:
    await filled_in(sara)
    await sara.sends("Skicka")
    olle = Window(person=city.people["olle"])
    value = {"commandId": "urgent", "data": {"verb": "view", "thread": 1}}
    await olle.invokes("composeExtension/submitAction", value, ELSEWHERE)
    real = olle.words
    await olle.invokes("composeExtension/submitAction", {**value, "data": {"verb": "view", "thread": 77}}, ELSEWHERE)
    assert olle.words == real and "NK-2041" not in real


async def test_what_is_bent_is_borne(sara: Window) -> None:
    bent: tuple[Json, ...] = ({}, {"data": None}, {"data": []}, {"commandId": 7, "data": {"verb": 1}})
    for name in ("task/submit", "composeExtension/submitAction", "composeExtension/fetchTask"):
        for value in bent:
            await sara.invokes(name, value, ELSEWHERE)
            assert "Felkod" not in sara.words, (name, value)


async def test_what_was_answered_one_person_is_never_told_another(city: City, sara: Window) -> None:
    """In somebody else's chat two people share the conversation's id, and an activity's id is not ours to trust."""
    await chosen(sara)
    assert CHECK in sara.words
    olle = Window(person=city.people["olle"])
    made = olle.person._activity("invoke", name="composeExtension/submitAction", value=sara.last["value"])
    olle.last = {**made, "conversation": ELSEWHERE, "id": sara.last["id"]}
    await olle.again()
    assert CHECK not in olle.words and "NK-2041" not in olle.words
