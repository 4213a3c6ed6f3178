"""What the database holds, read with the driver alone: no room of Stafett has a say in it."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]


class Books:
    """One database, given by the URL that the servers get."""

    def __init__(self, url: str, mode: str = "ro") -> None:
        self.url, self._mode = url, mode
        self._path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
        self._connection: Any = None

    def rows(self, query: str) -> list[Row]:
        """Read while servers run: another reader must not be the one that mends the file."""
        if self._path is None:
            return self._of_server(query)
        return _read(f"file:{self._path}?mode={self._mode}", query)

    def corpse(self) -> "Books":
        """What the dead left. A file is copied, so that the restart meets it untouched and mends it itself."""
        if self._path is None:
            return self
        folder = self._path.parent / "corpse"
        folder.mkdir(exist_ok=True)
        for end in ("", "-wal"):
            part, copy = Path(f"{self._path}{end}"), folder / f"{self._path.name}{end}"
            if part.exists():
                shutil.copy(part, copy)
            else:
                copy.unlink(missing_ok=True)
        return Books(f"sqlite:///{folder / self._path.name}", mode="rw")

    def soundness(self) -> list[str]:
        """What the database itself finds wrong with its files."""
        if self._path is None:
            return []
        found = [row["integrity_check"] for row in self.rows("PRAGMA integrity_check")]
        broken = self.rows("PRAGMA foreign_key_check")
        return [f"integrity_check: {one}" for one in found if one != "ok"] + [f"foreign key: {one}" for one in broken]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _of_server(self, query: str) -> list[Row]:
        if self._connection is None:
            url = f"postgresql://{self.url.partition('://')[2]}"
            self._connection = psycopg.connect(url, autocommit=True, row_factory=dict_row)
            self._connection.execute("SET TIME ZONE 'UTC'")
        found: list[Row] = self._connection.execute(query).fetchall()
        return found


def _read(address: str, query: str) -> list[Row]:
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as reader:
        reader.row_factory = sqlite3.Row
        return [dict(row) for row in reader.execute(query)]


def instant(value: Any) -> datetime | None:
    """A stored time as a UTC instant, whichever database it comes from."""
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def quoted(values: Sequence[str]) -> str:
    """Our own ids, for IN (…)."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
