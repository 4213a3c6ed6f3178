"""Nothing that people wrote, no name, no case and no secret reaches a log, whatever goes wrong."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flow_walk import EVERY_STATE, SECRET, led_to
from people import CASES, PEOPLE, PHONES, aad
from privacy_town import keeping_content, opens_dialog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from town import Town, instant

from bot import logs
from bot.channel.errors import Passing, Refused
from bot.guard import guarded
from reminders.batch import local_text

NUMBER = "19121212-1212"  # one of the Tax Agency's published test numbers
TOKEN = "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXI"
CANARIES = (
    SECRET, "toilet", "Hjälp vid toalettbesök", NUMBER, TOKEN, *(name for _, name, *_ in PEOPLE),
    *(ref for ref, *_ in CASES), *PHONES.values(), aad(1), "29:sara", "a:sara", "exempel.invalid", "lösen",
)  # fmt: skip


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process writes, at its most talkative, in each of its formats."""
    root, loggers = (
        logging.getLogger(),
        ("apscheduler", "asyncio", "alembic", "msal", "urllib3", "aiohttp", "sqlalchemy"),
    )
    before = list(root.handlers), root.level, {name: logging.getLogger(name).level for name in loggers}
    stream, handlers = io.StringIO(), []
    for form in logs.FORMATS:
        logs.configure(form, stream, logging.DEBUG)
        handlers += root.handlers
    root.handlers[:] = handlers
    yield stream
    root.handlers[:], levels = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


def clean(written: io.StringIO) -> str:
    said = written.getvalue()
    assert not [canary for canary in CANARIES if canary in said], said
    return said


# The last state that each flow's paths lead to, which is most often the longest way; what is written down of the others
# is looked through where sensitive answers are followed.
@pytest.mark.parametrize(("flow", "state"), dict(EVERY_STATE).items())
def test_days_of_care_work(visa: Town, written: io.StringIO, flow: str, state: str) -> None:
    visa.teams.refuse["a:anna"] = [Passing("502"), Refused("400 BadSyntax")]
    number = led_to(visa, flow, state)
    opens_dialog(visa, "anna", number)
    visa.sara.types(f"Svea {NUMBER}")
    visa.until(local_text(max(instant("2026-11-25 09:00"), visa.clock.time + timedelta(hours=1))))
    clean(written)


def test_faults_whose_text_quotes_somebody(visa: Town, written: io.StringIO) -> None:
    """The exceptions of libraries and of our own code quote values; their kind and place is all that is written."""
    unknown: Any = [KeyError(SECRET), ValueError(f"Anna Berg {NUMBER}")]
    visa.teams.refuse["a:anna"] = unknown
    led_to(visa, "urgent_lasting", "sent")
    visa.until("2026-11-16 12:00")
    said = clean(written)
    assert "KeyError" in said and "played_teams.py:" in said, "the kind and the place"


def test_a_turn_that_fails_is_found_by_the_id_that_the_person_was_given(town: Town, written: io.StringIO) -> None:
    async def broken(_incoming: Any) -> Any:
        raise ValueError(f"{SECRET} om Sara Lind")

    town.sara.types("start")
    answer = town.do(guarded(broken)(town.last))  # type: ignore[arg-type]
    assert answer.message is not None
    code = answer.message.removesuffix(".").rsplit(" ", 1)[1]
    assert code.startswith("F-") and code in clean(written)


def test_the_database_does_not_quote_the_values_of_a_statement(town: Town, written: io.StringIO) -> None:
    def wrong(tx: Any) -> None:
        tx.execute(text("INSERT INTO content VALUES (:thread, 1, 'note', :value)"), {"thread": 99, "value": SECRET})

    try:
        town.do(town.store.run(wrong))
    except SQLAlchemyError as fault:
        logging.getLogger("stafett").exception("not written: %s", fault)
        logging.getLogger("sqlalchemy.pool").error("not written: %s", fault)
    assert "not written" in clean(written)


def test_what_libraries_say_is_kept_to_its_pattern(written: io.StringIO) -> None:
    logging.getLogger("aiohttp.server").error("Error handling request from %s", "a:sara", exc_info=ValueError(SECRET))
    logging.getLogger("apscheduler.executors").warning('Run time of job "%s" was missed by %s', SECRET, 3)
    logging.getLogger("urllib3.connectionpool").warning("Retrying after connection broken by '%r': %s", SECRET, TOKEN)

    async def forgotten() -> None:
        async def fails() -> None:
            raise ValueError(SECRET)

        task = asyncio.get_running_loop().create_task(fails(), name=SECRET)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        context = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
        asyncio.get_running_loop().default_exception_handler(context)

    asyncio.run(forgotten())
    said = clean(written)
    for pattern in ("Error handling request", "Run time of job", "Retrying after", "never retrieved", "ValueError"):
        assert pattern in said


@pytest.mark.parametrize(
    "secret",
    [
        f"Authorization: Bearer {TOKEN}", TOKEN, "postgresql://stafett:lösen@db/stafett",
        "GET /x?client_secret=lösen&a=1", f"Svea {NUMBER}", NUMBER.replace("-", ""), "121212-1212", "121212+1212",
        "-----BEGIN PRIVATE KEY-----\nlösen\n-----END PRIVATE KEY-----",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_not_written(written: io.StringIO, secret: str) -> None:
    logging.getLogger("stafett").warning("got %s", secret, extra={"given": secret})
    said = clean(written)
    assert "[dolt]" in said and "1212" not in said


def test_a_line_is_json_with_its_time_and_ids() -> None:
    record = logging.makeLogRecord(
        {"name": "stafett.outbox", "levelname": "WARNING", "msg": "row %s: %s", "args": (7, "502"), "row_id": 7,
         "created": 1_795_330_967.25}
    )  # fmt: skip
    assert json.loads(logs.JsonLines().format(record)) == {
        "time": "2026-11-22T07:02:47.250+00:00", "level": "WARNING", "logger": "stafett.outbox",
        "event": "row %s: %s", "message": "row 7: 502", "row_id": 7,
    }  # fmt: skip
