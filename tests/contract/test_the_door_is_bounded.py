"""What is too big, too deep, too wide or too often is refused before it costs anything, and nobody else notices."""

import asyncio
import gzip
import json
import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from activities import executed, typed
from harness import House, Open, settings

from bot.channel.body import MOST_BYTES
from bot.channel.rates import Buckets

PATIENCE = 10.0  # seconds


async def _raw(house: House, head: dict[str, str], body: bytes = b"") -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request that is never finished."""
    where = urlsplit(house.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    given = {"Host": where.netloc, "Content-Type": "application/json", **head}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    writer.write(f"POST {where.path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    await writer.drain()
    async with asyncio.timeout(PATIENCE):  # a server that waits for the rest has failed
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    writer.close()
    return int(first.split()[1]), dict(line.split(": ", 1) for line in rest if line)


async def test_a_body_that_says_it_is_too_big_is_413_before_any_of_it_has_come(house: House) -> None:
    good = {"Authorization": f"Bearer {house.far.token()}"}
    assert (await _raw(house, {**good, "Content-Length": str(10**9)}))[0] == 413
    assert (await _raw(house, {**good, "Content-Length": str(MOST_BYTES + 1)}))[0] == 413


async def test_a_body_that_does_not_say_how_big_it_is_is_413_when_it_has_been_too_big(house: House) -> None:
    chunk = b"%x\r\n%s\r\n" % (MOST_BYTES + 1, b" " * (MOST_BYTES + 1))
    good = {"Authorization": f"Bearer {house.far.token()}", "Transfer-Encoding": "chunked"}
    assert (await _raw(house, good, chunk))[0] == 413


async def test_a_packed_body_is_measured_unpacked(house: House) -> None:
    headers = {
        "Authorization": f"Bearer {house.far.token()}", "Content-Type": "application/json", "Content-Encoding": "gzip",
    }  # fmt: skip
    bomb = gzip.compress(b" " * 20_000_000)
    assert len(bomb) < MOST_BYTES
    assert (await house.post(None, json=None, data=bomb, headers=headers))[0] == 413
    fits = gzip.compress(json.dumps(typed(house.far.service_url)).encode())
    assert (await house.post(None, json=None, data=fits, headers=headers))[0] == 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_packed_as_it_says_is_400(house: House, encoding: str) -> None:
    headers = {
        "Authorization": f"Bearer {house.far.token()}", "Content-Type": "application/json",
        "Content-Encoding": encoding,
    }  # fmt: skip
    plain = json.dumps(typed(house.far.service_url)).encode()
    for body in (plain, gzip.compress(plain)[:-20], b"\x1f\x8b\x08" + bytes(40)):
        assert (await house.post(None, json=None, data=body, headers=headers))[0] == 400
    assert house.came == []


async def test_nothing_of_a_strangers_body_is_read(house: House) -> None:
    assert (await _raw(house, {"Content-Length": str(10**9)}))[0] == 401
    assert (await _raw(house, {"Authorization": "Bearer x", "Transfer-Encoding": "chunked"}))[0] == 401


def _nested(opens: bytes, closes: bytes, depth: int) -> bytes:
    return b'{"value":' + opens * depth + closes * depth + b"}"


BOMBS = {
    "deep lists": _nested(b"[", b"]", 100_000),
    "lists a little too deep": _nested(b"[", b"]", 41),
    "objects a little too deep": b'{"a":' * 41 + b"1" + b"}" * 41,
    "wide": b'{"value":[' + b"0," * 10_001 + b"0]}",
    "many empty lists": b'{"value":[' + b"[]," * 80_000 + b"0]}",
    "not a number": b'{"value":NaN}',
    "endless": b'{"value":-Infinity}',
    "a number of 200,000 digits": b'{"value":' + b"1" * 200_000 + b"}",
    "not UTF-8": b'{"text":"\xff\xfe"}',
    "cut short": b'{"text":"a',
    "UTF-16": '{"text":"a"}'.encode("utf-16"),
    "a mark of the order of bytes": b'\xef\xbb\xbf{"text":"a"}',
    "two objects": b"{}{}",
}


async def test_a_body_that_is_a_bomb_is_400(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.far.token()}", "Content-Type": "application/json"}
    for name, body in BOMBS.items():
        assert len(body) <= MOST_BYTES
        assert (await house.post(None, json=None, data=body, headers=headers))[0] == 400, name
    assert (await house.post(typed(house.far.service_url)))[0] == 200


async def test_signs_that_no_database_keeps_are_left_out_and_the_rest_is_taken(house: House) -> None:
    made = executed(house.far.service_url)
    made["value"]["action"]["data"] = {"thread": 7, "not\0e": "a\0b \ud800 \U0001f600", "many": ["\udfff"]}
    raw = json.dumps(made).encode()
    headers = {"Authorization": f"Bearer {house.far.token()}", "Content-Type": "application/json"}
    assert (await house.post(None, json=None, data=raw, headers=headers))[0] == 200
    assert house.came[0].data == {"verb": "take", "thread": 7, "note": "ab \ufffd \U0001f600", "many": ["\ufffd"]}


# --- how often ---------------------------------------------------------------------------------------------------


def _by(house: House, who: str, number: int, **changes: Any) -> dict[str, Any]:
    conversation = {"conversationType": "personal", "id": f"a:{who}"}
    return typed(
        house.far.service_url, **{"id": f"{who}{number}", "from": {"id": who}, "conversation": conversation} | changes
    )


async def test_a_programme_that_has_run_wild_is_told_to_wait_and_nobody_else_is(open_house: Open) -> None:
    house = await open_house(turns_per_minute=12)
    found = [(await house.post(_by(house, "29:wild", n)))[0] for n in range(14)]
    assert found == [200] * 12 + [429] * 2
    async with house.client.post(
        house.url, json=_by(house, "29:wild", 20), headers={"Authorization": f"Bearer {house.far.token()}"}
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "5")
    assert (await house.post(_by(house, "29:calm", 1)))[0] == 200
    house.clock.forward(seconds=5)
    assert [(await house.post(_by(house, "29:wild", n)))[0] for n in (30, 31)] == [200, 429]
    assert len(house.came) == 14


async def test_one_conversation_and_what_a_client_does_by_itself_are_counted_apart(open_house: Open) -> None:
    house = await open_house(turns_per_minute=3)
    shared = {"conversationType": "groupChat", "id": "19:shared"}
    found = [(await house.post(_by(house, f"29:{n}", n, conversation=shared)))[0] for n in range(4)]
    assert found == [200, 200, 200, 429]
    refreshed = executed(house.far.service_url)
    refreshed["value"]["trigger"] = "automatic"
    assert [(await house.post({**refreshed, "id": f"r{n}"}))[0] for n in range(4)] == [200, 200, 200, 429]
    assert (await house.post(executed(house.far.service_url, id="pressed")))[0] == 200


async def test_whoever_presses_in_a_hurry_at_night_is_never_cut_off(house: House) -> None:
    """As shipped: forty presses in the same second, and then four a second for as long as it takes."""
    assert {(await house.post(executed(house.far.service_url, id=str(n))))[0] for n in range(40)} == {200}
    buckets, who = Buckets(settings(house.far).turns_per_minute, house.clock), "29:hurried"
    for _ in range(40):
        assert buckets.take(who) == 0
    for _ in range(600):
        house.clock.forward(seconds=1)
        assert [buckets.take(who) for _ in range(4)] == [0] * 4


async def test_a_stranger_who_keeps_on_is_told_to_wait_and_the_log_is_spared(
    open_house: Open, caplog: pytest.LogCaptureFixture
) -> None:
    house = await open_house(refusals_per_minute=6)
    caplog.set_level(logging.DEBUG, logger="bot")
    found = [(await house.post(typed(house.far.service_url), token="x"))[0] for _ in range(20)]
    assert found == [401] * 6 + [429] * 14
    assert len(caplog.records) == 6
    assert (await house.post(typed(house.far.service_url)))[0] == 200, "from the same address, with a good token"
    async with house.client.get(house.url.replace("/messages", "/nothing")) as answer:
        assert (answer.status, answer.headers["Retry-After"], await answer.read()) == (429, "10", b"")
    house.clock.forward(seconds=10)
    assert (await house.post(typed(house.far.service_url), token="x"))[0] == 401
    house.clock.forward(hours=-2)
    assert (await house.post(typed(house.far.service_url), token="x"))[0] == 429, "a clock set back opens nothing"


async def test_behind_proxies_strangers_are_told_apart_by_what_our_own_proxy_says(open_house: Open) -> None:
    house = await open_house(refusals_per_minute=1, proxies=1)

    async def knocks(told: str) -> int:
        status: int = (await house.post(typed(house.far.service_url), headers={"X-Forwarded-For": told}))[0]
        return status

    assert [await knocks("192.0.2.1"), await knocks("192.0.2.1:4711")] == [401, 429]
    assert await knocks("198.51.100.9, 192.0.2.1") == 429, "what the stranger says of itself counts for nothing"
    assert await knocks("192.0.2.2") == 401
    assert [await knocks("2001:db8::1"), await knocks("[2001:db8::2]:99"), await knocks("2001:db8:0:1::1")] == [
        401, 429, 401,
    ]  # fmt: skip
    assert [await knocks("something else"), await knocks("::ffff:192.0.2.2")] == [401, 429]
