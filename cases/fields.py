"""The questions that a form may ask, as values: what is asked, what is demanded, and what is never shown openly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from reminders.localtime import to_local


@dataclass(frozen=True, kw_only=True)
class Field:
    """A question in a form. `sensitive` marks client content: never in a notification, a log or a first block.

    With `demanded_if` the answer is demanded only when the named other answer is one of these codes, with
    `demanded_if_any` when one of several is. `pointer_only` is asked only where content is not kept: it stands for
    what is written in the case system.
    """

    name: str
    label: str
    short: str = ""  # how a card names the answer; the label when empty
    sensitive: bool = False
    required: bool = True
    help: str = ""
    demanded_if: tuple[str, frozenset[str]] | None = None
    demanded_if_any: tuple[tuple[str, frozenset[str]], ...] = ()
    pointer_only: bool = False
    hidden: bool = False  # no card shows the answer: Stafett keeps it for itself

    @property
    def always(self) -> bool:
        """Whether the answer is demanded whatever else is answered."""
        return self.required and not self._conditions()

    def demanded(self, values: Mapping[str, Any]) -> bool:
        """Whether these other answers demand this one."""
        conditions = self._conditions()
        if not conditions:
            return self.required
        return any(codes & set(codes_of(values.get(other))) for other, codes in conditions)

    def _conditions(self) -> tuple[tuple[str, frozenset[str]], ...]:
        return self.demanded_if_any + ((self.demanded_if,) if self.demanded_if else ())


def fitted(fields: Iterable["Field"], values: Mapping[str, Any]) -> dict[str, Any]:
    """Copied answers as these questions keep them: an instant that comes to one about a day is its local date."""
    days = {item.name for item in fields if isinstance(item, Day)}
    return {
        name: to_local(datetime.fromisoformat(value)).date().isoformat() if name in days and len(value) > 10 else value
        for name, value in values.items()
    }


def codes_of(value: Any) -> list[str]:
    """The codes of a stored choice, also where several were chosen."""
    return str(value).split(",") if value not in (None, "") else []


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of some codes; with `multiple` several, kept as the codes joined by a comma, in the order of the options."""

    options: tuple[tuple[str, str], ...]
    multiple: bool = False


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    max: int = 500


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number, kept as an exact decimal string such as "12.5". A Swedish decimal comma is accepted and shown."""

    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = 0
    suffix: str = ""  # the unit, as it is shown after the number


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A local date, at most `years` off. `past` allows a day before today, `future` a day after it.

    With `today` a form has today filled in, where only the past is asked for.
    """

    past: bool = True
    future: bool = True
    years: int = 1
    today: bool = True


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A local date and time, asked as two inputs and kept as a UTC instant."""

    past: bool = True
    future: bool = True


@dataclass(frozen=True, kw_only=True)
class UnitChoice(Field):
    """One of the units of a kind, chosen from the roster."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class SeatChoice(Field):
    """A colleague, a unit's queue or whoever leads a unit, chosen from the roster and kept as the code of the seat.

    `among` is "own" for the side of whoever answers, "other" for the side that the sender writes to, or "care" for
    those who give care in the provider's unit.
    """

    among: str


@dataclass(frozen=True, kw_only=True)
class RosterChoice(Field):
    """Chosen among what the roster has just now."""


@dataclass(frozen=True, kw_only=True)
class PassChoice(RosterChoice):
    """An on-call pass to come that whoever answers may give to somebody else."""


@dataclass(frozen=True, kw_only=True)
class PassTaker(RosterChoice):
    """Somebody who may be on call in the same units, kept as the person's number."""

    pass_in: str  # the question about the pass


@dataclass(frozen=True, kw_only=True)
class AccessChoice(RosterChoice):
    """Of a request for access: for whom, kept as the person's number, in which unit, or which role (`of`)."""

    of: str  # who, unit, role


@dataclass(frozen=True, kw_only=True)
class PassStart(Moment):
    """When the chosen pass begins: never asked, but worked out from the answer to the question about the pass."""

    pass_in: str


@dataclass(frozen=True, kw_only=True)
class CaseList(Field):
    """Several case references, typed with commas or a line each; kept as the roster spells them, joined by a comma.

    One that the roster does not know is refused by name.
    """

    most: int = 40


@dataclass(frozen=True, kw_only=True)
class DayList(Field):
    """Several local dates, typed with commas or a line each; kept in order as ISO dates joined by a comma."""

    past: bool = False
    most: int = 40


@dataclass(frozen=True, kw_only=True)
class PerCase(Field):
    """One choice for each of the cases in the question `cases`, kept as «NK-2041:adjust,NK-2042:visit».

    Answers given later are added to those that are there: a case is answered when it has been dealt with.
    """

    options: tuple[tuple[str, str], ...]
    cases: str = "cases"


def per_case(value: Any) -> dict[str, str]:
    """The code of each case in a stored answer to `PerCase`."""
    pairs = (one.rpartition(":") for one in codes_of(value))
    return {case: code for case, _, code in pairs}


def per_case_text(codes: Mapping[str, str]) -> str:
    """The codes of each case as they are kept."""
    return ",".join(f"{case}:{code}" for case, code in codes.items())


# Asked of an assessor when the roster does not know which provider the case belongs to.
PROVIDER_UNIT = UnitChoice(
    name="provider_unit",
    label="Vilken hemtjänst gäller det?",
    short="Hemtjänst",
    kind="home_care",
    help="Ärendet finns inte i Stafetts register.",
)
