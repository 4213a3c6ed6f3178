"""The peer: a minimal echo on microsoft-agents-hosting-aiohttp 1.9.0 as shipped, behind the very same token check.

    python -m benchmarks.turn_echo_agents PORT METADATA_URL

Adapter, reading, turn, writing and sending are the SDK's own, untouched. As with botbuilder's echo two things are
settled in the peer's favour: its own token check is left out, since ours stands in front for all, and it is given a
token that never ends, so that it asks for none of its own.
"""

import asyncio
import sys
from datetime import UTC, datetime

from aiohttp import web
from microsoft_agents.activity import Activity
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ActivityHandler, MessageFactory, TurnContext
from microsoft_agents.hosting.core.authorization import (
    AgentAuthConfiguration,
    AnonymousTokenProvider,
    ClaimsIdentity,
    Connections,
)

from benchmarks.far import APP_ID, TENANT
from bot.channel.inbound_auth import InboundAuth, Unauthorized
from bot.channel.settings import ChannelSettings, ClientSecret
from bot.channel.wire import Wire


class Echo(ActivityHandler):
    """Says what was said."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Echo one message."""
        await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


class KeptToken(AnonymousTokenProvider):
    """A token for every call, without asking anybody."""

    async def get_access_token(self, resource_url: str, scopes: list[str], force_refresh: bool = False) -> str:
        """The one token."""
        return "bot-token"


class Kept(Connections):
    """The one provider, whoever asks."""

    def __init__(self) -> None:
        self._provider = KeptToken()

    def get_connection(self, connection_name: str) -> KeptToken:
        """The one provider."""
        return self._provider

    def get_default_connection(self) -> KeptToken:
        """The one provider."""
        return self._provider

    def get_token_provider(self, claims_identity: ClaimsIdentity, service_url: str) -> KeptToken:
        """The one provider."""
        return self._provider

    def get_token_provider_from_activity(self, claims_identity: ClaimsIdentity, activity: Activity) -> KeptToken:
        """The one provider."""
        return self._provider

    def get_default_connection_configuration(self) -> AgentAuthConfiguration:
        """Nothing but the bot's id."""
        return AgentAuthConfiguration(client_id=APP_ID)


async def serve(port: int, metadata: str) -> None:
    """Serve on loopback until stopped."""
    settings = ChannelSettings(
        app_id=APP_ID,
        tenant_id=TENANT,
        credentials=ClientSecret(value="unused"),
        service_hosts=frozenset({"127.0.0.1"}),
        openid_metadata=metadata,
    )
    check = InboundAuth(settings, Wire(settings), lambda: datetime.now(UTC)).check
    adapter, bot = CloudAdapter(connection_manager=Kept()), Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        try:
            claims = await check(request.headers.get("Authorization"), await request.json())
        except Unauthorized:
            return web.Response(status=401)
        # What the SDK's own middleware leaves behind for a caller who is let in.
        request["claims_identity"] = ClaimsIdentity(claims, "Bearer")
        return await adapter.process(request, bot) or web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
