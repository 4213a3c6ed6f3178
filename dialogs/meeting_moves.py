"""The moves that every flow with a meeting has: to answer the invitation, to move it, to call it off, and to follow
what somebody does in their own calendar."""

from collections.abc import Iterable

from cases.flow import (
    Action,
    Alternatives,
    AnswerInvite,
    Arm,
    Audience,
    By,
    CallOff,
    Choice,
    Disarm,
    Field,
    Invite,
    Moment,
    Move,
    Say,
    Situation,
    by,
)

# Who has not answered an invitation is reminded of it.
REMIND = Arm(step="answers", rule="invitation_answer")
CALLED_OFF = "called_off"
MEETING_STATES = {CALLED_OFF: "Mötet är inställt"}
# The mark of a thread whose invitation the calendar has not taken: said once, and shown until it stands there.
NOT_IN_CALENDAR = "not_in_calendar"
ACCEPT, TENTATIVE, DECLINE = "accept", "tentative", "decline"

STARTS = Moment(name="starts", label="När är mötet?", short="Mötet", past=False)
MODE = Choice(
    name="mode",
    label="Hur hålls mötet?",
    short="Form",
    options=(
        ("on_site", "På plats"),
        ("digital", "Digitalt"),
        ("phone", "Telefon"),
        ("home_visit", "Hembesök"),
    ),
)


def meeting_moves(
    *states: str,
    again: tuple[Action, ...] = (Invite(),),
    form: tuple[Field, ...] = (STARTS, MODE),
    slots: Iterable[str] = ("main",),
    and_then: tuple[Action, ...] = (),
) -> dict[tuple[str, str], Move | Alternatives]:
    """The common moves in these open states, in all of which the meeting has been called.

    `again` is what a new time brings: the invitation anew, and the deadlines that count from it. `and_then` is what its
    calling off brings beside the cancelled invitations of `slots`, such as what is relayed. The flow names the state
    `called_off` (`MEETING_STATES`), which is one of its last.
    """
    cancelled = tuple(CallOff(slot=slot) for slot in slots)
    moves: dict[tuple[str, str], Move | Alternatives] = {}
    for state in states:
        moves |= _answers(state) | _answers_out(state) | _by_hand(state, again, form, cancelled + and_then)
        moves |= _by_calendar(state, again, cancelled + and_then)
    return moves


# --- pieces ------------------------------------------------------------------------------------------------------


def _answers(state: str) -> dict[tuple[str, str], Move | Alternatives]:
    """Whoever is invited answers; the convener hears at once of who does not come."""
    told = Say(to=Audience.CONVENER, text="meeting_declined", side=By.SENDER, urgent=False)
    return {
        (state, ACCEPT): Move(
            to=state, by=by(By.RECEIVER), label="Jag kommer", then=(AnswerInvite(answer="accepted"),)
        ),
        (state, TENTATIVE): Move(
            to=state, by=by(By.RECEIVER), label="Kanske", then=(AnswerInvite(answer="tentative"),)
        ),
        (state, DECLINE): Move(
            to=state, by=by(By.RECEIVER), label="Kan inte komma", then=(AnswerInvite(answer="declined"), told)
        ),
    }  # fmt: skip


def _answers_out(state: str) -> dict[tuple[str, str], Move | Alternatives]:
    """Nobody is asked for ever: whoever called the meeting hears that answers are missing, and rings if need be."""
    missing = Say(to=Audience.CONVENER, text="meeting_answers_missing", side=By.SENDER, urgent=False)
    stop = Disarm(step=REMIND.step)
    return {
        (state, "answers_out"): (
            Move(to=state, by=by(By.CLOCK), when=_all_have_answered, then=(stop,)),
            Move(to=state, by=by(By.CLOCK), then=(stop, missing)),
        )
    }


def _all_have_answered(situation: Situation) -> bool:
    return not any(one.unanswered() for one in situation.thread.meetings.values() if one.is_on)


def _by_hand(
    state: str, again: tuple[Action, ...], form: tuple[Field, ...], ended: tuple[Action, ...]
) -> dict[tuple[str, str], Move | Alternatives]:
    return {
        (state, "reschedule"): Move(
            to=state,
            by=by(By.SENDER),
            label="Flytta mötet",
            needs=form,
            then=(*again, _told("meeting_moved")),
        ),
        (state, "call_off"): Move(
            to=CALLED_OFF,
            by=by(By.SENDER),
            label="Ställ in mötet",
            consequence="De som är kallade får veta det, och mötet tas bort ur kalendern.",
            then=(*ended, _told("meeting_called_off")),
        ),
    }


def _by_calendar(
    state: str, again: tuple[Action, ...], ended: tuple[Action, ...]
) -> dict[tuple[str, str], Move | Alternatives]:
    """What the calendar says. Exchange itself writes to those who are invited; here their cards follow."""
    not_taken = Say(to=Audience.CONVENER, text=NOT_IN_CALENDAR, side=By.SENDER, urgent=False)
    moved_wrong = Say(to=Audience.CONVENER, text="meeting_moved_wrong", side=By.SENDER, urgent=False)
    calendar = by(By.CALENDAR)
    return {
        (state, "moved_in_calendar"): Move(to=state, by=calendar, then=(*again, _told("meeting_moved"))),
        (state, "called_off_in_calendar"): Move(
            to=CALLED_OFF, by=calendar, then=(*ended, _told("meeting_called_off"))
        ),
        (state, "moved_wrong_in_calendar"): Move(to=state, by=calendar, then=(moved_wrong,)),
        (state, "slot_changed_in_calendar"): Move(to=state, by=calendar),
        (state, "answered_in_calendar"): Move(to=state, by=calendar),
        (state, "in_calendar"): Move(to=state, by=by(By.DELIVERY), clears=(NOT_IN_CALENDAR,)),
        (state, "not_in_calendar"): (
            Move(to=state, by=by(By.DELIVERY), when=_is_said),
            Move(to=state, by=by(By.DELIVERY), marks=(NOT_IN_CALENDAR,), then=(not_taken,)),
        ),
    }  # fmt: skip


def _is_said(situation: Situation) -> bool:
    """The convener knows already that the calendar does not take it."""
    return NOT_IN_CALENDAR in situation.thread.marks


def _told(text: str) -> Say:
    return Say(to=Audience.RECEIVERS, text=text, urgent=False)
