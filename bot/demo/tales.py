"""The demo's tales: what people do and when, told to whoever plays them (`stafett demo --transcript --story NAMN`)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.demo import tales_bistandsmote, tales_handledning
from bot.demo.town import USUAL as USUAL_PROFILE
from bot.demo.transcript import Story
from reminders.localtime import to_local, to_utc


@dataclass(frozen=True, kw_only=True)
class Tale:
    """`start` is when it begins unless somebody chooses another time, in UTC; None is the next working morning.

    `profile` is the municipality's routine that it is about; `meets` says that meetings come into calendars in it.
    """

    title: str
    tell: Callable[[Story], Awaitable[None]]
    start: datetime | None = None
    profile: str = USUAL_PROFILE
    meets: bool = False


async def urgent(story: Story) -> None:
    """A need that lasts, and one that is to pass within three days (Norrköping 5.5 and 5.6)."""
    await story.gathers("sara", "anna", "eva", "maria")
    today = story.now("day1")["day1_date"]
    about = {"case_ref": "NK-2041", "noticed_by_role": "care_worker"}
    began = {"extra_help_start_date": today, "extra_help_start_time": "07:00"}
    await story.starts("sara", "urgent_lasting", **about, **began)
    await story.presses("sara", 1, "send")
    await story.presses("anna", 1, "take")
    await story.presses("anna", 1, "answer", action_code="home_visit")
    print("\n— Ett behov som väntas gå över: inget når handläggaren dag 1–3. —")
    await story.starts("sara", "urgent_limited", **about, day1=today)
    await story.presses("sara", 2, "send")
    await story.lets_pass(timedelta(days=3))
    await story.presses("sara", 2, "remains")
    print("\n— Ingen tar det. Det går vidare till nästa i tur. —")
    for minutes in (2, 18, 20):
        await story.jumps(timedelta(minutes=minutes))


async def _granted_before_closed_days(story: Story, until_noon: timedelta) -> None:
    """The jour grants help on the evening before closed days, and nobody takes it over in time (Norrköping 5.7)."""
    await story.gathers("nils", "karim", "anna", "eva")
    await story.starts("nils", "on_call_grant", **story.now("granted_at"))
    await story.presses("nils", 1, "send")
    print("\n— Kontoret är stängt. Ingen väcks, och hjälpen fortsätter. —")
    await story.lets_pass(until_noon)
    print("\n— Klockan är tolv: ansvaret har övergått, hjälpen fortsätter. —")
    await story.presses("anna", 1, "take")
    await story.presses("anna", 1, "decide", continued_help="granted")
    await story.jumps(timedelta(minutes=10))
    await story.presses("anna", 1, "phoned", **story.now("phoned_at"), phone_answered_by="gruppledare")
    await story.presses("anna", 1, "order_sent")


async def midsummer(story: Story) -> None:
    """Thursday evening before midsommarafton, to Monday at twelve."""
    await _granted_before_closed_days(story, timedelta(days=3, hours=14))


async def new_year(story: Story) -> None:
    """The evening before nyårsafton, to Monday 4 January at twelve."""
    await _granted_before_closed_days(story, timedelta(days=4, hours=16))


# What each one starts is the next thread: the numbers that the buttons of the day belong to.
_GRANT, _LASTING, _LIMITED, _QUESTION, _ENDED, _HANDOVER, _CHANGE, _ASSIGNMENT, _DEATH = range(1, 10)


async def day(story: Story) -> None:
    """From the pass on Sunday evening to the office's close on Monday: nine flows, and an assessor who is not there."""
    await story.gathers(*("nils", "sara", "karim", "maria", "olle", "birgitta", "anna", "johan", "eva", "lena"))
    await _night_and_morning(story)
    await _before_noon(story)
    await _afternoon(story)
    await story.until(time(17))
    print("\n— Kontoret stänger. Det som är öppet ligger hos någon, och har en nästa dag. —")
    for key in ("anna", "johan", "lena"):
        await story.writes(key, "mina")
    for key in ("maria", "birgitta", "eva"):
        await story.writes(key, "dagen")


async def _night_and_morning(story: Story) -> None:
    print("\n— Söndag kväll: Nils har jouren och beviljar hjälp åt någon ny. —")
    await story.starts("nils", "on_call_grant", **story.now("granted_at"))
    await story.presses("nils", _GRANT, "send")
    await story.until(time(7, 5))
    await story.presses("anna", _GRANT, "take")
    await story.until(time(7, 20))
    print("\n— Hos Sara: ett behov som antas bestå, och ett som kan gå över. —")
    began = {"extra_help_start_date": story.now("day")["day_date"], "extra_help_start_time": "06:45"}
    await story.starts("sara", "urgent_lasting", case_ref="NK-2041", noticed_by_role="night", **began)
    await story.presses("sara", _LASTING, "send")
    await story.presses("anna", _LASTING, "take")
    today = story.now("day1")["day1_date"]
    await story.starts("sara", "urgent_limited", case_ref="NK-2042", noticed_by_role="care_worker", day1=today)
    await story.presses("sara", _LIMITED, "send")
    await story.until(time(8, 40))
    await story.presses("anna", _LASTING, "answer", action_code="adjust_decision")


