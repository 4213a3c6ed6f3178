"""aiohttp as the sender of the SDK's request pipeline, and the token put on each request there.

The SDK's own sender holds a thread for each call, and the ready-made aiohttp one sends neither body nor headers.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPPolicy
from msrest.pipeline.async_abc import AsyncHTTPSender as PipelineSender
from msrest.universal_http.async_abc import AsyncClientResponse
from yarl import URL

from bot.channel.errors import Passing, Refused, failure
from bot.channel.tokens import TokenSource
from bot.channel.wire import Wire

_DONE = frozenset({200, 201, 202})


class TokenPolicy(AsyncHTTPPolicy[Any, Any]):
    """Puts the bot's token on a request. Raises ChannelError when there is none to put."""

    def __init__(self, tokens: TokenSource) -> None:
        super().__init__()
        self._tokens = tokens

    async def send(self, request: Request[Any], **kwargs: Any) -> Response[Any, Any]:
        """Pass the request on with its token."""
        token = await self._tokens.get()
        if token is not None:
            request.http_request.headers["Authorization"] = f"Bearer {token}"
        if self.next is None:
            raise Refused("pipeline")
        return await self.next.send(request, **kwargs)


class WireResponse(AsyncClientResponse):
    """An answer with status 200, 201 or 202; `content` is its JSON object, empty when there is none."""

    def __init__(self, request: Any, answer: aiohttp.ClientResponse, body: bytes) -> None:
        super().__init__(request, self)
        self.status_code = answer.status
        self.headers = dict(answer.headers)
        self.reason = answer.reason
        self._body = body

    def body(self) -> bytes:
        """The whole body."""
        return self._body

    @property
    def content(self) -> dict[str, Any]:
        """The body as a JSON object; an acknowledgement without one counts as empty."""
        try:
            found = json.loads(self._body) if self._body else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class WireSender(PipelineSender[Any, Any]):
    """Sends once, within the session's time-out, and turns every failure into one of our named errors.

    Nothing is retried here: the outbox owns the retry. Redirects are not followed, since the token would go along.
    """

    def __init__(self, wire: Wire, tokens: TokenSource, now: Callable[[], datetime]) -> None:
        self._wire = wire
        self._tokens = tokens
        self._now = now

    async def __aexit__(self, *exc_details: object) -> None:
        """The session belongs to the door, which closes it."""

    async def send(self, request: Request[Any], **config: Any) -> Response[Any, Any]:
        """The answer to one request. Raises ChannelError."""
        http = request.http_request
        try:
            async with self._wire.session().request(
                http.method,
                URL(http.url, encoded=True),
                data=http.data,
                headers=dict(http.headers),
                allow_redirects=False,
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
        return Response(request, WireResponse(http, answer, body))
