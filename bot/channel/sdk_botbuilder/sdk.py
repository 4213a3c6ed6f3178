"""botbuilder as the channel door asks for it."""

from collections.abc import Mapping
from typing import Any

from botframework.connector.aio.operations_async import ConversationsOperations

from bot.channel.call import Caller
from bot.channel.sdk import Json, Work
from bot.channel.sdk_botbuilder.adapter import ChannelAdapter, ChannelAuthentication
from bot.channel.sdk_botbuilder.connectors import Connectors, Received
from bot.channel.settings import ChannelSettings
from bot.channel.values import Incoming


class Botbuilder:
    """The archived SDK, pinned: its turn and its connector operations."""

    def __init__(self, settings: ChannelSettings, caller: Caller) -> None:
        self._connectors = Connectors(settings, caller)
        self._adapter = ChannelAdapter(ChannelAuthentication(settings, self._connectors))

    async def turn(self, claims: Mapping[str, Any], incoming: Incoming, work: Work) -> Json | None:
        """Run `work` as a turn. Its result is the body for an invoke; otherwise None comes back."""
        return await self._adapter.turn(claims, incoming, work)

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        """Send an activity; its id. Raises ChannelError."""
        posted: Received = await self._to(service_url).send_to_conversation(conversation_id, activity)
        return posted.id

    async def replace(self, service_url: str, conversation_id: str, activity_id: str, activity: Json) -> None:
        """Replace an activity. Raises ChannelError."""
        await self._to(service_url).update_activity(conversation_id, activity_id, activity)

    async def open(self, service_url: str, wanted: Json) -> str:
        """Open a conversation; its id. Raises ChannelError."""
        opened: Received = await self._to(service_url).create_conversation(wanted)
        return opened.id

    async def member(self, service_url: str, conversation_id: str, user_id: str) -> Mapping[str, Any]:
        """A member. Raises ChannelError."""
        found: Received = await self._to(service_url).get_conversation_member(conversation_id, user_id)
        return found

    def _to(self, service_url: str) -> ConversationsOperations:
        return self._connectors.client(service_url).conversations
