"""What the board is measured on: its pages on a record that is there, or with `bare` a page of aiohttp alone.

    python -m benchmarks.board_server PORT METADATA_URL DATABASE_URL|bare CARE_TIME

The pages are the demo's, where the person stands in the address: what is left out is the check of a cookie.
"""

import asyncio
import sys
from datetime import datetime

from aiohttp import web

from benchmarks import town
from bot.channel.settings import ChannelSettings
from bot.house import House, build_record
from cases.store import Store

BARE = "bare"
_PAGE = "<!doctype html><title>Tavlan</title>" + "<p>En rad som står där.</p>" * 400  # as long as a page of the board


async def _bare(_request: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")


def _application(what: str, since: datetime) -> web.Application:
    if what == BARE:
        app = web.Application()
        app.router.add_get("/{rest:.*}", _bare)
        return app
    house = House.build(Store(what), build_record(), ChannelSettings(demo=True), town.clock_at(since))
    app = house.app()
    app.on_startup.clear()  # no loops: pages alone
    return app


async def _serve(port: int, what: str, since: datetime) -> None:
    runner = web.AppRunner(_application(what, since), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[3], datetime.fromisoformat(sys.argv[4])))
