"""The board behind a sign-in, in a web server, and whoever looks at it over real HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from counterpart import TENANT, Counterpart
from people import aad
from town import Town

from bot.board.board import PATH, SIGN_IN, Board, BoardSettings
from bot.channel.settings import ChannelSettings
from bot.front import Front

DOMAIN = "stafett.kommun.example"


@dataclass(kw_only=True)
class Tab:
    """The board in a web server, and whoever looks at it."""

    town: Town
    far: Counterpart
    client: aiohttp.ClientSession
    url: str

    def token(self, who: int = 6, **changes: Any) -> str:
        """What Teams gives the tab of a person (Anna) by a token of version 2."""
        return self.far.token(**self.claims(who, **changes))

    def claims(self, who: int = 6, **changes: Any) -> dict[str, Any]:
        return {"iss": f"{self.far.login}/{TENANT}/v2.0", "tid": TENANT, "oid": aad(who), "scp": "access_as_user",
                "serviceurl": None} | changes  # fmt: skip

    async def signs_in(self, token: str, **headers: str) -> tuple[int, str]:
        """The status, and the whole cookie that was set."""
        told = {"Authorization": f"Bearer {token}"} | headers
        async with self.client.post(self.url + SIGN_IN, headers=told) as answer:
            return answer.status, answer.headers.get("Set-Cookie", "")

    async def page(self, cookie: str = "", path: str = "", **headers: str) -> tuple[int, str]:
        told = ({"Cookie": cookie.partition(";")[0]} if cookie else {}) | headers
        async with self.client.get(f"{self.url}{PATH}{path}", headers=told) as answer:
            return answer.status, await answer.text()

    async def as_person(self, who: int) -> str:
        status, cookie = await self.signs_in(self.token(who))
        assert status == 204
        return cookie


def served(town: Town, far: Counterpart, chosen: ChannelSettings, folder: Path) -> "Served":
    (folder / "teams.js").write_text("/* a script */", encoding="utf-8")
    told = BoardSettings(domain=DOMAIN, teams_script=folder / "teams.js")
    return Served(town, far, chosen, Board(town.store, town.record, town.clock, chosen, told))


class Served:
    """The board while it is served."""

    def __init__(self, town: Town, far: Counterpart, chosen: ChannelSettings, board: Board) -> None:
        self.town, self.far, self.board = town, far, board
        app = Front(chosen, town.clock.machine).application()
        board.add_to(app)
        self.runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> Tab:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return Tab(town=self.town, far=self.far, client=self.client, url=url)

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()
        await self.runner.cleanup()
        await self.board.close()
