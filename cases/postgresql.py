"""PostgreSQL as we use it: the only file that knows its driver.

A replica may be frozen or lose its line at any moment. Whatever it has locked then is free again within seconds: the
server ends a transaction that nobody goes on with, and whoever waits for a lock waits longer than that.
"""

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, text

CONNECTIONS = 8  # of one process, as many as its threads; besides them the one that listens
DRIVER = "postgresql+psycopg"

# Milliseconds on the server. A person waits at most some ten seconds for the answer to a press.
_IDLE_IN_TRANSACTION, _LOCK, _STATEMENT = 5_000, 7_000, 10_000
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}  # a dead line: 25 s

_SERIALIZATION, _DEADLOCK, _UNIQUE = "40001", "40P01", "23505"
_ABOUT_VALUES = ("22", "23")  # the classes of SQLSTATE for data that does not fit, or that a constraint refuses
_WAKE = "stafett_wake"
_MIGRATING = 0x57AFE77  # the number of an advisory lock, nothing else
AGAIN = "stafett_again"  # the option of a connection whose work has been upset by another's once
_ACCOUNT = 1  # the kind of those that stand for a name
# In the order of what is locked, so that two never wait for each other.
_IN_TURN = text(
    "SELECT pg_advisory_xact_lock(:kind, number) FROM "
    "(SELECT DISTINCT hashtext(name) AS number FROM unnest(CAST(:names AS text[])) AS name ORDER BY number) AS chains"
)


class _QuietCursor(psycopg.Cursor[Any]):
    """A cursor whose errors never quote a row: it may be content, and errors are logged."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: bool | None = None
    ) -> Any:
        try:
            return super().execute(query, params, prepare=prepare, binary=binary)
        except psycopg.Error as fault:
            _hush(fault)
            raise

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
        try:
            super().executemany(query, params_seq, returning=returning)
        except psycopg.Error as fault:
            _hush(fault)
            raise


def engine(url: URL) -> Engine:
    """An engine whose errors never quote the values of a statement."""
    return create_engine(
        url.set(drivername=DRIVER),
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=2,  # a command, and whoever looks from outside the threads
        pool_timeout=10,
        connect_args=_arguments(url) | {"cursor_factory": _QuietCursor},
    )


def may_be_repeated(error: BaseException) -> bool:
    """Whether the server undid a transaction only because of another one: done again it meets what that one left."""
    return _state(error) in (_SERIALIZATION, _DEADLOCK, _UNIQUE)


def is_lost(tx: Connection) -> bool:
    """Whether the line to the server is gone, so that what the transaction did is undone."""
    if tx.invalidated or tx.closed:
        return True
    driver: Any = tx.connection.driver_connection
    return bool(driver.closed or driver.broken)


def alone_in_migrating(tx: Connection) -> None:
    """Wait until no other replica migrates; migrations may take the time they take."""
    unhurried(tx)
    tx.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})


def in_turn(tx: Connection, names: Collection[str]) -> None:
    """Wait until nobody else is at any of what is named so, until this transaction ends."""
    tx.execute(_IN_TURN, {"kind": _ACCOUNT, "names": sorted(names)})


def unhurried(tx: Connection) -> None:
    """This transaction may take its time: a large import thinks longer between statements than a turn ever does."""
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        tx.execute(text(f"SET LOCAL {setting} = 0"))


def others(tx: Connection) -> int:
    """How many other connections of Stafett's this database has."""
    found: int = tx.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stafett' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    return found


def wake(tx: Connection) -> None:
    """Tell whoever listens that there is something to do."""
    tx.execute(text(f"NOTIFY {_WAKE}"))


def clock(tx: Connection) -> datetime:
    """What the server's clock shows now, in UTC."""
    shown: datetime = tx.scalar(text("SELECT clock_timestamp()"))
    return shown.astimezone(UTC)


async def wakes(url: URL) -> AsyncIterator[None]:
    """One item when we begin to listen, and one for each time that we are told. Ends with the driver's error."""
    line = await psycopg.AsyncConnection.connect(**_arguments(url), autocommit=True)
    async with line:
        await line.execute(f"LISTEN {_WAKE}")
        yield None
        async for _ in line.notifies():
            yield None


def _arguments(url: URL) -> dict[str, Any]:
    """What a connection is opened with. Options in the address come last, so that they hold."""
    given = url.set(drivername=DRIVER)
    arguments: dict[str, Any] = dict(given.get_dialect()().create_connect_args(given)[1])
    arguments.pop("context", None)
    settings = {
        "timezone": "UTC",
        "statement_timeout": _STATEMENT,
        "lock_timeout": _LOCK,
        "idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION,
    } | {f"tcp_{name}": value for name, value in _KEEPALIVE.items()}
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return (
        {"connect_timeout": 5, "application_name": "stafett", "tcp_user_timeout": 15_000}
        | _KEEPALIVE
        | arguments
        | {"options": f"{ours} {arguments.get('options', '')}".strip()}
    )


def _state(error: BaseException) -> str | None:
    """The SQLSTATE of an error, whether the driver raised it or SQLAlchemy wrapped it."""
    found: str | None = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
    return found


def _hush(fault: psycopg.Error) -> None:
    """Leave what the error says of itself, but no detail: that quotes the row. Of wrong values not even that."""
    if fault.sqlstate is None:
        return
    about = fault.diag.message_primary
    if fault.sqlstate.startswith(_ABOUT_VALUES):
        about = ".".join(name for name in (fault.diag.table_name, fault.diag.constraint_name) if name)
    fault.args = (" ".join(part for part in (fault.sqlstate, type(fault).__name__, about) if part),)
