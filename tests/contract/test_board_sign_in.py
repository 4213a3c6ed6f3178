"""Signing in to the board: whose token opens it, and what the cookie it gives is good for. Over real HTTP."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import jwt
import pytest
from board_tab import DOMAIN, Tab, served
from counterpart import APP_ID, TENANT, Clock, Counterpart
from cryptography.hazmat.primitives.asymmetric import rsa
from databases import new_sqlite
from harness import settings
from people import leaves
from sqlalchemy import Connection, delete
from town import Town

from bot.board import session
from bot.board.board import PATH
from bot.board.tabs import TABS
from bot.channel.settings import ChannelSettings
from cases import tables as t
from cases.directory import roster_changed

OTHER = "11111111-2222-4333-8444-555555555555"
URGENT = {"need_category": "toilet", "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30",
          "noticed_by_role": "care_worker"}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Any:
    made = Town(new_sqlite(tmp_path), "2026-11-16 09:00")
    for who, case in ((made.sara, "NK-2041"), (made.karim, "NK-2042")):
        who.begins("urgent_lasting", case, **URGENT)
        who.presses("Skicka")
    clock.now = made.clock.time
    yield made
    made.close()


@pytest.fixture
async def tab(town: Town, far: Counterpart, tmp_path: Path) -> AsyncIterator[Tab]:
    async with served(town, far, settings(far), tmp_path) as made:
        yield made


async def test_a_token_of_either_version_gives_a_cookie_and_the_cookie_the_persons_own_page(tab: Tab) -> None:
    first = tab.token(aud=f"api://{DOMAIN}/{APP_ID}", iss=f"https://sts.windows.net/{TENANT}/")
    for token in (tab.token(), first, tab.token(aud=f"api://{DOMAIN}/botid-{APP_ID}")):
        status, cookie = await tab.signs_in(token)
        assert status == 204
        assert cookie.startswith("__Host-tavlan=")
        assert cookie.partition("; ")[2] == "Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None; Partitioned"
        status, text = await tab.page(cookie)
        assert status == 200
        assert "Anna Berg" in text and "NK-2041" in text and "Johan Nyman" not in text
        assert f"https://teams.microsoft.com/l/chat/0/0?users=28:{APP_ID}&amp;message=ST-" in text


REFUSED: dict[str, Callable[[Tab, rsa.RSAPrivateKey], str]] = {
    "no token": lambda tab, _: "",
    "garbage": lambda tab, _: "a.b.c",
    "a key of one's own": lambda tab, own: jwt.encode(
        tab.far.claims(**tab.claims()), own, algorithm="RS256", headers={"kid": tab.far.kid}),
    "expired": lambda tab, _: tab.token(exp=int(tab.far.clock().timestamp()) - 301),
    "not yet": lambda tab, _: tab.token(nbf=int(tab.far.clock().timestamp()) + 400),
    "for another app": lambda tab, _: tab.token(aud=OTHER),
    "for another domain": lambda tab, _: tab.token(aud=f"api://annan.example/{APP_ID}"),
    "for two at once": lambda tab, _: tab.token(aud=[APP_ID, OTHER]),
    "for Graph": lambda tab, _: tab.token(aud="https://graph.microsoft.com"),
    "another tenant's": lambda tab, _: tab.token(tid=OTHER, iss=f"{tab.far.login}/{OTHER}/v2.0"),
    "another tenant by its own word": lambda tab, _: tab.token(tid=OTHER),
    "another issuer": lambda tab, _: tab.token(iss=f"https://login.example/{TENANT}/v2.0"),
    "the channel's own": lambda tab, _: tab.far.token(),
    "an app's own": lambda tab, _: tab.token(scp=None, roles=["access_as_user"]),
    "an app's with a scope": lambda tab, _: tab.token(idtyp="app"),
    "for something else": lambda tab, _: tab.token(scp="User.Read access_as_user_not"),
    "of nobody": lambda tab, _: tab.token(oid=None),
    "of no word": lambda tab, _: tab.token(oid=["a"]),
}  # fmt: skip


async def test_no_other_token_opens_it(tab: Tab, rsa_keys: Sequence[rsa.RSAPrivateKey]) -> None:
    found = {name: await tab.signs_in(make(tab, rsa_keys[1])) for name, make in REFUSED.items()}
    assert {name: answer for name, answer in found.items() if answer != (401, "")} == {}
    assert tab.far.calls == []


async def test_a_key_that_the_tenant_has_changed_to_is_found(
    tab: Tab, clock: Clock, rsa_keys: Sequence[rsa.RSAPrivateKey]
) -> None:
    assert (await tab.signs_in(tab.token()))[0] == 204
    tab.far.rotate(rsa_keys[1], "key-2")
    clock.forward(minutes=2)
    tab.town.clock.time = clock.now
    assert (await tab.signs_in(tab.token()))[0] == 204


async def test_somebody_the_roster_does_not_know_is_refused_and_it_is_noted(tab: Tab) -> None:
    assert await tab.signs_in(tab.token(4711)) == (403, "")
    denied = [row for row in tab.town.rows(t.audit) if row.action == "denied"]
    assert [(row.person_id, row.reason, row.channel) for row in denied] == [(None, "unknown_person", "board")]


async def test_a_cookie_is_good_for_an_hour_and_only_as_it_was_given(tab: Tab) -> None:
    cookie = await tab.as_person(6)
    name, _, value = cookie.partition(";")[0].partition("=")
    others = session.made(b"another key", 6, tab.town.clock.machine())
    for forged in ("", "x", value[:-4], value.swapcase(), "A" * len(value), others, "å", value + value):
        status, text = await tab.page(f"{name}={forged}")
        assert status == 200 and "Loggar in dig" in text and "NK-" not in text, forged
    tab.town.clock.time += session.LASTS
    assert "Loggar in dig" in (await tab.page(cookie))[1]


async def test_whoever_leaves_sees_nothing_more_though_the_cookie_lives(tab: Tab) -> None:
    cookie = await tab.as_person(6)
    tab.town.store.transaction(lambda tx: leaves(tx, 6))
    status, text = await tab.page(cookie)
    assert status == 404 and "NK-" not in text and "Anna" not in text


async def test_without_a_role_there_is_no_board(tab: Tab) -> None:
    cookie = await tab.as_person(6)

    def no_role(tx: Connection) -> None:
        tx.execute(delete(t.role).where(t.role.c.person_id == 6))
        roster_changed(tx)

    tab.town.store.transaction(no_role)
    status, text = await tab.page(cookie)
    assert status == 404 and "NK-" not in text
    assert [row.reason for row in tab.town.rows(t.audit) if row.action == "denied"] == ["board_mine"]


async def test_another_unit_sees_nothing_of_it_on_any_page(tab: Tab) -> None:
    """Birgitta leads the other provider, Lena works in hemgångsteamet, Olle is Birgitta's administrator."""
    for who in (4, 5, 10):
        cookie = await tab.as_person(who)
        for one in TABS:
            status, text = await tab.page(cookie, f"/{one.path}" if one.path else "")
            assert status in (200, 404), one.path
            assert "NK-20" not in text and "ST-" not in text and "Hemtjänst Norr" not in text, (who, one.path)


