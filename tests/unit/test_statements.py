"""Statements that skip Core's work at each execution still do what Core does: types, transactions, errors that tell
nothing."""

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from cases import statements
from cases import tables as t
from cases.statements import Statement, new_row, values_of
from cases.store import Store

SECRET = "hemligt-värde-77"
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)

_NEW_UNIT = Statement(
    new_row(t.unit, "id", "name", "kind", "profile", "provider_kind", "phone", "last_resort_role", "last_resort_phone")
)
_NEW_PERSON = Statement(new_row(t.person, "name", "active").returning(t.person.c.id))
_PEOPLE = Statement(
    select(t.person.c.id, t.person.c.name, t.person.c.active)
    .where(t.person.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(t.person.c.id)
)
_NEW_THREAD = Statement(
    new_row(
        t.thread, "flow", "profile", "state", "version", "case_ref", "case_known", "sender_id", "sender_unit_id",
        "sender_side", "marks", "opened_at", "due_soft",
    ).returning(t.thread.c.id)
)  # fmt: skip
_NEW_SETTING = Statement(new_row(t.setting, "key", "value"))
_SETTING = Statement(select(t.setting.c.value).where(t.setting.c.key == bindparam("key")))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    made.migrate()
    yield made
    made.close()


def test_values_are_stored_and_read_as_core_stores_and_reads_them(store: Store) -> None:
    local = datetime(2026, 11, 22, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    row = {
        "flow": "question", "profile": "norrkoping", "state": "sent", "version": 3, "case_ref": "BM-1",
        "case_known": True, "sender_unit_id": "HT", "sender_side": "provider", "marks": ["late", "å"],
        "opened_at": local, "due_soft": None,
    }  # fmt: skip
    names = [*row, "sender_id"]
    read = select(*(t.thread.c[name] for name in names)).where(t.thread.c.id == bindparam("id"))
    with store.engine.begin() as tx:
        _NEW_UNIT.run(tx, _unit("HT"))
        row["sender_id"] = _NEW_PERSON.new_id(tx, {"name": "Sara Lind", "active": True})
        thread = _NEW_THREAD.new_id(tx, row)
        by_core = tx.execute(read, {"id": thread}).one()
        assert Statement(read).first(tx, {"id": thread}) == tuple(by_core)
        assert by_core.opened_at == local and by_core.opened_at.tzinfo is UTC
        assert (by_core.marks, by_core.case_known, by_core.due_soft) == (["late", "å"], True, None)


def test_a_date_and_a_row_that_is_not_there(store: Store) -> None:
    counter = Statement(new_row(t.counter, "name", "day", "n"))
    day = Statement(select(t.counter.c.day).where(t.counter.c.name == bindparam("name")))
    with store.engine.begin() as tx:
        counter.run(tx, {"name": "views", "day": date(2026, 11, 22), "n": 1})
        assert day.scalar(tx, {"name": "views"}) == date(2026, 11, 22)
        assert day.scalar(tx, {"name": "nothing"}) is None
        assert day.first(tx, {"name": "nothing"}) is None


def test_what_is_not_named_gets_its_default(store: Store) -> None:
    with store.engine.begin() as tx:
        person = _NEW_PERSON.new_id(tx, {"name": "Anna Berg", "active": False})
        found = tx.execute(select(t.person).where(t.person.c.id == person)).one()
        assert (found.title, found.phone, found.active) == ("", "", False)
        with pytest.raises(TypeError, match="name the column"):
            Statement(insert(t.person).values(name=bindparam("name"))).run(tx, {"name": "Eva Ek"})


@pytest.mark.parametrize("wanted", [1, 2, 3, 5, 9])
def test_a_list_of_any_length_finds_its_own_and_no_others(store: Store, wanted: int) -> None:
    with store.engine.begin() as tx:
        people = [_NEW_PERSON.new_id(tx, {"name": f"Person {number}", "active": True}) for number in range(12)]
        assert [row[0] for row in _PEOPLE.rows(tx, {"ids": people[:wanted]})] == people[:wanted]


def test_many_rows_and_how_many_changed(store: Store) -> None:
    rename = Statement(update(t.setting).values(value=bindparam("new")).where(t.setting.c.value == bindparam("old")))
    with store.engine.begin() as tx:
        _NEW_SETTING.many(tx, [{"key": f"k{number}", "value": "old"} for number in range(3)])
        _NEW_SETTING.many(tx, [])
        assert rename.run(tx, {"old": "old", "new": "new"}) == 3
        assert rename.run(tx, {"old": "old", "new": "new"}) == 0


def test_it_is_part_of_the_callers_transaction(store: Store) -> None:
    with pytest.raises(RuntimeError), store.engine.begin() as tx:
        _NEW_SETTING.run(tx, {"key": "kept", "value": "no"})
        raise RuntimeError
    with store.engine.begin() as tx:
        assert _SETTING.scalar(tx, {"key": "kept"}) is None
        with tx.begin_nested() as savepoint:
            _NEW_SETTING.run(tx, {"key": "kept", "value": "no"})
            savepoint.rollback()
        assert _SETTING.scalar(tx, {"key": "kept"}) is None
    with store.engine.connect() as tx:  # begun by the statement itself, as by Core
        _NEW_SETTING.run(tx, {"key": "kept", "value": "yes"})
        tx.commit()
    with store.engine.begin() as tx:
        assert _SETTING.scalar(tx, {"key": "kept"}) == "yes"


@pytest.mark.parametrize("rows", [1, 2])
def test_an_error_is_cores_own_and_never_quotes_a_value(
    store: Store, rows: int, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(IntegrityError) as caught, store.engine.begin() as tx:
        _NEW_SETTING.run(tx, {"key": SECRET, "value": SECRET})
        _NEW_SETTING.many(tx, [{"key": SECRET, "value": SECRET}] * rows)
    _tells_nothing(caught.value, caplog)
    assert "INSERT INTO setting" in str(caught.value)


def test_a_value_that_its_type_refuses_is_not_quoted_either(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    moment = Statement(new_row(t.inbound, "activity_key", "thread_id", "at"))
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError) as caught, store.engine.begin() as tx:
        moment.run(tx, {"activity_key": SECRET, "thread_id": None, "at": naive})
    _tells_nothing(caught.value, caplog)
    assert "without a zone" in str(caught.value)
    with pytest.raises(StatementError) as missing, store.engine.begin() as tx:
        moment.run(tx, {"activity_key": SECRET, "at": NOON})
    _tells_nothing(missing.value, caplog)


def test_a_watcher_is_told_before_it_happens(store: Store) -> None:
    seen: list[str] = []

    def watch(text: str, parameters: object) -> None:
        seen.append(text.partition(" ")[0])

    statements.watchers.append(watch)
    try:
        with store.engine.begin() as tx:
            _NEW_SETTING.run(tx, {"key": "a", "value": "b"})
            _NEW_SETTING.many(tx, [{"key": "b", "value": "b"}, {"key": "c", "value": "b"}])
            _SETTING.scalar(tx, {"key": "a"})
    finally:
        statements.watchers.remove(watch)
    assert seen == ["INSERT", "INSERT", "SELECT"]


def test_the_names_an_insert_gives() -> None:
    assert set(values_of(t.person, "name")) == {"name", "title", "phone", "active", "source"}


def _unit(key: str) -> dict[str, str]:
    return {
        "id": key, "name": "Hemtjänst Norr", "kind": "home_care", "profile": "norrkoping",
        "provider_kind": "egen_regi", "phone": "", "last_resort_role": "växeln", "last_resort_phone": "",
    }  # fmt: skip


def _tells_nothing(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        logging.getLogger("stafett.test").error("failed", exc_info=error)
    told = "".join(traceback.format_exception(error)) + caplog.text + repr(error)
    assert SECRET not in told
