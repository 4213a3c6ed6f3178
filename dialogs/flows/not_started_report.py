"""A decision that has not been started: hemtjänsten tells why, or the assessor asks (Norrköping 3.5, `D09`, `D31`).

Hemtjänsten reports when the client declines though motivated; the assessor goes through what has not been started and
asks for the reason. Either way the assessor decides: ended by the revocation clause, reviewed, or to be started.
"""

from dataclasses import replace
from datetime import date

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
    Say,
    Signpost,
    Situation,
    TextField,
    by,
)
from dialogs.common import ASSESSORS, HINT, HOME_CARE, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.ends import BOTH_SIDES, CARE_SERVICE, Answered, reopened, withdrawals
from dialogs.hand_moves import GIVEN_BACK, hand_moves
from dialogs.sides import Both, by_assessor, by_provider, only, sent_by_assessor, sent_by_provider
from dialogs.swedish import full_day_text
from reminders.localtime import add_months, to_local

_KIND = Choice(
    name="care_kind",
    label="Vad gäller det?",
    short="Gäller",
    options=(("service", "Service, till exempel städ"), ("personal_care", "Omvårdnad")),
)
_DECIDED = Day(
    name="decision_date",
    label="När fattades beslutet?",
    short="Beslutsdatum",
    future=False,
    today=False,
    help="Vid avbrott: dagen då det avbröts. Räknas mot lagens tre månader.",
)
_ORDERED = Day(
    name="order_sent", label="När skickades uppdraget?", short="Uppdraget skickat", future=False, today=False
)
_DECLINED = ("reason_code", frozenset({"declined"}))
_REASON = Choice(
    name="reason_code",
    label="Varför är det inte verkställt?",
    short="Orsak",
    options=(
        ("declined", "Brukaren tackar nej"),
        ("resources", "Resursbrist"),
        ("other", "Annat, det står i verksamhetssystemet"),
        ("unknown", "Okänt"),
    ),
)
_MOTIVATED = Choice(
    name="motivated",
    label="Har ni försökt motivera, och dokumenterat det?",
    short="Motiverat och dokumenterat",
    required=False,
    demanded_if=_DECLINED,
    help="Behövs när brukaren tackar nej.",
    options=(("yes", "Ja"), ("no", "Nej, inte än")),
)
_TRIED = Day(
    name="tried_on",
    label="När försökte ni senast?",
    short="Senaste försök",
    future=False,
    required=False,
    demanded_if=_DECLINED,
)
_NOTE = TextField(name="not_started_note", label="Mer om orsaken", required=False, sensitive=True, help=HINT)
_WHY: tuple[Field, ...] = (_REASON, _MOTIVATED, _TRIED, _NOTE)
FORM: tuple[Field, ...] = (_KIND, _DECIDED, _ORDERED, *_WHY, CARE_SERVICE)

_OUTCOME = Choice(
    name="outcome",
    label="Vad blir din bedömning?",
    short="Bedömning",
    options=(
        ("revoke", "Avslutas enligt återkallelseförbehållet, markeras ej verkställd"),
        ("review", "Beslutet ändras eller omprövas"),
    ),
)
_STARTED = Day(
    name="in_effect_date",
    label="Vilken dag verkställdes det?",
    short="Verkställt",
    future=False,
    help="Dagen då brukaren fick tillgång till insatsen och den startade.",
)
_PROMISED = Day(name="planned_start", label="Planerad start", short="Planerad start", required=False, past=False)


def counted(situation: Situation) -> list[tuple[str, str]]:
    """The days since the decision against the three months of the law, and what revoking presupposes."""
    values = situation.thread.values
    decided = date.fromisoformat(values[_DECIDED.name])
    days = (to_local(situation.now).date() - decided).days
    lines = [("Dagar sedan beslutet", f"{days}; tre månader går ut {full_day_text(add_months(decided, 3))}")]
    if values.get(_MOTIVATED.name) == "no":
        lines.append(("Återkallelseförbehåll", "gäller först när insatsen inte används trots motiverande insatser"))
    return lines


_service = Answered(field=_KIND.name, code="service")
_LAW = Arm(step="three_months", rule="not_started_report", since=_DECIDED.name)


def _sends(to: str, *then: Action, when: Guard) -> Alternatives:
    """Counted from the order by the guide value of what it is."""
    rules = ((Both(first=when, second=_service), "service_start"), (when, "service_start.personal_care"))
    return tuple(
        Move(
            to=to,
            by=by(By.SENDER),
            label="Skicka",
            when=guard,
            then=(Disarm(step="unsent"), *then, Arm(step="start", rule=rule, since=_ORDERED.name), _LAW),
        )
        for guard, rule in rules
    )


