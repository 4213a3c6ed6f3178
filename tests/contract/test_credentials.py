"""The other ways to prove who the bot is: a certificate, and a managed identity."""

import asyncio
import hashlib
from collections.abc import Sequence

import jwt
import pytest
from counterpart import APP_ID, TENANT, Counterpart
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from harness import settings

from bot.channel.errors import Passing, Refused
from bot.channel.settings import Certificate, ChannelSettings, ManagedIdentity
from bot.channel.tokens import msal_fetch


def _pem(key: rsa.RSAPrivateKey) -> str:
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, kind, plain).decode()


async def test_a_certificate_signs_an_assertion_and_no_secret_is_sent(
    far: Counterpart, rsa_keys: Sequence[rsa.RSAPrivateKey]
) -> None:
    thumbprint = hashlib.sha1(b"certificate").hexdigest()
    chosen = settings(far, credentials=Certificate(private_key=_pem(rsa_keys[1]), thumbprint=thumbprint))
    token = await asyncio.to_thread(msal_fetch(chosen))
    assert (token.value, token.lifetime) == ("bot-token-1", 3600)
    (asked,) = far.token_requests
    assert "client_secret" not in asked
    claims = jwt.decode(
        asked["client_assertion"], rsa_keys[1].public_key(), algorithms=["RS256"], options={"verify_aud": False}
    )
    assert (claims["iss"], claims["sub"]) == (APP_ID, APP_ID)


async def test_a_key_that_cannot_be_read_is_refused_without_showing_it(far: Counterpart) -> None:
    chosen = settings(far, credentials=Certificate(private_key="hemlig nyckel", thumbprint="00"))
    with pytest.raises(Refused) as caught:
        await asyncio.to_thread(msal_fetch(chosen))
    assert "hemlig" not in str(caught.value)


async def test_a_managed_identity_asks_its_host(far: Counterpart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{far.url}/identity")
    monkeypatch.setenv("IDENTITY_HEADER", "host-header")
    monkeypatch.delenv("IDENTITY_SERVER_THUMBPRINT", raising=False)
    chosen = ChannelSettings(app_id=APP_ID, tenant_id=TENANT, credentials=ManagedIdentity())
    token = await asyncio.to_thread(msal_fetch(chosen))
    assert token.value == "managed-token"
    assert token.lifetime > 3000
    (asked,) = far.token_requests
    assert (asked["client_id"], asked["resource"]) == (APP_ID, "https://api.botframework.com")


async def test_a_token_service_that_is_gone_is_a_passing_fault(far: Counterpart) -> None:
    chosen = settings(far)
    await far.stop()
    with pytest.raises(Passing):
        await asyncio.to_thread(msal_fetch(chosen))
