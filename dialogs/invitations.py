"""What meetings share whose invitation no routine sets a time for: the draft's limit, the invitation, the start.

Nothing here is out of a routine. A draft is kept until the meeting would begin; from then on no answer is awaited.
"""

from cases.flow import Action, Arm, Audience, By, Disarm, Invite, Move, Own, Purge, Say, Situation, by
from dialogs.meeting_moves import REMIND, STARTS

SUMMON = Arm(step="summon", rule="meeting_draft", since=STARTS.name)
BEGINS = Arm(step="begins", rule="meeting_begins", since=STARTS.name)
DISCARDED = Move(to="discarded", by=by(By.SENDER), then=(Purge(),))

# The calendar stands by itself; whoever called the meeting goes on having it.
_TOLD = Say(to=Audience.INVITED, text="meeting_invited", urgent=False)
_SENT = (Disarm(step="unsent"), Disarm(step=SUMMON.step))


def came_of_another(situation: Situation) -> bool:
    """Whether another thread has prepared it: then it is new to whoever is to send it."""
    return situation.thread.parent_id is not None


def called(*invites: Action) -> tuple[Action, ...]:
    """What sending an invitation brings: those who are invited are told, and are to answer."""
    return (*_SENT, _TOLD, Own(to=Audience.SENDER), *(invites or (Invite(),)), REMIND, BEGINS)


def booked(*invites: Action) -> tuple[Action, ...]:
    """The same where nobody else is called."""
    return (*_SENT, *invites, BEGINS)


def again(*invites: Action) -> tuple[Action, ...]:
    """What another time brings: everybody is to answer anew."""
    return (*(invites or (Invite(),)), REMIND, BEGINS)


def begun(state: str, to: str = "") -> dict[tuple[str, str], Move]:
    """The meeting has begun: whoever has not answered is not asked any more."""
    quiet = (Disarm(step=REMIND.step), Disarm(step=BEGINS.step))
    return {(state, "begins"): Move(to=to or state, by=by(By.CLOCK), then=quiet)}
