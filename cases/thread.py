"""A thread as it stands: the snapshot that moves, guards and cards are worked out from."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import choice
from typing import Any

from cases.meeting import HAS_MEETING, MeetingNow, SeriesNow

# References are shown to people and typed by them: no vowels (no words), no look-alikes.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_BASE = len(_LETTERS)
_SIZE = _BASE**6
_STRIDE = 245_850_922  # coprime with _SIZE: neighbours in time get references that look unrelated
_OPENED = "opened:"
# What a seat's side is once it no longer holds the thread: given back and looking on, or without any part in it.
RETURNED, LEFT = "returned", "left"
NO_CASE = "no_case"  # the mark of a thread that is about no case
OWN_DRAFT = "own_draft"  # the mark of a draft that nobody else may handle, also not in the sender's team
SEALED = "sealed"  # the state and the mark of a thread that has been taken out of everybody's sight
_OWNER = 2  # where the owner's seat stands among what a thread keeps of itself
_BACK = pow(_STRIDE, -1, _SIZE)
_MOST_DIGITS = 9  # of a thread's number


def thread_ref(thread_id: int) -> str:
    """The reference a person reads, such as ST-7F3KQ9. It says nothing of the case."""
    number = thread_id * _STRIDE % _SIZE
    letters = ""
    for _ in range(6):
        letters = _LETTERS[number % _BASE] + letters
        number //= _BASE
    return f"ST-{letters}"


def temporary_case_ref() -> str:
    """What stands for a case that has no number yet, such as NY-4HWZ7K. It says nothing of anybody."""
    return "NY-" + "".join(choice(_LETTERS) for _ in range(6))


def caseless_ref(word: str, number: int) -> str:
    """What stands for the case of a thread about none, such as MÖTE-7F3KQ9: one for each thread."""
    return f"{word.upper()}-{thread_ref(number).removeprefix('ST-')}"


def thread_id(ref: str) -> int | None:
    """The thread a typed reference means, or None when it is not a reference."""
    typed = ref.strip().upper()
    letters = typed[3:] if typed.startswith("ST-") else typed
    if len(letters) == 8 and letters is typed:  # without the hyphen; a reference may itself begin with ST
        letters = typed.removeprefix("ST")
    if len(letters) != 6 or any(letter not in _LETTERS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    return number * _BACK % _SIZE


def number_of(typed: str) -> int | None:
    """The thread that is meant by its reference, or by its number; None for what is neither. A number has nine digits
    at the most: a personal number is never one."""
    if typed.isdecimal():
        return int(typed) if len(typed) <= _MOST_DIGITS else None
    return thread_id(typed)


@dataclass(kw_only=True)
class Kept:
    """A row that knows whether it still is as the record has it, so that only a changed one is written."""

    _kept: tuple[object, ...] = field(default=(), init=False, repr=False, compare=False)

    def keep(self) -> None:
        """The record has it as it is now."""
        self._kept = self._facts()

    @property
    def changed(self) -> bool:
        return self._kept != self._facts()

    def _facts(self) -> tuple[object, ...]:
        """What may change, and is written then."""
        return ()


@dataclass(kw_only=True)
class Party(Kept):
    """A seat at the thread: a person (`person_id`) or a unit's queue in a role."""

    id: int | None
    side: str
    role: str
    unit_id: str
    person_id: int | None
    because: str
    read_at: datetime | None = None
    read_by: int | None = None
    taken_at: datetime | None = None
    taken_by: int | None = None

    def __post_init__(self) -> None:
        self.keep()

    def _facts(self) -> tuple[object, ...]:
        return (self.side, self.read_at, self.read_by, self.taken_at, self.taken_by)

    @property
    def receipted(self) -> bool:
        return self.read_at is not None or self.taken_at is not None

    def forget_receipts(self) -> None:
        self.read_at = self.read_by = self.taken_at = self.taken_by = None


@dataclass(kw_only=True)
class Armed(Kept):
    """A deadline of the thread: `basis` is what its rule counts from, `rung` how many prompts it has given.

    `said` is which they were, as `cases.ladder` writes it. `profile_print` names the profile that the numbers come
    from; `fault` is set where the rule can no longer be worked out and the numbers stand as they were.
    """

    id: int | None
    step: str
    round: int
    rule: str
    basis: str
    rung: int
    due_at: datetime | None
    soft_at: datetime | None
    hard_at: datetime | None
    status: str
    armed_at: datetime
    said: str = ""
    said_at: datetime | None = None
    original_due_at: datetime | None = None
    profile_print: str = ""
    fault: str | None = None

    def _facts(self) -> tuple[object, ...]:
        return (
            self.rung, self.said, self.due_at, self.soft_at, self.hard_at, self.status, self.profile_print, self.fault,
        )  # fmt: skip


