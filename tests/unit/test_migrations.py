"""The migrations are run for real: they make exactly the tables the code knows, and can be taken back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from cases import account
from cases.database import DatabaseUnusable
from cases.store import Store, migrations
from cases.tables import metadata

FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"


@pytest.fixture
def store(blank: str) -> Iterator[Store]:
    made = Store(blank)
    yield made
    made.close()


def differences(tx: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata))


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    store.migrate()
    assert store.transaction(differences) == []
    store.migrate()  # a second time changes nothing
    assert store.transaction(differences) == []


def test_the_migrations_can_be_taken_back_and_made_again(store: Store) -> None:
    store.migrate()
    store.transaction(lambda tx: command.downgrade(migrations(tx), "base"))
    assert store.transaction(lambda tx: inspect(tx).get_table_names()) == ["alembic_version"]
    if store.shared:
        assert store.transaction(lambda tx: list(tx.execute(text(FUNCTIONS)))) == []
    store.migrate()
    assert store.transaction(differences) == []


@pytest.mark.parametrize("change", ["UPDATE audit SET reason = 'x'", "DELETE FROM audit"])
def test_what_stands_in_the_account_stays(store: Store, change: str) -> None:
    store.migrate()
    now = datetime(2026, 11, 16, 8, tzinfo=UTC)
    store.transaction(lambda tx: account.note(tx, now, person_id=None, action="view", outcome="done"))
    with pytest.raises(DBAPIError, match="append-only"):
        store.transaction(lambda tx: tx.execute(text(change)))


def test_a_record_of_a_newer_stafett_is_left_alone(store: Store) -> None:
    store.migrate()
    store.transaction(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999_from_tomorrow'")))
    with pytest.raises(DatabaseUnusable, match="nyare Stafett \\(9999_from_tomorrow\\)"):
        store.migrate()


@pytest.mark.parametrize("blank", ["postgresql"], indirect=True)
def test_replicas_that_start_together_migrate_once(blank: str) -> None:
    stores = [Store(blank) for _ in range(4)]
    with ThreadPoolExecutor(len(stores)) as threads:
        for done in [threads.submit(store.migrate) for store in stores]:
            done.result()
    assert stores[0].transaction(differences) == []
    for store in stores:
        store.close()
