"""The tale of a biståndsmöte in Östhammar: from the call and the case list to a decision that is never adjusted."""

from datetime import date, datetime, time, timedelta

from bot.demo.transcript import Story
from reminders.localtime import at, to_local

START = at(date(2026, 11, 16), time(8, 30))
PROFILE = "osthammar"
_DAY_ONE = date(2026, 11, 26)
_MEETING, _ADJUST, _PHONE = range(1, 4)  # the numbers of the threads, in the order in which they are opened


async def assistance_meeting(story: Story) -> None:
    """Day one on Thursday 26 November 2026, in ten days; the last day to adjust is Wednesday 9 December (D23–D27)."""
    await story.gathers("maria", "disa", "ylva", "ivar", "anna", "johan", "eva")
    await _called(story)
    await _case_list(story)
    await _held(story)
    await _ten_days(story)


async def _called(story: Story) -> None:
    print("\n— Anna kallar till biståndsmöte hos Hemtjänst Norr. Dag två blir dagen efter. —")
    await story.starts("anna", "assistance_meeting", receiving_unit="HT-NORR", **_at_nine(_DAY_ONE - timedelta(days=1)))
    await story.presses("anna", _MEETING, "send")
    await story.presses("maria", _MEETING, "decline")
    print("\n— Enhetschefen kan inte komma. Mötet flyttas en dag, också i kalendern. —")
    await story.presses("anna", _MEETING, "reschedule", **_at_nine(_DAY_ONE))
    await story.presses("maria", _MEETING, "accept")


def _at_nine(day: date) -> dict[str, str]:
    return {"starts_date": f"{day:%Y-%m-%d}", "starts_time": "09:00", "mode": "on_site"}


async def _case_list(story: Story) -> None:
    await _until(story, date(2026, 11, 19), 10)
    print("\n— Ärendelistan går ut en dag innan den senast ska vara skickad: bara ärendenummer. —")
    await story.presses("anna", _MEETING, "send_list", cases="NK-2041, NK-2042")
    await _until(story, date(2026, 11, 20), 10)
    await story.presses("maria", _MEETING, "add", added="NK-2090")
    await story.presses("disa", _MEETING, "nothing")
    print("\n— Ylva och Ivar svarar inte. Det betyder att de inte har något att lägga till. —")


async def _held(story: Story) -> None:
    await _until(story, _DAY_ONE, 11)
    print("\n— Mötet är hållet. Utfallet skrivs in, och varje åtgärd får sin egen tid. —")
    outcomes = {"outcomes:NK-2041": "adjust", "outcomes:NK-2042": "phone", "outcomes:NK-2090": "no_action"}
    await story.presses("anna", _MEETING, "outcomes", **outcomes)
    await story.presses("maria", _MEETING, "documented", care_plans="after")
    await _until(story, _DAY_ONE + timedelta(days=1), 10)
    print("\n— Dag två: Anna justerar sitt beslut, och Hemtjänst Norr planerar efter det. —")
    today = {"decided_on": f"{to_local(story.clock.care()):%Y-%m-%d}", "valid_from": "2026-12-01"}
    await story.presses("anna", _ADJUST, "adjusted", **today)
    await story.presses("maria", _ADJUST, "planned", care_plan_updated="updated")


async def _ten_days(story: Story) -> None:
    print("\n— Johans ärende blir liggande. Båda påminns, och sedan gäller det gamla. —")
    await _until(story, date(2026, 12, 10), 9, minute=1)
    await story.presses("maria", _PHONE, "noted")


async def _until(story: Story, day: date, hour: int, *, minute: int = 0) -> None:
    """Let time pass until then, with a stop at each reminder on the way."""
    then: datetime = at(day, time(hour, minute))
    await story.lets_pass(then - story.clock.care())
