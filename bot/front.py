"""What every answer over HTTP has in common: its headers, no word of what it runs on, and patience with strangers.

A stranger is whoever gets a refusal. Each address may collect so many a minute; beyond that the answer is «too many»
and the log is spared. What is right always passes: behind a proxy everybody may come from the same address, and nobody
shall be able to shut Teams out by knocking on the same door.
"""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web, web_response
from aiohttp.typedefs import Handler, Middleware

from bot.channel.body import MOST_BYTES
from bot.channel.rates import HUSHED, Buckets
from bot.channel.settings import ChannelSettings
from bot.pages import add_pages

NAME = "Stafett"
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",  # heeded only where it came by https
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# On a request: whether its answer says itself, in its own Content-Security-Policy, who may have it in a frame. The
# older header knows no list of hosts, so such an answer goes without it.
FRAMED = web.RequestKey("framed", bool)
_REFUSALS = frozenset({401, 403, 404, 405})


def application(*middlewares: Middleware) -> web.Application:
    """An application whose every answer has the headers."""
    # The library answers what is no HTTP by itself, past every application, and names itself and its version.
    web_response.SERVER_SOFTWARE = NAME  # type: ignore[attr-defined]
    app = web.Application(client_max_size=MOST_BYTES, middlewares=middlewares)
    app.on_response_prepare.append(_dress)
    return app


class Front:
    """The front that faces the public. `now` gives the machine's time (aware)."""

    def __init__(self, settings: ChannelSettings, now: Callable[[], datetime]) -> None:
        limited = settings.refusals_per_minute and not settings.demo
        self._refusals = Buckets(settings.refusals_per_minute, now) if limited else None
        self._proxies = settings.proxies

    def application(self) -> web.Application:
        """An application for everybody, with its limits and the pages that a Teams app must point to."""
        app = application(*([_patient(self._refusals, self._proxies)] if self._refusals is not None else []))
        add_pages(app)
        return app


def peer_of(request: web.Request, proxies: int) -> str:
    """Where a request comes from: what the outermost of our own proxies says, else the socket's far end.

    Of what is told by others nothing is believed: `X-Forwarded-For` is read from its end. An IPv6 caller is the whole
    network that one subscriber has.
    """
    told = [one.strip() for line in request.headers.getall("X-Forwarded-For", []) for one in line.split(",")]
    said = told[-proxies] if 0 < proxies <= len(told) else request.remote or ""
    try:
        address = ipaddress.ip_address(_without_port(said))
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped:
        return str(mapped or address)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def _without_port(said: str) -> str:
    """Some proxies tell the port as well: 192.0.2.1:4711 or [2001:db8::1]:4711."""
    if said.startswith("["):
        return said[1:].partition("]")[0]
    return said.partition(":")[0] if said.count(":") == 1 else said.partition("%")[0]


def _patient(refusals: Buckets, proxies: int) -> Middleware:
    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        peer = peer_of(request, proxies)
        request[HUSHED] = refusals.is_empty(peer)
        try:
            answered = await handler(request)
        except web.HTTPException as refusal:
            if refusal.status not in _REFUSALS or not (wait := refusals.take(peer)):
                raise
        else:
            if answered.status not in _REFUSALS or not (wait := refusals.take(peer)):
                return answered
        return web.Response(status=429, headers={"Retry-After": str(wait)})

    return answer


async def _dress(request: web.Request, answer: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        if name != "X-Frame-Options" or not request.get(FRAMED):
            answer.headers.setdefault(name, value)
    answer.headers["Server"] = NAME
