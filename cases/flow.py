"""The types a message flow is written in: a form, a table of moves, and what each move brings with it.

The flows themselves stand in `dialogs/flows`, one file each; they reach this room as values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from cases.actions import (
    Access,
    Action,
    AnswerInvite,
    Arm,
    Audience,
    By,
    CallOff,
    CallOffSeries,
    Disarm,
    Gather,
    GiveBack,
    GivePass,
    Invite,
    InviteSeries,
    Mail,
    Open,
    OpenEach,
    Own,
    PassOn,
    Purge,
    Rearm,
    Relay,
    ResetReceipts,
    ResumeCase,
    Say,
    StepIn,
    StopCase,
)
from cases.fields import (
    PROVIDER_UNIT,
    AccessChoice,
    CaseList,
    Choice,
    Day,
    DayList,
    Field,
    Moment,
    Number,
    PassChoice,
    PassStart,
    PassTaker,
    PerCase,
    SeatChoice,
    TextField,
    UnitChoice,
    codes_of,
)
from cases.thread import ThreadNow
from reminders.profile import Profile

__all__ = [
    "GROUPS", "PROVIDER_UNIT", "STOPPED", "Access", "AccessChoice", "Action", "Alternatives", "AnswerInvite", "Arm",
    "Audience", "By", "CallOff", "CallOffSeries", "CaseList", "Choice", "Day", "DayList", "Disarm", "Field", "Flow",
    "Gather", "GiveBack", "GivePass", "Guard", "Invite", "InviteSeries", "Mail", "Moment", "Move", "Number", "Open",
    "OpenEach", "Own", "PassChoice", "PassOn", "PassStart", "PassTaker", "PerCase", "Purge", "Rearm", "Relay",
    "ResetReceipts", "ResumeCase", "Say", "SeatChoice", "Signpost", "Situation", "StepIn", "StopCase", "TextField",
    "UnitChoice", "by", "codes_of", "table",
]  # fmt: skip

# What the start card gathers its flows under, in its order.
GROUPS = ("urgent", "assignments", "question", "plan", "follow_up", "meetings", "handover", "ends", "night", "access")
STOPPED = "stopped"  # the mark of a thread that has ended with its case: it offers nothing any more
_PROVIDERS = frozenset({Audience.COUNTERPART, Audience.PROVIDER})
# Where these lead may stand in the answers.
_BY_ANSWER = _PROVIDERS | {
    Audience.RECEIVING_UNIT, Audience.FIXED_CARE_CONTACT, Audience.ON_CALL, Audience.PASS_GIVER, Audience.PASS_TAKER,
    Audience.PASS_APPROVERS, Audience.ACCESS_HOLDER, Audience.ACCESS_APPROVERS,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a guard may look at."""

    thread: ThreadNow
    profile: Profile
    now: datetime
    unreached: By | None = None  # delivery: on which side the person stands who could not be reached
    own_case: bool = True  # whether the roster says that the case is the sender's unit's
    reveal: bool = False  # drawing: whoever reads has asked to see the content
    who: int | None = None  # the person who makes the move, or looks at the card


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
    # read or taken: the receipt this move sets on the seat of whoever makes it; heard: read, but only where they have
    # been told and not as the receiver, for whom it is still to be read and taken
    receipt: str = ""
    once: bool = False  # with a receipt and questions: not asked again of who has given it


Alternatives = tuple[Move, ...]


def by(*who: By) -> frozenset[By]:
    return frozenset(who)


@dataclass(frozen=True, kw_only=True)
class Signpost:
    """What the routine says should be done instead, shown when the answer in the form is `when`, before any draft.

    One that `stops` leads no further; else the sender may go on all the same. Without `when` it stands above the form.
    """

    text: str
    source: str
    when: tuple[str, str] | None = None  # (field, code)
    stops: bool = False

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether these answers lead to it."""
        return self.when is not None and self.when[1] in codes_of(values.get(self.when[0]))


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A message flow: `title` is what the sender reads; `urgent` decides the neutral class a receiver sees.

    `moves` maps (state, signal) to its alternatives, of which the first whose guard holds is made; a new thread
    stands in the state "" until its `open` is made. `suggestions` are lines worked out for the receiver, such as
    the date that the routine gives a decision. `journal` gives the text for the provider's journal and the one for
    the authority's.
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
    group: str = "question"  # one of GROUPS
    signposts: tuple[Signpost, ...] = ()
    journal: Callable[[Situation], tuple[str, str]] | None = None
    new_case: bool = False  # of somebody who may have no case number yet: it may be left out, and none is missed
    unit_question: str = "Från vilken enhet skickar du?"  # asked of whoever works in several
    gathered: frozenset[str] = frozenset()  # reminders that may share one card, however urgent: a list to take over
    outlives: frozenset[str] = frozenset()  # states that a stop of the whole case leaves as they are
    guides: tuple[str, ...] = ()  # help texts of the profile that its cards offer
    meeting: str = ""  # the kind in the profile's [meetings.<kind>] whose calendar event goes with it
    caseless: bool = False  # about no case: no case number is asked for, and it gets a reference of its own
    caseless_word: str = "Möte"  # what that one is called on a card; its reference begins with the word in capitals

    @property
    def matter(self) -> str:
        """What a card calls that which it is about."""
        return self.caseless_word if self.caseless else "Ärende"

    def fields(self) -> tuple[Field, ...]:
        """Every field of the flow, of the form and of the moves, each name once."""
        return self._fields

    @cached_property
    def _fields(self) -> tuple[Field, ...]:
        seen: dict[str, Field] = {item.name: item for item in self.form}
        for move in self._every_move():
            for item in move.needs:
                seen[item.name] = _with_earlier(item, seen.get(item.name))
        if self.asks_provider:
            seen[PROVIDER_UNIT.name] = PROVIDER_UNIT
        return tuple(seen.values())

    def _every_move(self) -> Iterable[Move]:
        return (move for alternatives in self.moves.values() for move in alternatives)

    @cached_property
    def asks_provider(self) -> bool:
        """Whether an assessor must say which provider a case belongs to that the roster does not know."""
        actions = (action for move in self._every_move() for action in move.then)
        return any(isinstance(action, Say) and action.to in _PROVIDERS for action in actions)

    @cached_property
    def is_taken(self) -> bool:
        """Whether somebody takes it; else who has read it has it."""
        return any(signal == "take" for _, signal in self.moves)

    def sensitive_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self.fields() if item.sensitive)

    def pick(self, signal: str, situation: Situation) -> Move | None:
        """The move this signal makes now, or None when the table has none."""
        if STOPPED in situation.thread.marks:
            return None
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
        own = [move for move in self._every_move() if By.CLOCK in move.by]
        actions = [action for move in own for action in move.then]
        return (
            any(move.when is not None for move in own)
            or any(isinstance(action, Arm | Rearm | Open | OpenEach | PassOn | Relay) for action in actions)
            or bool(self.meeting)
            or any(isinstance(action, Say) and action.to in _BY_ANSWER for action in actions)
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


def _with_earlier(item: Field, earlier: Field | None) -> Field:
    """A move may offer fewer answers than the form did; what was answered there still has its words."""
    if not isinstance(item, Choice) or not isinstance(earlier, Choice):
        return item
    codes = {code for code, _ in item.options}
    return replace(item, options=(*item.options, *(one for one in earlier.options if one[0] not in codes)))


def table(
    moves: Mapping[tuple[str, str], Move | Alternatives],
) -> dict[tuple[str, str], Alternatives]:
    """A table in which a single move may stand without its tuple."""
    return {key: (value if isinstance(value, tuple) else (value,)) for key, value in moves.items()}
