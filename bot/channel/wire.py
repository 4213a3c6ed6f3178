"""One HTTP session for all outbound calls of the door."""

import json
import ssl
from typing import Any

import aiohttp

from bot.channel.settings import ChannelSettings

_KEEP_ALIVE = 25.0  # seconds; shorter than the connector's own, so that a POST seldom meets a closed connection
_CONNECTIONS = 100


class Wire:
    """The session, opened at the first call inside the running loop and closed once."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The open session. Raises RuntimeError when no event loop runs."""
        if self._session is None:
            trust: ssl.SSLContext | bool = True
            if self._settings.ca_file is not None:
                trust = ssl.create_default_context(cafile=str(self._settings.ca_file))
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE, ssl=trust),
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=self._settings.proxy,
            )
        return self._session

    async def document(self, url: str, *, seconds: float) -> dict[str, Any]:
        """A JSON object fetched with GET within `seconds`.

        Raises aiohttp.ClientError, TimeoutError, or ValueError when it is not a JSON object.
        """
        limit = aiohttp.ClientTimeout(total=seconds)
        async with self.session().get(url, timeout=limit, allow_redirects=False, raise_for_status=True) as answer:
            found = json.loads(await answer.read())
        if not isinstance(found, dict):
            raise ValueError("not a JSON object")
        return found

    async def close(self) -> None:
        """Close the session, if one was opened."""
        if self._session is not None:
            await self._session.close()
            self._session = None
