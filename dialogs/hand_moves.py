"""How a thread changes hands, written once for every flow: passed on, given back, covered for, looked at again.

What is asked for here is chosen from lists: it is known to everybody at the thread, and says nothing of the client.
"""

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    GiveBack,
    Move,
    PassOn,
    Rearm,
    ResetReceipts,
    Say,
    SeatChoice,
    Situation,
    StepIn,
    TextField,
    by,
)

FORWARD_TO = SeatChoice(name="forward_to", label="Vem ska ha meddelandet?", short="Skickat vidare till", among="own")
FORWARD_REASON = Choice(
    name="forward_reason",
    label="Varför skickar du det vidare?",
    short="Skickat vidare för att",
    options=(
        ("other_holder", "En kollega har hand om ärendet"),
        ("absent", "Den som har det är inte på plats"),
        ("workload", "Arbetet behöver fördelas om"),
        ("lead", "Någon som leder arbetet behöver ta ställning"),
        ("other", "Annat, det står i verksamhetssystemet"),
    ),
)
MISDIRECTED_REASON = Choice(
    name="misdirected_reason",
    label="Varför är det fel mottagare?",
    short="Fel mottagare",
    options=(
        ("not_my_case", "Ärendet hör inte hit"),
        ("moved", "Ärendet har flyttats"),
        ("wrong_number", "Ärendenumret verkar vara fel"),
        ("other", "Annat, det står i verksamhetssystemet"),
    ),
)
RIGHT_RECEIVER = SeatChoice(
    name="right_receiver", label="Vem är rätt mottagare?", short="Skickat på nytt till", among="other"
)
COVER_REASON = Choice(
    name="cover_reason",
    label="Varför går du in för din kollega?",
    short="Kollega har gått in",
    options=(
        ("ill", "Kollegan är sjuk"),
        ("leave", "Kollegan är ledig eller på semester"),
        ("elsewhere", "Kollegan är på annat uppdrag"),
        ("asked", "Kollegan har bett mig"),
        ("other", "Annat, det står i verksamhetssystemet"),
    ),
)
REOPEN_REASON = Choice(
    name="reopen_reason",
    label="Varför öppnas det igen?",
    short="Öppnat igen",
    options=(
        ("not_done", "Åtgärden blev inte av"),
        ("still_needed", "Behovet finns kvar"),
        ("mistake", "Det avslutades av misstag"),
        ("news", "Nya uppgifter, de står i verksamhetssystemet"),
    ),
)
# Norrköping 1.1: hemtjänst judges whether it can wait; the lead is contacted as well, and told why.
CAN_WAIT = Choice(
    name="can_wait",
    label="Kan det vänta på ansvarig handläggare?",
    short="Kan vänta på ansvarig handläggare",
    help="Hemtjänsten bedömer. Stafett noterar vem som bedömde och när (Norrköping 1.1).",
    options=(
        ("yes", "Ja, det kan vänta"),
        ("no", "Nej, förste handläggare behöver kontaktas också"),
    ),
)
_NOT_WAITING = ("can_wait", frozenset({"no"}))
PRIORITY_REASON = Choice(
    name="priority_reason",
    label="Vad är anledningen till den extra prioriteten?",
    short="Extra prioritet",
    demanded_if=_NOT_WAITING,
    options=(
        ("lasting", "Behovet kan inte vänta och antas bestå (5.5)"),
        ("limited", "Behovet kan inte vänta och är tillfälligt (5.6)"),
        ("other", "Annan anledning, den står i verksamhetssystemet"),
    ),
)
PRIORITY_TEXT = TextField(
    name="priority_text", label="Anledningen, kort", short="Anledning", sensitive=True, max=120,
    demanded_if=("priority_reason", frozenset({"other"})),
)  # fmt: skip
ABSENT = (CAN_WAIT, PRIORITY_REASON, PRIORITY_TEXT)

GIVEN_BACK = "misdirected"  # the state of what waits for its sender to send it to the right receiver
_Moves = dict[tuple[str, str], Alternatives]


def waits_for_assessor(situation: Situation) -> bool:
    """The case's own assessor has it and has not taken it."""
    return any(
        party.role == "responsible_assessor" and party.taken_at is None for party in situation.thread.receivers()
    )


def cannot_wait(situation: Situation) -> bool:
    """The sender has judged that the lead must be contacted as well."""
    return waits_for_assessor(situation) and situation.thread.values.get(CAN_WAIT.name) == "no"


