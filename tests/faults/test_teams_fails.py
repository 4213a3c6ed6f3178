"""Everything that Teams can answer, and what the two see: nothing is lost, and doubled only when nobody can know.

Sara sends an urgent message to Anna. Each fault meets the message on its way to Anna.
"""

import pytest
from city import City
from teams import Fault

NEW = "Brådskande: nytt meddelande"
RING = "Inte levererat – ring Myndigheten äldreomsorg, 08-465 004 03."
DELIVERED = "Levererat till Anna Berg"


async def sends(city: City) -> None:
    await city.sara.begins_urgent()
    await city.sara.presses("Skicka")
    assert city.sara.sees("Läge: Skickat") and not city.sara.said, "it is on disk, whatever Teams says next"
    await city.settle()


def nothing_waits(city: City) -> None:
    assert city.rows("SELECT status, failure FROM outbox WHERE status NOT IN ('sent', 'superseded')") == []


# --- what passes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [412, 502, 503, 504])
async def test_a_passing_fault(city: City, status: int) -> None:
    city.teams.fails("a:anna", Fault(status=status), Fault(status=status))
    await sends(city)
    assert city.anna.got(NEW) == 0 and not city.sara.sees(DELIVERED)
    await city.passes(30)
    assert city.anna.got(NEW) == 1
    assert city.sara.sees(DELIVERED) and not city.sara.sees("Inte levererat")
    nothing_waits(city)


async def test_throttled_for_half_a_minute(city: City) -> None:
    city.teams.fails("a:anna", Fault(status=429, headers={"Retry-After": "30"}))
    await sends(city)
    await city.passes(29, step=1)
    assert city.anna.got(NEW) == 0, "not before Teams has said"
    await city.passes(10, step=1)
    assert city.anna.got(NEW) == 1 and city.sara.sees(DELIVERED) and not city.sara.sees("Inte levererat")
    nothing_waits(city)


async def test_throttled_without_a_word_of_how_long(city: City) -> None:
    city.teams.fails("a:anna", Fault(status=429), Fault(status=429))
    await sends(city)
    await city.passes(30)
    assert city.anna.got(NEW) == 1 and city.sara.sees(DELIVERED)
    nothing_waits(city)


async def test_a_fault_that_lasts_is_told_of_and_ends(city: City) -> None:
    city.teams.fails("a:anna", *[Fault(status=503)] * 40)
    await sends(city)
    await city.passes(180)
    assert city.sara.sees(RING), "after a minute or two somebody has to ring"
    city.teams.mend()
    await city.passes(330, step=10)
    assert city.anna.got(NEW) == 1, "and we went on trying"
    nothing_waits(city)


# --- nobody can know whether it arrived --------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
@pytest.mark.parametrize("cut", ["at_once", "after_headers", "half_way"])
async def test_the_line_goes_dead(city: City, cut: str, kept: bool) -> None:
    city.teams.fails("a:anna", Fault(cut=cut, kept=kept))  # type: ignore[arg-type]
    await sends(city)
    await city.passes(90)
    assert city.anna.got(NEW) == (2 if kept else 1), "sent again, since nobody can know; never more than once again"
    assert city.sara.sees(DELIVERED) and not city.sara.sees("Inte levererat")
    nothing_waits(city)
    await city.anna.presses("Ta ärendet")
    assert city.anna.sees("Läge: Taget"), "either copy does"


# --- refused for good --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotNotInConversationRoster"), (403, "ForbiddenOperationException"), (403, "ConversationBlockedByUser"),
        (403, "MessageWritesBlocked"),
    ],
)  # fmt: skip
async def test_the_person_cannot_be_reached(city: City, status: int, code: str) -> None:
    city.teams.fails("a:anna", *[Fault(status=status, code=code)] * 3)
    await sends(city)
    await city.passes(10)
    assert city.sara.sees(RING)
    assert city.eva.got(NEW) == 1 and city.eva.sees("Du är nästa i tur."), "at once, and to somebody who can act"
    city.teams.mend()
    await city.anna.types("mina")
    assert city.anna.sees("NK-2041"), "who writes is reachable again, and finds what was missed"


@pytest.mark.parametrize(("status", "code"), [(400, "BadSyntax"), (413, "MessageSizeTooBig"), (500, "ServiceError")])
async def test_refused_for_a_reason_that_does_not_pass(city: City, status: int, code: str) -> None:
    city.teams.fails("a:anna", *[Fault(status=status, code=code)] * 40)
    await sends(city)
    await city.passes(300, step=10)
    assert city.sara.sees(RING)
    assert city.eva.got(NEW) == 1 and city.eva.sees("Du är nästa i tur.")


@pytest.mark.parametrize(("status", "code"), [(401, "Unauthorized"), (403, "BotDisabledByAdmin")])
async def test_the_bot_itself_is_refused(city: City, status: int, code: str, caplog: pytest.LogCaptureFixture) -> None:
    """It says nothing of Anna, so nothing is given up; it is an alarm, and Sara is told to ring."""
    city.teams.fails("a:anna", *[Fault(status=status, code=code)] * 60)
    await sends(city)
    assert "CRITICAL" in {record.levelname for record in caplog.records}
    await city.passes(180)
    assert city.sara.sees(RING)
    city.teams.mend()
    await city.passes(330, step=10)
    assert city.anna.got(NEW) == 1
    nothing_waits(city)


async def test_no_token_for_the_bot(city: City, caplog: pytest.LogCaptureFixture) -> None:
    city.teams.token_error = "invalid_client"
    city.house.door._tokens.forget()
    await city.sara.types("brådskande")
    await city.passes(5)
    assert len(city.sara.chat) == 1 and "token invalid_client" in caplog.text, "the start card from before"
    assert await city.house.door.token_fault() == "token invalid_client"
    city.teams.token_error = None
    await city.passes(40)
    await sends(city)
    await city.passes(10)
    assert city.anna.got(NEW) == 1


# --- what Teams has lost -----------------------------------------------------------------------------------------


async def test_the_conversation_is_gone_and_is_opened_anew(city: City) -> None:
    city.teams.moved["29:anna"] = "a:anna-new"
    city.teams.fails("a:anna", Fault(status=404, code="ConversationNotFound"))
    await sends(city)
    await city.passes(10)
    assert [message.toast.startswith(NEW) for message in city.teams.chats["a:anna-new"]] == [True]
    assert city.sara.sees(DELIVERED) and not city.sara.sees("Inte levererat")
    nothing_waits(city)


async def test_the_card_to_be_changed_is_gone(city: City) -> None:
    await sends(city)
    city.teams.fails("a:sara", Fault(status=404, code="ActivityNotFound"))
    await city.anna.presses("Ta ärendet")
    await city.passes(10)
    assert city.anna.sees("Läge: Taget"), "the move is made"
    nothing_waits(city)
    await city.anna.presses("Lämna återkoppling")
    await city.anna.presses("Lämna återkoppling", action_code="home_visit")
    await city.passes(10)
    assert city.sara.sees("Hembesök bokas"), "and the next message makes a new card"
