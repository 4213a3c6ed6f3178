"""What the flows of Norrköping 5.7 share: the assessor's word on continued help, the call to hemtjänst, the assignment.

«Så snart biståndshandläggare vet om brukaren kommer att ha behov av fortsatt hjälp ska denne meddela aktuell hemtjänst
via telefon så de kan planera för insatserna. Uppdrag skickas sedan så snart som möjligt.»
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.flow import Action, Alternatives, Arm, Audience, By, Choice, Disarm, Field, Move, Say, Situation, by
from dialogs.common import PHONE_ANSWERED_BY, PHONED_AT
from dialogs.hand_moves import hand_moves, reopen_moves
from dialogs.swedish import day_text
from dialogs.words import ANSWER, REMINDER
from reminders.localtime import to_local

STATES = {
    "to_phone": "Besked finns – ring hemtjänsten",
    "assessing": "Behovet utreds – hjälpen fortsätter",
    "order_due": "Hemtjänsten har fått besked – uppdraget ska skickas",
    "decided": "Besked lämnat – avslutat",
}
WORDS = {
    "decision_remind": (REMINDER, "Utred omgående. Ring hemtjänsten så snart du vet om hjälpen ska fortsätta."),
    "decision_escalate": (REMINDER, "Det saknas besked om fortsatt hjälp. Hjälpen fortsätter så länge."),
    "phone_now": (REMINDER, "Ring hemtjänsten med ditt besked, så att de kan planera."),
    "phone_escalate": (REMINDER, "Hemtjänsten är fortfarande inte uppringd."),
    "order_remind": (REMINDER, "Hemtjänsten har fått besked. Skicka uppdraget i verksamhetssystemet."),
    "answered": (ANSWER, "Handläggaren har lämnat besked om fortsatt hjälp."),
}

# The routine's words are «vet om brukaren kommer att ha behov av fortsatt hjälp»; not to know yet is an answer too.
CONTINUED = Choice(
    name="continued_help",
    label="Har brukaren behov av fortsatt hjälp?",
    short="Fortsatt hjälp",
    options=(
        ("granted", "Ja, hjälp beviljas"),
        ("refused", "Nej, fortsatt hjälp beviljas inte"),
        ("needs_assessment", "Behovet utreds mer, hjälpen fortsätter så länge"),
    ),
)
# By day no help has begun, so there is none that goes on.
NEEDED = Choice(
    name=CONTINUED.name,
    label="Har personen behov av hjälp?",
    short="Hjälp",
    options=(
        ("granted", "Ja, hjälp beviljas"),
        ("refused", "Nej, hjälp beviljas inte"),
        ("needs_assessment", "Behovet utreds mer"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Whether a question has this answer."""

    field: str
    code: str

    def __call__(self, situation: Situation) -> bool:
        return situation.thread.values.get(self.field) == self.code


GRANTED = Answered(field=CONTINUED.name, code="granted")
REFUSED = Answered(field=CONTINUED.name, code="refused")

_ASSESS = Arm(step="decision", rule="continued_help")
PROVIDER_TO_PHONE = "provider_to_phone"  # the mark by which the card says whom to ring
_KNOWN = ("to_phone", "assessing", "order_due")
_RING = Arm(step="phone", rule="phone_continued_help")
_MET = tuple(Disarm(step=step) for step in ("mandate", "read", "untaken", "decision"))


def dated_from(began: str) -> tuple[str, str]:
    """The routine's date for a decision: the day on which the help began. The assessor decides."""
    day = date.fromisoformat(began) if len(began) == 10 else to_local(datetime.fromisoformat(began)).date()
    return (
        "Beviljas hjälp",
        f"dateras beslutet från {day_text(day)}, dagen då hjälpen påbörjades (ersättning från första dagen)",
    )


def take_move(to: str, *then: Action) -> Move:
    """The assessor, or the next in line, has it from now on and assesses the need at once."""
    return Move(
        to=to,
        by=by(By.RECEIVER, By.INFORMED),
        label="Ta emot ärendet",
        receipt="taken",
        then=(*_MET[1:], *then, _ASSESS),
    )


def decide_moves(
    states: Iterable[str], *, asks: tuple[Field, ...] = (), tell: Audience, help_goes_on: bool
) -> dict[tuple[str, str], Alternatives]:
    """What the assessor knows of the need, from any of these states, and what follows from it.

    `asks` is asked beside it. Where `help_goes_on` somebody is already being helped, so hemtjänst is rung whatever the
    word is; else only when help is granted. `tell` is who reads the word on a card.
    """
    told = Say(to=tell, text="answered", side=By.SENDER, urgent=False)
    needs = (CONTINUED if help_goes_on else NEEDED, *asks)
    alternatives: Alternatives = (_decide("to_phone", needs, _RING),)
    if not help_goes_on:
        alternatives = (
            _decide("to_phone", needs, _RING, when=GRANTED),
            _decide("decided", needs, told, when=REFUSED),
            _decide("assessing", needs, told, _ASSESS),
        )
    moves: dict[tuple[str, str], Alternatives] = {(state, "decide"): alternatives for state in states}
    moves[("assessing", "decide")] = alternatives
    moves[("to_phone", "phoned")] = (
        _phoned("order_due", told, Arm(step="order", rule="assignment_to_send"), when=GRANTED),
        _phoned("decided", told, when=REFUSED),
        _phoned("assessing", told, _ASSESS),
    )
    moves[("order_due", "order_sent")] = (
        Move(to="decided", by=by(By.RECEIVER, By.INFORMED), label="Uppdraget är skickat", receipt="taken"),
    )
    for state in _KNOWN:
        moves[(state, "take")] = (Move(to=state, by=by(By.INFORMED), label="Ta över ärendet", receipt="taken"),)
    return moves | passed_on(*_KNOWN)


def passed_on(*states: str) -> dict[tuple[str, str], Alternatives]:
    """To a colleague, a colleague who steps in, or the lead as well: the thread stays where it stands.

    It is never sent back as misdirected, since the help goes on and somebody must answer for it.
    """
    moves = hand_moves({state: state for state in states}, waiting=states[0], restart=())
    return {key: move for key, move in moves.items() if key[1] in ("forward", "cover", "absent")}


def taken_up_again(state: str, *, to: str) -> dict[tuple[str, str], Alternatives]:
    """A thread that has ended and is opened again is assessed anew."""
    moves = reopen_moves({state: by(By.SENDER, By.RECEIVER)}, to=to, restart=())
    return {key: tuple(replace(move, then=(*move.then, _ASSESS)) for move in made) for key, made in moves.items()}


def _decide(to: str, needs: tuple[Field, ...], *then: Action, when: Answered | None = None) -> Move:
    return Move(
        to=to,
        by=by(By.RECEIVER, By.INFORMED),
        label="Lämna besked om hjälpen",
        needs=needs,
        receipt="taken",
        when=when,
        then=(*_MET, *then),
        marks=(PROVIDER_TO_PHONE,) if _RING in then else (),
    )


def _phoned(to: str, *then: Action, when: Answered | None = None) -> Move:
    """The call cannot be replaced by the bot; it is written down."""
    return Move(
        to=to,
        by=by(By.RECEIVER, By.INFORMED),
        label="Jag har ringt",
        needs=(PHONED_AT, PHONE_ANSWERED_BY),
        receipt="taken",
        when=when,
        then=(Disarm(step="phone"), *then),
        clears=(PROVIDER_TO_PHONE,),
    )