async def test_each_look_is_in_the_account(tab: Tab) -> None:
    cookie = await tab.as_person(8)
    for one in TABS:
        assert (await tab.page(cookie, f"/{one.path}" if one.path else ""))[0] == (404 if one.path == "jouren" else 200)
    noted = [(row.action, row.reason) for row in tab.town.rows(t.audit) if row.channel == "board"]
    assert noted == [("denied" if one.path == "jouren" else "view", one.code) for one in TABS]


async def test_only_teams_may_have_it_in_a_frame_and_nothing_comes_from_elsewhere(tab: Tab) -> None:
    cookie = await tab.as_person(6)
    for told in ({"Cookie": cookie.partition(";")[0]}, {}):
        async with tab.client.get(tab.url + PATH, headers=told) as answer:
            policy, text = answer.headers["Content-Security-Policy"], await answer.text()
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';") and "unsafe" not in policy
        assert "frame-ancestors https://*.cloud.microsoft https://teams.microsoft.com https://*.teams.m" in policy
        assert "<script>" not in text and "style=" not in text and "onclick" not in text
    async with tab.client.get(f"{tab.url}/integritet") as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_the_demos_way_in_is_there_on_this_machine_alone(tab: Tab, tmp_path: Path) -> None:
    assert (await tab.page(path="/som/6"))[0] == 404, "where there is sign-in there is no other way"
    async with served(tab.town, tab.far, ChannelSettings(demo=True), tmp_path) as demo:
        status, text = await demo.page(path="/som/6")
        assert status == 200 and "Anna Berg" in text
        assert (await demo.page(path="/som/4711"))[0] == 404
        assert "Sara Lind" in (await demo.page())[1]
        assert (await demo.page(path="/som/6", Host="stafett.kommun.example"))[0] == 403
        assert (await demo.signs_in(tab.token()))[0] in (404, 405)


async def test_where_teams_opens_it_nobody_is_known_by_the_cookie_of_whoever_was_here_before(tab: Tab) -> None:
    cookie = await tab.as_person(6)
    status, text = await tab.page(cookie, "/oppna")
    assert status == 200 and "Loggar in dig" in text and "Anna" not in text and "NK-" not in text


async def test_a_person_may_not_read_without_end(town: Town, far: Counterpart, tmp_path: Path) -> None:
    async with served(town, far, settings(far, turns_per_minute=3), tmp_path) as tab:
        anna, johan = await tab.as_person(6), await tab.as_person(7)
        found = [(await tab.page(anna))[0] for _ in range(4)]
        assert found == [200, 200, 200, 429]
        assert (await tab.page(johan))[0] == 200, "each by themselves"
        assert len([row for row in town.rows(t.audit) if row.channel == "board" and row.person_id == 6]) == 3
