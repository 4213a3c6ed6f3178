"""One supervision: cases gathered beforehand, held by the routine's agenda, documented, and passed on (Katrineholm)."""

from datetime import datetime
from decimal import Decimal

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    CallOff,
    CaseList,
    Choice,
    Day,
    DayList,
    Disarm,
    Field,
    Flow,
    Gather,
    Invite,
    Moment,
    Move,
    Number,
    OpenEach,
    PassOn,
    PerCase,
    Relay,
    Say,
    SeatChoice,
    Situation,
    by,
    codes_of,
)
from cases.series_answers import LAST, NEXT, OFF, TEAM, is_left_out
from dialogs.common import draft_moves, with_common
from dialogs.meeting_moves import CALLED_OFF, MEETING_STATES, meeting_moves
from dialogs.supervision import KIND, MANAGERS, MODE, SERIES, SOURCE
from dialogs.words import INFORMATION, REMINDER, TASK

STARTS = Moment(name="starts", label="När är handledningen?", short="Handledning", past=False)
# If needed it is held at home, which the manager coordinates (Förutsättningar). No address is written anywhere.
HOW = Choice(
    name="mode",
    label=MODE.label,
    short=MODE.short,
    options=(*MODE.options, ("home_visit", "I ordinärt boende")),
    help="Handledning i ordinärt boende samordnas med enhetschef eller verksamhetsansvarig. Skriv ingen adress.",
)
FORM: tuple[Field, ...] = (STARTS, HOW)

CASES = CaseList(name="cases", label="Ärenden att ta upp", short="Ärenden att ta upp", required=False)
ADDED = CaseList(
    name="added",
    label="Vilka ärenden ska tas upp?",
    short="Nya ärenden",
    help="Ärendenummer med komma emellan. Veckans dilemman, komplexa ärenden och nya rehabiliteringsärenden.",
)
PREVIOUS = CaseList(name="previous", label="Uppföljning från föregående vecka", required=False, hidden=True)
_SERIES_DAY = Day(name="series_day", label="Dag i serien", required=False, hidden=True)

# The agenda's last point: who does what.
OUTCOMES = PerCase(
    name="outcomes",
    label="Vad blev det i varje ärende?",
    short="Vad det blev",
    required=False,
    options=(
        ("as_before", "Ingen förändring"),
        ("plan", "Planen uppdateras"),
        ("services", "Insatserna förändras"),
    ),
)
DOCUMENTED_BY = SeatChoice(
    name="documented_by",
    label="Vem dokumenterar?",
    short="Dokumenterar",
    among="care",
    help="Utsedd omvårdnadspersonal dokumenterar i verksamhetssystemet och meddelar förändrade insatser.",
)
LASTED = Number(
    name="lasted",
    label="Hur många minuter blev det, om inte 30?",
    short="Längd",
    required=False,
    least=Decimal(5),
    most=Decimal(240),
    suffix="minuter",
)
_WHY_NOT = Choice(
    name="not_held_because",
    label="Varför blev handledningen inte av?",
    short="Blev inte av",
    options=(
        ("no_chair", "Arbetsterapeut eller sjukgymnast kunde inte"),
        ("no_staff", "Omvårdnadspersonalen kunde inte"),
        ("no_cases", "Det fanns inga ärenden"),
        ("other", "Annat"),
    ),
)
_OF_SERIES: tuple[Field, ...] = (
    DayList(name=TEAM, label="Teamträff", required=False, hidden=True),
    DayList(name=OFF, label="Inställda veckor", required=False, hidden=True),
    Day(name=LAST, label="Serien slutar", required=False, hidden=True),
    Moment(name=NEXT, label="Ny tid från", required=False, hidden=True),
    _SERIES_DAY,
)


def has_begun(situation: Situation) -> bool:
    """It is not held before it has begun."""
    starts = situation.thread.values.get(STARTS.name)
    return bool(starts) and situation.now >= datetime.fromisoformat(str(starts))


def has_cases(situation: Situation) -> bool:
    return bool(situation.thread.values.get(CASES.name))


def is_to_come(situation: Situation) -> bool:
    return not has_begun(situation)


def left_out(situation: Situation) -> bool:
    """The series has changed so that this week has none."""
    values = situation.thread.values
    return is_to_come(situation) and is_left_out(values, datetime.fromisoformat(str(values[STARTS.name])))


def agenda_notes(situation: Situation) -> list[tuple[str, str]]:
    """What stands beside the agenda: the cases of the last meeting that was held, and what to do afterwards."""
    values, state = situation.thread.values, situation.thread.state
    if state == "gathering":
        previous = codes_of(values.get(PREVIOUS.name))
        return [(PREVIOUS.label, ", ".join(previous) if previous else "inga ärenden")]
    if state == "held":
        return [
            (
                "Utsedd omvårdnadspersonal",
                "dokumenterar i verksamhetssystemet och meddelar förändrade insatser till biståndshandläggaren",
            ),
            ("Kontaktpersonal", "uppdaterar genomförandeplan och Senior Alert"),
            ("Övriga yrkeskategorier", "ansvarar för att dokumentera inom sitt område"),
        ]
    return []


_PEOPLE = by(By.SENDER, By.RECEIVER)
_END = (Disarm(step="cases"), Disarm(step="held"))
_CALLED_OFF = Say(to=Audience.RECEIVERS, text="supervision_off", urgent=False)


