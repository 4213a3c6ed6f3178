"""What every flow shares: drafts, withdrawal, undeliverable messages, and the way an assessor receives and answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Day,
    Disarm,
    Field,
    Moment,
    Move,
    Purge,
    Say,
    Situation,
    TextField,
    by,
    table,
)
from cases.ladder import basis_of
from dialogs.hand_moves import GIVEN_BACK, hand_moves, reopen_moves
from reminders.errors import RuleNotInProfile
from reminders.rules import due

HINT = "Skriv inte namn, personnummer, diagnos eller adress."
HOME_CARE = frozenset({"team_lead", "unit_administrator", "unit_manager", "deputy_unit_manager"})
CARE_STAFF = HOME_CARE | {"care_worker", "fixed_care_contact", "on_call_supervisor"}
ASSESSORS = frozenset({"needs_assessor", "lead_needs_assessor"})

STATES = {
    "draft": "Utkast – inte skickat",
    "sent": "Skickat",
    "escalated": "Skickat – även till nästa i tur",
    "taken": "Taget",
    GIVEN_BACK: "Åter hos avsändaren – fel mottagare",
    "answered": "Återkopplat – avslutat",
    "withdrawn": "Återkallat",
    "discarded": "Utkastet är borttaget",
}
ENDED = frozenset({"answered", "withdrawn", "discarded"})

# Norrköping 1.1: återkoppling is a statement of what will be done; a receipt or a thank-you is not.
ACTION = Choice(
    name="action_code",
    label="Vilken åtgärd kommer att vidtas?",
    short="Åtgärd",
    options=(
        ("home_visit", "Hembesök bokas"),
        ("phone_client", "Telefonkontakt med brukaren"),
        ("adjust_decision", "Beslutet justeras"),
        ("new_assignment", "Nytt uppdrag skickas"),
        ("no_change", "Nuvarande beslut gäller"),
        ("other", "Annan åtgärd"),
    ),
)
PLANNED = Day(name="planned_date", label="Planerat datum", short="Planerat", required=False, past=False)
ACTION_TEXT = TextField(name="action_text", label="Mer om åtgärden", required=False, sensitive=True, help=HINT)
ANSWER: tuple[Field, ...] = (ACTION, PLANNED, ACTION_TEXT)

NOTE = TextField(
    name="note",
    label="Mer om behovet",
    required=False,
    sensitive=True,
    help=HINT,
)

# Norrköping 5.5 names the first three; "vanligtvis" makes the list open.
NEED = Choice(
    name="need_category",
    label="Vad behövs?",
    short="Behov",
    sensitive=True,
    options=(
        ("toilet", "Hjälp vid toalettbesök"),
        ("food_drink", "Få i sig mat och dryck"),
        ("no_food", "Har inte mat för dagen"),
        ("other", "Annat som inte kan vänta"),
    ),
)
NOTICED_BY = Choice(
    name="noticed_by_role",
    label="Vem uppmärksammade behovet?",
    short="Uppmärksammat av",
    options=(
        ("care_worker", "Omvårdnadspersonal"),
        ("fixed_care_contact", "Fast omsorgskontakt"),
        ("on_call", "Biträdande enhetschef under jourtid"),
        ("night", "Nattpersonal"),
        ("other", "Annan"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class TooLate:
    """Whether the routine's own limit for giving notice has passed."""

    rule: str
    since: str

    def __call__(self, situation: Situation) -> bool:
        since = situation.thread.values.get(self.since)
        if since is None:  # not answered yet: the button is offered, and its form asks
            return False
        try:
            worked_out = due(self.rule, basis_of(since), situation.profile)
        except RuleNotInProfile:  # taken away while the thread was open: then nothing is too late for it
            return False
        return worked_out.hard is not None and situation.now > worked_out.hard


# What is rung about is answered by somebody: when, and by whom (Norrköping 1.2).
PHONED_AT = Moment(name="phoned_at", label="När ringde du?", short="Ringt", future=False)
PHONE_ANSWERED_BY = TextField(
    name="phone_answered_by",
    label="Vem svarade?",
    short="Svarade",
    max=60,
    help="Roll eller namn på personal. Skriv aldrig brukarens namn.",
)


@dataclass(frozen=True, kw_only=True)
class Runs:
    """Whether a deadline of the thread is running."""

    step: str

    def __call__(self, situation: Situation) -> bool:
        armed = situation.thread.deadlines.get(self.step)
        return armed is not None and armed.status == "armed"


def all_received(situation: Situation) -> bool:
    """Every receiving seat has acknowledged."""
    return all(party.receipted for party in situation.thread.receivers())


def sender_unreached(situation: Situation) -> bool:
    """The one who could not be reached is the sender."""
    return situation.unreached == By.SENDER


def receiver_unreached(situation: Situation) -> bool:
    """The one who could not be reached is to act on the message, not only to know of it."""
    return situation.unreached == By.RECEIVER