class NotRead(dict[str, Any]):
    """The answers of a thread that has been read without them: whoever asks for one has made a mistake."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError("the answers of this thread have not been read")

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


@dataclass(kw_only=True)
class ThreadNow(Kept):
    """A snapshot taken and locked inside a transaction. Times are UTC.

    It is `changed` when more than its version differs: a reminder changes the version and nothing else.
    """

    id: int
    flow: str
    profile: str
    state: str
    version: int
    case_ref: str
    case_known: bool
    sender_id: int
    sender_unit_id: str
    sender_side: str  # provider or authority
    opened_at: datetime
    closed_at: datetime | None
    marks: list[str] = field(default_factory=list)
    owner: Party | None = None
    due_step: str | None = None
    due_soft: datetime | None = None
    due_hard: datetime | None = None
    parties: list[Party] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    content_seq: int = 0
    deadlines: dict[str, Armed] = field(default_factory=dict)
    case_unit_id: str | None = None  # what the roster says of the case now
    responsible_id: int | None = None
    holders: dict[int, datetime] = field(default_factory=dict)  # people who have a card of this thread, since when
    messages: dict[int, str] = field(default_factory=dict)  # the message that is each one's card
    edited: frozenset[int] = frozenset()  # people whose card the last change, not yet committed, has had edited
    parent_id: int | None = None  # the thread that this one came of
    fixed_contact_id: int | None = None  # the case's fixed care contact, as the roster has it now
    meetings: dict[str, MeetingNow] = field(default_factory=dict)  # its calendar events, by slot
    series: SeriesNow | None = None

    def _facts(self) -> tuple[object, ...]:
        owner = self.owner.id if self.owner else None
        marks = tuple(self.marks)
        return (self.state, marks, owner, self.due_step, self.due_soft, self.due_hard, self.closed_at)

    @property
    def held_by(self) -> str:
        """The unit whose it is as the record has it: its owner's, also when a change under way gives it away."""
        owner = self._kept[_OWNER] if self._kept else None
        return next((one.unit_id for one in self.parties if owner is not None and one.id == owner), self.sender_unit_id)

    @property
    def ref(self) -> str:
        return thread_ref(self.id)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_sealed(self) -> bool:
        """Whether nobody is to see more of it than that it has ended."""
        return SEALED in self.marks

    @property
    def related(self) -> list[int]:
        """The threads that hang together with this one: what it came of, and what has come of it."""
        came_of_it = [int(mark.removeprefix(_OPENED)) for mark in self.marks if mark.startswith(_OPENED)]
        return ([self.parent_id] if self.parent_id else []) + came_of_it

    @property
    def meeting_kind(self) -> str:
        """The kind of meeting that goes with it, as the profile names it; nothing where none does."""
        return next((mark.removeprefix(HAS_MEETING) for mark in self.marks if mark.startswith(HAS_MEETING)), "")

    def has_opened(self, number: int) -> None:
        """Note that another thread has come of this one. The mark spares every other thread a question for them."""
        self.marks.append(f"{_OPENED}{number}")

    def receivers(self) -> list[Party]:
        return [party for party in self.parties if party.side == "receiver"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who gives a signal: a person, the clock, the delivery or somebody's calendar."""

    kind: str  # person, clock, delivery, calendar
    person_id: int | None = None
    via: str = ""  # by which way a person acted

    @classmethod
    def person(cls, person_id: int, via: str = "teams") -> "Actor":
        return cls(kind="person", person_id=person_id, via=via)


CLOCK = Actor(kind="clock")
DELIVERY = Actor(kind="delivery")
CALENDAR = Actor(kind="calendar")


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Something that happens to a thread: a button press, a due deadline, a delivery that failed.

    `deadline_id` and `due_at` belong to clock signals: the row that fired and its original time (UTC).
    """

    thread_id: int
    name: str
    by: Actor
    values: dict[str, Any] = field(default_factory=dict)
    deadline_id: int | None = None
    due_at: datetime | None = None
    about: int | None = None  # delivery: the person who could not be reached
    on_behalf: int | None = None  # in whose name a related thread is opened and sent; `by` is who or what brought it
