"""botbuilder's connector clients: one for each service URL, kept, with our own call in the pipeline.

Kept from the SDK: its operations (addresses, verbs, headers), request builder and pipeline. Not kept: its serialising
of Activity, which takes longer than all the rest of a turn and loses properties that it does not know. Our activities
are plain JSON objects already, so the client's serialiser lets these through as they are and its deserialiser hands the
answer over as it came.
"""

from typing import Any

from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from botframework.connector.auth import ConnectorFactory, MicrosoftAppCredentials
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.serialization import Deserializer, Serializer
from msrest.universal_http.async_abc import AsyncClientResponse

from bot.channel.call import Caller, Reply
from bot.channel.sdk import PerService
from bot.channel.settings import ChannelSettings


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
    """Clients by service URL, for this app alone."""

    def __init__(self, settings: ChannelSettings, caller: Caller) -> None:
        self._sender = CallSender(caller)
        self._kept = PerService(settings, self._build)

    async def create(self, service_url: str, audience: str | None = None) -> PlainConnectorClient:
        """The SDK's way in. The audience is always the channel's own. Raises Refused."""
        return self.client(service_url)

    def client(self, service_url: str) -> PlainConnectorClient:
        """The client for a service URL. Raises Refused when its host is not on our list."""
        return self._kept.client(service_url)

    def _build(self, service_url: str) -> PlainConnectorClient:
        # The SDK wants a credentials object; the token is put on by our own call.
        config = BotFrameworkConnectorConfiguration(
            MicrosoftAppCredentials.empty(), service_url, pipeline_type=self._pipeline, sender=self._sender
        )
        return PlainConnectorClient(config)

    def _pipeline(self, _config: Any) -> AsyncPipeline[Any, Any]:
        return AsyncPipeline([], self._sender)


class CallSender(AsyncHTTPSender[Any, Any]):
    """Our call at the end of the SDK's pipeline. The SDK's own senders hold a thread for each call, or send neither
    body nor headers."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def __aexit__(self, *exc_details: object) -> None:
        """The session belongs to the door, which closes it."""

    async def send(self, request: Request[Any], **config: Any) -> Response[Any, Any]:
        """The answer to one request. Raises ChannelError."""
        http = request.http_request
        reply = await self._caller.call(http.method, http.url, http.data, http.headers)
        return Response(request, CallResponse(http, reply))


class CallResponse(AsyncClientResponse):
    """A reply by the names that the SDK looks for."""

    def __init__(self, request: Any, reply: Reply) -> None:
        super().__init__(request, reply)
        self.status_code, self.reason, self.headers = reply.status, reply.reason, dict(reply.headers)
        self._reply = reply

    def body(self) -> bytes:
        """The whole body."""
        return self._reply.body

    @property
    def content(self) -> dict[str, Any]:
        """The body as a JSON object."""
        return self._reply.content()
