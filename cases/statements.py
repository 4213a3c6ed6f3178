"""Statements of the hot path: written in SQLAlchemy Core, compiled once, and run straight on the driver.

Core is the one place where SQL is written, and its types still decide how a value is stored and read. What is left out
is the work that Core does anew at every execution, which cost several times what the database does. Everything runs on
the connection and in the transaction of the caller; errors come as SQLAlchemy's own, with the statement and without
the values. What runs seldom keeps to Core.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Delete, Insert, Select, Table, Update, bindparam, insert, literal
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Core = Select[Any] | Insert | Update | Delete
Values = Mapping[str, Any]
Rows = list[tuple[Any, ...]]
Watcher = Callable[[str, Any], None]

# Told of each statement and its parameters before it runs; for tests that halt a server at a named point.
watchers: list[Watcher] = []

_Process = Callable[[Any], Any]
_Column = tuple[int, _Process]


class Statement:
    """One statement. `core` is for every database, or by the dialect's name where they must differ.

    `values` are by the names of its bound parameters. One that is expanding takes a list; its form is kept by length.
    """

    def __init__(self, core: Core | Mapping[str, Core]) -> None:
        self._core = core
        self._forms: dict[str, _Forms] = {}

    def rows(self, tx: Connection, values: Values) -> Rows:
        """What the statement finds or returns, each value as its type reads it."""
        form = self._form(tx, values)
        cursor = form.run(tx, values)
        try:
            found = cursor.fetchall()
        except Exception as error:
            form.failed(tx, error)
        return form.read(found) if form.reads else found

    def first(self, tx: Connection, values: Values) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found = self.rows(tx, values)
        return found[0] if found else None

    def scalar(self, tx: Connection, values: Values) -> Any:
        """The first value of the first row, or None."""
        found = self.rows(tx, values)
        return found[0][0] if found else None

    def run(self, tx: Connection, values: Values) -> int:
        """Change something; how many rows."""
        changed: int = self._form(tx, values).run(tx, values).rowcount
        return changed

    def many(self, tx: Connection, rows: Sequence[Values]) -> None:
        """Run the statement for each of the rows, which all give the same names."""
        if len(rows) == 1:
            self.run(tx, rows[0])
        elif rows:
            self._form(tx, rows[0]).run_many(tx, rows)

    def new_id(self, tx: Connection, values: Values) -> int:
        """Insert one row; the key that the database gave it. The statement must return nothing but the key."""
        return int(self.scalar(tx, values))

    def _form(self, tx: Connection, values: Values) -> "_Form":
        name = tx.dialect.name
        forms = self._forms.get(name)
        if forms is None:
            core = self._core[name] if isinstance(self._core, Mapping) else self._core
            forms = self._forms[name] = _Forms(core, tx)
        return forms.only or forms.by_length(values)


def told(tx: Connection, command: str) -> None:
    """Give the driver a command without values, such as SAVEPOINT."""
    try:
        _driver(tx).execute(command)
    except Exception as error:
        tx._handle_dbapi_exception(error, command, None, None, None)


def values_of(table: Table, *names: str) -> dict[str, Any]:
    """What an insert gives these columns; those that are not named get their default, if they have one."""
    values: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in names}
    for column in table.c:
        if column.name not in values and isinstance(column.default, ScalarElementColumnDefault):
            values[column.name] = literal(column.default.arg, column.type)
    return values


def new_row(table: Table, *names: str) -> Insert:
    """An insert of a row with these columns."""
    return insert(table).values(values_of(table, *names))


class _Forms:
    """A statement on one dialect: a single form, or one for each length of its lists."""

    def __init__(self, core: Core, tx: Connection) -> None:
        self._core, self._dialect = core, tx.dialect
        self._compiled = core.compile(dialect=tx.dialect)
        if self._compiled.insert_prefetch or self._compiled.update_prefetch:
            raise TypeError("a column's default would be left out; name the column")
        self._lists = sorted(name for name, bind in self._compiled.binds.items() if bind.expanding and not bind.value)
        self._kept: dict[tuple[int, ...], _Form] = {}
        self.only = None if self._lists else self._made({})

    def by_length(self, values: Values) -> "_Form":
        lengths = tuple(_rounded(len(values[name])) for name in self._lists)
        form = self._kept.get(lengths)
        if form is None:
            lists = zip(self._lists, lengths, strict=True)
            form = self._kept[lengths] = self._made({name: [values[name][0]] * length for name, length in lists})
        return form

    def _made(self, lists: dict[str, list[Any]]) -> "_Form":
        binds = self._compiled.binds
        unset = {name: None for name, bind in binds.items() if bind.required}
        state = self._compiled.construct_expanded_state(unset | lists, escape_names=False)
        place: dict[str, tuple[str, int | None]] = {
            expanded: (name, index)
            for name in lists
            for index, expanded in enumerate(state.parameter_expansion.get(name, ()))
        }
        bound = []
        for expanded in state.positiontup or state.parameters:
            name, index = place.get(expanded, (expanded, None))
            process = self._stores(binds[name])
            if not binds[name].required and name not in lists:
                bound.append(_Bound(expanded, None, None, process, binds[name].effective_value))
            else:
                bound.append(_Bound(expanded, name, index, process, None))
        return _Form(state.statement, bound, self._columns(), positional=state.positiontup is not None)

    def _stores(self, bind: BindParameter[Any]) -> _Process | None:
        return bind.type.dialect_impl(self._dialect).bind_processor(self._dialect)

    def _columns(self) -> list[_Column]:
        """Where in a row a value must be read by its type."""
        if isinstance(self._core, Select):
            columns = list(self._core.selected_columns)
        else:
            columns = list(self._core.exported_columns)
        read = [(at, one.type.dialect_impl(self._dialect)) for at, one in enumerate(columns)]
        found = [(at, kind.result_processor(self._dialect, None)) for at, kind in read]
        return [(at, process) for at, process in found if process is not None]


def _rounded(length: int) -> int:
    """Lists are filled up with their last value to the next power of two: a process keeps few forms of a statement."""
    return 1 << (length - 1).bit_length()


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else values[-1]


class _Bound(NamedTuple):
    """One parameter: the driver's name for it, whose value it is, and how the value is stored."""

    expanded: str
    name: str | None  # None for what the statement itself fixes
    item: int | None  # in a list
    process: _Process | None
    fixed: Any


