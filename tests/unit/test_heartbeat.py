"""The heartbeat goes the way of every message, and its absence is told past what has stopped."""

import asyncio
import logging
from datetime import date, timedelta
from functools import partial

import pytest
from people import leaves
from post import PostOffice
from town import Town

from bot.board.look import look
from bot.board.tabs import TABS
from bot.channel.settings import ChannelSettings, SettingsError
from bot.errand.smtp import MailSettings
from bot.health import DEGRADED, OK
from bot.heartbeat import Heartbeat, HeartbeatSettings
from bot.house import House
from bot.settings import Settings
from cases import tables as t
from cases.figures import read
from cases.thread_figures import of_profile
from reminders.localtime import Month

SETTINGS = HeartbeatSettings(account="olle@exempel.invalid", every=timedelta(minutes=30))
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def beating(town: Town, settings: HeartbeatSettings | None = SETTINGS) -> Heartbeat:
    return Heartbeat(town.store, town.record, town.clock, settings, asked=lambda: None)


def heard(town: Town) -> list[str]:
    return [message.toast for message in town.olle.chat() if "provar" in str(message.stored)]


def test_it_goes_by_a_deadline_and_the_outbox_and_is_acknowledged(town: Town) -> None:
    beat = beating(town)
    town.do(beat.look())
    town.settle()
    assert heard(town) == []  # not before its deadline
    town.until("2026-11-16 09:02")
    assert len(heard(town)) == 1
    town.do(beat.look())
    figures = town.store.transaction(lambda tx: read(tx, town.clock.care(), town.clock.machine()))
    row = next(row for row in town.rows(t.outbox) if row.text == "heartbeat")
    assert figures.heartbeat == row.finished_at
    assert (row.lane, row.status) == (0, "sent")  # the urgent lane, also at night
    assert town.thread(row.thread_id).is_closed
    month = Month.of(date(2026, 11, 1))
    assert town.store.transaction(lambda tx: of_profile(tx, "norrkoping", month, month)) == [], "it is in no statistics"


def test_it_comes_as_often_as_it_is_asked_for_by_night_too_and_nobody_else_hears_it(town: Town) -> None:
    beat = beating(town)
    for minute in range(0, 181, 5):
        town.until(f"2026-11-16 {20 + minute // 60}:{minute % 60:02}")
        town.do(beat.look())
    town.settle()
    assert len(heard(town)) == 6
    assert all(one.has_heard_nothing() for key, one in town.residents.items() if key != "olle")
    town.olle.types("start")
    assert "Prov" not in town.olle.buttons()


@ON_SQLITE
def test_replicas_that_look_together_ask_for_one(town: Town) -> None:
    first, second = beating(town), beating(town)
    town.do(asyncio.wait_for(_both(first, second), 10))
    town.until("2026-11-16 09:05")
    assert len(heard(town)) == 1


async def _both(first: Heartbeat, second: Heartbeat) -> None:
    await asyncio.gather(first.look(), second.look())


@ON_SQLITE
def test_one_that_stays_away_is_told_in_the_log_and_by_e_mail_once(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    office = PostOffice()
    town.do(office.open())
    try:
        mail = MailSettings(host="127.0.0.1", port=office.port, sender="stafett@kommun.example", tls=False)
        beat = beating(town, HeartbeatSettings(
            account=SETTINGS.account, every=SETTINGS.every, mail=mail, alarm_to="drift@kommun.example"
        ))  # fmt: skip
        with caplog.at_level(logging.WARNING, "stafett.heartbeat"):
            for _ in range(12):  # nothing is fired and nothing sent
                town.do(beat.look())
                town.clock.time += timedelta(minutes=5)
        assert [one.levelname for one in caplog.records].count("CRITICAL") == 1
        (told,) = office.came
        assert office.receivers == [["drift@kommun.example"]]
        assert "stafett doctor" in told.get_content()
        town.settle()
        town.do(beat.look())
        assert [one["Subject"] for one in office.came][1:] == ["Stafetts hjärtslag är tillbaka"]
    finally:
        town.do(office.close())


@ON_SQLITE
async def test_readiness_and_the_figures_say_that_none_has_come(town: Town) -> None:
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock, heartbeat=SETTINGS)
    house.health.fresh = 0.0

    async def state() -> str:
        return next(one.state for one in (await house.health.ready()).checks if one.name == "heartbeat")

    try:
        assert await state() == OK
        town.clock.time += timedelta(minutes=41)
        assert await state() == DEGRADED
        page = house.metrics.page(await house.health.figures()).decode()
        assert "stafett_heartbeat_timestamp_seconds 0.0" in page
        assert "stafett_heartbeat_longest_seconds 2400.0" in page
    finally:
        await house.door.close()


@ON_SQLITE
def test_an_account_that_has_left_is_an_alarm_and_stops_nothing(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town.store.transaction(lambda tx: leaves(tx, town.olle.id))
    town.do(beating(town).look())
    assert "STAFETT_HEARTBEAT" in caplog.text
    assert town.rows(t.thread) == []


def test_the_settings_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().heartbeats() is None
    monkeypatch.setenv("STAFETT_HEARTBEAT", "prov@kommun.example")
    found = Settings().heartbeats()
    assert found is not None
    assert found.longest == timedelta(minutes=40)
    monkeypatch.setenv("STAFETT_ALARM_TO", "drift@kommun.example")
    with pytest.raises(SettingsError, match="STAFETT_SMTP_URL"):
        Settings().heartbeats()


@ON_SQLITE
def test_it_is_in_nobodys_list_or_numbers_while_it_is_on_its_way(town: Town) -> None:
    town.do(beating(town).look())
    assert not town.thread().is_closed
    for who in (town.olle.id, town.birgitta.id):
        for tab in TABS:
            look_ = partial(look, record=town.record, clock=town.clock, person_id=who, path=tab.path, number=0)
            found = town.store.transaction(look_)
            assert found is None or town.thread().ref not in repr(found.page), (who, tab.path)
            assert found is None or tab.path != "enheten" or {one.open for one in found.page.units} <= {0}  # type: ignore[attr-defined]
    town.birgitta.types("enheten")
    assert "PROV-" not in town.birgitta.newest()


@ON_SQLITE
def test_a_database_that_refuses_it_hides_no_alarm(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A row that is refused is mostly another replica's; when it is always refused, nothing gets through."""
    beat = beating(town)
    refusing = "CREATE TRIGGER no_more BEFORE INSERT ON thread BEGIN SELECT RAISE(ABORT, 'no'); END"
    town.store.transaction(lambda tx: tx.exec_driver_sql(refusing))
    for _ in range(10):
        town.do(beat.look())
        town.clock.time += timedelta(minutes=5)
    assert [one.levelname for one in caplog.records].count("CRITICAL") == 1
