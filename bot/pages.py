"""The two pages that a Teams app must point to: how personal data is handled, and the terms of use."""

from collections.abc import Awaitable, Callable

from aiohttp import web

_FRAME = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Stafett</title>
<style>body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }}</style>
</head><body><main><h1>{title}</h1>{body}</main></body></html>
"""

_PRIVACY = """
<p>Stafett för meddelanden mellan hemtjänst och biståndshandläggare. Kommunens nämnd, och varje privat utförare för
sin del, är personuppgiftsansvarig.</p>
<p>Namn eller personnummer på brukare lagras aldrig. I grundläget lagras ärendenummer, tider och vilka medarbetare som
har skickat, läst och svarat. Vilka andra lägen som används har kommunen beslutat om.</p>
<p>Vem som har öppnat ett meddelande loggas. Frågor om uppgifterna ställs till kommunens dataskyddsombud.</p>
"""

_TERMS = """
<p>Stafett är till för personal inom hemtjänst och myndighetsutövning. Det är ingen larmkanal: ring 112 vid fara för
liv. Det är ingen kanal för ansökningar.</p>
<p>Skriv aldrig namn, personnummer, diagnos eller adress. Dokumentation görs i verksamhetssystemet.</p>
<p>Där rutinen säger att man ringer ska man ringa.</p>
"""


def add_pages(app: web.Application) -> None:
    """Serve both pages, without scripts and without anything from elsewhere."""
    app.router.add_get("/integritet", _page("Personuppgifter", _PRIVACY))
    app.router.add_get("/villkor", _page("Villkor", _TERMS))


def _page(title: str, body: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    html = _FRAME.format(title=title, body=body)
    policy = (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'"
    )

    async def answer(_request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=html, content_type="text/html", headers=headers)

    return answer
