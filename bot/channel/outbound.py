"""Calls to the channel's connector, in plain values."""

from typing import Any

from bot.channel.errors import Refused
from bot.channel.render import card_activity, text_activity
from bot.channel.sdk import Sdk
from bot.channel.settings import ChannelSettings
from bot.channel.values import Address, Member


class Outbound:
    """Sends, updates, opens conversations, looks up members. Every failure is a ChannelError; nothing is retried."""

    def __init__(self, settings: ChannelSettings, sdk: Sdk) -> None:
        self._bot_id = f"28:{settings.app_id}"
        self._sdk = sdk

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        """Post a card; its activity id comes back. Raises ChannelError."""
        return await self._post(address, card_activity(address, card, summary=summary, alert=alert))

    async def say(self, address: Address, text: str) -> str:
        """Post a short text; its activity id comes back. Raises ChannelError."""
        return await self._post(address, text_activity(address, text))

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        """Replace a card. Raises ChannelError."""
        activity = card_activity(address, card, summary=summary, alert=False) | {"id": activity_id}
        await self._sdk.replace(address.service_url, address.conversation_id, activity_id, activity)

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        """The personal conversation with a member. Raises ChannelError."""
        wanted = {
            "isGroup": False,
            "bot": {"id": self._bot_id},
            "members": [{"id": member_id}],
            "tenantId": tenant_id,
            "channelData": {"tenant": {"id": tenant_id}},
        }
        opened = await self._sdk.open(service_url, wanted)
        if not opened:
            raise Refused("no_conversation_id")
        return Address(
            conversation_id=opened,
            service_url=service_url,
            tenant_id=tenant_id,
            bot_id=self._bot_id,
            conversation_type="personal",
        )

    async def member(self, address: Address, user_id: str) -> Member:
        """A person in the conversation. Raises ChannelError."""
        found = await self._sdk.member(address.service_url, address.conversation_id, user_id)
        return Member(
            id=str(found.get("id") or user_id),
            aad_object_id=found.get("aadObjectId") or found.get("objectId"),
            name=str(found.get("name") or ""),
            upn=found.get("userPrincipalName") or None,
        )

    async def _post(self, address: Address, activity: dict[str, Any]) -> str:
        return await self._sdk.post(address.service_url, address.conversation_id, activity)