def _waiting() -> dict[tuple[str, str], Move | Alternatives]:
    """Until it is held: cases are added, the series may change, and what came of it is asked for."""
    return {
        ("gathering", "add"): Move(
            to="gathering",
            by=_PEOPLE,
            label="Lägg till ärenden",
            needs=(ADDED,),
            receipt="read",
            then=(Gather(field=ADDED.name, into=CASES.name),),
        ),
        ("gathering", "change_cases"): Move(
            to="gathering", by=by(By.SENDER), label="Ändra ärendelistan", when=has_cases, needs=(CASES,)
        ),
        ("gathering", "no_cases"): Move(
            to="gathering", by=by(By.RECEIVER), label="Inget att ta upp", when=is_to_come, receipt="read"
        ),
        ("gathering", "hold"): Move(
            to="held",
            by=_PEOPLE,
            label="Handledningen är hållen",
            when=has_begun,
            needs=(OUTCOMES, DOCUMENTED_BY, LASTED),
            consequence="Den som dokumenterar får uppgiften. Tiden räknas till månadens handledningstimmar.",
            then=(
                *_END,
                PassOn(field=DOCUMENTED_BY.name, text="supervision_document"),
                OpenEach(
                    flow="supervision_change", field=OUTCOMES.name, codes=frozenset({"services"}), sender=Audience.OWNER
                ),
                OpenEach(
                    flow="supervision_plan",
                    field=OUTCOMES.name,
                    codes=frozenset({"plan", "services"}),
                    sender=Audience.SENDER,
                    signal="send",
                ),
                Arm(step="document", rule="supervision_document"),
                Relay(flow=SERIES, signal="held", copy={"last_cases": CASES.name}),
            ),
        ),
        ("gathering", "begin"): Move(to="gathering", by=by(By.CLOCK), then=(Disarm(step="cases"),)),
        ("gathering", "not_held"): Move(
            to="not_held",
            by=_PEOPLE,
            label="Blev inte av",
            when=has_begun,
            needs=(_WHY_NOT,),
            then=_END,
        ),
        ("gathering", "series_changed"): Move(
            to=CALLED_OFF, by=by(By.SENDER), when=left_out, needs=_OF_SERIES, then=(CallOff(), *_END, _CALLED_OFF)
        ),
        ("gathering", "series_withdrawn"): Move(
            to=CALLED_OFF, by=by(By.SENDER), when=is_to_come, then=(CallOff(), *_END, _CALLED_OFF)
        ),
        ("gathering", "previous"): Move(to="gathering", by=by(By.SENDER), when=is_to_come, needs=(PREVIOUS,)),
    }


def _afterwards() -> dict[tuple[str, str], Move]:
    return {
        ("held", "documented"): Move(
            to="done",
            by=_PEOPLE,
            label="Det är dokumenterat",
            consequence="Dokumenterat i verksamhetssystemet. Förändrade insatser meddelas i varsitt meddelande.",
            then=(
                Disarm(step="document"),
                Say(to=Audience.SENDER, text="supervision_done", side=By.SENDER, urgent=False),
            ),
        ),
        ("held", "other_documents"): Move(
            to="held",
            by=_PEOPLE,
            label="Någon annan dokumenterar",
            needs=(DOCUMENTED_BY,),
            then=(PassOn(field=DOCUMENTED_BY.name, text="supervision_document"),),
        ),
    }


_GATHERS = (
    Arm(step="cases", rule="supervision_cases", since=STARTS.name),
    Arm(step="held", rule="supervision_held", since=STARTS.name),
)

FLOW = Flow(
    name=KIND,
    title="En handledning",
    source=SOURCE,
    intro="Ett planeringsmöte kring brukare i ordinärt boende. Varje vecka kallar serien; det här är för en enstaka "
    "handledning, till exempel i ordinärt boende.",
    senders=MANAGERS,
    group="meetings",
    order=71,
    commands=("en handledning",),
    urgent=False,
    meeting=KIND,
    caseless=True,
    form=FORM,
    states={
        "draft": "Utkast – ingen är kallad",
        "gathering": "Ärenden samlas in",
        "held": "Hållen – ska dokumenteras",
        "done": "Hållen och dokumenterad",
        "not_held": "Blev inte av",
        **MEETING_STATES,
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"done", "not_held", CALLED_OFF, "discarded"}),
    suggestions=agenda_notes,
    words={
        "supervision_new": (TASK, "Säg vilka ärenden handledningen ska ta upp."),
        "cases_wanted": (REMINDER, "Handledningen är nästa arbetsdag. Säg i dag vilka ärenden den ska ta upp."),
        "supervision_unsettled": (REMINDER, "Handledningen har varit. Skriv in hur det gick."),
        "supervision_document": (TASK, "Du dokumenterar handledningen och meddelar förändrade insatser."),
        "supervision_undocumented": (REMINDER, "Handledningen är inte dokumenterad än."),
        "supervision_done": (INFORMATION, "Handledningen är dokumenterad."),
        "supervision_off": (INFORMATION, "Veckans handledning är inställd. Du behöver inte göra något."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="gathering",
                by=by(By.SENDER),
                label="Kalla",
                then=(
                    Disarm(step="unsent"),
                    Invite(),
                    Say(to=Audience.INVITED, text="supervision_new", urgent=False),
                    Say(to=Audience.SENDER, text="supervision_new", side=By.SENDER, urgent=False),
                    *_GATHERS,
                ),
            ),
        }
        | _waiting()
        | _afterwards()
        | meeting_moves("gathering", again=(Invite(), *_GATHERS), form=FORM, and_then=_END),
        withdraw="",
    ),
)
