"""microsoft-agents as the channel door asks for it."""

from collections.abc import Mapping
from typing import Any

from microsoft_agents.activity import ConversationParameters

from bot.channel.call import Caller
from bot.channel.sdk import Json, PerService, Work
from bot.channel.sdk_agents.adapter import ChannelAdapter
from bot.channel.sdk_agents.connectors import Connector, PlainActivity, encoded
from bot.channel.settings import ChannelSettings
from bot.channel.values import Incoming


class Agents:
    """botbuilder's successor: its turn and its connector operations."""

    def __init__(self, settings: ChannelSettings, caller: Caller) -> None:
        self._connectors = PerService(settings, lambda service_url: Connector(service_url, caller))
        self._adapter = ChannelAdapter(settings.app_id, self._connectors)

    async def turn(self, claims: Mapping[str, Any], incoming: Incoming, work: Work) -> Json | None:
        """Run `work` as a turn. Its result is the body for an invoke; otherwise None comes back."""
        return await self._adapter.turn(claims, incoming, work)

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        """Send an activity; its id. Raises ChannelError."""
        operations = self._connectors.client(service_url).conversations
        posted = await operations.send_to_conversation(encoded(conversation_id), PlainActivity.of(activity))
        return posted.id or ""

    async def replace(self, service_url: str, conversation_id: str, activity_id: str, activity: Json) -> None:
        """Replace an activity. Raises ChannelError."""
        operations = self._connectors.client(service_url).conversations
        await operations.update_activity(encoded(conversation_id), encoded(activity_id), PlainActivity.of(activity))

    async def open(self, service_url: str, wanted: Json) -> str:
        """Open a conversation; its id. Raises ChannelError."""
        operations = self._connectors.client(service_url).conversations
        opened = await operations.create_conversation(ConversationParameters.model_validate(wanted))
        return opened.id or ""

    async def member(self, service_url: str, conversation_id: str, user_id: str) -> Mapping[str, Any]:
        """A member. Raises ChannelError."""
        client = self._connectors.client(service_url)
        found = await client.get_conversation_member(encoded(conversation_id), encoded(user_id))
        return found.model_dump(by_alias=True, exclude_none=True)
