"""What the Teams package offers is what the bot understands: each command of the menu, and of the message extension."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from town import Town

from bot.channel.values import Address
from dialogs.menu import group_card

MANIFEST: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "manifest" / "manifest.json").read_text(encoding="utf-8")
)
LISTS = MANIFEST["bots"][0]["commandLists"]
COMMANDS = {scope: [one["title"] for one in entry["commands"]] for entry in LISTS for scope in entry["scopes"]}
START = "Vad vill du skicka?"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_every_command_of_the_menu_answers_with_what_it_is_for(town: Town) -> None:
    """A word that is not understood is answered with the start card."""
    town.karim.types("något annat")
    assert START in town.karim.newest()
    asks = {"brådskande", "tillfälligt", "fråga", "överlämning"}
    for command in COMMANDS["personal"]:
        person = town.lena if command == "överlämning" else town.karim
        person.types(command)
        assert START not in person.newest(), command
        assert ("skyddade personuppgifter" in person.newest()) == (command in asks), command


def test_where_others_read_along_the_command_only_says_where_to_go(town: Town) -> None:
    assert set(COMMANDS) == {"personal", "team", "groupChat"}
    for scope, kind in (("team", "channel"), ("groupChat", "groupChat")):
        for command in COMMANDS[scope]:
            town.karim.types("hjälp")
            last = town.last
            assert last is not None
            where = Address(
                conversation_id="19:x", service_url="http://localhost/", tenant_id="tenant", bot_id="28:bot",
                conversation_type=kind,
            )  # fmt: skip
            card = town.do(town.turns.handle(_moved(last, where, command))).card
            assert "personliga chatt" in json.dumps(card, ensure_ascii=False)


def test_every_command_of_the_message_extension_is_a_group_that_can_be_sent(town: Town) -> None:
    flows = list(town.record.flows.values())
    for extension in MANIFEST["composeExtensions"]:
        for command in extension["commands"]:
            offered = json.dumps(group_card(command["id"], flows), ensure_ascii=False)
            assert '"verb": "new"' in offered, command["id"]
            assert command["context"] == ["compose", "commandBox"], "never on somebody's message"


def _moved(incoming: Any, where: Address, text: str) -> Any:
    return replace(incoming, address=where, text=text, activity_id=f"elsewhere-{where.conversation_type}-{text}")
