"""Teams, played by hand."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from people import PEOPLE, aad

from bot.channel.errors import ChannelError, StaleAddress
from bot.channel.values import Address, Member


@dataclass(kw_only=True)
class Message:
    """A message in somebody's chat with the bot: `card` as it looks now where they sit, `stored` as the chat keeps it.

    The answer to a press replaces what is looked at, until the chat is opened anew; only the bot's own posts and edits
    are kept.
    """

    id: str
    card: dict[str, Any]
    toast: str
    alerted: bool
    times_changed: int = 0
    stored: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stored = deepcopy(self.card)


class PlayedTeams:
    """The outermost edge, played by hand: it keeps everybody's chat, and can refuse as Teams does."""

    def __init__(self) -> None:
        self.chats: dict[str, list[Message]] = {}
        self.refuse: dict[str, list[ChannelError]] = {}
        self.sends = 0
        self.moved_in: dict[str, int] = {}  # who has come to the town later, with their number

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        self._refused(address)
        self.sends += 1
        message = Message(id=f"m{self.sends}", card=card, toast=summary, alerted=alert)
        self.chats.setdefault(address.conversation_id, []).append(message)
        return message.id

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        self._refused(address)
        chat = self.chats.get(address.conversation_id, [])
        message = next((one for one in reversed(chat) if one.id == activity_id), None)
        if message is None:
            raise StaleAddress("404 ActivityNotFoundInConversation")
        message.card = card
        message.stored = deepcopy(card)
        message.times_changed += 1

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        """As Teams does: the same conversation for the same member."""
        key = member_id.removeprefix("29:")
        return Address(
            conversation_id=f"a:{key}", service_url=service_url, tenant_id=tenant_id, bot_id="28:bot",
            conversation_type="personal",
        )  # fmt: skip

    async def member(self, address: Address, user_id: str) -> Member:
        key = user_id.removeprefix("29:")
        numbers = {name: number for number, (name, *_) in enumerate(PEOPLE, start=1)} | self.moved_in
        number = numbers.get(key, 99)
        return Member(id=user_id, aad_object_id=aad(number), name=key, upn=f"{key}@exempel.invalid")

    def find(self, conversation: str, activity_id: str) -> Message:
        return next(message for message in self.chats[conversation] if message.id == activity_id)

    def _refused(self, address: Address) -> None:
        waiting = self.refuse.get(address.conversation_id)
        if waiting:
            raise waiting.pop(0)
