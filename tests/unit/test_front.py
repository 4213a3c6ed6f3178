"""What every answer over HTTP has, from a page to a refusal: its headers, and no word of what it runs on."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from town import Town

from bot.channel.settings import ChannelSettings, ClientSecret
from bot.front import HEADERS, NAME
from bot.house import House
from bot.probes import internal_app

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SECRET = "en-hemlighet-som-inte-finns"


@pytest.fixture
async def ports(town: Town) -> AsyncIterator[tuple[str, str]]:
    """The addresses of the public port and of the operators', of a server with authentication in force."""
    settings = ChannelSettings(app_id="app", tenant_id="tenant", credentials=ClientSecret(value=SECRET))
    house = House.build(town.store, town.record, settings, town.clock, public="https://stafett.invalid")
    public, inside = house.app(), internal_app(house.health, house.metrics)
    public.on_startup.clear()  # no loops: what is asked about here is the answers alone
    public.on_cleanup.clear()

    async def breaks(_request: web.Request) -> web.Response:
        raise RuntimeError(SECRET)

    public.router.add_get("/breaks", breaks)
    runners = [web.AppRunner(app, access_log=None) for app in (public, inside)]
    for runner in runners:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    first, second = (f"http://127.0.0.1:{runner.addresses[0][1]}" for runner in runners)
    yield first, second
    for runner in runners:
        await runner.cleanup()
    await house.door.close()
    await house.jour.close()


PUBLIC = (
    ("GET", "/healthz", {200, 503}), ("GET", "/integritet", {200}), ("GET", "/villkor", {200}),
    ("GET", "/nothing", {404}), ("GET", f"/mote/{'A' * 28}.ics", {404}), ("GET", "/mote/%00.ics", {404}),
    ("GET", "/api/messages", {405}), ("POST", "/api/messages", {401}), ("POST", "/integritet", {405}),
    ("TRACE", "/", {404, 405}), ("GET", "/breaks", {500}),
)  # fmt: skip


async def test_every_answer_has_the_headers_and_no_banner(ports: tuple[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        inside = [("GET", path, {200, 503, 404}) for path in ("/healthz", "/readyz", "/metrics", "/nothing")]
        for base, asked in ((ports[0], PUBLIC), (ports[1], inside)):
            for method, path, wanted in asked:
                async with session.request(method, base + path) as answer:
                    body = await answer.text()
                    assert answer.status in wanted, path
                    for name, value in HEADERS.items():
                        assert value in answer.headers.get(name, ""), (path, name)
                    assert answer.headers["Server"] == NAME
                    assert not [word for word in ("aiohttp", "Python", "Traceback", SECRET) if word in body], path


async def test_a_page_takes_nothing_from_elsewhere_and_runs_nothing(ports: tuple[str, str]) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{ports[0]}/integritet") as answer:
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert not [part for part in policy if part.startswith("script-src")]
        body = await answer.text()
        assert "<script" not in body and "src=" not in body and "http" not in body


async def test_what_is_for_operators_is_not_on_the_public_port(ports: tuple[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/metrics", "/readyz", "/metrics/", "//metrics", "/%6detrics", "/integritet/../metrics"):
            async with session.get(ports[0] + path) as answer:
                assert answer.status == 404, path
                assert b"stafett_" not in await answer.read()
        async with session.get(ports[1] + "/metrics") as answer:
            assert answer.status == 200 and b"stafett_" in await answer.read()
        async with session.post(ports[1] + "/api/messages") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    "sent", [b"NO HTTP AT ALL\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"]
)
async def test_what_is_no_http_learns_nothing_either(ports: tuple[str, str], sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(ports[0].rpartition(":")[2]))
    writer.write(sent + b"\r\n\r\n")
    told = await reader.read()
    writer.close()
    assert b"400" in told.splitlines()[0]
    assert f"Server: {NAME}".encode() in told and b"aiohttp" not in told and b"Python" not in told
