"""Who may hand us an activity: the channel itself, for our own tenants, about a connector that we trust.

The SDK's own check is not used: it answers 500 to most bad tokens, looks at no tenant, and is off when the app id is
empty. This one has one outcome for every failure (`Unauthorized`) and never blocks the event loop on the network.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import jwt

from bot.channel.keys import KeyRing
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire

CHANNEL = "msteams"
_LEEWAY = 300.0  # seconds that the two clocks may differ
# Times are checked by us against the clock we are given; the rest by the library.
_OPTIONS: Any = {
    "require": ["exp", "nbf", "iss", "aud"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
    "strict_aud": True,
}


class Unauthorized(Exception):
    """The caller is not let in; `reason` is a fixed word for the log, and the caller is told nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InboundAuth:
    """The check of an inbound request. `now` gives the machine's time (aware)."""

    def __init__(self, settings: ChannelSettings, wire: Wire, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._keys = KeyRing(wire, settings.openid_metadata, now)

    async def check(self, authorization: str | None, activity: Mapping[str, Any]) -> dict[str, Any]:
        """The token's claims when both header and activity pass. Raises Unauthorized."""
        claims = await self.claims(authorization)
        self.check_activity(claims, activity)
        return claims

    async def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims of a token that the channel signed for this bot and that is valid now. Raises Unauthorized."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized("no_token")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError) as fault:
            raise Unauthorized("garbage") from fault
        if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
            raise Unauthorized("algorithm")
        key = await self._keys.find(header["kid"])
        if key is None:
            raise Unauthorized("unknown_key")
        if CHANNEL not in key.endorsements:
            raise Unauthorized("not_endorsed")
        claims = self._verified(token, key.key)
        self._check_times(claims)
        return claims

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
        # Teams' tokens carry the channel's own issuer whatever the tenant, so the tenant is ours to check.
        if tenant_of(activity) not in self._settings.tenants:
            raise Unauthorized("tenant")

    def _verified(self, token: str, key: Any) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=self._settings.issuer,
                options=_OPTIONS,
            )
        except jwt.InvalidSignatureError as fault:
            raise Unauthorized("signature") from fault
        except jwt.InvalidAudienceError as fault:
            raise Unauthorized("audience") from fault
        except jwt.InvalidIssuerError as fault:
            raise Unauthorized("issuer") from fault
        except jwt.MissingRequiredClaimError as fault:
            raise Unauthorized("missing_claim") from fault
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
            raise Unauthorized("garbage") from fault

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._now().timestamp()
        if now >= _seconds(claims["exp"]) + _LEEWAY:
            raise Unauthorized("expired")
        if now < _seconds(claims["nbf"]) - _LEEWAY:
            raise Unauthorized("not_yet")


def tenant_of(activity: Mapping[str, Any]) -> str | None:
    """The tenant of an activity, from the channel's own data: the SDK's conversation.tenant_id is never set."""
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, Mapping) else None
    found = tenant.get("id") if isinstance(tenant, Mapping) else None
    return found if isinstance(found, str) and found else None


def _seconds(claim: Any) -> float:
    # An infinite or boolean time would pass every comparison.
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        raise Unauthorized("times")
    try:
        seconds = float(claim)
    except OverflowError as fault:
        raise Unauthorized("times") from fault
    if not math.isfinite(seconds):
        raise Unauthorized("times")
    return seconds
