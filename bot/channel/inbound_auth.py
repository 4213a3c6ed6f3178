"""Who may hand us an activity: the channel itself, for our own tenants, about a connector that we trust.

The SDK's own check is not used: it answers 500 to most bad tokens, looks at no tenant, and is off when the app id is
empty. This one has one outcome for every failure (`Unauthorized`) and never blocks the event loop on the network.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channel.bearer import Bearer, Unauthorized
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire

__all__ = ["CHANNEL", "InboundAuth", "Unauthorized", "tenant_of"]

CHANNEL = "msteams"


class InboundAuth:
    """The check of an inbound request. `now` gives the machine's time (aware)."""

    def __init__(self, settings: ChannelSettings, wire: Wire, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._bearer = Bearer(
            wire, settings.openid_metadata, now, audience=settings.app_id, issuers=[settings.issuer], endorsed=CHANNEL
        )

    async def check(self, authorization: str | None, activity: Mapping[str, Any]) -> dict[str, Any]:
        """The token's claims when both header and activity pass. Raises Unauthorized."""
        claims = await self.claims(authorization)
        self.check_activity(claims, activity)
        return claims

    async def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims of a token that the channel signed for this bot and that is valid now. Raises Unauthorized."""
        return await self._bearer.claims(authorization)

    def check_activity(self, claims: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        """Channel, service URL and tenant of an activity whose token is good. Raises Unauthorized."""
        if activity.get("channelId") != CHANNEL:
            raise Unauthorized("channel")
        service_url = activity.get("serviceUrl")
        claimed = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(service_url, str) or claimed != service_url:
            raise Unauthorized("service_url")
        if not self._settings.serves(service_url):
            raise Unauthorized("service_host")
        # Teams' tokens carry the channel's own issuer whatever the tenant, so the tenant is ours to check: what the
        # channel says of it, and what else the token or the conversation may say.
        if tenant_of(activity) not in self._settings.tenants:
            raise Unauthorized("tenant")
        conversation = activity.get("conversation")
        others = claims.get("tid"), conversation.get("tenantId") if isinstance(conversation, Mapping) else None
        if any(other is not None and other not in self._settings.tenants for other in map(_hashable, others)):
            raise Unauthorized("tenant")


def _hashable(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else repr(value)


def tenant_of(activity: Mapping[str, Any]) -> str | None:
    """The tenant of an activity, from the channel's own data: the SDK's conversation.tenant_id is never set."""
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, Mapping) else None
    found = tenant.get("id") if isinstance(tenant, Mapping) else None
    return found if isinstance(found, str) and found else None
