"""The migrations are run for real: they make exactly the tables the code knows, and can be taken back."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from cases.store import Store, migrations, sqlite_url
from cases.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "new.sqlite"))
    store.migrate()
    assert store.transaction(lambda tx: compare_metadata(MigrationContext.configure(tx), metadata)) == []
    store.migrate()  # a second time changes nothing
    store.close()


def test_the_migrations_can_be_taken_back_and_made_again(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "back.sqlite"))
    store.migrate()

    def back(config: Config) -> None:
        command.downgrade(config, "base")

    store.transaction(lambda tx: back(migrations(tx)))
    assert store.transaction(lambda tx: inspect(tx).get_table_names()) == ["alembic_version"]
    store.migrate()
    store.close()
