"""The check of a bearer token that Microsoft signed for this bot: the same care for everybody who calls in.

One outcome for every failure (`Unauthorized`), and nothing that blocks the event loop on the network.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jwt
from aiohttp import web

from bot.channel.keys import KeyRing
from bot.channel.settings import LOOPBACK_NAMES, is_loopback
from bot.channel.wire import Wire

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


class Bearer:
    """Tokens for the app `audience`, or one of its `other_names`, by one of `issuers`, signed with a key that
    `metadata` leads to; where `endorsed` is told, the key must be endorsed for that channel. `now` gives the machine's
    time (aware)."""

    def __init__(
        self, wire: Wire, metadata: str, now: Callable[[], datetime], *, audience: str, issuers: Sequence[str],
        endorsed: str = "", other_names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._now, self._issuers, self._endorsed = now, list(issuers), endorsed
        self._audiences = (audience, *other_names)
        self._keys = KeyRing(wire, metadata, now)

    async def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims of a token that is good now. Raises: Unauthorized."""
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
        if self._endorsed and self._endorsed not in key.endorsements:
            raise Unauthorized("not_endorsed")
        claims = self._verified(token, key.key)
        self._check_times(claims)
        return claims

    def _verified(self, token: str, key: Any) -> dict[str, Any]:
        try:
            return jwt.decode(
                token, key, algorithms=["RS256"], audience=self._named(token), issuer=self._issuers, options=_OPTIONS
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

    def _named(self, token: str) -> str:
        """Which of our names the token is for, by its own word; whatever it says is then held against that alone."""
        if len(self._audiences) == 1:
            return self._audiences[0]
        said = jwt.decode(token, options={"verify_signature": False}).get("aud")
        return said if isinstance(said, str) and said in self._audiences else self._audiences[0]

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._now().timestamp()
        if now >= _seconds(claims["exp"]) + _LEEWAY:
            raise Unauthorized("expired")
        if now < _seconds(claims["nbf"]) - _LEEWAY:
            raise Unauthorized("not_yet")


def authorization_of(request: web.Request) -> str | None:
    """The request's one word on who sends it. Raises: Unauthorized for several: others might go by another of them."""
    told = request.headers.getall("Authorization", [])
    if len(told) > 1:
        raise Unauthorized("two_tokens")
    return told[0] if told else None


async def demand_loopback(request: web.Request) -> None:
    """Without tokens only this machine may call, and not through a web page that names another host.

    Raises: Unauthorized.
    """
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        host = None
    if not is_loopback(request.remote) or host not in LOOPBACK_NAMES:
        raise Unauthorized("not_loopback")


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
