"""What a card carries is a wish and never a right: every field of every button is changed, and nothing opens.

Card data comes back from the person's own device, so that it is read as if they had written it themselves.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cards import actions_of, inputs_of
from flow_walk import led_to
from sqlalchemy import func, select
from town import Resident, Town

from bot.channel.values import Answer
from bot.turn import Turns
from cases import tables as t
from dialogs.desk import Desk

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FOREIGN_CASE = "NK-2077"  # of another provider's
# What nobody's button asks for, in case somebody listens to it.
CLAIMS = {
    "person": 6, "person_id": 6, "by": 6, "viewer": 6, "role": "unit_manager", "relations": ["owner"], "reveal": True,
    "inline": True, "dialog": True, "mode": "chatt", "now": "2030-01-01", "state": "closed", "passed": "all",
    "version": 99_999, "admin": 1, "__class__": "Desk", "case_ref": FOREIGN_CASE,
}  # fmt: skip
ODD = (None, "", 0, -1, 10**30, 1.5, True, "x" * 5_000, "' OR 1=1 --", [], {}, [["a"]], {"thread": 1}, "start")


def foreign(town: Town) -> int:
    """A message between another provider and the assessor, which nobody at Hemtjänst Norr is to know of."""
    town.olle.begins("question", FOREIGN_CASE, question_text="Hur gör vi?", category="assignment")
    town.olle.presses("Skicka")
    assert town.thread(1).state == "sent"
    return 1


def everything_of(town: Town, number: int) -> list[Any]:
    """The thread as it stands in every table that tells of one, but for the account of who has tried."""
    tables = [one for one in t.metadata.sorted_tables if "thread_id" in one.c and one.name not in ("audit", "inbound")]

    def look(tx: Any) -> list[Any]:
        own = [tuple(row) for row in tx.execute(select(t.thread).where(t.thread.c.id == number))]
        return own + [
            (one.name, tuple(row)) for one in tables for row in tx.execute(select(one).where(one.c.thread_id == number))
        ]

    return town.store.transaction(look)


def offered(resident: Resident) -> Iterator[dict[str, Any]]:
    """What each button in the chat would send, with what stands in the card's questions; each kind of it once."""
    seen = set()
    for message in list(resident.chat()):
        for action in actions_of(message.card):
            data = {**inputs_of(message.card), **action.get("data", {})}
            shape = (data.get("verb"), data.get("signal"), data.get("flow"), tuple(sorted(data)))
            if data and shape not in seen:
                seen.add(shape)
                yield data


def tells(answer: Answer, refs: tuple[str, ...]) -> list[str]:
    shown = repr(answer.card) + (answer.message or "")
    return [ref for ref in refs if ref in shown]


def test_no_field_of_a_buttons_data_opens_anything(town: Town) -> None:
    number = foreign(town)
    own = led_to_sent(town)
    before, ref = everything_of(town, number), town.thread(number).ref
    tried = 0
    for resident in (town.karim, town.sara):
        resident.types("start")
        resident.types("mina")
        for data in list(offered(resident)):
            for key in data:
                others = ["death_notice"] if key == "flow" else [number, str(number), ref, "HT-SODER", "view"]
                for value in (*others, *ODD[tried % 3 :: 4]):  # every odd value comes to be tried
                    answer = resident.forges(**data | {key: value})
                    assert tells(answer, (ref, FOREIGN_CASE, "Hur gör vi")) in ([], [value]), (data, key, value)
                    tried += 1
    assert everything_of(town, number) == before
    assert tried > 150 and own != number


def led_to_sent(town: Town) -> int:
    town.karim.begins("question", "NK-2041", question_text="Vad gäller?", category="assignment")
    town.karim.presses("Skicka")
    assert town.thread(2).state == "sent"
    return 2


def test_what_nobody_asked_for_is_not_listened_to(town: Town) -> None:
    """The same press with claims in it gets the same answer as without them."""
    number = foreign(town)
    led_to_sent(town)
    before = everything_of(town, number)
    town.sara.types("start")
    for data in [one for one in offered(town.sara) if one.get("verb") != "gate"]:
        plain = town.sara.forges(**data)
        assert town.sara.forges(**CLAIMS | data) == plain, data
    denied = town.sara.forges(verb="show", thread=number)
    assert town.sara.forges(**CLAIMS | {"verb": "show", "thread": number}) == denied
    assert town.sara.forges(**CLAIMS | {"verb": "do", "signal": "take", "thread": number}) == denied
    assert everything_of(town, number) == before


def test_the_gate_cannot_be_walked_around(town: Town) -> None:
    """The form alone, without the answer to the first question, opens nothing."""
    town.sara.types("start")
    data = {"verb": "draft", "flow": "urgent_lasting", "unit": "HT-NORR", "case_ref": "NK-2041", "form": "k"}
    for protected in ("yes", "unknown", "", None, ["no"], True, "NO"):
        town.sara.forges(**data, protected=protected)
    assert town.rows_of("thread") == []


def test_another_persons_form_is_not_opened_by_its_key(town: Town) -> None:
    foreign(town)
    led_to_sent(town)
    keys = [row.key for row in town.rows_of("thread")] if "key" in t.thread.c else ["k"]
    for key in keys:
        answer = town.olle.forges(
            verb="draft", flow="question", unit="HT-SODER", protected="no", form=key, case_ref=FOREIGN_CASE,
            question_text="Hur?", category="assignment",
        )  # fmt: skip
        assert tells(answer, ("NK-2041", "Vad gäller", town.thread(2).ref)) == []


def test_a_repeated_activity_gets_its_first_answer_and_is_done_once(town: Town) -> None:
    """From the same process the very same answer; after a restart how things stand, and nothing is done again."""
    number = led_to(town, "question", "sent")
    _, action = town.anna._button("Ta ärendet")
    first = town.anna.forges(**action["data"])
    incoming = town.last
    assert incoming is not None and town.thread(number).state == "taken"
    assert town.do(town.turns.handle(incoming)) is first
    changed = replace(incoming, data={"verb": "do", "signal": "give_back", "thread": number})
    assert town.do(town.turns.handle(changed)) is first, "what else it says the second time is not looked at"
    restarted = Turns(town.store, Desk(town.record), town.clock, look=town.teams.member, changed=lambda _due: None)
    again = town.do(restarted.handle(incoming))
    assert again.card is not None and town.thread(number).state == "taken"
    takes = select(func.count()).select_from(t.log).where(t.log.c.signal == "take")
    assert town.store.transaction(lambda tx: tx.scalar(takes)) == 1
    elsewhere = replace(incoming, address=replace(incoming.address, conversation_id="a:another"))
    town.do(town.turns.handle(elsewhere))
    assert town.store.transaction(lambda tx: tx.scalar(takes)) == 1
