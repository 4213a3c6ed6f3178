"""Upgrade and rollback with data in every table: from each revision there has been, and back, on either database.

The record of a lived-in town, with a row in each table besides, is taken down one revision at a time. At each it is
taken up again, and down: what that revision knows is kept both ways. What is lost on the way down stands in the guide.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    Time,
    insert,
    inspect,
    select,
    text,
)  # fmt: skip
from test_delivery import sara_sends
from town import Town

from bot.cli import main
from cases import tables as t
from cases.store import Store, migrations
from reminders.tables import UtcTime

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "drift" / "uppgradering.md"
ROW = re.compile(r"^\| `(\d{4}_\w+)` \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(\w+(?:\.\w+)?)`")
NOON = datetime(2026, 11, 16, 11, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def filled(town: Town) -> Iterator[Store]:
    """The record of a town in which something has happened, and at least one row in each table."""
    sara_sends(town)
    town.until("2026-11-16 10:00")
    town.store.transaction(fill)
    yield town.store


def fill(tx: Connection) -> None:
    for table in t.metadata.sorted_tables:
        if tx.execute(select(table).limit(1)).first() is None:
            tx.execute(insert(table).values({one.name: value(tx, one) for one in table.columns if is_asked(one)}))


def is_asked(column: Column[Any]) -> bool:
    counted = column.primary_key and isinstance(column.type, Integer) and column.autoincrement is not False
    return not column.nullable and not (counted and not column.foreign_keys and len(column.table.primary_key) == 1)


def value(tx: Connection, column: Column[Any]) -> Any:
    """Something that fits the column, and what it points at."""
    for key in column.foreign_keys:
        return tx.execute(select(key.column).limit(1)).scalar_one()
    kinds: tuple[tuple[type[Any], Any], ...] = (
        (UtcTime, NOON), (DateTime, NOON), (Date, date(2026, 11, 16)), (JSON, []), (Boolean, False), (Integer, 1),
        (Time, time(12)),
    )  # fmt: skip
    return next((found for kind, found in kinds if isinstance(column.type, kind)), "1")


def revisions(store: Store) -> list[str]:
    """From the newest to the first."""
    return store.transaction(
        lambda tx: [one.revision for one in ScriptDirectory.from_config(migrations(tx)).walk_revisions()]
    )


def rows(store: Store) -> Rows:
    """Every row of every table, as the database itself knows its tables."""

    def read(tx: Connection) -> Rows:
        names = [name for name in inspect(tx).get_table_names() if name != "alembic_version"]
        return {name: as_they_are(tx, name) for name in names}

    return store.transaction(read)


def as_they_are(tx: Connection, table: str) -> list[dict[str, Any]]:
    return sorted((dict(row._mapping) for row in tx.execute(text(f'SELECT * FROM "{table}"'))), key=repr)


def shape(found: Rows) -> set[str]:
    """Tables and columns by name; each table here has a row."""
    columns = {f"{name}.{one}" for name, some in found.items() for row in some[:1] for one in row}
    return set(found) | columns


def kept(before: Rows, after: Rows) -> Rows:
    """What `before` had, in the tables and columns that both know."""
    return {
        name: sorted(({key: row[key] for key in row if key in after[name][0]} for row in some), key=repr)
        for name, some in before.items()
        if after.get(name)
    }


def go(store: Store, where: Callable[..., None], revision: str) -> None:
    store.transaction(lambda tx: where(migrations(tx), revision))
    if store.shared:
        store.engine.dispose()  # what a connection has prepared is of the tables as they were


def test_nothing_that_a_revision_knows_is_lost_on_the_way_up_or_down(filled: Store) -> None:
    here, gone = rows(filled), {}
    assert all(here.values()), "each table has a row"
    for newer, older in pairwise(revisions(filled)):
        go(filled, command.downgrade, older)  # from what has just been taken up again
        down = rows(filled)
        gone[newer] = shape(here) - shape(down)
        assert kept(here, down) == kept(down, here), f"{newer} → {older}"
        go(filled, command.upgrade, newer)
        up = rows(filled)
        assert kept(down, up) == kept(up, down), f"{older} → {newer}"
        here = down
    go(filled, command.downgrade, revisions(filled)[-1])
    here = rows(filled)
    filled.migrate()
    assert kept(here, rows(filled)) == kept(rows(filled), here), "the oldest record of all, taken up in one go"
    heads = filled.transaction(lambda tx: MigrationContext.configure(tx).get_current_heads())
    assert heads == (revisions(filled)[0],)
    told = {one: set(NAMED.findall(lost)) for one, lost in ROW.findall(GUIDE.read_text(encoding="utf-8"))}
    assert told == {one: whole(lost) for one, lost in gone.items()}, "docs/drift/uppgradering.md says what is lost"


def whole(lost: set[str]) -> set[str]:
    """A table that is gone stands for its columns."""
    return {one for one in lost if one.partition(".")[0] not in lost - {one}}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_goes_back_only_to_what_the_record_has_passed(
    town: Town, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, older = revisions(town.store)[:2]
    town.store.close()
    for wrong in (newest, "0000_nothing"):
        assert main(["database", "rollback", "--to", wrong, "--database", database]) == 1
        assert f"kan inte gå tillbaka till {wrong}. Den är {newest}" in capsys.readouterr().err
    assert main(["database", "rollback", "--to", older, "--database", database]) == 0
    assert older in capsys.readouterr().out
    assert main(["database", "migrate", "--database", database]) == 0
