"""Krav L02: no notice says anything of anybody: not the toast, the first block, the spoken words, the invitation, the
e-mail. Every flow in every state is gone through in tests/unit/test_secrecy_paths.py."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from flow_walk import SECRET, led_to
from town import Town, shipped
from ways_out import IN_THE_CARD, NEVER, Out, in_mode, leaving

NOTICES = {
    "summary", "first block", "speak", "notification", "digest", "folded card", "e-mail", "invitation", ".ics",
    "address", "search", "error", "call",
}  # fmt: skip
TELLING = ("avliden", "dödsfall", "toalett", "toilet", "2026-10-31", "31 okt", SECRET.lower())


@pytest.fixture
def chatt(database: str) -> Iterator[Town]:
    """Even where content may stand in the card."""
    with closing(Town(database, record=in_mode(shipped(), "chatt"))) as made:
        yield made


@pytest.mark.parametrize(
    ("flow", "state"), [("death_notice", "sent"), ("urgent_lasting", "sent"), ("follow_up_meeting", "invited")]
)
def test_l02_no_notice_tells_what_the_matter_is(chatt: Town, flow: str, state: str) -> None:
    number = led_to(chatt, flow, state)
    outs = leaving(chatt, number, answers=["chatt"], all_of=["chatt"])["chatt"]
    ways = {out.way for out in outs}
    assert {"summary", "first block", "speak", "notification", "e-mail"} <= ways
    assert ({"invitation", ".ics"} <= ways) == (flow == "follow_up_meeting")
    told = [out for out in outs if out.way in NOTICES and any(word in out.text.lower() for word in TELLING)]
    assert told == []
    for message in (message for one in chatt.residents.values() for message in one.chat()):
        assert not any(word in message.toast.lower() for word in TELLING)


def test_l02_the_content_stands_in_the_card_below_its_first_block_only_where_it_has_been_decided(chatt: Town) -> None:
    number = led_to(chatt, "urgent_lasting", "sent")

    def has_content(outs: list[Out]) -> set[str]:
        return {out.way for out in outs if SECRET in out.text and out.content in (NEVER, IN_THE_CARD)}

    assert has_content(leaving(chatt, number)["chatt"]) == {"card"}
    assert has_content(leaving(chatt, number)["visa"]) == has_content(leaving(chatt, number)["pekare"]) == set()