class _Form:
    """The text that the driver is given, and how values become parameters and rows become values."""

    def __init__(self, text: str, bound: list[_Bound], columns: list[_Column], *, positional: bool) -> None:
        self._text, self._columns, self._bound = text, columns, bound
        self.reads = bool(columns)  # whether a row holds anything that its type reads
        self._names = None if positional else [one.expanded for one in bound]
        self._fixed = {
            one.expanded: one.fixed if one.process is None else one.process(one.fixed)
            for one in bound
            if one.name is None
        }
        self._processes = [(at, one.process) for at, one in enumerate(bound) if one.name and one.process]
        self._has_lists = any(one.item is not None for one in bound)
        keys = [one.expanded for one in bound]
        self._pick: Callable[[Values], Sequence[Any]] = (
            itemgetter(*keys) if len(keys) > 1 else (lambda values: tuple(values[key] for key in keys))
        )
        self._only = keys[0] if len(keys) == 1 and not (self._has_lists or self._fixed or self._processes) else None

    def run(self, tx: Connection, values: Values) -> Any:
        """The driver's cursor after the statement. Raises SQLAlchemy's DBAPIError, or StatementError for a value."""
        try:
            parameters = self._parameters(values)
            if watchers:
                self._tell(parameters)
            if not tx.in_transaction():
                tx.begin()
            driver: Any = tx.connection.dbapi_connection
            return driver.execute(self._text, parameters)
        except Exception as error:
            self.failed(tx, error)

    def run_many(self, tx: Connection, rows: Sequence[Values]) -> None:
        try:
            parameters = [self._parameters(values) for values in rows]
            if watchers:
                self._tell(parameters)
            _driver(tx).cursor().executemany(self._text, parameters)
        except Exception as error:
            self.failed(tx, error)

    def failed(self, tx: Connection, error: Exception) -> Any:
        """Raise what Core would have raised: its kind of error, hiding the values; a lost connection is given up."""
        tx._handle_dbapi_exception(error, self._text, None, None, None)

    def read(self, rows: Rows) -> Rows:
        """The rows, each value as its type reads it."""
        found = []
        for row in rows:
            values = list(row)
            for at, process in self._columns:
                value = values[at]
                if value is not None:  # null is null in every type
                    values[at] = process(value)
            found.append(tuple(values))
        return found

    def _parameters(self, values: Values) -> Any:
        if self._only is not None:
            return (values[self._only],) if self._names is None else {self._only: values[self._only]}
        if self._has_lists:
            values = {
                one.expanded: values[one.name] if one.item is None else _at(values[one.name], one.item)
                for one in self._bound
                if one.name is not None
            }
        found = self._pick({**values, **self._fixed} if self._fixed else values)
        if self._processes:
            found = list(found)
            for at, process in self._processes:
                found[at] = process(found[at])
        return found if self._names is None else dict(zip(self._names, found, strict=True))

    def _tell(self, parameters: Any) -> None:
        for watcher in watchers:
            watcher(self._text, parameters)


def _driver(tx: Connection) -> Any:
    """The driver's own connection, in a transaction."""
    if not tx.in_transaction():
        tx.begin()
    return tx.connection.dbapi_connection
