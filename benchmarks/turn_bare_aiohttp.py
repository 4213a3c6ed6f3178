"""The floor: a bare aiohttp handler behind the same inbound token check. It parses JSON and posts one reply.

    python -m benchmarks.turn_bare_aiohttp PORT METADATA_URL

No SDK, no database, no outbox: what is left is HTTP, JSON and the token check, which every bot must pay for.
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from benchmarks.far import APP_ID, TENANT
from bot.channel.inbound_auth import InboundAuth, Unauthorized
from bot.channel.settings import ChannelSettings, ClientSecret
from bot.channel.wire import Wire


def reply_to(activity: dict[str, Any]) -> dict[str, Any]:
    """The echo of one message, as JSON."""
    return {
        "type": "message",
        "from": activity["recipient"],
        "recipient": activity["from"],
        "conversation": activity["conversation"],
        "replyToId": activity["id"],
        "text": f"Echo: {activity['text']}",
    }


async def serve(port: int, metadata: str) -> None:
    """Serve on loopback until stopped."""
    settings = ChannelSettings(
        app_id=APP_ID,
        tenant_id=TENANT,
        credentials=ClientSecret(value="unused"),
        service_hosts=frozenset({"127.0.0.1"}),
        openid_metadata=metadata,
    )
    wire = Wire(settings)
    check = InboundAuth(settings, wire, lambda: datetime.now(UTC)).check

    async def messages(request: web.Request) -> web.Response:
        activity = await request.json()
        try:
            await check(request.headers.get("Authorization"), activity)
        except Unauthorized:
            return web.Response(status=401)
        talk = f"v3/conversations/{activity['conversation']['id']}/activities/{activity['id']}"
        async with wire.session().post(activity["serviceUrl"] + talk, json=reply_to(activity)) as answer:
            await answer.read()
        return web.Response(status=200)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
