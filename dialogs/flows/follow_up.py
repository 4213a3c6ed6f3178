"""The assessor's plan for following up a decision, and what came of it (Norrköping 6, D15 and D16).

It is the assessor's own: hemtjänst is asked in a report of its own, so that it never reads what the person answered.
"""

from datetime import datetime

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
    Open,
    Relay,
    Situation,
    by,
)
from cases.ladder import basis_of
from cases.meeting_kinds import kinds
from dialogs import follow_up_meetings
from dialogs.common import ASSESSORS, draft_moves, with_common
from dialogs.follow_ups import (
    ALSO,
    FOLLOW_UP_AT,
    HELD,
    MEETING_FORM,
    PLANNED_FORM,
    QUALITY,
    event_text,
    follow_up_time,
    quality_row,
)
from dialogs.hand_moves import hand_moves
from dialogs.meeting_moves import STARTS
from dialogs.words import REMINDER
from reminders.errors import RuleNotInProfile
from reminders.rules import due

OCCASION = Choice(
    name="occasion",
    label="Varför följs beslutet upp?",
    short="Anledning",
    options=(
        ("new_case", "Nytt ärende: efter två månader"),
        ("yearly", "Årlig uppföljning"),
        ("changed_need", "Behoven har förändrats"),
        ("complaint", "Synpunkter eller klagomål"),
        ("other", "Andra omständigheter"),
    ),
)
BASIS = Day(
    name="basis_date",
    label="Från vilken dag räknas tiden?",
    short="Räknas från",
    future=False,
    years=3,
    today=False,
    help="Nytt ärende: dagen då hjälpen började. Årlig: dagen för förra uppföljningen. Annars: dagen då det blev känt.",
)
FORM: tuple[Field, ...] = (OCCASION, BASIS)

# Norrköping 6.5.4: for each occasion that needs it, never in general; nothing here is carried to the next one.
CONSENT = Choice(
    name="consent",
    label="Samtycke för det här tillfället",
    short="Samtycke",
    options=(
        ("not_needed", "Behövs inte vid det här tillfället"),
        ("oral", "Muntligt samtycke finns"),
        ("written", "Skriftligt samtycke finns"),
        ("refused", "Brukaren samtycker inte"),
    ),
    help="Mellan hemtjänst och handläggare i samma nämnd behövs inget samtycke. Det gäller inte privata utförare. "
    "Dokumentera samtycket i journalen. Undvik generella samtycken.",
)
CONSENT_DATE = Day(
    name="consent_date",
    label="När gavs samtycket?",
    short="Samtycket gavs",
    future=False,
    demanded_if=("consent", frozenset({"oral", "written"})),
)
PLAN: tuple[Field, ...] = (FOLLOW_UP_AT, PLANNED_FORM, CONSENT, CONSENT_DATE)
BOOKING: tuple[Field, ...] = (MEETING_FORM, follow_up_meetings.TAKES_PART, follow_up_meetings.BEFOREHAND)

_RULES = {"new_case": "first_follow_up", "yearly": "yearly_follow_up"}
_UNPLANNED = "follow_up_unplanned"


def _counted_by(rule: str) -> Guard:
    def holds(situation: Situation) -> bool:
        return _RULES.get(str(situation.thread.values.get("occasion")), _UNPLANNED) == rule

    return holds


def planned_too_late(situation: Situation) -> bool:
    """Whether the chosen time lies after the routine's own limit, which then goes on running."""
    values = situation.thread.values
    if not values.get(FOLLOW_UP_AT.name):
        return False
    rule = _RULES.get(str(values.get("occasion")), _UNPLANNED)
    try:
        limit = due(rule, basis_of(values["basis_date"]), situation.profile).hard
    except RuleNotInProfile:
        return False
    return limit is not None and datetime.fromisoformat(values[FOLLOW_UP_AT.name]) > limit


def services_ended(situation: Situation) -> bool:
    return situation.thread.values.get("outcome") == "ended"


def has_meetings(situation: Situation) -> bool:
    """Whether the municipality has the meeting of a follow-up in its calendar."""
    return follow_up_meetings.KIND in kinds(situation.profile)