async def _before_noon(story: Story) -> None:
    print("\n— Karim frågar Johan, som inte är på plats. Det kan inte vänta: Eva får det också. —")
    asked = {"category": "assignment", "question_text": "Gäller uppdraget även helgen?"}
    await story.starts("karim", "question", case_ref="NK-2042", **asked)
    await story.presses("karim", _QUESTION, "send")
    cannot_wait = {"can_wait": "no", "priority_reason": "other", "priority_text": "Planeringen görs i dag."}
    await story.presses("karim", _QUESTION, "absent", **cannot_wait)
    await story.until(time(9, 30))
    print("\n— En insats har avslutats hos Hemtjänst Söder, och hemgångsteamet lämnar över ett ärende dit. —")
    friday = f"{to_local(story.clock.care()) - timedelta(days=3):%Y-%m-%d}"
    ended = {"last_performed_date": friday, "care_service": "Inköp"}
    await story.starts("olle", "service_ended", case_ref="NK-2077", **ended)
    await story.presses("olle", _ENDED, "send")
    await story.presses("anna", _ENDED, "take")
    wednesday = f"{to_local(story.clock.care()) + timedelta(days=2):%Y-%m-%d}"
    when = {"handover_at_date": wednesday, "handover_at_time": "10:00", "form_sent": "yes"}
    await story.starts("lena", "handover_ordinary", case_ref="NK-2103", receiving_unit="HT-SODER", **when)
    await story.presses("lena", _HANDOVER, "send")
    await story.presses("birgitta", _HANDOVER, "read")
    await story.presses("anna", _HANDOVER, "read")
    await story.until(time(10, 40))
    print("\n— Anna har justerat beslutet för NK-2041 och meddelar Hemtjänst Norr. —")
    changed = {
        "change_type": "adjusted",
        "effective_date": f"{to_local(story.clock.care()) + timedelta(days=1):%Y-%m-%d}",
    }
    await story.starts("anna", "decision_change_notice", case_ref="NK-2041", care_service="Dusch", **changed)
    await story.presses("anna", _CHANGE, "send")
    await story.presses("karim", _CHANGE, "answer", change_result="planned")


async def _afternoon(story: Story) -> None:
    await story.until(time(13, 20))
    print("\n— Ansvaret för nattens hjälp har gått över till Anna. Hon lämnar besked och ringer. —")
    await story.presses("anna", _ENDED, "confirm")
    await story.presses("anna", _GRANT, "decide", continued_help="granted")
    await story.presses("anna", _GRANT, "phoned", **story.now("phoned_at"), phone_answered_by="administratör")
    await story.until(time(14, 20))
    print("\n— Ett brådskande uppdrag efter klockan 14: Anna ringer också. —")
    tomorrow = f"{to_local(story.clock.care()) + timedelta(days=1):%Y-%m-%d}"
    assignment = {"receiving_unit": "HT-SODER", "urgent_services": "yes", "execute_on": tomorrow}
    sent = story.now("assignment_sent_at")
    await story.starts("anna", "assignment_notice", case_ref="NK-2077", **assignment, **sent)
    await story.presses("anna", _ASSIGNMENT, "send")
    await story.jumps(timedelta(minutes=6))
    answered = {"answered_by_role": "unit_administrator", "phone_answered_by": "administratör"}
    await story.presses("anna", _ASSIGNMENT, "phoned", **story.now("phoned_at"), **answered)
    await story.until(time(15, 10))
    print("\n— Ett dödsfall i NK-2042. Det som är öppet i ärendet stannar, och Eva går in för Johan. —")
    await story.starts("karim", "death_notice", case_ref="NK-2042", date_of_death=story.now("day")["day_date"])
    await story.presses("karim", _DEATH, "send")
    await story.presses("eva", _DEATH, "cover", cover_reason="leave")
    await story.presses("eva", _DEATH, "read")
    await story.presses("eva", _DEATH, "registered", in_time="yes")


def _local(year: int, month: int, day: int, hour: int) -> datetime:
    return to_utc(datetime(year, month, day, hour))  # noqa: DTZ001 (local on purpose)


USUAL = "dagar"
TALES: Mapping[str, Tale] = {
    USUAL: Tale(title="brådskande behov, ett som består och ett som går över", tell=urgent),
    "midsommar": Tale(title="jouren beviljar hjälp före midsommar", tell=midsummer, start=_local(2026, 6, 18, 22)),
    "dagen": Tale(title="en dag med nio flöden och tre enheter", tell=day, start=_local(2026, 11, 15, 22)),
    "bistandsmote": Tale(
        title="ett biståndsmöte, från ärendelista till en tid som kvarstår", tell=tales_bistandsmote.assistance_meeting,
        start=tales_bistandsmote.START, profile=tales_bistandsmote.PROFILE, meets=True,
    ),
    "handledning": Tale(
        title="en månad med handledning, teamträff och helger", tell=tales_handledning.supervision,
        start=tales_handledning.START, profile=tales_handledning.PROFILE, meets=True,
    ),
    "nyår": Tale(title="jouren beviljar hjälp före nyår", tell=new_year, start=_local(2026, 12, 30, 20)),
}  # fmt: skip