# Norrköping 3.5 gives the answer, not the assessment, five working days.
_ANSWER_DUE = Arm(step="feedback", rule="feedback")
_told = {"decided": "answered", "started": "answered"}
_ANSWERED = (Disarm(step="read"), Disarm(step="feedback"))
_TO_PROVIDER = (*_ANSWERED, Own(to=Audience.PROVIDER))
_DECIDES = Move(to="decided", by=by(), label="Lämna besked", needs=(_OUTCOME,), receipt="taken")
_STARTS = Move(
    to="to_start",
    by=by(),
    label="Hemtjänsten ska verkställa",
    receipt="taken",
    then=(*_TO_PROVIDER, Say(to=Audience.OWNER, text="to_start", urgent=False)),
)
_ASKS = Move(
    to="asked",
    by=by(),
    label="Fråga hemtjänsten",
    receipt="taken",
    then=(*_TO_PROVIDER, Say(to=Audience.OWNER, text="asked_again", urgent=False), _ANSWER_DUE),
)
_IN_EFFECT = Move(to="started", by=by(), label="Det är verkställt", needs=(_STARTED,), receipt="taken")
_EXPLAINS = Move(
    to="sent",
    by=by(),
    label="Svara varför",
    needs=(*_WHY, _PROMISED),
    receipt="taken",
    then=(*_ANSWERED, Own(to=Audience.RESPONSIBLE_ASSESSOR), _ANSWER_DUE),
)


def _reading(state: str) -> dict[tuple[str, str], Move | Alternatives]:
    return {
        (state, "read"): Move(to=state, by=by(By.RECEIVER), label="Läst", receipt="read", then=(Disarm(step="read"),)),
        (state, "seen"): Move(to=state, by=by(By.INFORMED), label="Läst", receipt="read"),
        (state, "escalate"): Move(to=state, by=by(By.CLOCK)),
    }


def _handed() -> dict[tuple[str, str], Move | Alternatives]:
    """Only whoever has it passes it on; sent anew it goes back to what it was."""
    to_provider = hand_moves({"asked": "asked", "to_start": "to_start"}, waiting="asked", restart=("read",))
    to_assessor = hand_moves({"sent": "sent"}, waiting="sent", restart=("read",))
    anew = tuple(replace(move, when=sent_by_assessor) for move in to_provider[(GIVEN_BACK, "resend")])
    return {
        **only(to_provider, "cover"),
        **only(to_provider, "forward", "misdirected", when=sent_by_assessor),
        **only(to_assessor, "cover", "absent"),
        **only(to_assessor, "forward", "misdirected", when=sent_by_provider),
        (GIVEN_BACK, "resend"): (*anew, *to_assessor[(GIVEN_BACK, "resend")]),
    }


FLOW = Flow(
    name="not_started_report",
    title="Ej verkställt",
    source="Norrköping 3.5",
    group="ends",
    intro="När något inte har kunnat starta. Hemtjänsten talar om varför; biståndshandläggaren kan också fråga.",
    senders=HOME_CARE | ASSESSORS | {"fixed_care_contact"},
    order=74,
    commands=("ej verkställt", "ej verkstalld"),
    urgent=False,
    form=FORM,
    signposts=(
        Signpost(
            text="Verkställt är när brukaren får tillgång till insatsen och den startar. Vid behov startas journal "
            "innan. Alla insatser ska verkställas, även när tiden ligger på ramtid.",
            source="Norrköping 3.5 och ersättningsmodellen",
        ),
    ),
    states={key: COMMON[key] for key in ("draft", "withdrawn", "discarded", GIVEN_BACK)}
    | {
        "asked": "Frågat hemtjänsten",
        "sent": "Väntar på biståndshandläggarens bedömning",
        "to_start": "Hemtjänsten ska verkställa",
        "decided": "Bedömt – avslutat",
        "started": "Verkställt – avslutat",
    },
    first="draft",
    last=frozenset({"decided", "started", "withdrawn", "discarded"}),
    suggestions=counted,
    words={
        "answered": ("Svar", "Du har fått svar. Läget står på kortet."),
        "explained": ("Svar", "Hemtjänsten har svarat varför. Gör din bedömning."),
        "asked_again": ("Ny uppgift", "Biståndshandläggaren behöver veta mer om varför det inte är verkställt."),
        "to_start": ("Ny uppgift", "Biståndshandläggaren har lämnat besked: det ska verkställas."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): (
                *_sends(
                    "asked",
                    Say(to=Audience.PROVIDER, text="new", urgent=False),
                    Arm(step="read", rule="mailbox_window"),
                    _ANSWER_DUE,
                    when=sent_by_assessor,
                ),
                *_sends(
                    "sent",
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new", urgent=False),
                    Arm(step="read", rule="message_read"),
                    _ANSWER_DUE,
                    when=sent_by_provider,
                ),
            ),
            ("asked", "explain"): by_provider(_EXPLAINS, tell={"sent": "explained"}),
            ("to_start", "explain"): by_provider(_EXPLAINS, tell={"sent": "explained"}),
            ("asked", "started"): by_provider(_IN_EFFECT, tell=_told),
            ("to_start", "started"): by_provider(_IN_EFFECT, tell=_told),
            ("sent", "started"): by_provider(_IN_EFFECT, tell=_told),
            ("sent", "decide"): by_assessor(_DECIDES, tell=_told),
            ("sent", "start"): by_assessor(_STARTS),
            ("sent", "ask"): by_assessor(_ASKS),
        }
        | _reading("asked")
        | _reading("sent")
        | _reading("to_start")
        | _handed()
        | reopened({"decided": BOTH_SIDES, "started": BOTH_SIDES}, "sent", _LAW)
        | withdrawals("asked", "sent", "to_start", GIVEN_BACK),
        withdraw="",
    ),
)
