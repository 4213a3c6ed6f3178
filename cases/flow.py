"""The types a message flow is written in: a form, a table of moves, and what each move brings with it.

The flows themselves stand in `dialogs/flows`, one file each; they reach this room as values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from cases.thread import ThreadNow
from reminders.profile import Profile


class By(StrEnum):
    """Who may make a move: a relation to the thread, never a person."""

    SENDER = "sender"
    RECEIVER = "receiver"
    INFORMED = "informed"  # has been told because the owner did not act; may take over
    CLOCK = "clock"
    DELIVERY = "delivery"


class Audience(StrEnum):
    """Whom a message is for. `route` turns it into people when the move is made."""

    SENDER = "sender"
    SENDER_UNIT = "sender_unit"
    UNIT_MANAGER = "unit_manager"
    RESPONSIBLE_ASSESSOR = "responsible_assessor"
    LEAD_NEEDS_ASSESSOR = "lead_needs_assessor"
    RECEIVING_UNIT = "receiving_unit"
    COUNTERPART = (
        "counterpart"  # the other side of the sender: assessor for a provider, the provider's queue for an assessor
    )
    RECEIVERS = "receivers"  # those who hold the thread now
    UNRECEIPTED = "unreceipted"  # receivers who have not acknowledged
    OWNER = "owner"
    NEXT_IN_LINE = "next_in_line"  # the owner's superior: lead assessor or unit manager


@dataclass(frozen=True, kw_only=True)
class Field:
    """A question in a form. `sensitive` marks client content: never in a notification, a log or a first block."""

    name: str
    label: str
    short: str = ""  # how a card names the answer; the label when empty
    sensitive: bool = False
    required: bool = True
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    max: int = 500


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A local date. `past` allows a day before today, `future` a day after it."""

    past: bool = True
    future: bool = True


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
class Say:
    """Tell an audience. `text` is a text key; `side` is the seat a newcomer gets at the thread."""

    to: Audience
    text: str
    side: By = By.RECEIVER
    urgent: bool = True


@dataclass(frozen=True, kw_only=True)
class Arm:
    """Start a deadline: `since` names a field of the content, or None for the moment of the move."""

    step: str
    rule: str
    since: str | None = None


@dataclass(frozen=True, kw_only=True)
class Disarm:
    step: str


@dataclass(frozen=True, kw_only=True)
class Purge:
    """Remove the answers: what was never sent is not kept."""


@dataclass(frozen=True, kw_only=True)
class ResetReceipts:
    """What the receivers acknowledged no longer holds: they are asked anew."""


Action = Say | Arm | Disarm | Purge | ResetReceipts


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a guard may look at."""

    thread: ThreadNow
    profile: Profile
    now: datetime
    unreached: By | None = None  # delivery: on which side the person stands who could not be reached


class Guard(Protocol):
    def __call__(self, situation: Situation) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Move:
    """One line of a flow's table.

    `label` is the button, empty for moves no person makes. `needs` is asked when the button is pressed,
    `consequence` is said beside it. `marks` are codes put on the thread (short_notice, late), `clears` are those that
    no longer hold.
    """

    to: str
    by: frozenset[By]
    label: str = ""
    when: Guard | None = None
    needs: tuple[Field, ...] = ()
    consequence: str = ""
    then: tuple[Action, ...] = ()
    marks: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    receipt: str = ""  # read or taken: the receipt this move sets on the seat of whoever makes it


Alternatives = tuple[Move, ...]


def by(*who: By) -> frozenset[By]:
    return frozenset(who)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A message flow: `title` is what the sender reads; `urgent` decides the neutral class a receiver sees.

    `moves` maps (state, signal) to its alternatives, of which the first whose guard holds is made; a new thread
    stands in the state "" until its `open` is made. `suggestions` are lines worked out for the receiver, such as
    the date that the routine gives a decision.
    """

    name: str
    title: str
    source: str
    intro: str
    senders: frozenset[str]
    form: tuple[Field, ...]
    states: Mapping[str, str]  # state → the Swedish word a card shows
    first: str
    last: frozenset[str]
    moves: Mapping[tuple[str, str], Alternatives]
    urgent: bool = True
    order: int = 50
    commands: tuple[str, ...] = ()  # what one may type to start it
    later_label: str = "Kan gå till"  # names a receiver whom no move from the present state tells
    suggestions: Callable[[Situation], Sequence[tuple[str, str]]] | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # the flow's own text keys: title and sentence

    def fields(self) -> tuple[Field, ...]:
        """Every field of the flow, of the form and of the moves, each name once."""
        return self._fields

    @cached_property
    def _fields(self) -> tuple[Field, ...]:
        seen: dict[str, Field] = {item.name: item for item in self.form}
        for alternatives in self.moves.values():
            for move in alternatives:
                seen |= {item.name: item for item in move.needs}
        return tuple(seen.values())

    def sensitive_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self.fields() if item.sensitive)

    def pick(self, signal: str, situation: Situation) -> Move | None:
        """The move this signal makes now, or None when the table has none."""
        for move in self.moves.get((situation.thread.state, signal), ()):
            if move.when is None or move.when(situation):
                return move
        return None

    def asks(self, state: str, signal: str, move: Move) -> tuple[Field, ...]:
        """The questions of a move's form. What only some alternatives behind the same button demand is not demanded
        in the form: which of them is made depends on the answers."""
        same = [one for one in self.moves[(state, signal)] if one.label == move.label]
        optional = {item.name: item for one in same for item in one.needs if not item.required}
        return tuple(optional.get(item.name, item) for item in move.needs)

    def clock_looks_back(self) -> bool:
        """Whether a move of the clock may look at the answers or at deadlines that have ended."""
        own = [move for alternatives in self.moves.values() for move in alternatives if By.CLOCK in move.by]
        actions = [action for move in own for action in move.then]
        return (
            any(move.when is not None for move in own)
            or any(isinstance(action, Arm) for action in actions)
            or any(isinstance(action, Say) and action.to == Audience.RECEIVING_UNIT for action in actions)
        )

    def signals_for(self, situation: Situation, relations: Iterable[By]) -> list[tuple[str, Move]]:
        """The buttons a card may offer: only moves that are legal in this state for these relations."""
        mine = frozenset(relations)
        offered: list[tuple[str, Move]] = []
        for signal in self._signals.get(situation.thread.state, ()):
            move = self.pick(signal, situation)
            if move is not None and move.label and move.by & mine:
                offered.append((signal, move))
        return offered

    @cached_property
    def _signals(self) -> Mapping[str, tuple[str, ...]]:
        """The signals of each state, in the table's order."""
        states = dict.fromkeys(state for state, _ in self.moves)
        return {one: tuple(signal for state, signal in self.moves if state == one) for one in states}


def table(
    moves: Mapping[tuple[str, str], Move | Alternatives],
) -> dict[tuple[str, str], Alternatives]:
    """A table in which a single move may stand without its tuple."""
    return {key: (value if isinstance(value, tuple) else (value,)) for key, value in moves.items()}
