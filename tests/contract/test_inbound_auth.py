"""Who is let in: every bad token gets 401 with an empty body, never 500; a good one gets through."""

import base64
import hmac
import json
import logging
from collections.abc import Sequence
from typing import Any

import jwt
import pytest
from activities import activity, typed
from counterpart import APP_ID
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from harness import House, Open

from bot.channel.settings import ChannelSettings, ClientSecret, SettingsError

MINUTE = 60


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(house: House) -> str:
    return f"{_part({'alg': 'none', 'kid': house.far.kid})}.{_part(house.far.claims())}."


def _with_public_key_as_secret(house: House) -> str:
    key = house.far.signing.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{_part({'alg': 'HS256', 'kid': house.far.kid})}.{_part(house.far.claims())}"
    signature = hmac.new(key, signed.encode(), "sha256").digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _forged(house: House) -> str:
    head, _, signature = house.far.token().split(".")
    return f"{head}.{_part(house.far.claims(aud='another-bot'))}.{signature}"


def _now(house: House) -> int:
    return int(house.clock().timestamp())


TOKENS = {
    "none": lambda house: "",
    "garbage": lambda house: "abc",
    "three garbage parts": lambda house: "a.b.c",
    "header is a list": lambda house: f"{_part([])}.{_part({})}.AAAA",
    "deep header": lambda house: f"{base64.urlsafe_b64encode(b'[' * 4000).decode()}.{_part({})}.AAAA",
    "unsigned": _unsigned,
    "HS256": _with_public_key_as_secret,
    "no kid": lambda house: jwt.encode(house.far.claims(), house.far.signing, algorithm="RS256"),
    "kid is a number": lambda house: f"{_part({'alg': 'RS256', 'kid': 7})}.{_part(house.far.claims())}.AAAA",
    "unknown kid": lambda house: house.far.token(kid="someone-else"),
    "unusable published key": lambda house: house.far.token(kid="half"),
    "changed after signing": _forged,
    "payload is a list": lambda house: jwt.api_jws.encode(
        b"[]", house.far.signing, algorithm="RS256", headers={"kid": house.far.kid}
    ),
    "other issuer": lambda house: house.far.token(iss="https://sts.windows.net/x/"),
    "no issuer": lambda house: house.far.token(iss=None),
    "other audience": lambda house: house.far.token(aud="another-bot"),
    "audience list": lambda house: house.far.token(aud=[APP_ID, "another-bot"]),
    "no audience": lambda house: house.far.token(aud=None),
    "expired": lambda house: house.far.token(exp=_now(house) - 5 * MINUTE),
    "no exp": lambda house: house.far.token(exp=None),
    "exp is text": lambda house: house.far.token(exp="tomorrow"),
    "exp is true": lambda house: house.far.token(exp=True),
    "exp is not finite": lambda house: house.far.token(exp=float("nan")),
    "exp is endless": lambda house: house.far.token(exp=float("inf")),
    "exp is vast": lambda house: house.far.token(exp=10**400),
    "not yet valid": lambda house: house.far.token(nbf=_now(house) + 5 * MINUTE + 1),
    "no nbf": lambda house: house.far.token(nbf=None),
    "no service url": lambda house: house.far.token(serviceurl=None),
    "other service url": lambda house: house.far.token(serviceurl="https://smba.trafficmanager.net/emea/"),
}


@pytest.mark.parametrize("make", TOKENS.values(), ids=TOKENS.keys())
async def test_a_bad_token_is_401_with_an_empty_body(house: House, make: Any) -> None:
    assert await house.post(typed(house.far.service_url), token=make(house)) == (401, None)
    assert house.came == []


async def test_a_good_token_gets_in_and_five_minutes_of_clock_difference_are_forgiven(house: House) -> None:
    good = typed(house.far.service_url)
    now = _now(house)
    assert await house.post(good) == (200, None)
    assert await house.post(good, token=house.far.token(exp=now - 5 * MINUTE + 1)) == (200, None)
    assert await house.post(good, token=house.far.token(nbf=now + 5 * MINUTE)) == (200, None)
    assert len(house.came) == 3


ACTIVITIES: dict[str, dict[str, Any]] = {
    "no channel": {"channelId": None},
    "other channel": {"channelId": "webchat"},
    "no service url": {"serviceUrl": None},
    "service url is a number": {"serviceUrl": 7},
    "no tenant": {"channelData": None},
    "no tenant id": {"channelData": {"tenant": {}}},
    "tenant is a list": {"channelData": {"tenant": []}},
    "other tenant": {"channelData": {"tenant": {"id": "someone-elses"}}},
}


@pytest.mark.parametrize("changes", ACTIVITIES.values(), ids=ACTIVITIES.keys())
async def test_an_activity_that_is_not_ours_is_401(house: House, changes: dict[str, Any]) -> None:
    assert await house.post(typed(house.far.service_url, **changes)) == (401, None)
    assert house.came == []


