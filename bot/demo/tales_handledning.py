"""The tale of a month of supervision in Katrineholm: a team meeting week, a holiday Thursday, and the month's claim."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.demo.transcript import Story
from cases import tables as t
from dialogs.supervision_openings import steps
from reminders.localtime import at, to_local

START = at(date(2026, 12, 7), time(9))
PROFILE = "katrineholm"
_SERIES, _FIRST, _CHANGE = range(1, 4)  # the numbers of the threads, in the order in which they are opened
_SARA = "care_worker:HT-NORR:1"


async def supervision(story: Story) -> None:
    """December 2026: Thursdays at two, a team meeting in week 51, two eves that are Thursdays (D28)."""
    await story.gathers("maria", "disa", "ivar", "ylva", "sara", "anna")
    await _called(story)
    await _first(story)
    await _team_meeting(story)
    await _holidays(story)
    await _claim(story)


async def _called(story: Story) -> None:
    print("\n— Maria lägger upp handledning varje vecka. Dagarna visas innan någon kallas. —")
    first = {"first_meeting_date": "2026-12-10", "first_meeting_time": "14:00", "mode": "on_site"}
    await story.starts("maria", "supervision_series", **first, last_day="2027-01-08", team_days="")
    await story.presses("maria", _SERIES, "send")


async def _first(story: Story) -> None:
    print("\n— Planeraren anmäler ärenden. Dagen före påminns den som bevakar dem. —")
    await story.presses("disa", _FIRST, "add", added="NK-2041, NK-2042")
    await story.presses("ivar", _FIRST, "accept")
    await story.presses("ylva", _FIRST, "decline")
    await _until(story, date(2026, 12, 10), 14, 35)
    print("\n— Handledningen är hållen. I ett ärende förändras insatserna. —")
    outcomes = {"outcomes:NK-2041": "services", "outcomes:NK-2042": "as_before"}
    await story.presses("maria", _FIRST, "hold", documented_by=_SARA, **outcomes)
    await story.presses("sara", _FIRST, "documented")
    await story.presses("sara", _CHANGE, "send", documented="yes")
    await story.presses("anna", _CHANGE, "answer", follows="adjust")


async def _team_meeting(story: Story) -> None:
    print("\n— Det blir teamträff i vecka 51. Veckans handledning ställs in för alla. —")
    await story.presses("maria", _SERIES, "team", more_team="2026-12-15")
    await _until(story, date(2026, 12, 18), 9, 1)


async def _holidays(story: Story) -> None:
    print("\n— Torsdag 24 och 31 december är inga arbetsdagar: handledningen är på onsdagen. —")
    for number, day in enumerate((date(2026, 12, 23), date(2026, 12, 30)), start=1):
        await _until(story, day, 14, 35)
        await story.presses("maria", _threads(story, "supervision_meeting")[number], "hold", documented_by=_SARA)


async def _claim(story: Story) -> None:
    print("\n— Månaden är slut. Timmarna är räknade och ska in senast den tredje vardagen. —")
    await _until(story, date(2027, 1, 4), 9, 1)
    claim = _threads(story, "supervision_claim")[-1]
    await story.presses("maria", claim, "claim", sent_on="2027-01-04")


async def _until(story: Story, day: date, hour: int, minute: int) -> None:
    """Let time pass until then, with a stop at each reminder, and where something is to be opened, on the way."""
    end = at(day, time(hour, minute))
    while (morning := _next_opening(story, end)) is not None:
        await story.lets_pass(morning - story.clock.care())
        await story.jumps(timedelta())
    await story.lets_pass(end - story.clock.care())


def _next_opening(story: Story, end: datetime) -> datetime | None:
    day, last = to_local(story.clock.care()).toordinal() + 1, to_local(end).toordinal()
    mornings = (at(date.fromordinal(number), time(9)) for number in range(day, last + 1))
    due = (one for one in mornings if one <= end and _is_due(story, one))
    return next(due, None)


def _is_due(story: Story, now: datetime) -> bool:
    return bool(story.store.transaction(lambda tx: steps(tx, story.record.scene(tx), now)))


def _threads(story: Story, flow: str) -> list[int]:
    """The numbers of the flow's threads, the oldest first."""
    query = select(t.thread.c.id).where(t.thread.c.flow == flow).order_by(t.thread.c.id)
    return story.store.transaction(lambda tx: list(tx.scalars(query)))
