"""microsoft-agents' adapter, with the doors that we do not use closed.

The SDK carries the turn (TurnContext, middleware, invoke result). Its own way in from HTTP is left out: our token check
and parsing stand before it, as they do before botbuilder's.
"""

from collections.abc import Mapping
from typing import Any, NoReturn, cast

from microsoft_agents.activity import Activity, ChannelAccount, ConversationAccount, InvokeResponse
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ChannelServiceClientFactoryBase, TurnContext
from microsoft_agents.hosting.core.authorization import AuthenticationConstants, ClaimsIdentity
from microsoft_agents.hosting.core.connector import ConnectorClientBase, UserTokenClientBase

from bot.channel.sdk import Json, PerService, Work
from bot.channel.sdk_agents.connectors import Connector
from bot.channel.values import Incoming


class NoUserTokens:
    """Stands where the SDK wants a client for users' tokens. We sign nobody in."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"user tokens are not used: {name}")

    async def close(self) -> None:
        """Nothing is open."""


class KeptClients(ChannelServiceClientFactoryBase):
    """Hands the SDK the connector clients that are kept."""

    def __init__(self, connectors: PerService[Connector]) -> None:
        self._connectors = connectors
        self._no_user_tokens = cast("UserTokenClientBase", NoUserTokens())

    async def create_connector_client(
        self, context: TurnContext | None, claims_identity: ClaimsIdentity, service_url: str, audience: str,
        scopes: list[str] | None = None, use_anonymous: bool = False,
    ) -> ConnectorClientBase:  # fmt: skip
        """The one for the service URL; whose token it bears is not the turn's to say. Raises Refused."""
        return self._connectors.client(service_url)

    async def create_user_token_client(
        self, context: TurnContext, claims_identity: ClaimsIdentity, use_anonymous: bool = False
    ) -> UserTokenClientBase:
        """A guard: nobody signs in through the bot."""
        return self._no_user_tokens


class ChannelAdapter(CloudAdapter):
    """Runs a turn through the SDK's pipeline, so that its middleware works, and gives back the invoke body."""

    def __init__(self, app_id: str, connectors: PerService[Connector]) -> None:
        super().__init__(channel_service_client_factory=KeptClients(connectors))
        self.on_turn_error = None  # the SDK's own prints the fault and sends its text to the person
        self._app_id = app_id

    async def process(self, request: object, agent: object) -> NoReturn:
        """Closed: requests are checked by InboundAuth. Raises PermissionError."""
        raise PermissionError("closed")

    async def turn(self, claims: Mapping[str, Any], incoming: Incoming, work: Work) -> Json | None:
        """Run `work` as a turn. Its result is the body for an invoke; otherwise None comes back."""

        async def logic(context: TurnContext) -> None:
            body = await work()
            if incoming.invoke:
                # Put where the SDK looks for it, and not checked: that would walk through the whole card.
                result = InvokeResponse.model_construct(status=200, body=body)
                context.turn_state[self.INVOKE_RESPONSE_KEY] = _ACTIVITY.model_copy(update={"value": result})

        caller = ClaimsIdentity({**claims, AuthenticationConstants.AUDIENCE_CLAIM: self._app_id}, "Bearer")
        result = await self.process_activity(caller, _activity(incoming), logic)
        return cast("Json | None", result.body) if result is not None else None


# To copy: to make one of these anew, with all its fields, takes longer than all the rest of the turn in the SDK.
_ACTIVITY = Activity.model_construct(type="message", channel_id="msteams")
_CONVERSATION = ConversationAccount.model_construct()
_ACCOUNT = ChannelAccount.model_construct()


def _activity(incoming: Incoming) -> Activity:
    """The SDK's model of what came in: what a turn and its middleware need, without the text and the card's data."""
    address = incoming.address
    where = {
        "id": address.conversation_id,
        "conversation_type": address.conversation_type,
        "tenant_id": address.tenant_id,
    }
    who = {"id": incoming.channel_user_id, "aad_object_id": incoming.aad_object_id}
    return _ACTIVITY.model_copy(
        update={
            "type": "invoke" if incoming.invoke else "message",
            "id": incoming.activity_id,
            "service_url": address.service_url,
            "locale": incoming.locale,
            "reply_to_id": incoming.reply_to_id,
            "conversation": _CONVERSATION.model_copy(update=where),
            "from_property": _ACCOUNT.model_copy(update=who),
            "recipient": _ACCOUNT.model_copy(update={"id": address.bot_id}),
        }
    )