def draft_moves(
    form: tuple[Field, ...], *on_open: Arm, first: str = "draft"
) -> dict[tuple[str, str], Move | Alternatives]:
    """From the form to a draft on disk. It is reminded of and, never sent, removed with its answers in the end.

    A draft without a limit of the routine is kept for a day; one with a limit (`on_open`) until that is past.
    """
    rule = "draft_with_notice" if on_open else "draft"
    return {
        ("", "open"): Move(to=first, by=by(By.SENDER), then=(Arm(step="unsent", rule=rule), *on_open)),
        (first, "edit"): Move(to=first, by=by(By.SENDER), label="Ändra", needs=form, then=on_open),
        (first, "withdraw"): Move(to="discarded", by=by(By.SENDER), label="Kasta utkastet", then=(Purge(),)),
        (first, "discard"): Move(to="discarded", by=by(By.CLOCK), then=(Purge(),)),
    }


def reply_moves(
    waiting: str, *, arm_on_take: tuple[Arm, ...], disarm: tuple[str, ...], keeps: tuple[str, ...] = ()
) -> dict[tuple[str, str], Move | Alternatives]:
    """How a receiver acknowledges, takes and answers, whether or not the clock has called the next in line; and how
    the thread changes hands, and is taken up again.

    `disarm` are the deadlines that taking meets. `keeps` are those that only the end stops, started anew with the
    thread when it is taken up again.
    """
    met = tuple(Disarm(step=step) for step in disarm)
    moves: dict[tuple[str, str], Move | Alternatives] = {
        (waiting, "escalate"): Move(to="escalated", by=by(By.CLOCK)),
        ("escalated", "escalate"): Move(to="escalated", by=by(By.CLOCK)),
        ("taken", "escalate"): Move(to="taken", by=by(By.CLOCK)),
        ("taken", "answer"): _answer(),
        ("taken", "take"): Move(
            to="taken", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken", then=arm_on_take
        ),
    }
    for state in (waiting, "escalated"):
        moves[(state, "read")] = Move(
            to=state, by=by(By.RECEIVER), label="Läst", receipt="read", then=(Disarm(step="read"),)
        )
        # Who has only been told does not read in the receiver's place.
        moves[(state, "seen")] = Move(to=state, by=by(By.INFORMED), label="Läst", receipt="read")
        moves[(state, "take")] = Move(
            to="taken", by=by(By.RECEIVER, By.INFORMED), label="Ta ärendet", receipt="taken", then=met + arm_on_take
        )
        moves[(state, "answer")] = _answer()
    moves |= hand_moves(
        dict.fromkeys((waiting, "escalated", "taken"), waiting),
        waiting=waiting,
        restart=disarm,
        stop=tuple(arm.step for arm in arm_on_take),
    )
    ends = {"answered": by(By.SENDER, By.RECEIVER), "withdrawn": by(By.SENDER)}
    return moves | reopen_moves(ends, to=waiting, restart=(*disarm, *keeps))


def _answer() -> Move:
    return Move(
        to="answered",
        by=by(By.RECEIVER, By.INFORMED),
        label="Lämna återkoppling",
        needs=ANSWER,
        receipt="taken",
        then=(Say(to=Audience.SENDER, text="answered", side=By.SENDER),),
    )


def with_common(
    moves: Mapping[tuple[str, str], Move | Alternatives], *, withdraw: str = "Återkalla"
) -> dict[tuple[str, str], Alternatives]:
    """The flow's own moves, and those that every open state has."""
    own = table(moves)
    every = dict(own)
    ends = {move.to for alternatives in own.values() for move in alternatives}
    open_states = {state for state, signal in own if state and signal != "reopen"} & (ends | {""})
    for state in sorted(open_states):
        every.setdefault((state, "undeliverable"), _undeliverable(state))
        if withdraw:
            every.setdefault((state, "withdraw"), (_withdraw(withdraw),))
    for state in sorted(ends - open_states - {"discarded"}):
        every.setdefault((state, "undeliverable"), _last_word_undeliverable(state))
    return every


def _withdraw(label: str) -> Move:
    return Move(
        to="withdrawn",
        by=by(By.SENDER),
        label=label,
        then=(Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False),),
    )


def _last_word_undeliverable(state: str) -> Alternatives:
    """The thread has ended, but its sender cannot be told: then the sender's unit is."""
    told = Say(to=Audience.SENDER_UNIT, text="sender_unreachable", side=By.SENDER)
    return (Move(to=state, by=by(By.DELIVERY), when=sender_unreached, then=(told,)),)


def _undeliverable(state: str) -> Alternatives:
    to_sender = Say(to=Audience.SENDER, text="not_delivered", side=By.SENDER)
    return (
        Move(
            to=state,
            by=by(By.DELIVERY),
            when=sender_unreached,
            then=(Say(to=Audience.SENDER_UNIT, text="sender_unreachable", side=By.SENDER),),
        ),
        Move(
            to=state,
            by=by(By.DELIVERY),
            when=receiver_unreached,
            marks=("undeliverable",),
            then=(to_sender, Say(to=Audience.NEXT_IN_LINE, text="undeliverable", side=By.INFORMED)),
        ),
        Move(
            to=state,
            by=by(By.DELIVERY),
            then=(Say(to=Audience.SENDER, text="next_unreachable", side=By.SENDER),),
        ),
    )
