"""The account on PostgreSQL: a role that cannot touch what is written, and two who write in one chain at once."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from account_town import lived
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool
from town import Town

from bot.channel.settings import ChannelSettings
from bot.cli import main
from bot.house import House
from cases import account, statements
from cases import tables as t
from cases.account_check import check
from cases.database import DatabaseUnusable
from cases.store import Store

ROLE = "stafett_serves"


def told(url: str, *statements: str) -> None:
    """As the owner."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as tx:
        for one in statements:
            tx.execute(text(one))


@pytest.fixture
def serving(shared: str) -> Iterator[str]:
    """The database as a role that owns nothing in it reaches it."""
    told(shared, f"DROP ROLE IF EXISTS {ROLE}", f"CREATE ROLE {ROLE} LOGIN PASSWORD 'x'")
    Town(shared, copied=False).close()
    assert main(["database", "grants", "--role", ROLE, "--apply", "--database", shared]) == 0
    yield make_url(shared).set(username=ROLE, password="x").render_as_string(hide_password=False)
    told(shared, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


def test_stafett_works_as_a_role_that_cannot_change_what_is_written(
    serving: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    store = Store(serving)
    store.migrate()  # as `serve` does at every start
    store.close()
    town = Town(serving, copied=False)
    lived(town)
    town.until("2026-11-16 12:00")
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
    every: list[Any] = [house, house.occasions, *house.rounds]
    for one in every:
        town.do(one.look())
    assert town.thread(1).state == "answered" and town.rows(t.anchor)
    assert town.store.transaction(check).faults == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    for table in ("audit", "anchor", "anchor_head", "log"):
        for statement in (f"UPDATE {table} SET n = n", f"DELETE FROM {table}", f"TRUNCATE {table}",
                          f"DROP TRIGGER {table}_append_only ON {table}", f"DROP TABLE {table}",
                          f"ALTER TABLE {table} DISABLE TRIGGER ALL"):  # fmt: skip
            refused(town.store, statement.replace("n = n", "hash = hash" if table != "log" else "signal = signal"))
    refused(town.store, "INSERT INTO account_cut VALUES ('t:1', 1, '', 1)")
    refused(town.store, "SET session_replication_role = replica")
    town.close()


def refused(store: Store, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="42501"):
        store.transaction(lambda tx: tx.execute(text(statement)))


def test_a_role_is_told_what_it_lacks(serving: str, shared: str) -> None:
    store = Store(serving)
    head = store.transaction(lambda tx: tx.scalar(text("SELECT version_num FROM alembic_version")))
    told(shared, "UPDATE alembic_version SET version_num = '0014_chain_the_account'")
    with pytest.raises(DatabaseUnusable, match="Kör som databasens ägare: stafett database migrate"):
        store.migrate()
    told(shared, f"UPDATE alembic_version SET version_num = '{head}'")
    told(shared, f"REVOKE ALL ON errand FROM {ROLE}")
    with pytest.raises(DatabaseUnusable, match=f"{ROLE} har inte rätt till errand. Kör stafett database grants"):
        store.migrate()
    store.close()


def test_a_press_that_a_look_comes_before_is_done_again(shared: str) -> None:
    """The look comes between the press's look at the chain's end and its row: both are kept."""
    town = Town(shared, copied=False)
    town.karim.begins("question", "NK-2041", category="planning")
    heard: list[str] = []

    def between(statement: str, _: object) -> None:
        if statement.startswith("INSERT INTO audit"):
            heard.append(statement)
            if len(heard) == 1:
                town.store.transaction(lambda tx: look(town, tx))

    statements.watchers.append(between)
    try:
        town.karim.presses("Skicka")
    finally:
        statements.watchers.remove(between)
    assert len(heard) == 3, "the press is done again"
    told = [row.action for row in town.rows(t.audit) if row.chain == "t:1"]
    assert told == ["create", "view", "signal"] and town.store.transaction(check).faults == []
    town.close()


def look(town: Town, tx: Connection) -> None:
    account.note(tx, town.clock.care(), person_id=town.olle.id, thread_id=1, action="view", outcome="shown")


def test_many_who_look_at_one_thread_at_once_all_come_through(shared: str) -> None:
    """Without waiting for their turn they would be done again, and again, and lost."""
    town = Town(shared, copied=False)
    town.karim.begins("question", "NK-2041", category="planning")
    writers, each = 8, 10
    begin = Barrier(writers)

    def many(_: int) -> None:
        begin.wait()
        for _ in range(each):
            town.store.transaction(lambda tx: look(town, tx))

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(many, range(writers)))
    assert [row.action for row in town.rows(t.audit)].count("view") == writers * each
    assert town.store.transaction(check).faults == []
    town.close()
