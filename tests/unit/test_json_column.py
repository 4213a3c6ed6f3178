"""What SQLite keeps as JSON is read as SQLAlchemy reads it, whatever the quick way makes of it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, insert, select

from reminders.tables import Json

VALUES: list[Any] = [
    "", "toilet", "å ä ö", 'sagt "nej"', "\\", '\\"', '"', "a\nb", "\u2028", "5", "null", 5, 0, -1.5, 10**12, True,
    False, None, [], ["late", "opened:7"], {}, {"a": ["b", {"c": 'd"'}]},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_it_is_read_as_core_reads_it(tmp_path: Path, value: Any) -> None:
    quick = Table("kept", MetaData(), Column("id", Integer, primary_key=True), Column("value", Json))
    plain = Table("kept", MetaData(), Column("id", Integer, primary_key=True), Column("value", JSON))
    engine = create_engine(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    with engine.begin() as tx:
        quick.create(tx)
        tx.execute(insert(plain), [{"value": value}])
        tx.execute(insert(quick), [{"value": value}])
        read = [list(tx.scalars(select(table.c.value).order_by(table.c.id))) for table in (plain, quick)]
        stored = list(tx.exec_driver_sql("SELECT value, typeof(value) FROM kept ORDER BY id"))
    engine.dispose()
    assert read == [[value, value], [value, value]]
    assert stored[0] == stored[1]
