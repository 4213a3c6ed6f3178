"""Somebody in the town of the stories, with their chat: they write, press, fill in forms and read their cards."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cards import actions_of, inputs_of, words_of
from people import aad
from played_teams import Message

from bot.channel.values import Address, Answer, Incoming
from dialogs.menu import BY_WORD, fold_name

if TYPE_CHECKING:
    from town import Town

MORE = "Mer …"


@dataclass(kw_only=True)
class Resident:
    """Somebody in the town, with their chat."""

    town: "Town"
    key: str
    id: int
    shown: dict[str, Any] = field(default_factory=dict)  # the card last answered to a press

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    def chat(self) -> list[Message]:
        return self.town.teams.chats.get(self.conversation, [])

    def installs(self) -> None:
        self._turn("installed", {})

    def types(self, text: str) -> None:
        """Write to the bot; the answer is posted as a new message."""
        answer = self._turn("text", {}, text=text)
        self._post(answer)

    def presses(self, label: str, **answers: str) -> None:
        """Press a button on the newest card that has it, after filling in the card's questions."""
        message, action = self._button(label)
        data = {**inputs_of(message.card), **action["data"], **answers}
        answer = self._turn("press", data, reply_to=message.id)
        if answer.card is not None:
            message.card = answer.card
        self.town.settle()

    def answers(self, label: str, **answers: str) -> None:
        """Press a button that asks, fill in its form and send it in."""
        self.presses(label)
        self.presses(label, **answers)

    def keeps(self) -> tuple[dict[str, Any], Message]:
        """The newest card as it looks now, to be pressed when it is old."""
        return deepcopy(self.chat()[-1].card), self.chat()[-1]

    def presses_old(self, card: dict[str, Any], label: str, message: Message) -> None:
        """Press a button on a card as it looked earlier."""
        action = next(action for action in actions_of(card) if action["title"] == label)
        answer = self._turn("press", dict(action["data"]), reply_to=message.id)
        assert answer.card is not None
        message.card = answer.card
        self.town.settle()

    def sees(self, text: str) -> bool:
        """Whether the text stands on any card in the chat now."""
        return any(text in words_of(message.card) for message in self.chat())

    def newest(self) -> str:
        """All words of the newest message."""
        return words_of(self.chat()[-1].card) if self.chat() else ""

    def buttons(self) -> list[str]:
        """The buttons of the newest message."""
        return [action["title"] for action in actions_of(self.chat()[-1].card)] if self.chat() else []

    def moves(self) -> list[str]:
        """The buttons at the foot of the newest message: what can be done, and not what can be looked up."""
        return [action["title"] for action in self.chat()[-1].card.get("actions", ())] if self.chat() else []

    def may(self) -> list[str]:
        """Every button of the newest message, with what it keeps behind «Mer …»; nothing is pressed."""
        more = [one for one in actions_of(self.chat()[-1].card) if one["title"] == MORE] if self.chat() else []
        behind = [actions_of(self.forges(**one["data"]).card) for one in more]
        return self.buttons() + [action["title"] for actions in behind for action in actions]

    def toasts(self) -> list[str]:
        return [message.toast for message in self.chat()]

    def has_heard_nothing(self) -> bool:
        return not [message for message in self.chat() if message.toast != "Stafett"]

    def starts(self, flow_title: str, case_ref: str, **answers: str) -> None:
        """From the start card to a draft on disk."""
        self.types("start")
        self.chooses(flow_title)
        self.presses("Nej")
        self.presses("Fortsätt", case_ref=case_ref, **answers)

    def chooses(self, flow_title: str) -> None:
        """Press a flow on the start card that has just come, or first the group that it lies behind."""
        flow = next(one for one in self.town.record.flows.values() if one.title == flow_title)
        if flow.group in BY_WORD:
            self.types(flow.commands[0])
            return
        if flow_title not in self.buttons():
            self.presses(fold_name(flow.group))
        self.presses(flow_title)

    def begins(self, flow: str, case_ref: str, **answers: str) -> None:
        """A draft of the flow with this name."""
        self.starts(self.town.record.flows[flow].title, case_ref, **answers)

    def forges(self, **data: Any) -> Answer:
        """Send what no card of theirs offers."""
        return self._turn("press", data)

    def _button(self, label: str) -> tuple[Message, dict[str, Any]]:
        """The newest card's; else what the newest card that has it keeps behind «Mer …»."""
        found = self._shown(label)
        if found is None and label != MORE:
            self._unfolds(label)
            found = self._shown(label)
        if found is not None:
            return found
        raise AssertionError(f"{self.key} har ingen knapp «{label}»; det nyaste kortet: {self.newest()}")

    def _unfolds(self, label: str) -> None:
        """Press «Mer …» on the newest card that keeps this button behind it; every card about a case has it."""
        for message in reversed(self.chat()):
            for action in [one for one in actions_of(message.card) if one["title"] == MORE]:
                behind = actions_of(self.forges(**action["data"]).card)
                if label in [one["title"] for one in behind]:
                    answer = self._turn("press", dict(action["data"]), reply_to=message.id)
                    message.card = answer.card or message.card
                    self.town.settle()
                    return

    def _shown(self, label: str) -> tuple[Message, dict[str, Any]] | None:
        for message in reversed(self.chat()):
            for action in actions_of(message.card):
                if action["title"] == label:
                    return message, action
        return None

    def _post(self, answer: Answer) -> None:
        assert answer.card is not None
        self.town.do(self.town.teams.send(self.address(), answer.card, summary=answer.summary, alert=False))
        self.town.settle()

    def address(self) -> Address:
        return Address(
            conversation_id=self.conversation, service_url="http://localhost/", tenant_id="tenant", bot_id="28:bot",
            conversation_type="personal",
        )  # fmt: skip

    def _turn(self, kind: Any, data: dict[str, Any], text: str = "", reply_to: str | None = None) -> Answer:
        self.town.activities += 1
        incoming = Incoming(
            activity_id=f"in{self.town.activities}", kind=kind, invoke=kind == "press", locale="sv-SE", text=text,
            channel_user_id=f"29:{self.key}", aad_object_id=aad(self.id), user_name=self.key, address=self.address(),
            data=data, reply_to_id=reply_to,
        )  # fmt: skip
        self.town.last = incoming
        return self.town.do(self.town.turns.handle(incoming))
