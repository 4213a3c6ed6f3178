"""The board over HTTP: signing in, the pages, and what they fetch. Nobody is believed to be anybody without a token.

In Teams the tab gets a token of the signed-in person, hands it in once, and gets a cookie for an hour; from then on
plain links will do, without any script. In the demo, which listens on loopback alone, the person stands in the address.
"""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection

from bot.board import session
from bot.board.assets import PATH as FILES
from bot.board.assets import USUAL, Assets
from bot.board.drawing import THEMES, Drawing
from bot.board.look import Looked, look
from bot.board.sign_in import SignIn
from bot.board.tabs import TABS
from bot.channel.bearer import Unauthorized, demand_loopback
from bot.channel.rates import Buckets
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire
from bot.clock import Clock
from bot.front import FRAMED
from cases import account, calendar_link, people
from cases.record import Record
from cases.store import Store

_LOG = logging.getLogger("stafett.board")

PATH = "/tavlan"
SIGN_IN = f"{PATH}/in"
OPEN = f"{PATH}/oppna"  # where Teams opens the tab: whoever has it open now signs in, whosever the cookie is
# The hosts of Teams' own clients. Source: learn.microsoft.com, «tab-requirements».
_HOSTS = "https://*.cloud.microsoft https://teams.microsoft.com https://*.teams.microsoft.com"
_MOST_PAGES = 200
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_PAGES = "|".join(one.path for one in TABS if one.path)

_NOBODY = "Stafett känner inte igen dig än. Skriv hej till Stafett i chatten, och öppna Tavlan igen."
_TOO_OFTEN = "Det blev för många sidor på en gång. Vänta en minut och försök igen."
_NO_PAGE = "Sidan finns inte, eller är inte din. Fråga din chef om du saknar en roll i Stafett."


@dataclass(frozen=True, kw_only=True)
class BoardSettings:
    """`domain` is the public host name, `teams_script` Microsoft's script for tabs where it does not lie as usual."""

    domain: str = ""
    teams_script: Path | None = None


