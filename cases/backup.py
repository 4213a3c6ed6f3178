"""A copy of the whole record in one file, taken while Stafett runs, and the same for either database.

The file is a zip with one JSON line for each row, read in one transaction that sees a single moment, and a manifest
with the revision of the tables, and the number of rows and the SHA-256 of each. It is written beside its place,
read back, and only then given its name: what has the name is whole.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from alembic.migration import MigrationContext
from sqlalchemy import (
    URL,
    Connection,
    Date,
    DateTime,
    Engine,
    MetaData,
    Table,
    Time,
    create_engine,
    event,
    insert,
    select,
)

from cases import postgresql
from cases.database import sqlite_file

FORMAT = 1
_MANIFEST = "manifest.json"
_VERSIONS = "alembic_version"
_FAST = 1  # compression level: the disk is seldom what is short
_BATCH = 1_000


class BackupError(RuntimeError):
    """The backup could not be made or read; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table as it lies in the file."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `made_at` is the moment that it shows (UTC)."""

    format: int
    made_at: datetime
    revision: str
    database: str
    tables: dict[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


def save(url: URL, file: Path, now: datetime) -> Manifest:
    """Back up the record at `url` to `file`, which must not exist; `now` is machine time (UTC).

    Raises: BackupError.
    """
    if file.exists():
        raise BackupError(f"{file} finns redan. Välj ett annat namn: en säkerhetskopia skrivs aldrig över.")
    if not file.parent.is_dir():
        raise BackupError(f"Mappen {file.parent} finns inte.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with _one_moment(url) as tx:
            _write(tx, draft, now)
        manifest = check(draft)
        _on_disk(draft)
        draft.rename(file)
        _on_disk(file.parent)
    except OSError as fault:
        raise BackupError(f"Säkerhetskopian kunde inte skrivas: {fault.strerror}.") from fault
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def check(file: Path) -> Manifest:
    """The manifest of a backup whose every row is there and unchanged. Raises: BackupError."""
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive)
            for name, part in manifest.tables.items():
                digest, rows = hashlib.sha256(), 0
                with archive.open(f"{name}.jsonl") as lines:
                    for line in lines:
                        digest.update(line)
                        rows += 1
                if (digest.hexdigest(), rows) != (part.sha256, part.rows):
                    raise BackupError(f"Säkerhetskopian är skadad: tabellen {name} stämmer inte. Ta en annan.")
            return manifest
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError) as fault:
        raise BackupError(f"{file} är ingen säkerhetskopia från Stafett, eller är skadad. Ta en annan.") from fault
    except OSError as fault:
        raise BackupError(f"{file} går inte att läsa: {fault.strerror}.") from fault


def load(tx: Connection, file: Path) -> None:
    """Put every row of a backup into the empty tables of its own revision. The caller has checked the file."""
    tables = _tables(tx)
    with ZipFile(file) as archive:
        manifest = _manifest(archive)
        for table in tables.sorted_tables:
            part = manifest.tables.get(table.name)
            if part is None or not part.rows:
                continue
            with archive.open(f"{table.name}.jsonl") as lines:
                for rows in _in_batches(lines, table, part.columns):
                    tx.execute(insert(table), rows)
    if tx.dialect.name == "postgresql":
        for table in tables.sorted_tables:
            _count_on(tx, table)


def revision(tx: Connection) -> str | None:
    """The revision of the tables, or None where there are none."""
    return MigrationContext.configure(tx).get_current_revision()


# --- pieces ------------------------------------------------------------------------------------------------------


@contextmanager
def _one_moment(url: URL) -> Iterator[Connection]:
    """A connection that sees the record as it is now, whatever others write meanwhile, and holds nobody up."""
    engine = _reader(url)
    try:
        with engine.connect() as tx, tx.begin():
            if tx.dialect.name == "postgresql":
                for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    tx.exec_driver_sql(f"SET LOCAL {limit} = 0")
            else:
                _demand_sound(tx)
            if revision(tx) is None:
                raise BackupError("Databasen är tom: det finns inget att säkerhetskopiera.")
            yield tx
    finally:
        engine.dispose()


def _reader(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return postgresql.engine(url).execution_options(**options)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise BackupError(f"Databasen {file} finns inte.")
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def plain(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin_as_reader(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _demand_sound(tx: Connection) -> None:
    """A copy of what is broken is no backup."""
    if (
        tx.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok"
        or tx.exec_driver_sql("PRAGMA foreign_key_check").first()
    ):
        raise BackupError("Databasen är skadad. Stoppa Stafett och återställ från den senaste säkerhetskopian.")


def _write(tx: Connection, draft: Path, now: datetime) -> None:
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as raw, ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=_FAST) as archive:
        parts = {}
        for table in _tables(tx).sorted_tables:
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                parts[table.name] = _write_table(tx, table, out)
        manifest = Manifest(
            format=FORMAT, made_at=now, revision=str(revision(tx)), database=tx.dialect.name, tables=parts
        )
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), default=_written, indent=1))


def _write_table(tx: Connection, table: Table, out: Any) -> Part:
    digest, count = hashlib.sha256(), 0
    columns = list(table.c)
    query = select(*columns).order_by(*table.primary_key.columns)
    for row in tx.execution_options(yield_per=_BATCH).execute(query):
        line = json.dumps(list(row), default=_written, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        out.write(line)
        count += 1
    return Part(columns=[column.name for column in columns], rows=count, sha256=digest.hexdigest())


def _tables(tx: Connection) -> MetaData:
    """The tables as they are here and now: the code may be newer."""
    found = MetaData()
    found.reflect(tx, only=lambda name, _metadata: name != _VERSIONS)
    return found


def _manifest(archive: ZipFile) -> Manifest:
    told = json.loads(archive.read(_MANIFEST))
    if told["format"] != FORMAT:
        raise BackupError(f"Säkerhetskopian har formatet {told['format']}, som den här versionen inte kan läsa.")
    parts = {name: Part(**part) for name, part in told["tables"].items()}
    made_at = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
    return Manifest(**{**told, "made_at": made_at, "tables": parts})


def _in_batches(lines: Any, table: Table, names: list[str]) -> Iterator[list[dict[str, Any]]]:
    readers = [_reader_of(table.c[name].type) for name in names]
    batch: list[dict[str, Any]] = []
    for line in lines:
        values = json.loads(line)
        batch.append(
            {
                name: value if read is None or value is None else read(value)
                for name, read, value in zip(names, readers, values, strict=True)
            }
        )
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _reader_of(kind: Any) -> Any:
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    return date.fromisoformat if isinstance(kind, Date) else None


def _written(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _count_on(tx: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a counter that does not see the rows put in with a number."""
    (key, *more) = table.primary_key.columns
    if more or not isinstance(key.type.python_type, type) or key.type.python_type is not int:
        return
    name = tx.exec_driver_sql(f"SELECT pg_get_serial_sequence('{table.name}', '{key.name}')").scalar()
    last = tx.exec_driver_sql(f'SELECT max("{key.name}") FROM "{table.name}"').scalar()  # noqa: S608 (our own names)
    if name and last:
        tx.exec_driver_sql("SELECT setval(%(name)s, %(last)s)", {"name": name, "last": last})


def _on_disk(path: Path) -> None:
    """A name is on the disk only when its folder is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
