"""What somebody who knows the format, and has keys of their own, may try: 401 each time, and never 500."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import jwt
from activities import submitted, typed
from counterpart import TENANT
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from harness import House
from jwt.algorithms import RSAAlgorithm

Make = Callable[[House, rsa.RSAPrivateKey], str]


def _part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(house: House, key: Any, algorithm: str = "RS256", **header: Any) -> str:
    return jwt.encode(house.far.claims(), key, algorithm=algorithm, headers={"kid": house.far.kid, **header})


def _by_secret(house: House, secret: bytes, **header: Any) -> str:
    """A token whose «secret» is what everybody can read: the public key in one form or another."""
    signed = f"{_part({'alg': 'HS256', 'kid': house.far.kid, **header})}.{_part(house.far.claims())}"
    return f"{signed}.{_part(hmac.new(secret, signed.encode(), 'sha256').digest())}"


def _public(house: House, encoding: serialization.Encoding, form: serialization.PublicFormat) -> bytes:
    return house.far.signing.public_key().public_bytes(encoding, form)


def _jwk(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    return {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": "key-1", "endorsements": ["msteams"]}


def _elliptic(house: House, alg: str) -> str:
    """Signed with an elliptic key, whatever the header says of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    real = jwt.encode(house.far.claims(), key, algorithm="ES256", headers={"kid": house.far.kid})
    return f"{_part({'alg': alg, 'typ': 'JWT', 'kid': house.far.kid})}.{real.partition('.')[2]}"


_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM
_TWO = b'{"alg":"RS256","kid":"key-1","alg":"none"}'
_SPKI, _PKCS1 = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1

FORGED: dict[str, Make] = {
    "a key of one's own": lambda house, own: _signed(house, own),
    "a key of one's own in the header": lambda house, own: _signed(house, own, jwk=_jwk(own)),
    "an address of keys in the header": lambda house, own: _signed(house, own, jku=f"{house.far.url}/teams/keys"),
    "an address of a certificate": lambda house, own: _signed(house, own, x5u=f"{house.far.url}/teams/cert"),
    "a certificate in the header": lambda house, own: _signed(house, own, x5c=["MIIB"], x5t="AAAA"),
    "the public key as secret, DER": lambda house, _: _by_secret(house, _public(house, _DER, _SPKI)),
    "the public key as secret, PKCS1": lambda house, _: _by_secret(house, _public(house, _PEM, _PKCS1)),
    "the public key as secret, JWK": lambda house, _: _by_secret(house, RSAAlgorithm.to_jwk(
        house.far.signing.public_key()).encode()),
    "no secret at all": lambda house, _: _by_secret(house, b""),
    "ES256": lambda house, _: _elliptic(house, "ES256"),
    "ES256 that says RS256": lambda house, _: _elliptic(house, "RS256"),
    "RS512 with the right key": lambda house, _: _signed(house, house.far.signing, "RS512"),
    "PS256 with the right key": lambda house, _: _signed(house, house.far.signing, "PS256"),
    "NONE in capitals": lambda house, _: f"{_part({'alg': 'NONE', 'kid': 'key-1'})}.{_part(house.far.claims())}.",
    "rs256 in small letters": lambda house, _: _part({"alg": "rs256", "kid": "key-1"}) + "." + ".".join(
        house.far.token().split(".")[1:]),
    "a list of algorithms": lambda house, _: _part({"alg": ["RS256"], "kid": "key-1"}) + "." + ".".join(
        house.far.token().split(".")[1:]),
    "something critical that is not known": lambda house, _: _signed(
        house, house.far.signing, crit=["stafett"], stafett=1),
    "a body that is not base64": lambda house, _: _signed(house, house.far.signing, crit=["b64"], b64=False),
    "no signature": lambda house, _: house.far.token().rpartition(".")[0] + ".",
    "half a signature": lambda house, _: house.far.token()[:-100],
    "another token's signature": lambda house, _: house.far.token().rpartition(".")[0] + "." + house.far.token(
        aud="another-bot").rpartition(".")[2],
    "four parts": lambda house, _: f"{house.far.token()}.AAAA",
    "encrypted": lambda house, _: _part({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "key-1"}) + ".AAAA" * 4,
    "seven thousand signs": lambda house, _: "A" * 7_000,
    "seven thousand dots": lambda house, _: "." * 7_000,
    "signs of other alphabets": lambda house, _: "\u0430.\u0431.\u0432",
    "two algorithms": lambda house, _: f"{_part(_TWO)}.{_part(house.far.claims())}.",
}  # fmt: skip


