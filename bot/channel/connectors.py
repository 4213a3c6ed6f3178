"""The SDK's connector clients: one for each service URL, kept, with our sender in the pipeline.

Kept from the SDK: its operations (addresses, verbs, headers), request builder and pipeline. Not kept: its serialising
of Activity, which takes longer than all the rest of a turn and loses properties that it does not know. Our activities
are plain JSON objects already, so the client's serialiser lets these through as they are and its deserialiser hands the
answer over as it came.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from botframework.connector.auth import ConnectorFactory, MicrosoftAppCredentials
from msrest.pipeline.async_abc import AsyncPipeline
from msrest.serialization import Deserializer, Serializer

from bot.channel.errors import Refused
from bot.channel.sender import TokenPolicy, WireSender
from bot.channel.settings import ChannelSettings
from bot.channel.tokens import TokenSource

_USER_AGENT = "Stafett"
_MOST_CLIENTS = 64  # Teams uses a handful of service URLs (region and tenant); the host list bounds them already


class Received(dict[str, Any]):
    """The connector's answer as it came; `id` is what the SDK's own code asks for."""

    @property
    def id(self) -> str:
        """The activity's or conversation's id, empty when the connector gave none."""
        return str(self.get("id") or "")


class PlainSerializer(Serializer):
    """Bodies that are JSON objects already go through untouched; a model, from SDK code in a turn, is written out."""

    def body(self, data: Any, data_type: str, **kwargs: Any) -> dict[str, Any]:
        """The JSON object to send."""
        written: dict[str, Any] = data if isinstance(data, dict) else data.serialize()
        return written


class PlainDeserializer(Deserializer):
    """The answer's JSON object, not poured into a model: models drop the properties that they do not know."""

    def __call__(self, target_obj: Any, response_data: Any, content_type: str | None = None) -> Received:
        """The answer as it came."""
        return Received(response_data.content)


class PlainConnectorClient(ConnectorClient):  # type: ignore[misc]  # the SDK carries no types
    """The SDK's client with conversations that speak plain JSON."""

    def __init__(self, config: BotFrameworkConnectorConfiguration) -> None:
        super().__init__(None, custom_configuration=config)
        serializer = PlainSerializer()  # type: ignore[no-untyped-call]
        deserializer = PlainDeserializer()  # type: ignore[no-untyped-call]
        self.conversations = ConversationsOperations(self._client, self.config, serializer, deserializer)


class Connectors(ConnectorFactory):  # type: ignore[misc]
    """Clients by service URL, for this app alone; the longest unused is dropped when there are too many."""

    def __init__(self, settings: ChannelSettings, tokens: TokenSource, sender: WireSender) -> None:
        self._settings = settings
        self._tokens = tokens
        self._sender = sender
        self._clients: OrderedDict[str, PlainConnectorClient] = OrderedDict()

    async def create(self, service_url: str, audience: str | None = None) -> PlainConnectorClient:
        """The SDK's way in. The audience is always the channel's own. Raises Refused."""
        return self.client(service_url)

    def client(self, service_url: str) -> PlainConnectorClient:
        """The client for a service URL. Raises Refused when its host is not on our list."""
        client = self._clients.get(service_url)
        if client is None:
            if not self._settings.serves(service_url):
                raise Refused("service_host")
            client = self._clients[service_url] = self._build(service_url)
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)
        self._clients.move_to_end(service_url)
        return client

    def _build(self, service_url: str) -> PlainConnectorClient:
        # The SDK wants a credentials object; the token is put on by our policy. Handed over as credentials the policy
        # would also be linked into the client's unused default pipeline and send through that one's sender.
        config = BotFrameworkConnectorConfiguration(
            MicrosoftAppCredentials.empty(), service_url, pipeline_type=self._pipeline, sender=self._sender
        )
        config.add_user_agent(_USER_AGENT)
        return PlainConnectorClient(config)

    @property
    def _pipeline(self) -> Callable[[Any], AsyncPipeline[Any, Any]]:
        return lambda config: AsyncPipeline([config.user_agent_policy, TokenPolicy(self._tokens)], self._sender)