@pytest.mark.parametrize("url", ["https://elsewhere.example/teams/", "http://smba.trafficmanager.net/emea/"])
async def test_a_connector_that_is_not_on_the_list_is_401_even_when_the_token_names_it(house: House, url: str) -> None:
    assert await house.post(typed(url), token=house.far.token(serviceurl=url)) == (401, None)


async def test_a_key_that_may_not_sign_for_teams_is_401(house: House) -> None:
    house.far.endorsements = ["webchat"]
    assert await house.post(typed(house.far.service_url)) == (401, None)


async def test_further_tenants_can_be_let_in(open_house: Open) -> None:
    house = await open_house(allowed_tenants=frozenset({"guest-tenant"}))
    guest = typed(house.far.service_url, channelData={"tenant": {"id": "guest-tenant"}})
    assert (await house.post(guest))[0] == 200
    assert (await house.post(typed(house.far.service_url)))[0] == 200


async def test_a_key_rotation_is_noticed_with_one_fetch_at_most_a_minute(
    house: House, rsa_keys: Sequence[rsa.RSAPrivateKey]
) -> None:
    good = typed(house.far.service_url)
    assert (await house.post(good))[0] == 200
    house.far.rotate(rsa_keys[1], "key-2")
    for _ in range(3):  # within the same minute nobody can make us fetch again
        assert (await house.post(good))[0] == 401
    assert house.far.key_requests == 1
    house.clock.forward(minutes=1)
    for _ in range(3):
        assert (await house.post(good))[0] == 200
    assert house.far.key_requests == 2
    assert (await house.post(good, token=house.far.token(kid="key-1")))[0] == 401  # the old one is withdrawn


async def test_keys_stay_in_force_while_the_publisher_is_down(house: House) -> None:
    good = typed(house.far.service_url)
    assert (await house.post(good))[0] == 200
    house.far.keys_down = True
    house.clock.forward(days=2)
    assert (await house.post(good))[0] == 200
    assert house.far.key_requests == 1


async def test_no_keys_at_start_is_401_until_the_publisher_is_back(house: House) -> None:
    house.far.keys_down = True
    good = typed(house.far.service_url)
    assert (await house.post(good))[0] == 401
    house.far.keys_down = False
    house.clock.forward(seconds=5)
    assert (await house.post(good))[0] == 200


async def test_a_refusal_is_logged_without_content(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    await house.post(typed(house.far.service_url, "Anna är sjuk"), token=house.far.token(aud="x"))
    assert [record.getMessage() for record in caplog.records] == ["inbound refused: audience"]


async def test_a_body_that_is_no_activity_is_400_with_a_token_and_401_without(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.far.token()}", "Content-Type": "application/json"}
    for body in (b"", b"{", b"[]", b"[" * 100_000, b"\xff"):
        assert (await house.post(None, json=None, data=body, headers=headers))[0] == 400
    assert (await house.post(None, json=None, data=b"{", headers={}))[0] == 401
    good = json.dumps(typed(house.far.service_url)).encode()
    as_text = {**headers, "Content-Type": "text/plain"}
    assert (await house.post(None, json=None, data=good, headers=as_text))[0] == 400
    for missing in ("from", "conversation"):
        assert (await house.post(activity(house.far.service_url, "message", **{missing: None})))[0] == 400


async def test_the_demo_takes_no_token_but_this_machine_alone(open_house: Open) -> None:
    house = await open_house(ChannelSettings(demo=True))
    good = activity(house.far.service_url, text="hjälp", channelData=None)
    assert (await house.post(good, headers={}))[0] == 200
    assert house.came[0].address.tenant_id != ""
    assert (await house.post(typed("https://smba.trafficmanager.net/emea/"), headers={}))[0] == 401
    assert (await house.post(good, headers={"Host": "attacker.example"}))[0] == 401


WRONG: dict[str, dict[str, Any]] = {
    "app_id": {"app_id": ""},
    "app_id of blanks": {"app_id": " "},
    "tenant_id": {"tenant_id": ""},
    "credentials": {"credentials": None},
    "empty secret": {"credentials": ClientSecret(value="")},
    "service_hosts": {"service_hosts": frozenset()},
    "openid_metadata": {"openid_metadata": "http://login.botframework.com/"},
    "demo with app_id": {"demo": True},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
def test_wrong_settings_stop_the_start(changes: dict[str, Any]) -> None:
    right: dict[str, Any] = {"app_id": "a", "tenant_id": "t", "credentials": ClientSecret(value="s")}
    ChannelSettings(**right)
    with pytest.raises(SettingsError):
        ChannelSettings(**{**right, **changes})


def test_a_secret_is_never_written_out() -> None:
    shown = repr(ChannelSettings(app_id="a", tenant_id="t", credentials=ClientSecret(value="hemligheten")))
    assert "hemligheten" not in shown
