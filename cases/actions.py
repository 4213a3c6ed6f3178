"""Who a flow speaks of, and what a move brings with it: tell, start or stop a deadline, open a related thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reminders.profile import Profile


class By(StrEnum):
    """Who may make a move: a relation to the thread, never a person."""

    SENDER = "sender"
    RECEIVER = "receiver"
    INFORMED = "informed"  # has been told because the owner did not act; may take over
    COLLEAGUE = "colleague"  # has no part in the thread, but may step in for a colleague who has, with a reason
    CLOCK = "clock"
    CALENDAR = "calendar"  # somebody has moved or cancelled the meeting in their own calendar
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
    PROVIDER = "provider"  # the queue of the case's provider unit, whoever sent
    AUTHORITY_QUEUE = "authority_queue"  # the assessors' function mailbox
    ON_CALL = "on_call"  # the provider's on-call supervisor on duty now, else nobody
    RETURN_HOME_TEAM = "return_home_team"  # the queues of the authority's return-home teams
    FIXED_CARE_CONTACT = "fixed_care_contact"  # who the roster names for the case, else the provider's queue
    RECEIVERS = "receivers"  # those who hold the thread now
    UNRECEIPTED = "unreceipted"  # receivers who have not acknowledged
    OWNER = "owner"
    NEXT_IN_LINE = "next_in_line"  # the owner's superior: lead assessor or unit manager
    # An on-call pass that changes hands: who has it, who is to have it, and who may approve that (neither of the two,
    # nor whoever proposed it).
    PASS_GIVER = "pass_giver"  # noqa: S105 (no secret)
    PASS_TAKER = "pass_taker"  # noqa: S105 (no secret)
    PASS_APPROVERS = "pass_approvers"  # noqa: S105 (no secret)
    # Access that is asked for: whom it is for, and who may approve it (neither that person nor whoever has asked).
    ACCESS_HOLDER = "access_holder"
    ACCESS_APPROVERS = "access_approvers"
    CONVENER = "convener"  # who holds the meeting on the sender's side, else the sender
    INVITED = "invited"  # those whom the profile's kind of meeting invites
    GATHERERS = "gatherers"  # those of the convener's unit who say which cases a meeting is to take up
    UNANSWERED = "unanswered"  # people who are invited and have not answered the invitation


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
class Rearm:
    """Start a deadline that the thread has had once more, by the same rule, from the moment of the move."""

    step: str


@dataclass(frozen=True, kw_only=True)
class Purge:
    """Remove the answers: what was never sent is not kept."""


@dataclass(frozen=True, kw_only=True)
class ResetReceipts:
    """What the receivers acknowledged no longer holds: they are asked anew."""


@dataclass(frozen=True, kw_only=True)
class PassOn:
    """The thread goes to the seat chosen in `field`, which owns it from now on and is told `text`.

    Whoever holds it lets go: with `leave` without any part in it any more, else as informed.
    """

    field: str
    text: str
    leave: bool = False


@dataclass(frozen=True, kw_only=True)
class GiveBack:
    """The thread goes back to its sender, who owns it and is told `text`.

    Whoever held it is informed until it is sent anew; with `keep` they have done their part, and stay as they are.
    """

    text: str
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class Own:
    """The thread is from now on its own to do for whoever `to` is; where the roster has nobody, nothing changes.

    With `alone`, those of the sender's own unit who have done their part look on from then on, for the sender.
    """

    to: Audience
    alone: bool = False


@dataclass(frozen=True, kw_only=True)
class StopCase:
    """Every other open thread of the case ends without a word: nobody is reminded of what is no longer to be done.

    States that a flow names in `outlives` are left alone. What already has stopped its case does not stop it again:
    what has been opened since is meant.
    """


@dataclass(frozen=True, kw_only=True)
class ResumeCase:
    """What this thread has stopped was stopped by mistake: it goes on where it stood, and whoever has it is told."""


@dataclass(frozen=True, kw_only=True)
class StepIn:
    """Whoever makes the move takes the place of the colleague who holds the thread, who stays informed."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """Open a related thread in the same transaction; the card of each names the other.

    `sender` owns the new thread as its sender. `copy` maps its fields to fields of this one, `values` are answers that
    are always the same, and `signal`, if any, is given in it at once, such as "send". `worked` works out the rest from
    this one's answers and the profile, such as when the next meeting is.
    """

    flow: str
    sender: Audience
    copy: Mapping[str, str] = field(default_factory=dict)
    signal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    worked: Callable[[Mapping[str, Any], Profile], Mapping[str, str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Relay:
    """Give a signal to the open threads of a flow that hang together with this one, in the same transaction.

    It is given in the name of their sender, with what `copy` takes from here; one that has no such move is left alone.
    Where none of them is open any more, `otherwise` is opened.
    """

    flow: str
    signal: str
    copy: Mapping[str, str] = field(default_factory=dict)
    otherwise: Open | None = None


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A neutral pointer by e-mail to the function mailbox of each unit where this audience sits.

    `text` is a text key, of which only the title is used. The thread is told what came of it, as the signal `mailed` or
    `not_mailed` of the delivery.
    """

    to: Audience
    text: str


