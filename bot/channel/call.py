"""One call to the channel's connector, whichever SDK asks for it: the bot's token on it, and its answer named.

Both SDKs have a way of their own to call, and neither will do: one holds a thread for each call, the other makes a
session for each client and takes the token once for all.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from yarl import URL

from bot.channel.errors import Passing, Refused, failure
from bot.channel.tokens import TokenSource
from bot.channel.wire import Wire

USER_AGENT = "Stafett"
_DONE = frozenset({200, 201, 202})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer with status 200, 201 or 202."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    def content(self) -> dict[str, Any]:
        """The body as a JSON object; an acknowledgement without one counts as empty."""
        try:
            found = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Caller:
    """Calls once, within the session's time-out, and turns every failure into one of our named errors.

    Nothing is retried here: the outbox owns the retry. Redirects are not followed, since the token would go along.
    """

    def __init__(self, wire: Wire, tokens: TokenSource, now: Callable[[], datetime]) -> None:
        self._wire, self._tokens, self._now = wire, tokens, now

    async def call(self, method: str, url: str, data: str | bytes | None, headers: Mapping[str, str]) -> Reply:
        """The answer to one request. `url` is percent-encoded already. Raises ChannelError."""
        own = {"User-Agent": USER_AGENT}
        token = await self._tokens.get()
        if token is not None:
            own["Authorization"] = f"Bearer {token}"
        try:
            async with self._wire.session().request(
                method, URL(url, encoded=True), data=data, headers={**headers, **own}, allow_redirects=False
            ) as answer:
                body = await answer.read()
        except TimeoutError as fault:
            raise Passing("timeout") from fault
        except aiohttp.InvalidURL as fault:
            raise Refused("address") from fault
        except (aiohttp.ClientError, OSError) as fault:
            raise Passing("connection") from fault
        if answer.status not in _DONE:
            if answer.status == 401:
                self._tokens.forget()
            raise failure(answer.status, body, answer.headers, self._now())
        return Reply(status=answer.status, reason=answer.reason or "", headers=answer.headers, body=body)