def may_reopen(situation: Situation) -> bool:
    """It has been with somebody, and ended no longer ago than the profile says."""
    thread = situation.thread
    if thread.closed_at is None or not thread.receivers():
        return False
    days: int = situation.profile.section("flows").reopen_days
    return (situation.now - thread.closed_at).days < days


def hand_moves(states: dict[str, str], *, waiting: str, restart: tuple[str, ...], stop: tuple[str, ...] = ()) -> _Moves:
    """What every state in which somebody has the thread offers beside the flow's own moves.

    `states` says of each where it goes when the thread is passed on. `restart` are the deadlines that a new holder
    gets anew, `stop` those that only the old one had. `waiting` is where what was given back is sent to.
    """
    anew = tuple(Rearm(step=step) for step in restart)
    stopped = tuple(Disarm(step=step) for step in stop)
    moves: _Moves = {}
    for state, onward in states.items():
        moves[(state, "forward")] = (_forward(onward, (*stopped, *anew)),)
        moves[(state, "misdirected")] = (_misdirected((*stopped, *(Disarm(step=step) for step in restart))),)
        moves[(state, "cover")] = (
            Move(
                to=state, by=by(By.COLLEAGUE), label="Gå in för kollega", needs=(COVER_REASON,), then=(StepIn(),),
                consequence="Du får meddelandet i kollegans ställe. Det loggas, och chefen ser det nästa dag.",
            ),
        )  # fmt: skip
        moves[(state, "absent")] = _absent(state)
    resend = Move(
        to=waiting, by=by(By.SENDER), label="Skicka till rätt mottagare", needs=(RIGHT_RECEIVER,),
        then=(PassOn(field=RIGHT_RECEIVER.name, text="new", leave=True), Disarm(step="given_back"), *anew),
    )  # fmt: skip
    return moves | {(GIVEN_BACK, "resend"): (resend,)}


def reopen_moves(
    ends: dict[str, frozenset[By]], *, to: str, restart: tuple[str, ...], start: tuple[Arm, ...] = ()
) -> _Moves:
    """A thread that has ended may be taken up again, by whom `ends` says of each last state.

    `restart` are deadlines that begin anew, `start` those that run instead of one that counted from a day gone by.
    """
    then: tuple[Action, ...] = (
        ResetReceipts(),
        Say(to=Audience.RECEIVERS, text="reopened"),
        Say(to=Audience.SENDER, text="reopened", side=By.SENDER),
        *(Rearm(step=step) for step in restart),
        *start,
    )
    return {
        (state, "reopen"): (
            Move(
                to=to, by=who, label="Öppna igen", when=may_reopen, needs=(REOPEN_REASON,), then=then,
                consequence="Meddelandet blir öppet igen hos den som hade det, med allt som har hänt kvar.",
            ),
        )
        for state, who in ends.items()
    }  # fmt: skip


def _forward(to: str, then: tuple[Disarm | Rearm, ...]) -> Move:
    return Move(
        to=to,
        by=by(By.RECEIVER, By.INFORMED),
        label="Skicka vidare",
        needs=(FORWARD_TO, FORWARD_REASON),
        consequence="Till en kollega, enhetens kö eller den som leder arbetet. Du ser vad som händer.",
        then=(PassOn(field=FORWARD_TO.name, text="forwarded"), *then),
    )


def _misdirected(stopped: tuple[Disarm, ...]) -> Move:
    return Move(
        to=GIVEN_BACK,
        by=by(By.RECEIVER),
        label="Fel mottagare",
        needs=(MISDIRECTED_REASON,),
        consequence="Meddelandet går tillbaka till avsändaren, som får veta det nu.",
        then=(GiveBack(text="misdirected"), *stopped, Arm(step="given_back", rule="given_back")),
    )


def _absent(state: str) -> Alternatives:
    """The ordinary assessor stays the receiver: the lead is contacted as well, and not instead."""
    label, said = "Handläggaren är frånvarande", "Bedöm om det kan vänta, eller kontakta även förste handläggare."
    lead = Say(to=Audience.LEAD_NEEDS_ASSESSOR, text="lead_also", side=By.INFORMED)
    return (
        Move(
            to=state, by=by(By.SENDER), label=label, consequence=said, when=cannot_wait, needs=ABSENT, then=(lead,)
        ),
        Move(to=state, by=by(By.SENDER), label=label, consequence=said, when=waits_for_assessor, needs=ABSENT),
    )  # fmt: skip
