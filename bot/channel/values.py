"""The plain values that pass through the channel door, in and out. No SDK type is visible from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "press", "open", "submit", "installed", "removed", "members"]


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a person, a team or a group chat can be reached. The service URL moves: keep the latest inbound one."""

    conversation_id: str
    service_url: str
    tenant_id: str
    bot_id: str
    conversation_type: str  # personal | groupChat | channel


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a person, or Teams itself, did.

    `text` is a typed message, `press` a button on a card (Action.Execute, or Action.Submit as a message with a value),
    `open` and `submit` a dialog asked for and sent in, the rest say where the bot has been put or taken away. A dialog
    of the message extension (`extension`) is asked for in whatever chat the person writes in: the address is not that
    of their chat with the bot, and nothing may be posted there.
    """

    activity_id: str
    kind: Kind
    invoke: bool  # True when the answer must be returned in the HTTP body
    channel_user_id: str  # 29:…
    aad_object_id: str | None
    user_name: str
    locale: str | None
    address: Address
    text: str = ""
    # The card's or dialog's data with its inputs; for Action.Execute the action's verb stands under "verb". For a
    # dialog that a message extension asks for {"command"}; for `installed` and `removed` {"action"}; for `members`
    # {"added", "removed", "bot_added", "bot_removed"}.
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to_id: str | None = None  # activity id of the card that was pressed
    extension: bool = False
    automatic: bool = False  # True when the client refreshed the card by itself: nobody pressed anything


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the handler gives back. An empty one is no answer at all."""

    card: dict[str, Any] | None = None  # replaces the pressed card; posted for a text; the content of a dialog
    message: str | None = None  # a short text instead of a card
    title: str | None = None  # the dialog's title
    posts: tuple[dict[str, Any], ...] = ()  # further cards to post in the same conversation
    summary: str = "Stafett"  # neutral toast text for posted cards: no client data, ever


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person as the connector's own roster knows them; the way to bind a channel id to a directory object."""

    id: str
    aad_object_id: str | None
    name: str
    upn: str | None