class Board:
    """The personal tab of everybody. `chat_at` gives, in the demo, where a person's chat is."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, channel: ChannelSettings, settings: BoardSettings | None
    ) -> None:  # fmt: skip
        told = settings or BoardSettings()
        self._store, self._record, self._clock, self._channel = store, record, clock, channel
        self._assets = Assets(None if channel.demo else told.teams_script or USUAL)
        self._drawing = Drawing(self._assets.addresses)
        self._wire = Wire(channel)
        self._sign_in = SignIn(channel, self._wire, clock.machine, told.domain)
        self._key = b""
        self._looks = None if channel.demo else Buckets(channel.turns_per_minute, clock.machine)
        self.chat_at: Callable[[int], str] = lambda _person: ""

    def add_to(self, app: web.Application) -> None:
        """Serve the board; in the demo with the person in the address, and without any sign-in."""
        app.router.add_get(f"{FILES}{{name}}", self._assets.answer)
        if self._channel.demo:
            app.router.add_get(PATH, self._dressed(self._everybody))
            base = f"{PATH}/som/{{person:[0-9]{{1,9}}}}"
        else:
            app.router.add_post(SIGN_IN, self._signs_in)
            app.router.add_get(OPEN, self._dressed(self._opens))
            base = PATH
        app.router.add_get(base, self._dressed(self._page))
        app.router.add_get(f"{base}/{{page:{_PAGES}}}", self._dressed(self._page))

    async def close(self) -> None:
        await self._wire.close()

    # --- who ----------------------------------------------------------------------------------------------------

    async def _signs_in(self, request: web.Request) -> web.Response:
        """A token for a cookie. 401 for a token that is not good, 403 for somebody the roster does not know."""
        try:
            who = await self._sign_in.of(request)
        except Unauthorized as fault:
            _LOG.info("sign-in refused: %s", fault.reason)
            return web.Response(status=401)
        person_id = await self._store.run(lambda tx: self._known(tx, who.object_id))
        if person_id is None:
            return web.Response(status=403)
        value = session.made(await self._signing_key(), person_id, self._clock.machine())
        return web.Response(status=204, headers={"Set-Cookie": session.header(value)})

    def _known(self, tx: Connection, object_id: str) -> int | None:
        """Whoever has this id in the directory. Somebody who is in the roster by user name only is bound to it in the
        chat, at their first word there: a user name in a token may be somebody else's tomorrow."""
        found = people.find(tx, aad_object_id=object_id, channel_user_id=None)
        if found is None:
            account.note(
                tx, self._clock.care(), person_id=None, action="denied", outcome="refused", reason="unknown_person",
                channel=account.BOARD, stranger=True,
            )  # fmt: skip
        return found

    async def _person(self, request: web.Request) -> int | None:
        """Who asks: by the cookie, or by the address in the demo."""
        if self._channel.demo:
            return int(request.match_info["person"])
        value = request.cookies.get(session.NAME, "")
        return session.read(await self._signing_key(), value, self._clock.machine()) if value else None

    async def _signing_key(self) -> bytes:
        """The same in every replica, and another than that of the calendar files."""
        if not self._key:
            self._key = hmac.digest(await self._store.run(calendar_link.key), b"board", "sha256")
        return self._key

    # --- pages --------------------------------------------------------------------------------------------------

    async def _opens(self, request: web.Request) -> web.Response:
        """Always the sign-in: on a tablet that several share, the cookie may be of whoever had it an hour ago."""
        return _html(self._drawing.sign_in(theme=_theme(request), can_sign_in=self._assets.can_sign_in))

    async def _page(self, request: web.Request) -> web.Response:
        theme, person_id = _theme(request), await self._person(request)
        if person_id is None:
            return _html(self._drawing.sign_in(theme=theme, can_sign_in=self._assets.can_sign_in))
        wait = self._looks.take(str(person_id)) if self._looks is not None else 0
        if wait:
            return _html(self._drawing.message("Tavlan", _TOO_OFTEN, theme=theme), 429, {"Retry-After": str(wait)})
        path, number = request.match_info.get("page", ""), _number(request)
        looked = await self._store.run(lambda tx: self._looked(tx, person_id, path, number))
        if looked is None:
            return _html(self._drawing.message("Tavlan", _NO_PAGE, theme=theme), 404)
        base = f"{PATH}/som/{person_id}" if self._channel.demo else PATH
        return _html(self._drawing.page(looked, base=base, theme=theme, chat=self._chat(person_id)))

    def _looked(self, tx: Connection, person_id: int, path: str, number: int) -> Looked | None:
        return look(tx, self._record, self._clock, person_id, path, number)

    def _chat(self, person_id: int) -> str:
        if self._channel.demo:
            return self.chat_at(person_id)
        return f"https://teams.microsoft.com/l/chat/0/0?users=28:{self._channel.app_id}&message="

    async def _everybody(self, request: web.Request) -> web.Response:
        found = await self._store.run(self._addresses)
        return _html(self._drawing.people(found, theme=_theme(request)))

    def _addresses(self, tx: Connection) -> dict[str, str]:
        directory = self._record.directory(tx)
        return {
            f"{PATH}/som/{who}": f"{person.name}, {person.title}" if person.title else person.name
            for who, person in sorted(directory.people.items())
            if directory.is_active(who) and directory.memberships(who)
        }

    def _dressed(
        self, answer: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[..., Awaitable[web.Response]]:
        """With its own word on who may have it in a frame; in the demo refused to everybody but this machine."""

        async def dressed(request: web.Request) -> web.Response:
            if self._channel.demo:
                try:
                    await demand_loopback(request)
                except Unauthorized:
                    raise web.HTTPForbidden from None
            request[FRAMED] = True
            return await answer(request)

        return dressed


def _html(text: str, status: int = 200, more: Mapping[str, str] | None = None) -> web.Response:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; "
        f"base-uri 'none'; frame-ancestors {_HOSTS}"
    )
    headers = {"Content-Security-Policy": policy, **(more or {})}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def _theme(request: web.Request) -> str:
    """The theme that Teams has told, or nothing: then the browser's own wish holds."""
    told = request.query.get("theme", "")
    return told if told in THEMES else ""


def _number(request: web.Request) -> int:
    """Which page, counted from 0; what is no such number is the first."""
    typed = request.query.get("sida", "")
    return min(int(typed), _MOST_PAGES) - 1 if _PAGE_NUMBER.fullmatch(typed) else 0
