"""Secrets come from the environment or from files, and are in no log, no answer and no text of a fault."""

import asyncio
import io
import logging
import traceback
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import logs
from bot.channel.errors import ChannelError
from bot.channel.settings import ChannelSettings, ClientSecret, SettingsError
from bot.channel.tokens import TokenHolder, msal_fetch
from bot.cli import main
from bot.clock import Clock
from bot.commands.roster import database_url
from bot.errand import smtp
from bot.errand.door import Later, Never
from bot.secret_files import SECRETS, secret
from bot.settings import Settings
from cases.store import Store

HIDDEN = "Hemligheten-7f3K2q"
DATABASE = f"postgresql://stafett:{HIDDEN}@127.0.0.1:1/stafett"
MAIL = f"smtps://stafett:{HIDDEN}@127.0.0.1:1"


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """Everything that is logged, by anybody, at any level."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure(logs.JSON, stream, logging.DEBUG)
    yield stream
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_can_be_given_in_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting, file = f"STAFETT_{name.upper()}", tmp_path / "secret"
    file.write_text(f"{HIDDEN}\n", encoding="utf-8")
    monkeypatch.setenv(f"{setting}_FILE", str(file))
    held = getattr(Settings(), name)
    assert (held.get_secret_value() if isinstance(held, SecretStr) else held) == HIDDEN
    assert HIDDEN not in repr(Settings()) and HIDDEN not in str(Settings())
    monkeypatch.setenv(setting, "another")
    with pytest.raises(SettingsError, match="inte båda") as raised:
        Settings()
    assert "another" not in str(raised.value)
    monkeypatch.delenv(setting)
    for content in (b"", b" \n", b"\xff\xfe" + HIDDEN.encode(), HIDDEN.encode() * 10_000):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match=f"{setting}_FILE") as raised:
            secret(name)
        assert HIDDEN not in str(raised.value)
    monkeypatch.setenv(f"{setting}_FILE", str(tmp_path / "not-there"))
    with pytest.raises(SettingsError, match="FileNotFoundError"):
        Settings()


def test_every_setting_that_holds_a_secret_is_among_them() -> None:
    hidden = {name for name, one in Settings.model_fields.items() if one.annotation is SecretStr or not one.repr}
    assert hidden == set(SECRETS)
    assert {f"{name}_file" for name in SECRETS} <= set(Settings.model_fields)


def test_the_commands_read_the_databases_address_from_a_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("sqlite:///other.sqlite\n", encoding="utf-8")
    monkeypatch.setenv("STAFETT_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert database_url(None) == "sqlite:///other.sqlite"
    assert database_url("sqlite:///given.sqlite") == "sqlite:///given.sqlite"


def test_a_reference_to_a_vault_that_was_not_looked_up_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFETT_APP_PASSWORD", "@Microsoft.KeyVault(SecretUri=https://v.invalid/secrets/a)")
    with pytest.raises(SettingsError, match="STAFETT_APP_PASSWORD är en hänvisning till Key Vault"):
        Settings()


def test_a_setting_that_cannot_be_used_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFETT_PORT", HIDDEN)
    with pytest.raises(SettingsError, match="STAFETT_PORT") as raised:
        Settings()
    assert HIDDEN not in str(raised.value) and raised.value.__cause__ is None


async def test_no_fault_of_those_who_use_them_tells_them(told: io.StringIO) -> None:
    """The token service, the mail server and the database are all away; everything is logged, with its traceback."""
    log, said = logging.getLogger("stafett"), []
    settings = ChannelSettings(
        app_id="app", tenant_id="tenant", credentials=ClientSecret(value=HIDDEN), timeout=2.0,
        login_authority="https://127.0.0.1:1",
    )  # fmt: skip
    mail = smtp.MailSettings.parse(MAIL, "stafett@exempel.invalid")
    faults: list[BaseException] = []
    try:
        await TokenHolder(msal_fetch(settings), Clock().machine).get()
    except ChannelError as fault:
        faults.append(fault)
    try:
        await smtp.send(mail, EmailMessage(), "enhet@exempel.invalid")
    except (Later, Never) as fault:
        faults.append(fault)
    store = Store(DATABASE)
    try:
        await asyncio.to_thread(store.migrate)
    except Exception as fault:
        faults.append(fault)
    store.close()
    assert len(faults) == 3
    for fault in faults:
        log.error("failed: %s", type(fault).__name__, exc_info=fault)
        log.error("failed: %s", fault)
        said.append(f"{fault} {fault!r} {fault.args}")
    said += [repr(settings), repr(mail), repr(store.url), str(store.url)]
    assert "failed" in told.getvalue()
    assert HIDDEN not in told.getvalue() and HIDDEN not in " ".join(said)


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {HIDDEN}", "token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXI", DATABASE, MAIL,
        f"https://a.invalid/x?client_secret={HIDDEN}&a=b", f"-----BEGIN PRIVATE KEY-----\n{HIDDEN}\n-----END",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_hidden_wherever_it_came_from(told: io.StringIO, line: str) -> None:
    logging.getLogger("stafett").error("fault: %s", line)
    logging.getLogger("aiohttp.server").error("fault: %s", line)
    assert "fault" in told.getvalue()
    assert HIDDEN not in told.getvalue() and "c2lnbmF0dXI" not in told.getvalue()


def test_a_server_that_cannot_start_tells_why_and_not_its_secrets(
    told: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "APP_ID": "app", "TENANT_ID": "tenant", "APP_PASSWORD": HIDDEN, "SMTP_URL": MAIL,
        "MAIL_FROM": "stafett@exempel.invalid", "DATABASE_URL": DATABASE,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"STAFETT_{name}", value)
    try:
        said = f"{main(['serve'])}"
    except Exception as fault:  # what would stand in the terminal
        said = "".join(traceback.format_exception(fault))
    shown = capsys.readouterr()
    assert "127.0.0.1" in said + shown.err, "it says why"
    assert HIDDEN not in said + shown.out + shown.err + told.getvalue()