@dataclass(frozen=True, kw_only=True)
class Invite:
    """Have a meeting in the calendar, or change it to what the answers say now.

    `starts` names the question about its time, `mode` the one about how it is held, where the flow asks it. With
    `workdays` it lies so many workdays later at the same local clock (`D23`), with `offset_minutes` so many minutes
    later. Who is invited, its length, its place and its neutral subject stand in the profile under the kind: the
    flow's own, or `kind`. `slot` tells the meetings of one thread apart.
    """

    slot: str = "main"
    starts: str = "starts"
    mode: str = "mode"
    workdays: int = 0
    offset_minutes: int = 0
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class CallOff:
    """The meeting of this slot is cancelled; one that was never to be is left alone."""

    slot: str = "main"


@dataclass(frozen=True, kw_only=True)
class AnswerInvite:
    """Whoever makes the move has answered the invitation: accepted, tentative or declined, for every slot."""

    answer: str


@dataclass(frozen=True, kw_only=True)
class InviteSeries:
    """Have a weekly series in the calendar as the answers say it (`cases.series_answers`), or change it to that.

    Weeks that are moved or left out stand in the calendar as such from the first. A week that has got a thread of its
    own is that thread's.
    """

    mode: str = "mode"


@dataclass(frozen=True, kw_only=True)
class CallOffSeries:
    """The whole series is cancelled."""


def _nothing() -> Any:
    """An empty mapping as what a field is without a value, where the class has a field called `field`."""
    return field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OpenEach:
    """Open a related thread for each case of the meeting that in the question `field` has one of `codes`.

    Each is about its own case, and is opened once however often the move is made. `sender` is found by what the roster
    says of that case; where it is a whole unit, this thread's sender comes first. The rest is as in `Open`.
    """

    flow: str
    field: str
    codes: frozenset[str]
    sender: Audience
    copy: Mapping[str, str] = _nothing()
    values: Mapping[str, str] = _nothing()
    signal: str = ""


@dataclass(frozen=True, kw_only=True)
class Gather:
    """What is answered in the list `field` is added to the list `into`, which several people add to."""

    field: str
    into: str


@dataclass(frozen=True, kw_only=True)
class GivePass:
    """The on-call pass that the answers name goes to its taker, in the same transaction.

    Raises PassChanged where the rota no longer has it so; nothing is changed then.
    """


@dataclass(frozen=True, kw_only=True)
class Access:
    """The role that the answers name is given to whom it was asked for, in the same transaction, or `ends`.

    Raises AccessChanged where it can no longer be given; nothing is changed then.
    """

    ends: bool = False


_Tell = Say | Arm | Disarm | Rearm
Meet = Invite | CallOff | AnswerInvite | InviteSeries | CallOffSeries
_Hold = PassOn | GiveBack | StepIn | Own | ResetReceipts | GivePass | Access
Action = _Tell | _Hold | Meet | Gather | Purge | Open | OpenEach | Relay | StopCase | ResumeCase | Mail