async def test_a_forged_token_is_401(house: House, rsa_keys: Sequence[rsa.RSAPrivateKey]) -> None:
    found = {}
    for name, make in FORGED.items():
        token = make(house, rsa_keys[1])
        headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        found[name] = await house.post(typed(house.far.service_url), headers=headers)
    assert {name: answer for name, answer in found.items() if answer != (401, None)} == {}
    assert house.came == []
    assert house.far.calls == [], "no address out of a token may be fetched"


KIDS = ["", "KEY-1", " key-1", "key-1\0", "../../etc/passwd", "' OR '1'='1", "odd", "a" * 5_000, "key-1\n", "åäö"]


async def test_only_a_published_key_by_its_very_name_is_used(house: House) -> None:
    assert (await house.post(typed(house.far.service_url)))[0] == 200
    for kid in KIDS:
        headed = jwt.encode(house.far.claims(), house.far.signing, algorithm="RS256", headers={"kid": kid})
        assert (await house.post(typed(house.far.service_url), token=headed))[0] == 401, kid
    assert house.far.key_requests == 1


async def test_a_token_too_long_for_a_header_gets_no_further_than_http(house: House) -> None:
    status, _ = await _plain(house, {"Authorization": "Bearer " + "A" * 100_000})
    assert status == 400
    assert (await house.post(typed(house.far.service_url)))[0] == 200


async def test_another_scheme_is_401(house: House) -> None:
    for scheme in ("Basic", "Bearer\t", "", "Digest", "Bearer:"):
        assert (await _plain(house, {"Authorization": f"{scheme} {house.far.token()}".strip()}))[0] == 401, scheme


async def test_two_tokens_are_401_also_when_one_is_good(house: House) -> None:
    good = house.far.token()
    for pair in ((good, "x"), ("x", good), (good, good)):
        headers = [("Authorization", f"Bearer {one}") for one in pair]
        assert (await house.post(typed(house.far.service_url), headers=headers))[0] == 401
    assert house.came == []


OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "tenant in the claims": ({}, {"tid": "someone-elses"}),
    "tenants in the claims": ({}, {"tid": [TENANT, "someone-elses"]}),
    "tenant of the conversation": ({"conversation": {
        "id": "a:1", "conversationType": "personal", "tenantId": "someone-elses"}}, {}),
    "service URL in the body": ({"serviceUrl": "https://smba.trafficmanager.net/emea/"}, {}),
    "service URL in the claims": ({}, {"serviceurl": "https://smba.trafficmanager.net/emea/"}),
    "service URL with a user": ({"serviceUrl": "http://127.0.0.1@elsewhere.example/"}, {
        "serviceurl": "http://127.0.0.1@elsewhere.example/"}),
}  # fmt: skip


async def test_another_tenant_or_connector_is_401(house: House) -> None:
    for name, (body, claims) in OTHERS.items():
        made = typed(house.far.service_url, **body)
        assert (await house.post(made, token=house.far.token(**claims)))[0] == 401, name
    assert house.came == []


async def test_our_own_tenant_in_the_claims_is_let_in(house: House) -> None:
    assert (await house.post(typed(house.far.service_url), token=house.far.token(tid=TENANT)))[0] == 200


async def test_a_token_seen_again_before_its_end_is_as_good_as_new(house: House) -> None:
    token = house.far.token()
    for number in range(3):
        assert (await house.post(typed(house.far.service_url, id=str(number)), token=token))[0] == 200
    assert (await house.post(submitted(house.far.service_url), token=token))[0] == 200
    assert len(house.came) == 4


async def test_a_key_rotation_in_the_middle_of_traffic_lets_old_and_new_through(
    house: House, rsa_keys: Sequence[rsa.RSAPrivateKey]
) -> None:
    good = typed(house.far.service_url)
    old = house.far.token()
    assert (await house.post(good, token=old))[0] == 200
    house.clock.forward(minutes=2)
    house.far.rotate(rsa_keys[1], "key-2", keep=True)
    new = house.far.token()
    answers = await asyncio.gather(*(house.post(good, token=token) for token in [old, new] * 10))
    assert {status for status, _ in answers} == {200}
    assert house.far.key_requests == 2, "one fetch for all who waited"


async def _plain(house: House, headers: dict[str, str]) -> tuple[int, bytes]:
    try:
        async with house.client.post(house.url, json=typed(house.far.service_url), headers=headers) as answer:
            return answer.status, await answer.read()
    except aiohttp.ClientError as fault:
        raise AssertionError(type(fault).__name__) from fault
