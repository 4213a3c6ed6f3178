"""Reading values out of a profile with errors that name file, key and what is allowed.

A room registers its own section with `register_section`; its `parse` gets the section's table and a `Complain`.
Nothing stops at the first fault: a reader complains, gives a harmless value and goes on.
"""

import dataclasses
import difflib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal, TypeVar

from reminders.clock_time import Clock, parse_hh_mm

T = TypeVar("T")
Path = tuple[str, ...]

MAX_NUMBER = 100_000


@dataclass(frozen=True, kw_only=True)
class Complain:
    """Collects faults. `complain("n", "ett heltal")` names the key under `path` and the file it was read from."""

    faults: list[str]
    origin: Mapping[Path, str]
    file: str
    path: Path = ()

    def __call__(self, key: str, allowed: str, got: object = None) -> None:
        """Record one fault; `allowed` says in Swedish what would do, `got` is what stands there."""
        path = (*self.path, key) if key else self.path
        found = "" if got is None else f" (nu: {_shown(got)})"
        self.faults.append(f"{self._file_of(path)}: {'.'.join(path)}: {allowed}{found}")

    def at(self, key: str) -> "Complain":
        """The same collector one table deeper."""
        return dataclasses.replace(self, path=(*self.path, key))

    def _file_of(self, path: Path) -> str:
        for size in range(len(path), 0, -1):
            if path[:size] in self.origin:
                return self.origin[path[:size]]
        return self.file


@dataclass(frozen=True, kw_only=True)
class Section:
    """A registered section and what reads it."""

    parse: Callable[[Mapping[str, Any], Complain], Any]


_sections: dict[str, Section] = {}


def register_section(name: str, parse: Callable[[Mapping[str, Any], Complain], T]) -> None:
    """Let a room own the table `[name]` of every profile; read back with `profile.section(name)`.

    `parse` is also called with an empty table when the profile lacks the section. Registering again replaces.
    """
    _sections[name] = Section(parse=parse)


def registered_sections() -> Mapping[str, Section]:
    """The sections other rooms have registered so far."""
    return dict(_sections)


@dataclass(kw_only=True)
class Table:
    """A table being read: each call takes one key, `done` complains of the keys nobody asked for."""

    values: Mapping[str, Any]
    complain: Complain
    _asked: set[str] = field(default_factory=set)

    def take(self, key: str) -> Any:
        """The raw value, or None; marks the key as known."""
        self._asked.add(key)
        return self.values.get(key)

    def missing(self, key: str, allowed: str) -> None:
        """Complain of a key that must be there."""
        self.complain(key, f"saknas; ska vara {allowed}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; required when there is no default."""
        return self._typed(key, str, "en text som inte är tom", default, "", lambda v: bool(v.strip()))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        return self._typed(key, bool, "true eller false", default, False)

    def integer(self, key: str, default: int | None = None, *, low: int = 0, high: int = MAX_NUMBER) -> int:
        """A whole number within limits."""
        return self._typed(key, int, f"ett heltal {low} till {high}", default, low, lambda v: low <= v <= high)

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of a set of words."""
        names = sorted(allowed)
        return self._typed(
            key, str, f"något av {', '.join(names)}", default, names[0] if names else "", names.__contains__
        )

    def clock(self, key: str, default: time | None = None) -> time:
        """A local time of day, "HH:MM"."""
        self._asked.add(key)
        if key not in self.values and default is not None:
            return default
        found = parse_hh_mm(self.values.get(key))
        if found is None:
            self.refuse(key, 'ett klockslag som "07:00"')
        return found or time(0)

    def names(
        self, key: str, allowed: Iterable[str] | None = None, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts, each one of `allowed` when given."""
        known = None if allowed is None else sorted(allowed)
        rule = "en lista med texter" if known is None else f"en lista med värden ur {', '.join(known)}"

        def fits(values: list[object]) -> bool:
            return all(isinstance(one, str) and (known is None or one in known) for one in values)

        return tuple(self._typed(key, list, rule, None if default is None else list(default), [], fits))

    def table(self, key: str) -> "Table":
        """A table inside this one; an empty one when it is missing."""
        found = self._typed(key, dict, "en tabell", {}, {})
        return Table(values=found, complain=self.complain.at(key))

    def tables(self, key: str) -> "tuple[Table, ...]":
        """A list of tables (`[[key]]`), none when it is missing; faults are named by their number in the list."""
        found = self._typed(
            key, list, "en lista med tabeller", [], [], lambda v: all(isinstance(one, dict) for one in v)
        )
        here = self.complain.at(key)
        return tuple(Table(values=one, complain=here.at(str(number))) for number, one in enumerate(found, start=1))

    def done(self) -> None:
        """Complain of unknown keys, with the nearest known one."""
        for key in self.values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                hint = f"; menas {near[0]}?" if near else ""
                self.complain(key, f"okänd nyckel, tillåtna är {', '.join(sorted(self._asked))}{hint}")

    def refuse(self, key: str, allowed: str) -> None:
        """Complain of the value that stands there, or that none does."""
        if key in self.values:
            self.complain(key, f"ska vara {allowed}", self.values[key])
        else:
            self.missing(key, allowed)

    def _typed(
        self,
        key: str,
        kind: type[T],
        allowed: str,
        default: T | None,
        fallback: T,
        fits: Callable[[Any], bool] | None = None,
    ) -> T:
        self._asked.add(key)
        if key not in self.values and default is not None:
            return default
        value = self.values.get(key)
        # bool is an int in Python, but true is no number in a profile.
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if right and (fits is None or fits(value)):
            return typing.cast(T, value)
        self.refuse(key, allowed)
        return fallback


def read_dataclass(cls: type[T], table: Table, skip: frozenset[str] = frozenset()) -> T:
    """Fill a frozen dataclass of whole numbers, flags, clocks and choices from a table, one key per field."""
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for one in dataclasses.fields(typing.cast(Any, cls)):
        if one.name in skip or (one.name not in table.values and one.default is not dataclasses.MISSING):
            table.take(one.name)
            continue
        values[one.name] = _read_field(one.name, hints[one.name], table)
    return cls(**values)


def _read_field(name: str, hint: Any, table: Table) -> Any:
    options = [one for one in typing.get_args(hint) if one is not types.NoneType] if _is_optional(hint) else [hint]
    kind = options[0]
    if typing.get_origin(kind) is Literal:
        return table.choice(name, typing.get_args(kind))
    if kind is bool:
        return table.flag(name)
    if kind is int:
        return table.integer(name)
    if kind is time:
        return table.clock(name)
    return _read_clock(name, table)


def _read_clock(name: str, table: Table) -> Clock:
    value = table.take(name)
    found = Clock.parse(value)
    if found is None:
        table.refuse(name, f'ett klockslag som "14:00" eller något av {", ".join(Clock.WORDS)}')
    return found or Clock(word="close")


def _is_optional(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else f"{text[:57]}…"
