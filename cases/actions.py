"""Who a flow speaks of, and what a move brings with it: tell, start or stop a deadline, open a related thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class By(StrEnum):
    """Who may make a move: a relation to the thread, never a person."""

    SENDER = "sender"
    RECEIVER = "receiver"
    INFORMED = "informed"  # has been told because the owner did not act; may take over
    COLLEAGUE = "colleague"  # has no part in the thread, but may step in for a colleague who has, with a reason
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
    PROVIDER = "provider"  # the queue of the case's provider unit, whoever sent
    AUTHORITY_QUEUE = "authority_queue"  # the assessors' function mailbox
    ON_CALL = "on_call"  # the provider's on-call supervisor on duty now, else nobody
    RETURN_HOME_TEAM = "return_home_team"  # the queues of the authority's return-home teams
    FIXED_CARE_CONTACT = "fixed_care_contact"  # who the roster names for the case, else the provider's queue
    RECEIVERS = "receivers"  # those who hold the thread now
    UNRECEIPTED = "unreceipted"  # receivers who have not acknowledged
    OWNER = "owner"
    NEXT_IN_LINE = "next_in_line"  # the owner's superior: lead assessor or unit manager


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
    """The thread is from now on its own to do for whoever `to` is; where the roster has nobody, nothing changes."""

    to: Audience


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
    are always the same, and `signal`, if any, is given in it at once, such as "send".
    """

    flow: str
    sender: Audience
    copy: Mapping[str, str] = field(default_factory=dict)
    signal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


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


_Tell = Say | Arm | Disarm | Rearm
_Hold = PassOn | GiveBack | StepIn | Own | ResetReceipts
Action = _Tell | _Hold | Purge | Open | Relay | StopCase | ResumeCase | Mail