def _onto_the_plan(label: str) -> Alternatives:
    """The limit counts from the occasion; without one in the routine there is Stafett's own reminder."""
    return tuple(
        Move(
            to="to_plan", by=by(By.SENDER), label=label, when=_counted_by(rule), clears=("planned_late",),
            then=(
                Disarm(step="unsent"), Disarm(step="held"), Arm(step="due", rule=rule, since=BASIS.name), _CALL_OFF,
                _CALL_OFF_MEETING,
            ),
        )
        for rule in (*_RULES.values(), _UNPLANNED)
    )  # fmt: skip


_REPORT = "pre_followup_report"
_COPIED = {field.name: field.name for field in (FOLLOW_UP_AT, PLANNED_FORM)}
_MEETING = follow_up_meetings.NAME
_CALL_OFF = Relay(flow=_REPORT, signal="withdraw")
_CALL_OFF_MEETING = Relay(flow=_MEETING, signal="call_off")
_MOVE_MEETING = Relay(flow=_MEETING, signal="reschedule", copy={STARTS.name: FOLLOW_UP_AT.name})
# When its form is settled the meeting is prepared, once: it is the assessor's to send.
_OF_THE_MEETING = {"mode": MEETING_FORM.name, "takes_part": "takes_part", "beforehand": "beforehand"}
_PREPARE = Relay(
    flow=_MEETING, signal="form", copy=_OF_THE_MEETING,
    otherwise=Open(
        flow=_MEETING, sender=Audience.SENDER, values={"takes_part": "no"},
        copy={**_OF_THE_MEETING, STARTS.name: FOLLOW_UP_AT.name},
    ),
)  # fmt: skip
_HELD_AT = Arm(step="held", rule="follow_up_held", since=FOLLOW_UP_AT.name)
_ASK = Open(flow=_REPORT, sender=Audience.SENDER, copy=_COPIED, signal="send")
_NEXT = Open(
    flow="follow_up", sender=Audience.RESPONSIBLE_ASSESSOR, copy={BASIS.name: "done_date"},
    values={OCCASION.name: "yearly"}, signal="send",
)  # fmt: skip


def _booked(label: str, then: tuple[Action, ...]) -> Alternatives:
    """A time beyond the routine's limit may be all that there is: it is booked, said, and the limit runs on."""
    late = Move(
        to="planned", by=by(By.SENDER), label=label, when=planned_too_late, needs=PLAN, marks=("planned_late",),
        then=then,
    )  # fmt: skip
    in_time = Move(
        to="planned", by=by(By.SENDER), label=label, needs=PLAN, clears=("planned_late",),
        then=(Disarm(step="due"), *then),
    )  # fmt: skip
    return (late, in_time)


def _held() -> Move:
    return Move(
        to="held", by=by(By.SENDER), label="Uppföljningen är gjord", needs=HELD, clears=("planned_late",),
        then=(
            Disarm(step="due"), Disarm(step="held"), Relay(flow=_REPORT, signal="held"),
            Relay(flow=_MEETING, signal="held"),
            Arm(step="event", rule="follow_up_event"),
        ),
    )  # fmt: skip


def _registered(when: Guard | None, consequence: str, *then: Open) -> Move:
    return Move(
        to="done", by=by(By.SENDER), label="Händelsen är registrerad", when=when, consequence=consequence, then=then
    )


def _covered() -> dict[tuple[str, str], Alternatives]:
    """A colleague may step in; there is nobody to pass it on to or give it back to."""
    open_states = {state: state for state in ("to_plan", "planned", "held")}
    moves = hand_moves(open_states, waiting="to_plan", restart=())
    return {key: alternatives for key, alternatives in moves.items() if key[1] == "cover"}


