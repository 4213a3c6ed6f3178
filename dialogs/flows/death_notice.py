"""One side tells the other of a death, at once and once (Norrköping 3.4, `D08` and `D07`).

Everything that may be seen by others is as neutral as any urgent message: words, states, buttons. There is a date and
nothing else: no cause, no free text. What else is open in the case is stopped, and goes on if the notice is withdrawn
or has come to the wrong receiver. Of another unit's case nothing is stopped before somebody there has received it: a
mistyped number must not silence what others wait for.
"""

from dataclasses import replace

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
    Guard,
    Move,
    Own,
    ResumeCase,
    Say,
    Situation,
    StopCase,
    by,
)
from dialogs import ends
from dialogs.common import ASSESSORS, CARE_STAFF, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.ends import CUTOFF, Answered
from dialogs.hand_moves import GIVEN_BACK, hand_moves
from dialogs.night_call import night_call_moves
from dialogs.sides import Both, by_assessor, only, sent_by_assessor, sent_by_provider

_DAY = Day(
    name="date_of_death", label="Vilket datum gäller det?", short="Datum", sensitive=True, future=False, today=False
)
FORM: tuple[Field, ...] = (_DAY,)
# The day is not read by any rule, so whoever registers says whether the 4th had passed.
_IN_TIME = Choice(
    name="in_time",
    label="Registrerades det senast den 4:e i månaden efter datumet?",
    short="Senast den 4:e",
    options=(("yes", "Ja"), ("no", "Nej, senare")),
)
_LATE = Answered(field=_IN_TIME.name, code="no")


# A deadline keeps what it counts from, so it is never the day itself: the earliest 4th that can apply is counted.
_COUNTED = Arm(step="registration", rule=f"{CUTOFF}.date_elsewhere")


def _of_another_unit(situation: Situation) -> bool:
    return not situation.own_case


def _sends(*then: Action, when: Guard | None = None) -> Alternatives:
    sent = (*then, Disarm(step="unsent"), Arm(step="receipt", rule="immediate.receipt"))
    return (
        Move(
            to="sent", by=by(By.SENDER), label="Skicka", when=Both(first=_of_another_unit, second=when), then=sent,
            consequence="Ärendet är inte er enhets. Påminnelserna i det stoppas när mottagaren har kvitterat.",
        ),
        Move(to="sent", by=by(By.SENDER), label="Skicka", when=when, then=(*sent, StopCase())),
    )  # fmt: skip


_TO_ASSESSOR = (Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new"), Arm(step="read", rule="message_read"))
# Nobody is to go to the home: who leads the staff now is told too, also at night; untaken, the sender is asked to ring.
_TO_PROVIDER = (
    Say(to=Audience.PROVIDER, text="new"),
    Say(to=Audience.ON_CALL, text="new", side=By.INFORMED),
    Arm(step="untaken", rule="urgent_untaken"),
)


def _receives(who: By, receipt: str, *then: Action, when: Guard | None = None) -> Move:
    met = tuple(Disarm(step=step) for step in ("receipt", "untaken", "read"))
    return Move(to="received", by=by(who), label="Kvittera", receipt=receipt, when=when, then=(*met, StopCase(), *then))


_CALLED_OFF = Move(
    to="withdrawn",
    by=by(By.SENDER),
    label="Återkalla",
    then=(Say(to=Audience.RECEIVERS, text="withdrawn"), ResumeCase()),
    consequence="Det som stoppades i ärendet gäller igen.",
)
_GOES_BACK = "Meddelandet går tillbaka till avsändaren, som får veta det nu. Det som stoppades i ärendet gäller igen."
_HANDED = hand_moves({"sent": "sent", "received": "sent"}, waiting="sent", restart=("receipt", "read", "untaken"))
_WRONG_RECEIVER: dict[tuple[str, str], Move | Alternatives] = {
    key: tuple(replace(move, then=(*move.then, ResumeCase()), consequence=_GOES_BACK) for move in alternatives)
    for key, alternatives in _HANDED.items()
    if key[1] == "misdirected"
}
_REGISTER = Move(to="registered", by=by(), label="Det är registrerat", needs=(_IN_TIME,), receipt="taken")

FLOW = Flow(
    name="death_notice",
    title="Dödsfall",
    source="Norrköping 3.4",
    group="ends",
    intro="Meddela omgående. Bara ärende och datum, aldrig orsak. Övriga påminnelser i ärendet stoppas.",
    senders=CARE_STAFF | ASSESSORS,
    order=72,
    commands=("dödsfall", "dodsfall"),
    form=FORM,
    states={key: COMMON[key] for key in ("draft", "sent", "withdrawn", "discarded")}
    | {"received": "Mottaget – ska registreras"}
    | {state: word for state, word in ends.STATES.items() if state != "billing_provider"},
    first="draft",
    last=frozenset({"withdrawn", "discarded"}) | ends.ENDED,
    outlives=frozenset({"draft", "sent", "received", "billing_assessor", GIVEN_BACK}),
    words={
        **ends.WORDS,
        "withdrawn": (
            "Information",
            "Avsändaren har återkallat meddelandet. Det som stoppats i ärendet gäller igen. Ring avsändaren.",
        ),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): (
                *_sends(*_TO_PROVIDER, when=sent_by_assessor),
                *_sends(*_TO_ASSESSOR, _COUNTED),
            ),
            # The assessor registers: what the assessor has sent is the assessor's again once it has been received.
            ("sent", "read"): (
                _receives(By.RECEIVER, "read", Own(to=Audience.SENDER), _COUNTED, when=sent_by_assessor),
                _receives(By.RECEIVER, "read"),
            ),
            ("sent", "take"): _receives(By.INFORMED, "taken", when=sent_by_provider),
            ("sent", "seen"): Move(to="sent", by=by(By.INFORMED), label="Läst", receipt="read", when=sent_by_assessor),
            ("received", "take"): Move(
                to="received", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken", when=sent_by_provider
            ),
            ("received", "registered"): by_assessor(*ends.registers(_REGISTER, _LATE), tell=ends.TOLD),
            ("sent", "withdraw"): _CALLED_OFF,
            (GIVEN_BACK, "withdraw"): _CALLED_OFF,
            ("received", "withdraw"): _CALLED_OFF,
        }
        | only(_HANDED, "cover", "resend")
        | _WRONG_RECEIVER
        | only(_HANDED, "forward", when=sent_by_provider)
        | ends.reopened({"registered": ends.BOTH_SIDES}, "received")
        | ends.billing_moves("assessor")
        | night_call_moves("sent"),
        withdraw="",
    ),
)
