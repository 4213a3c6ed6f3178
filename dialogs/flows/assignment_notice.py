"""An assignment lies in the case system; the urgent one is phoned as well (Norrköping 1.2, D04 and D05)."""

from dataclasses import replace
from typing import Any

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Day,
    Disarm,
    Field,
    Flow,
    Moment,
    Move,
    Own,
    Say,
    Signpost,
    UnitChoice,
    by,
)
from dialogs.assignments import TO_PHONE, must_phone, phones_if_unread, told_anyway, what_the_routine_asks
from dialogs.common import ASSESSORS, PHONE_ANSWERED_BY, PHONED_AT, STATES, draft_moves, with_common
from dialogs.hand_moves import hand_moves, reopen_moves
from dialogs.night_call import night_call_moves
from dialogs.words import ANSWER, INFORMATION, REMINDER, TASK

FORM: tuple[Field, ...] = (
    UnitChoice(
        name="receiving_unit", label="Vilken hemtjänst har fått uppdraget?", short="Uppdrag till", kind="home_care"
    ),
    Choice(
        name="urgent_services",
        label="Gäller uppdraget brådskande insatser?",
        short="Brådskande insatser",
        options=(("yes", "Ja"), ("no", "Nej")),
    ),
    Day(name="execute_on", label="Vilken dag ska insatserna verkställas?", short="Verkställs", past=False),
    Moment(
        name="assignment_sent_at",
        label="När skickades uppdraget i verksamhetssystemet?",
        short="Uppdraget skickat",
        future=False,
    ),
)
ANSWERED_ROLE = Choice(
    name="answered_by_role",
    label="Vilken roll har den som svarade?",
    short="Svarade som",
    options=(
        ("manager", "Chef"),
        ("team_lead", "Gruppledare"),
        ("unit_administrator", "Administratör"),
        ("on_call_supervisor", "Jourhavande arbetsledare"),
    ),
)
TRIED_AT = Moment(name="tried_at", label="När ringde du?", short="Ringt utan svar", future=False)

_TELL = (Say(to=Audience.RECEIVING_UNIT, text="new"), Disarm(step="unsent"))
# The unit keeps its seat and reads the assignment; the call is the assessor's to make.
_OWE_CALL: tuple[Action, ...] = (Own(to=Audience.SENDER), Arm(step="phone", rule="assignment_phone"))


def _send(to: str, label: str, *then: Action, **more: Any) -> Move:
    return Move(to=to, by=by(By.SENDER), label=label, then=(*_TELL, *then), **more)


def _owing(move: Move, *then: Action) -> Move:
    """The move, after which a call is owed."""
    return replace(move, to=TO_PHONE, marks=(TO_PHONE,), then=(*move.then, *then, *_OWE_CALL))


_PHONED = Move(
    to="phoned",
    by=by(By.SENDER),
    label="Ringt och fått svar",
    needs=(PHONED_AT, ANSWERED_ROLE, PHONE_ANSWERED_BY),
    clears=(TO_PHONE,),
    then=(Say(to=Audience.RECEIVERS, text="completed", urgent=False),),
)
_NO_ANSWER = Move(
    to=TO_PHONE,
    by=by(By.SENDER),
    label="Ringt utan svar",
    needs=(TRIED_AT,),
    consequence="Försöket antecknas och du påminns igen.",
    then=(Arm(step="phone", rule="assignment_phone"),),
)
# The unit says that it has the assignment. One that must be phoned is not done with that.
_RECEIVED = Move(
    to="received",
    by=by(By.RECEIVER, By.INFORMED),
    label="Uppdraget är mottaget",
    receipt="taken",
    clears=(TO_PHONE,),
    then=(Say(to=Audience.SENDER, text="answered", side=By.SENDER, urgent=False),),
)
_RECEIVED_YET_TO_PHONE = Move(
    to=TO_PHONE,
    by=by(By.RECEIVER, By.INFORMED),
    label="Uppdraget är mottaget",
    when=must_phone,
    receipt="read",
    then=(Say(to=Audience.SENDER, text="assignment_read", side=By.SENDER, urgent=False),),
)
_BY_CLOCK = Move(to=TO_PHONE, by=by(By.CLOCK))

