"""What the channel door asks of a bot SDK, in plain values, and the choice between the two that we have.

An SDK carries the turn (its context and middleware) and knows the connector's operations: addresses, verbs, bodies.
What is the same whichever it is stands outside it: the token check, the reading and writing of activities, the one
HTTP session, the bot's token, and what each of the connector's answers means.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from bot.channel.call import Caller
from bot.channel.errors import Refused
from bot.channel.settings import ChannelSettings
from bot.channel.values import Incoming

Json = dict[str, Any]
Work = Callable[[], Awaitable[Json | None]]
Client = TypeVar("Client")

_MOST_CLIENTS = 64  # Teams uses a handful of service URLs (region and tenant); the host list bounds them already


class Sdk(Protocol):
    """A bot SDK behind the door. Every call to the connector fails with a ChannelError; nothing is retried."""

    async def turn(self, claims: Mapping[str, Any], incoming: Incoming, work: Work) -> Json | None:
        """Run `work` as a turn. Its result is the body for an invoke; otherwise None comes back."""

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        """Send an activity; the id that the connector gave it, empty when it gave none. Raises ChannelError."""

    async def replace(self, service_url: str, conversation_id: str, activity_id: str, activity: Json) -> None:
        """Put another activity in the place of one that was sent. Raises ChannelError."""

    async def open(self, service_url: str, wanted: Json) -> str:
        """Open a conversation; its id, empty when the connector gave none. Raises ChannelError."""

    async def member(self, service_url: str, conversation_id: str, user_id: str) -> Mapping[str, Any]:
        """What the connector says of a member, by its own names. Raises ChannelError."""


class PerService(Generic[Client]):
    """An SDK's clients by service URL, kept; the longest unused is dropped when there are too many."""

    def __init__(self, settings: ChannelSettings, build: Callable[[str], Client]) -> None:
        self._settings, self._build = settings, build
        self._clients: OrderedDict[str, Client] = OrderedDict()

    def client(self, service_url: str) -> Client:
        """The client for a service URL. Raises Refused when its host is not on our list."""
        client = self._clients.get(service_url)
        if client is None:
            if not self._settings.serves(service_url):
                raise Refused("service_host")
            client = self._clients[service_url] = self._build(service_url)
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)
        self._clients.move_to_end(service_url)
        return client


def chosen(settings: ChannelSettings, caller: Caller) -> Sdk:
    """The SDK that the settings name. It is loaded here, so that the other one costs neither time nor memory."""
    if settings.sdk == "agents":
        from bot.channel.sdk_agents.sdk import Agents

        return Agents(settings, caller)
    from bot.channel.sdk_botbuilder.sdk import Botbuilder

    return Botbuilder(settings, caller)
