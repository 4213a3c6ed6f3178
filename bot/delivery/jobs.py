"""What is ready to be sent: rows with everything that sending them needs."""

from dataclasses import dataclass
from typing import Protocol

from bot.channel.values import Address
from cases.outbox import Row
from cases.people import Reach
from dialogs.painter import Painted
from dialogs.parts import Element


class Channel(Protocol):
    """What the outbox needs of the channel door."""

    async def send(self, address: Address, card: Element, *, summary: str, alert: bool) -> str: ...
    async def update(self, address: Address, activity_id: str, card: Element, *, summary: str) -> None: ...
    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address: ...


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row of a job, and the version of its thread that the card shows."""

    row: Row
    version: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """One call to make: a row, or several reminders in one card. `address` is None when the person cannot be reached.

    `ready_at` is when it was claimed, on the steady clock. `typing`: the person is filling in a form in the older card
    (`activity_id`), which is left alone.
    """

    told: tuple[Told, ...]
    painted: Painted
    address: Address | None
    ready_at: float
    activity_id: str | None = None
    typing: bool = False

    @property
    def first(self) -> Row:
        return self.told[0].row

    @property
    def together(self) -> bool:
        return len(self.told) > 1


def address_of(reach: Reach) -> Address:
    """Where a person's own chat with the bot is."""
    return Address(
        conversation_id=reach.conversation_id, service_url=reach.service_url, tenant_id=reach.tenant_id,
        bot_id=reach.bot_id, conversation_type="personal",
    )  # fmt: skip
