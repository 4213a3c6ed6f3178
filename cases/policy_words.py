"""The words of the policy: what somebody wants to do, who they are, with what, and the answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.directory import Directory, Pass
from cases.flow import By, Flow
from cases.modes import POINTERS
from cases.thread import Party, ThreadNow
from reminders.profile import Profile


class Act(StrEnum):
    """What somebody wants to do: with a thread, in a unit, or with an on-call pass."""

    # with a thread
    SEE = "see"  # open its card: that it is there, and where it stands
    LIST = "list"  # find it among others: a list, a search, a board, a card of several
    READ = "read"  # its content
    ASK = "ask"  # look something up of it: the rule, the history, what comes next
    MOVE = "move"  # a move of its flow's table
    JOURNAL = "journal"  # the text for the unit's own journal, and the word that it is written there
    FETCH = "fetch"  # its meeting as a calendar file
    PUBLISH = "publish"  # what has been gathered at its meeting, without persons
    STEP_IN = "step_in"  # be told who holds it, and offered to take a colleague's place
    BREAK_GLASS = "break_glass"  # ask to read it in an emergency
    EXPORT_CASE = "export_case"  # take it out with everything else on its case
    SEAL = "seal"  # say that the person it is about has a protected identity
    # in a unit
    START = "start"  # write a new message
    LEAD = "lead"  # see how the unit stands
    WORK = "work"  # hear of the unit's own affairs, such as its rota
    TAKE_DUTY = "take_duty"  # see what the on-call pass is about
    QUALITY = "quality"  # take out the answers of follow-ups, without cases
    BOARD = "board"  # take out the board of follow-ups
    NOT_STARTED = "not_started"  # see which decisions have not been started
    REVIEW = "review"  # see who holds which role
    STATISTICS = "statistics"
    HOLD = "hold"  # keep a case from being disposed of
    CONFIGURE = "configure"
    AUDIT = "audit"  # read the account
    # with an on-call pass
    HAND_ON = "hand_on"  # propose that somebody else has it


# Why, as the account has it. The first four let; the rest do not.
RELATED, ROLE, COVERS, GRANTED = "related", "role", "covers", "granted"
NO_RELATION, NOT_PERMITTED, NO_ROLE = "no_relation", "not_permitted", "no_role"
OFF_DUTY, NOT_IN_USE, POINTERS_ONLY, IS_SEALED = "off_duty", "not_in_use", "pointers_only", "sealed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """A person by the roster, at a time (UTC)."""

    person_id: int
    directory: Directory
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """Leave to read one thread, which ends by itself (UTC)."""

    person_id: int
    thread_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OfThread:
    """A thread. `by` says who may make the move that is asked about, `mode` what the municipality lets be shown of the
    thread; nothing but a pointer, unless the caller knows."""

    thread: ThreadNow
    flow: Flow
    profile: Profile
    by: frozenset[By] = frozenset()
    mode: str = POINTERS
    grant: Grant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfUnit:
    """A unit, or with no `unit_id` any unit at all. `flow` and `profile` are what is to be started, and the profile of
    the unit that says whether the municipality uses it."""

    unit_id: str = ""
    flow: Flow | None = None
    profile: Profile | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfPass:
    """An on-call pass, and the profile that says who leads its unit."""

    one: Pass
    profile: Profile


What = OfThread | OfUnit | OfPass


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether, and why as a code. `relations` are the person's to the thread; `seat` is the colleague's whom they may
    step in for; `only` is whose things alone they may have of a unit's; `unit_id` is the unit whose role lets them.

    It is true when it is allowed."""

    allowed: bool
    reason: str
    relations: frozenset[By] = frozenset()
    seat: Party | None = None
    only: int | None = None
    unit_id: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def refused(reason: str, mine: frozenset[By] = frozenset()) -> Verdict:
    return Verdict(allowed=False, reason=reason, relations=mine)


def roles_in(who: Who, unit_id: str) -> frozenset[str]:
    """The roles that an active person holds in the unit, or in any at all."""
    if not who.directory.is_active(who.person_id):
        return frozenset()
    if unit_id:
        return who.directory.roles_of(who.person_id, unit_id)
    return frozenset(one.role for one in who.directory.memberships(who.person_id))
