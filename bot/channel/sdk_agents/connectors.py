"""microsoft-agents' connector clients: one for each service URL, kept, with our own call under their operations.

Kept from the SDK: its operations (addresses, verbs). Not kept: its session, which is made anew for each client and
turn, and its models of what we send, which take longer to write than all the rest of a turn. Our activities are plain
JSON objects already and go through as they are.
"""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, cast
from urllib.parse import quote

from aiohttp import ClientSession
from microsoft_agents.activity import Activity
from microsoft_agents.activity.teams import TeamsChannelAccount
from microsoft_agents.hosting.core.connector.client.connector_client import ConversationsOperations
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient
from pydantic import PrivateAttr, ValidationError

from bot.channel.call import Caller, Reply
from bot.channel.errors import Refused

_LONGEST_ID = 1_000  # the SDK cuts longer ids off; we know them to be bounded, and encoded they are three times as long


def encoded(identifier: str) -> str:
    """An id as it must stand in an address: the SDK puts it there as it is."""
    return quote(identifier, safe="")


class PlainActivity(Activity):
    """A JSON object where the SDK wants an activity of its own."""

    _plain: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "PlainActivity":
        """Nothing of it is checked or copied."""
        made = _EMPTY.model_copy()
        made._plain = plain
        return made

    def model_dump(self, **_how: Any) -> dict[str, Any]:
        """The JSON object, as it is."""
        return self._plain


_EMPTY = PlainActivity.model_construct(type="message")  # to copy: an activity has some forty fields to fill in


class Connector(TeamsConnectorClient):
    """The SDK's client for one service URL. It is kept, so the end of a turn does not close it."""

    def __init__(self, service_url: str, caller: Caller) -> None:
        session = cast("ClientSession", Session(service_url, caller))
        super().__init__(service_url, "", session=session)
        self._conversations = ConversationsOperations(session, max_conversation_id_length=_LONGEST_ID)

    async def get_conversation_member(self, conversation_id: str, user_id: str) -> TeamsChannelAccount:
        """A member. Raises ChannelError."""
        try:
            return await super().get_conversation_member(conversation_id, user_id)
        except ValidationError as fault:
            raise Refused("member") from fault

    async def close(self) -> None:
        """Kept open: the session belongs to the door, which closes it."""


class Session:
    """Stands where the SDK wants a session of aiohttp's: the same calls, made by our own."""

    def __init__(self, service_url: str, caller: Caller) -> None:
        self._base = service_url if service_url.endswith("/") else f"{service_url}/"
        self._caller = caller
        self.headers: dict[str, str] = {}  # filled by the SDK's client

    def post(self, path: str, *, headers: Mapping[str, str], json: Any, params: None = None) -> "Called":
        """A POST under the service URL. `params` are the SDK's for kinds of activity that we do not send."""
        return self._called("POST", path, headers, json)

    def put(self, path: str, *, headers: Mapping[str, str], json: Any) -> "Called":
        """A PUT under the service URL."""
        return self._called("PUT", path, headers, json)

    def get(self, path: str, *, headers: Mapping[str, str]) -> "Called":
        """A GET under the service URL."""
        return self._called("GET", path, headers, None)

    def _called(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> "Called":
        data = None if body is None else json.dumps(body).encode()
        return Called(self._caller, method, self._base + path, data, {**self.headers, **headers})


class Called:
    """A call under way, and then its answer. Raises ChannelError when it is entered."""

    status = 200

    def __init__(self, caller: Caller, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> None:
        self._caller, self._order = caller, (method, url, data, headers)
        self._told: dict[str, str] = {}

    async def __aenter__(self) -> "Called":
        self._told = _told(await self._caller.call(*self._order))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open: the answer has been read."""

    def raise_for_status(self) -> None:
        """Every failure has been raised already."""

    async def json(self) -> dict[str, str]:
        """What the connector told."""
        return self._told

    async def text(self, encoding: str) -> str:
        """The same, written out."""
        return json.dumps(self._told)


def _told(reply: Reply) -> dict[str, str]:
    """The texts of an answer: of anything else the SDK's models might refuse the answer to what has been done."""
    return {name: value for name, value in reply.content().items() if isinstance(value, str) and value}
