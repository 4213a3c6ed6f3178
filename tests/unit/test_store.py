"""Which databases there are, what is said of one that cannot be used, and what is done when PostgreSQL fails."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from postgres import Server, own_postgres
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from cases import account, postgresql
from cases import tables as t
from cases.database import DatabaseUnusable
from cases.store import Store, sqlite_url

DAY = date(2026, 11, 16)


@pytest.fixture
def store(shared: str) -> Iterator[Store]:
    """On PostgreSQL."""
    made = Store(shared)
    yield made
    made.close()


def count(tx: Connection, name: str) -> None:
    account.count(tx, name, DAY)


def counted(store: Store) -> dict[str, int]:
    return {row.name: row.n for row in store.transaction(lambda tx: list(tx.execute(select(t.counter))))}


class Tries:
    """Work that counts how often it is begun, and is cut off by somebody the first times."""

    def __init__(self, cut: Callable[[], object], times: int) -> None:
        self._cut, self._times = cut, times
        self.begun = 0

    def __call__(self, tx: Connection) -> str:
        self.begun += 1
        count(tx, "before")
        if self.begun <= self._times:
            self._cut()
        count(tx, "after")
        return "done"


# --- which databases ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:hemligt@h/stafett", "känner inte till databasen mysql"),
        ("postgresql+asyncpg://u:hemligt@h/stafett", "känner inte till databasen postgresql.asyncpg"),
        ("stafett.sqlite", "går inte att läsa"),
        ("postgresql://u:hemligt@h:port/stafett", "går inte att läsa"),
        ("postgresql://u:a@hemligt@127.0.0.1:1/stafett", "skrivs %40"),
    ],
)
def test_another_database_is_refused_with_what_to_write(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnusable, match=said) as refused:
        Store(url)
    assert "Skriv sqlite:///stafett.sqlite eller postgresql://" in str(refused.value)
    assert "hemligt" not in str(refused.value)


def test_both_ways_to_write_postgresql_mean_the_same(shared: str) -> None:
    for url in (shared, shared.replace("postgresql://", "postgresql+psycopg://")):
        store = Store(url)
        assert store.transaction(lambda tx: tx.scalar(text("SELECT 1"))) == 1
        store.close()


def unusable(url: str) -> str:
    store = Store(url)
    try:
        with pytest.raises(DatabaseUnusable) as refused:
            store.migrate()
    finally:
        store.close()
    return str(refused.value)


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    said = unusable(sqlite_url(tmp_path / "borta" / "stafett.sqlite"))
    assert said.startswith(f"Mappen {tmp_path / 'borta'} finns inte.")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "brev.txt").write_text("Kära du, " * 1000, encoding="utf-8")
    assert unusable(sqlite_url(tmp_path / "brev.txt")).startswith(f"Filen {tmp_path / 'brev.txt'} är ingen databas.")


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "stafett.sqlite"
    store = Store(sqlite_url(path))
    store.migrate()
    store.close()
    assert "går inte att skriva i" in unusable(f"sqlite:///file:{path}?mode=ro&uri=true")
    (tmp_path / "mapp").mkdir()
    assert "går inte att öppna" in unusable(sqlite_url(tmp_path / "mapp"))


def test_a_server_that_does_not_answer_or_does_not_know_the_database(postgres_server: Server) -> None:
    away = "postgresql://stafett:hemligt@127.0.0.1:1/stafett"
    assert unusable(away).startswith("Databasen på 127.0.0.1:1 går inte att använda: ")
    assert "hemligt" not in unusable(away)
    unknown = postgres_server.url.set(database="finns_inte").render_as_string(hide_password=False)
    assert 'database "finns_inte" does not exist' in unusable(unknown)


# --- how PostgreSQL is used -------------------------------------------------------------------------------------


def test_what_a_session_is_opened_with(store: Store) -> None:
    names = ("timezone", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name")
    shown = store.transaction(lambda tx: [tx.scalar(text(f"SHOW {name}")) for name in names])
    assert shown == ["UTC", "10s", "7s", "5s", "stafett"]


def test_options_in_the_address_hold(shared: str) -> None:
    store = Store(f"{shared}?options=-c%20statement_timeout%3D1234&application_name=ettan")
    shown = store.transaction(
        lambda tx: [tx.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "application_name", "timezone")]
    )
    assert shown == ["1234ms", "ettan", "UTC"]
    store.close()


def test_an_error_does_not_quote_what_was_to_be_written(store: Store) -> None:
    def quoting(tx: Connection) -> None:
        tx.execute(insert(t.counter).values(name="HEMLIGA ORD", day=DAY, n=None))

    def not_a_number(tx: Connection) -> None:
        tx.connection.cursor().execute("SELECT 'HEMLIGA ORD'::integer")

    for work in (quoting, not_a_number):
        with pytest.raises(Exception, match=r"23502 NotNullViolation counter|22P02") as caught:
            store.transaction(work)
        assert "HEMLIGA" not in str(caught.value)


def test_a_mistake_in_a_statement_is_still_told(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r'relation "nowhere" does not exist'):
        store.transaction(lambda tx: tx.execute(text("SELECT * FROM nowhere")))


# --- when it fails ----------------------------------------------------------------------------------------------


def test_a_line_lost_before_the_commit_costs_one_more_try(store: Store, shared: str, postgres_server: Server) -> None:
    for _ in range(3):  # connections that lie in the pool are cut as well
        store.transaction(lambda tx: count(tx, "pool"))
    work = Tries(lambda: postgres_server.cut(shared), times=1)
    assert store.transaction(work) == "done"
    assert work.begun == 2
    assert counted(store) == {"pool": 3, "before": 1, "after": 1}


def test_a_line_that_is_lost_again_is_told(store: Store, shared: str, postgres_server: Server) -> None:
    work = Tries(lambda: postgres_server.cut(shared), times=2)
    with pytest.raises(OperationalError):
        store.transaction(work)
    assert work.begun == 2
    assert counted(store) == {}


def test_a_commit_whose_answer_is_lost_is_not_done_again(store: Store, shared: str, postgres_server: Server) -> None:
    """It may have got through: only whoever asked can find out."""
    begun = 0

    def work(tx: Connection) -> None:
        nonlocal begun
        begun += 1
        count(tx, "once")
        tx.execute(text("CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS "
                        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"))  # fmt: skip
        tx.execute(text("CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED "
                        "FOR EACH ROW EXECUTE FUNCTION hang_up()"))  # fmt: skip
        tx.execute(insert(t.setting).values(key="k", value="v"))

    with pytest.raises(OperationalError):
        store.transaction(work)
    assert begun == 1


def test_two_that_upset_each_other_are_both_done(store: Store) -> None:
    """A deadlock: the server undoes one of them, and it is done again."""
    for name in "ab":
        store.transaction(lambda tx, name=name: count(tx, name))  # type: ignore[misc]
    has_a, has_b = Event(), Event()

    def both(first: str, second: str, mine: Event, theirs: Event) -> Callable[[Connection], None]:
        def work(tx: Connection) -> None:
            count(tx, first)
            mine.set()
            assert theirs.wait(20)
            count(tx, second)

        return work

    done = [
        store._threads.submit(store.transaction, both("a", "b", has_a, has_b)),
        store._threads.submit(store.transaction, both("b", "a", has_b, has_a)),
    ]
    for one in done:
        one.result()
    assert counted(store) == {"a": 3, "b": 3}


def test_whoever_comes_second_with_the_same_key_meets_what_the_first_one_left(store: Store) -> None:
    """Both look, neither finds, both insert: the second is undone, looks again, and finds."""
    first_has_written, second_has_looked = Event(), Event()
    looks: list[str] = []

    def find_or_make(
        who: str, before: Callable[[], object], after: Callable[[], object]
    ) -> Callable[[Connection], str]:
        def work(tx: Connection) -> str:
            found: str | None = tx.scalar(select(t.setting.c.value).where(t.setting.c.key == "opened"))
            looks.append(who)
            before()
            if found is None:
                tx.execute(insert(t.setting).values(key="opened", value=who))
            after()
            return found or who

        return work

    def wait_for_the_second() -> None:
        first_has_written.set()
        assert second_has_looked.wait(20)

    one = store._threads.submit(store.transaction, find_or_make("one", lambda: None, wait_for_the_second))
    assert first_has_written.wait(20)
    two = store._threads.submit(store.transaction, find_or_make("two", second_has_looked.set, lambda: None))
    assert (one.result(), two.result()) == ("one", "one")
    assert looks == ["one", "two", "two"]


def test_a_replica_that_freezes_in_a_transaction_lets_go(shared: str) -> None:
    """The server ends it; whoever waits for the lock waits longer than that."""
    frozen, other = Store(f"{shared}?options=-c%20idle_in_transaction_session_timeout%3D200"), Store(shared)
    other.transaction(lambda tx: count(tx, "row"))
    thawed, holds = Event(), Event()

    def hold(tx: Connection) -> None:
        if not holds.is_set():
            tx.execute(update(t.counter).values(n=99))
            holds.set()
            assert thawed.wait(20)
        count(tx, "row")

    held = frozen._threads.submit(frozen.transaction, hold)
    assert holds.wait(20)
    other.transaction(lambda tx: count(tx, "row"))
    thawed.set()
    held.result()
    assert counted(other) == {"row": 3}, "what the frozen one had done was undone, and then done again"
    assert postgresql._IDLE_IN_TRANSACTION < postgresql._LOCK < postgresql._STATEMENT
    frozen.close()
    other.close()


def test_a_database_that_goes_away_and_comes_back() -> None:
    with own_postgres() as server:
        store = Store(server.create())
        store.transaction(lambda tx: count(tx, "before"))
        server.down()
        for _ in range(3):
            with pytest.raises(OperationalError):
                store.transaction(lambda tx: count(tx, "away"))
        server.up()
        store.transaction(lambda tx: count(tx, "back"))
        assert counted(store) == {"before": 1, "back": 1}
        store.close()


def test_the_servers_helper_leaves_nothing_behind() -> None:
    with own_postgres() as server:
        pid = server.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
