"""The peer: a minimal echo bot on botbuilder 4.17.1 as shipped, behind the very same inbound token check as ours.

    python -m benchmarks.turn_echo_botbuilder PORT METADATA_URL

Adapter, deserialising, turn, serialising and sending are the SDK's own, untouched. Two things are settled in the peer's
favour: its own token check is left out, since ours stands in front for both sides, and it is given no credentials, so
that it asks for no token of its own (as shipped it would ask for one at each turn). The connector is the one that the
activity names.
"""

import asyncio
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import AuthenticateRequestResult, ClaimsIdentity

from benchmarks.far import APP_ID, TENANT
from bot.channel.inbound_auth import InboundAuth, Unauthorized
from bot.channel.settings import ChannelSettings, ClientSecret
from bot.channel.wire import Wire


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK carries no types
    """Says what was said."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Echo one message."""
        await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


class CheckedInFront(ConfigurationBotFrameworkAuthentication):  # type: ignore[misc]
    """The shipped authentication without its own look at the token."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """What the shipped one returns for a caller who is let in."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({}, True)
        result.audience = self.get_originating_audience()
        result.connector_factory = self.create_connector_factory(result.claims_identity)
        return result


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
    adapter = CloudAdapter(CheckedInFront(SimpleNamespace(APP_ID="", APP_PASSWORD="")))
    bot = Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        try:
            await check(request.headers.get("Authorization"), await request.json())
        except Unauthorized:
            return web.Response(status=401)
        answer: web.StreamResponse = await adapter.process(request, bot)
        return answer

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
