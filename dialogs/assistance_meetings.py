"""What the biståndsmöte and the adjustments after it share: what is asked, the outcomes, and what the cards say."""

from datetime import date, datetime

from cases.fields import CaseList, Choice, Moment, PerCase, UnitChoice, codes_of, per_case
from cases.flow import Situation
from cases.meeting import MAIN
from dialogs.swedish import day_text, full_day_text
from reminders.errors import RuleNotInProfile
from reminders.information import second_meeting_day
from reminders.localtime import to_local
from reminders.predicates import meeting_is_digital
from reminders.profile import Profile

# Östhammar names adjusted time, contact by telephone and home visit; the first is what the others are not.
ACTIONS = (("adjust", "Justera tid"), ("phone", "Telefonuppföljning"), ("home_visit", "Hembesök"))
OUTCOMES = (("no_action", "Ingen åtgärd"), *ACTIONS)
ACTION = Choice(name="meeting_action", label="Vad ska göras i ärendet?", short="Åtgärd", options=ACTIONS)

UNIT = UnitChoice(name="receiving_unit", label="Vilken hemtjänst hålls mötet med?", short="Hemtjänst", kind="home_care")
STARTS = Moment(
    name="starts",
    label="När börjar mötet dag ett?",
    short="Dag ett",
    past=False,
    help="Dag två blir arbetsdagen efter, på samma tid.",
)
MODE = Choice(
    name="mode",
    label="Hur hålls mötet?",
    short="Form",
    options=(("on_site", "På plats hos hemtjänsten, digitalt i juni och juli"), ("digital", "Digitalt")),
)
FORM = (UNIT, STARTS, MODE)
# A meeting is about nobody, so the first question of other messages is not asked: here is where a case is named.
_PROTECTED = "Aldrig ärenden med skyddade personuppgifter: ta dem i verksamhetssystemet."
CASES = CaseList(
    name="cases",
    label="Vilka ärenden vill myndigheten följa upp?",
    short="Dagordning",
    required=False,
    help="Ärendenummer med komma eller ny rad mellan. Tomt om det inte finns några. " + _PROTECTED,
)
ADDED = CaseList(
    name="added",
    label="Vilka ärenden vill du lyfta?",
    short="Tillagda ärenden",
    help="Ärendenummer med komma eller ny rad mellan. Skälet står i verksamhetssystemet. " + _PROTECTED,
)
OUTCOME = PerCase(name="outcomes", label="Vad blev utfallet i varje ärende?", short="Utfall", options=OUTCOMES)
PLANS = Choice(
    name="care_plans",
    label="Är genomförandeplanerna uppdaterade där utförandet förändras?",
    short="Genomförandeplaner",
    options=(
        ("updated", "Ja"),
        ("not_needed", "Behövs inte, utförandet förändras inte"),
        ("after", "Görs när besluten är justerade"),
    ),
    help="Till exempel när det blir dubbelbemanning.",
)

_BEFORE = ("planned", "listed", "ready")  # states in which the meeting is still to come
_DIGITAL, _ON_SITE = "digitalt", "på plats"


def nothing_to_decide(situation: Situation) -> bool:
    """Nobody has raised any case."""
    return not codes_of(situation.thread.values.get(CASES.name))


def nothing_written(situation: Situation) -> bool:
    """No case has an outcome yet: the meeting may still turn out to be on another day, which D26 then counts from."""
    return not per_case(situation.thread.values.get(OUTCOME.name))


def all_decided(situation: Situation) -> bool:
    """Every case of the agenda has an outcome."""
    values = situation.thread.values
    return set(codes_of(values.get(CASES.name))) <= set(per_case(values.get(OUTCOME.name)))


def of_the_unit(situation: Situation) -> bool:
    """Whoever it is belongs to the home care unit, as far as the invitation knows: no other documents for it."""
    meeting, unit_id = situation.thread.meetings.get(MAIN), situation.thread.values.get(UNIT.name)
    guest = meeting.of(situation.who) if meeting is not None else None
    return guest is None or guest.unit_id == unit_id


def checklist(situation: Situation) -> list[tuple[str, str]]:
    """Day two and the form of each day; and what the routine says at this point."""
    values, state = situation.thread.values, situation.thread.state
    if not values.get(STARTS.name):
        return []
    found: list[tuple[str, str]] = []
    if state in ("draft", *_BEFORE):
        found += _days(local_day(values[STARTS.name]), str(values.get(MODE.name)), situation.profile)
    if "list_late" in situation.thread.marks and state in (*_BEFORE, "begun"):
        found.append(("Obs", "Ärendelistan skickades senare än rutinen säger"))
    if state in _BEFORE:
        found.append(("Före mötet", "alla lyfter i sin arbetsgrupp vilka ärenden som behöver följas upp"))
    if state in ("held", "documented"):
        found.append(("Dagordningen", "sparas av båda parter tills åtgärderna är klara"))
        found.append(("Hemtjänsten", "dokumenterar i brukarens sociala journal och uppdaterar genomförandeplanen"))
    return found


def _days(first: date, mode: str, profile: Profile) -> list[tuple[str, str]]:
    try:
        second = second_meeting_day(first, profile)
        forms = [_form(day, mode, profile) for day in (first, second.day)]
    except RuleNotInProfile:
        return []
    found = [("Dag två", f"{day_text(second.day)}, {forms[1]}")]
    if second.warn:
        found.append(("Obs", "Dag två är inte dagen efter dag ett. Välj hellre två dagar i följd"))
    if forms[0] != forms[1]:
        found.append(("Obs", f"Dag ett är {forms[0]} och dag två {forms[1]}. Flytta hellre mötet"))
    return found


def _form(day: date, mode: str, profile: Profile) -> str:
    """How the routine lets it be held that day (D27)."""
    return _DIGITAL if mode == "digital" or meeting_is_digital(day, profile) else _ON_SITE


def day_of(value: str) -> str:
    """The day of a stored date or instant: «mån 23 nov 2026»."""
    return full_day_text(local_day(value))


def local_day(value: str) -> date:
    """The local date of a stored date or instant."""
    return date.fromisoformat(value) if len(value) == 10 else to_local(datetime.fromisoformat(value)).date()