def checklist(situation: Situation) -> list[tuple[str, str]]:
    """What to think of now; after the meeting, what to copy into the case system and the team's file."""
    state, values = situation.thread.state, situation.thread.values
    if state == "held":
        origin = "Stafetts egen text, rutinen har ingen" if values["outcome"] == "ended" else "6.5.6"
        # What is granted is the person's own affair: it stands in the text only for who has asked to see it.
        shown = {name: value for name, value in values.items() if situation.reveal or name != "granted"}
        return [
            (f"Händelse att registrera ({origin})", event_text(shown)),
            ("Rad till teamets Excelfil", quality_row(values)),
        ]
    if state == "planned":
        late = [("Obs", "Tiden ligger efter rutinens gräns")] if "planned_late" in situation.thread.marks else []
        return [
            *late,
            ("Samla in (6.3)", "utredningar och journal, svaren på mallen, genomförandeplanen med måluppfyllelse"),
            ("Vid behov (6.3)", "larmstatistik från larmteamet"),
            ("Fråga brukaren (6.5.2)", " ".join(question.label for question in QUALITY)),
            ("Fråga gärna också", " ".join(ALSO)),
            ("Inför ett gemensamt hembesök (6.6)", "stäm av med hemtjänsten en kort stund före"),
        ]
    if state == "to_plan":
        return [("Tips (6.6)", "boka när brukaren har hemtjänst inplanerad, då kan fast omsorgskontakt vara med")]
    return []


def journal(situation: Situation) -> tuple[str, str]:
    """Nothing for hemtjänst: what it told stands in the report. For the authority the händelse is the note."""
    values, state = situation.thread.values, situation.thread.state
    if state in ("held", "done"):
        return "", event_text({name: value for name, value in values.items() if name != "granted"})
    if state == "planned":
        said = dict(CONSENT.options)[values["consent"]].lower()
        return "", f"Uppföljning är planerad till {follow_up_time(situation)}. Samtycke: {said}."
    return "", "Uppföljning ska planeras."


FLOW = Flow(
    name="follow_up",
    title="Planera uppföljning",
    source="Norrköping 6",
    intro="Nya ärenden följs upp efter två månader och alla insatser varje år, "
    "eller när behoven förändras eller synpunkter kommer.",
    senders=ASSESSORS,
    group="follow_up",
    order=61,
    commands=("uppföljning", "uppfoljning", "följ upp"),
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast – inte sparat i planen",
        "to_plan": "Ska planeras",
        "planned": "Planerad",
        "held": "Gjord – händelsen ska registreras",
        "done": "Gjord och registrerad – avslutat",
        "withdrawn": "Struken ur planen",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"done", "withdrawn", "discarded"}),
    later_label="",
    suggestions=checklist,
    journal=journal,
    words={
        "plan_follow_up": (REMINDER, "En uppföljning ska planeras. Mallen skickas till hemtjänsten när du planerar."),
        "follow_up_today": (REMINDER, "I dag är sista dagen för uppföljningen."),
        "follow_up_unplanned": (REMINDER, "En uppföljning väntar på att planeras."),
        "follow_up_held": (REMINDER, "Är uppföljningen gjord? Skriv in resultatet, eller ändra tiden."),
        "register_event": (REMINDER, "Registrera händelsen i verksamhetssystemet och svaren i teamets Excelfil."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): _onto_the_plan("Lägg i planen"),
            ("to_plan", "plan"): _booked("Planera uppföljningen", (_HELD_AT, _ASK)),
            ("to_plan", "hold"): _held(),
            ("planned", "reschedule"): _booked(
                "Ändra tid eller form",
                (_HELD_AT, Relay(flow=_REPORT, signal="reschedule", copy=_COPIED, otherwise=_ASK), _MOVE_MEETING),
            ),
            ("planned", "form_decided"): (
                Move(to="planned", by=by(By.SENDER), when=has_meetings, then=(_PREPARE,)),
                Move(to="planned", by=by(By.SENDER)),
            ),
            ("planned", "book"): Move(
                to="planned",
                by=by(By.SENDER),
                label="Förbered mötet",
                when=has_meetings,
                needs=BOOKING,
                consequence="Du får ett utkast att kontrollera. Ingen är kallad förrän du skickar det.",
                then=(_PREPARE,),
            ),
            ("planned", "withdraw"): Move(
                to="withdrawn", by=by(By.SENDER), label="Stryk ur planen", then=(_CALL_OFF, _CALL_OFF_MEETING)
            ),
            ("planned", "unplan"): _onto_the_plan("Ställ in tiden"),
            ("planned", "hold"): _held(),
            ("held", "register"): (
                _registered(services_ended, "Avslutar. Ingen ny uppföljning planeras."),
                _registered(None, "Avslutar, och nästa årliga uppföljning läggs i planen.", _NEXT),
            ),
        }
        | _covered(),
        withdraw="Stryk ur planen",
    ),
)
