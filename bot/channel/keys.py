"""The channel's public signing keys, fetched over the network and kept, so that a key rotation is no outage."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.channel.settings import is_secure
from bot.channel.wire import Wire

log = logging.getLogger(__name__)

_BETWEEN_FETCHES = timedelta(minutes=1)
_BETWEEN_FIRST_TRIES = timedelta(seconds=5)  # while there is no key at all nobody gets in, so try again sooner
_OLDEST = timedelta(hours=24)  # a key that the channel has withdrawn is forgotten within this time
_FETCH_TIMEOUT = 5.0  # seconds: an invoke must be answered within a few more
_SHORTEST_KEY = 2048  # bits


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A public RSA key and the channels that it may sign for."""

    key: RSAPublicKey
    endorsements: frozenset[str]


class KeyRing:
    """Keys by key id. An unknown key id makes one fetch, at most once a minute, for all who wait."""

    def __init__(self, wire: Wire, metadata: str, now: Callable[[], datetime]) -> None:
        self._wire = wire
        self._metadata = metadata
        self._now = now
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def find(self, kid: str) -> SigningKey | None:
        """The key, None when the channel does not publish it. A network fault is logged and counts as not published."""
        if kid in self._keys and not (self._is_old() and self._may_fetch() and not self._turn.locked()):
            return self._keys[kid]
        async with self._turn:
            if (kid not in self._keys or self._is_old()) and self._may_fetch():
                await self._fetch()
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at > _OLDEST

    def _may_fetch(self) -> bool:
        wait = _BETWEEN_FETCHES if self._keys else _BETWEEN_FIRST_TRIES
        return self._tried_at is None or self._now() - self._tried_at >= wait

    async def _fetch(self) -> None:
        self._tried_at = self._now()
        try:
            where = (await self._wire.document(self._metadata, seconds=_FETCH_TIMEOUT)).get("jwks_uri")
            if not isinstance(where, str) or not is_secure(where):
                raise ValueError("jwks_uri")
            published = (await self._wire.document(where, seconds=_FETCH_TIMEOUT)).get("keys")
            keys = dict(filter(None, map(_signing_key, published if isinstance(published, list) else [])))
            if not keys:
                raise ValueError("no usable key")
        except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
            # The keys we have stay in force: an outage at the publisher must not become ours.
            log.warning("signing keys not fetched: %s", type(fault).__name__)
            return
        self._keys = keys
        self._fetched_at = self._tried_at


def _signing_key(published: Any) -> tuple[str, SigningKey] | None:
    if not isinstance(published, dict) or not isinstance(published.get("kid"), str):
        return None
    try:
        key = jwt.PyJWK(published, algorithm="RS256").key
    except jwt.PyJWTError:
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_KEY:
        return None
    endorsements = published.get("endorsements")
    named = endorsements if isinstance(endorsements, list) else []
    return published["kid"], SigningKey(key=key, endorsements=frozenset(e for e in named if isinstance(e, str)))
