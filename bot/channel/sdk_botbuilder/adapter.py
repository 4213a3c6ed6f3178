"""botbuilder's adapter, with the doors that we do not use closed.

The SDK carries the turn (TurnContext, middleware, invoke result) and the connector's operations. Authentication,
parsing and the writing of the HTTP answer are ours: as shipped they cannot return an invoke body, ask for a token at
each turn, and spend most of a turn's time on turning JSON into models and back.
"""

from collections.abc import Mapping
from typing import Any

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    ClaimsIdentity,
    PasswordServiceClientCredentialFactory,
)

from bot.channel.sdk import Json, Work
from bot.channel.sdk_botbuilder.connectors import Connectors
from bot.channel.settings import ChannelSettings
from bot.channel.values import Incoming


class NoUserTokens:
    """Stands where the SDK wants a client for users' tokens, which costs a token request a turn. We sign nobody in."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"user tokens are not used: {name}")


class ChannelAuthentication(ConfigurationBotFrameworkAuthentication):  # type: ignore[misc]  # the SDK carries no types
    """Hands out kept connector clients. What comes in has been checked by `InboundAuth` before the SDK sees it."""

    def __init__(self, settings: ChannelSettings, connectors: Connectors) -> None:
        # The factory is never asked: no path that makes credentials from it is left open.
        super().__init__(settings, credentials_factory=PasswordServiceClientCredentialFactory(settings.app_id))
        self._connectors = connectors
        self._audience = f"{settings.token_resource}/.default"
        self._app_id = settings.app_id

    def admitted(self, claims: Mapping[str, Any]) -> AuthenticateRequestResult:
        """What the SDK needs to know of a caller who has been let in."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({**claims, AuthenticationConstants.AUDIENCE_CLAIM: self._app_id}, True)
        result.audience = self._audience
        result.connector_factory = self._connectors
        return result

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> Connectors:
        """The one factory."""
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> NoUserTokens:
        """A guard: nobody signs in through the bot."""
        return NoUserTokens()

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Closed: requests are checked by InboundAuth. Raises PermissionError."""
        raise PermissionError("closed")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        """Closed: the channel comes over HTTP alone. Raises PermissionError."""
        raise PermissionError("closed")

    async def authenticate_channel_request(self, auth_header: str) -> Any:
        """Closed: no other bot calls this one. Raises PermissionError."""
        raise PermissionError("closed")


class ChannelAdapter(CloudAdapterBase):  # type: ignore[misc]
    """Runs a turn through the SDK's pipeline, so that its middleware works, and gives back the invoke body."""

    def __init__(self, authentication: ChannelAuthentication) -> None:
        super().__init__(authentication)
        self._authentication = authentication

    async def turn(self, claims: Mapping[str, Any], incoming: Incoming, work: Work) -> Json | None:
        """Run `work` as a turn. Its result is the body for an invoke; otherwise None comes back."""

        async def logic(context: TurnContext) -> None:
            body = await work()
            if incoming.invoke:
                result = InvokeResponse(status=200, body=body)
                # Put where the SDK looks for it, not sent as an activity: sending copies the whole card first.
                context.turn_state[self._INVOKE_RESPONSE_KEY] = Activity(value=result)

        result = await self.process_activity(self._authentication.admitted(claims), _activity(incoming), logic)
        body: Json | None = result.body if result is not None else None
        return body


def _activity(incoming: Incoming) -> Activity:
    """The SDK's model of what came in: what a turn and its middleware need, without the text and the card's data."""
    address = incoming.address
    return Activity(
        type=ActivityTypes.invoke if incoming.invoke else ActivityTypes.message,
        id=incoming.activity_id,
        channel_id="msteams",
        service_url=address.service_url,
        locale=incoming.locale,
        reply_to_id=incoming.reply_to_id,
        conversation=ConversationAccount(
            id=address.conversation_id, conversation_type=address.conversation_type, tenant_id=address.tenant_id
        ),
        from_property=ChannelAccount(id=incoming.channel_user_id, aad_object_id=incoming.aad_object_id),
        recipient=ChannelAccount(id=address.bot_id),
    )