_MOVES: dict[tuple[str, str], Move | Alternatives] = {
    ("draft", "send"): (
        _send(
            TO_PHONE, "Skicka och ring", *_OWE_CALL, when=must_phone, marks=(TO_PHONE,),
            consequence="Du ska också ringa hemtjänsten, så att uppdraget säkert är mottaget.",
        ),
        _send(
            "sent", "Skicka", Arm(step="read", rule="assignment_unread", since="assignment_sent_at"),
            when=phones_if_unread,
        ),
        _send("sent", "Skicka", Arm(step="read", rule="mailbox_window"), when=told_anyway),
    ),
    ("sent", "received"): _RECEIVED,
    ("sent", "phone"): _owing(_BY_CLOCK, Disarm(step="read")),
    ("sent", "phoned"): _PHONED,
    (TO_PHONE, "escalate"): _BY_CLOCK,
    (TO_PHONE, "phoned"): _PHONED,
    (TO_PHONE, "no_answer"): _NO_ANSWER,
    (TO_PHONE, "received"): (_RECEIVED_YET_TO_PHONE, _RECEIVED),
}  # fmt: skip


def _changing_hands() -> dict[tuple[str, str], Alternatives]:
    """Passed on within the unit, or given back to the assessor, who then rings the right unit."""
    moves = hand_moves({"sent": "sent", TO_PHONE: TO_PHONE}, waiting=TO_PHONE, restart=("phone",))
    for state in ("sent", TO_PHONE):
        del moves[(state, "absent")]  # no assessor is waited for here
        moves[(state, "misdirected")] = tuple(
            replace(one, clears=(TO_PHONE,), then=(*one.then, Disarm(step="read")))
            for one in moves[(state, "misdirected")]
        )
    ends = {"received": by(By.SENDER, By.RECEIVER), "phoned": by(By.SENDER, By.RECEIVER), "withdrawn": by(By.SENDER)}
    again = reopen_moves(ends, to=TO_PHONE, restart=())
    owing = {key for key in moves if key[1] == "resend"} | set(again)
    return {key: tuple(_owing(one) for one in some) if key in owing else some for key, some in (moves | again).items()}


FLOW = Flow(
    name="assignment_notice",
    title="Brådskande uppdrag skickat",
    source="Norrköping 1.2",
    intro="När ett brådskande uppdrag ska verkställas samma dag eller nästa arbetsdag. Stafett säger om du också ska "
    "ringa, till vem, och påminner tills det är gjort. Uppdraget skickas alltid i verksamhetssystemet.",
    senders=ASSESSORS,
    group="assignments",
    order=34,
    commands=("uppdrag", "nytt uppdrag"),
    form=FORM,
    states={state: word for state, word in STATES.items() if state not in ("escalated", "taken", "answered")}
    | {
        TO_PHONE: "Skickat – ska också ringas",
        "received": "Uppdraget är mottaget – avslutat",
        "phoned": "Ringt och besvarat – avslutat",
    },
    first="draft",
    last=frozenset({"received", "phoned", "withdrawn", "discarded"}),
    suggestions=what_the_routine_asks,
    guides=("ovrigt",),
    words={
        "new": (TASK, "Ett uppdrag finns i verksamhetssystemet. Läs det där och kvittera här."),
        "answered": (ANSWER, "Hemtjänsten har tagit emot uppdraget."),
        "assignment_read": (INFORMATION, "Hemtjänsten har kvitterat uppdraget här. Rutinen säger att du ringer ändå."),
        "completed": (INFORMATION, "Uppdraget är meddelat per telefon. Du behöver inte göra något här."),
        "assignment_unread": (REMINDER, "Uppdraget är inte kvitterat. Ring, så att det når fram."),
        "assignment_phone": (REMINDER, "Du ska också ringa om uppdraget. Anteckna samtalet här när det är gjort."),
        "assignment_phone_lead": (REMINDER, "Ett uppdrag som också ska ringas är inte ringt än."),
        "assignment_not_phoned": (TASK, "Ett uppdrag finns i verksamhetssystemet och ingen har ringt om det. Läs det."),
    },
    signposts=(
        Signpost(
            text="Vid ett nytt beslut skickas bara uppdraget i verksamhetssystemet. Använd det här bara när det är "
            "bråttom. Det som är viktigt vid en uppstart men inte ska stå i utredningen skrivs under rubriken ”övrigt” "
            "i uppdraget.",
            source="Norrköping 1.2",
        ),
    ),
    moves=with_common(draft_moves(FORM) | _MOVES | _changing_hands() | night_call_moves("sent", TO_PHONE)),
)
