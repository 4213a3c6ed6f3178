"""Handing in e-mail to a real server on this machine: encrypted, recognisable, and each refusal understood."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from certificate import certified
from post import PASSWORD, USER, PostOffice

from bot.channel.settings import SettingsError
from bot.errand import smtp
from bot.errand.door import Later, Never
from bot.errand.mail import message_id
from bot.errand.smtp import MailSettings
from bot.settings import Settings

SENDER, MAILBOX = "stafett@exempel.invalid", "myndighet@exempel.invalid"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    opened = PostOffice()
    await opened.open()
    yield opened
    await opened.close()


def letter(key: str = "mail:1") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, MAILBOX, "Stafett: Påminnelse"
    message["Message-ID"] = message_id(key, "exempel.invalid")
    message.set_content("Öppna Stafett i Teams.\n", cte="quoted-printable")
    return message


def settings(office: PostOffice, user: str = "", ca_file: Path | None = None) -> MailSettings:
    return MailSettings.parse(f"smtp://{user}127.0.0.1:{office.port}", SENDER, ca_file)


async def test_a_message_comes_as_it_was_written(office: PostOffice) -> None:
    await smtp.send(settings(office), letter(), MAILBOX)
    (message,) = office.came
    assert (message["Subject"], message.get_content().strip()) == ("Stafett: Påminnelse", "Öppna Stafett i Teams.")
    assert office.receivers == [[MAILBOX]]


async def test_the_same_errand_has_the_same_id_at_every_try(office: PostOffice) -> None:
    for key in ("mail:1", "mail:1", "mail:2"):
        await smtp.send(settings(office), letter(key), MAILBOX)
    first, again, other = (message["Message-ID"] for message in office.came)
    assert first == again != other and "mail:" not in first


async def test_it_is_encrypted_and_signed_in_where_the_server_asks_for_it(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    office = PostOffice(trust=certified(ca_file), demands_user=True)
    await office.open()
    await smtp.send(settings(office, f"{USER}:{quote(PASSWORD, safe='')}@", ca_file), letter(), MAILBOX)
    assert (office.encrypted, office.users) == ([True], [USER])
    with pytest.raises(Later, match="auth 535"):
        await smtp.send(settings(office, f"{USER}:fel@", ca_file), letter(), MAILBOX)
    with pytest.raises(Later, match="certificate"):
        await smtp.send(settings(office), letter(), MAILBOX)  # a certificate that nobody here trusts
    assert len(office.came) == 1
    await office.close()


async def test_nothing_is_sent_in_the_open_but_on_this_machine(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK_NAMES", frozenset())  # as if the server stood elsewhere
    with pytest.raises(Later, match="no_starttls"):
        await smtp.send(settings(office), letter(), MAILBOX)
    assert office.came == []


@pytest.mark.parametrize(
    ("at", "said", "fault", "code"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", Never, "550"),
        ("RCPT", "451 4.7.1 greylisted", Later, "451"),
        ("DATA", "554 5.7.1 policy", Never, "554"),
        ("DATA", "452 4.3.1 full", Later, "452"),
    ],
)
async def test_what_is_refused_for_good_is_told_apart_from_what_may_pass(
    office: PostOffice, at: str, said: str, fault: type[Exception], code: str
) -> None:
    office.refuse[at] = [said]
    with pytest.raises(fault) as raised:
        await smtp.send(settings(office), letter(), MAILBOX)
    assert str(raised.value) == code, "neither the address nor what the server wrote"
    assert raised.value.__cause__ is None


async def test_a_server_that_is_away_may_come_back(office: PostOffice) -> None:
    gone = settings(office)
    await office.close()
    with pytest.raises(Later, match="connection"):
        await smtp.send(gone, letter(), MAILBOX)


async def test_whoever_waits_no_longer_leaves_no_thread_behind() -> None:
    office = PostOffice(silent=True)
    await office.open()
    sending = asyncio.create_task(smtp.send(settings(office), letter(), MAILBOX))
    while not office.came:  # noqa: ASYNC110 (the server is real, and tells nobody)
        await asyncio.sleep(0.001)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await asyncio.get_running_loop().shutdown_default_executor()  # waits for every thread
    await office.close()


@pytest.mark.parametrize(
    ("url", "sender", "said"),
    [
        ("post.exempel.invalid", SENDER, "STAFETT_SMTP_URL går inte att läsa"),
        ("https://post.exempel.invalid", SENDER, "STAFETT_SMTP_URL går inte att läsa"),
        ("smtp://post.exempel.invalid:port", SENDER, "STAFETT_SMTP_URL går inte att läsa"),
        ("smtp://u:hemligt@post.exempel.invalid/x?y", SENDER, "STAFETT_SMTP_URL går inte att läsa"),
        ("smtp://u:hemligtö@post.exempel.invalid", SENDER, "får inte ha å, ä, ö"),
        ("smtp://post.exempel.invalid", "Stafett <stafett@exempel.invalid>", "STAFETT_MAIL_FROM ska vara"),
        ("smtp://post.exempel.invalid", "", "Ange både STAFETT_SMTP_URL och STAFETT_MAIL_FROM"),
    ],
)
def test_wrong_settings_stop_the_start_and_say_what_is_wanted(url: str, sender: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        Settings(smtp_url=url, mail_from=sender).mail()  # type: ignore[arg-type]
    assert "hemligt" not in str(raised.value)


def test_right_settings_are_read_and_the_password_is_not_shown() -> None:
    read = Settings(smtp_url="smtps://u:a%40b@post.exempel.invalid", mail_from=SENDER).mail()  # type: ignore[arg-type]
    assert read is not None and (read.tls, read.port, read.user, read.password) == (True, 465, "u", "a@b")
    assert "a@b" not in repr(read)
    assert Settings().mail() is None
