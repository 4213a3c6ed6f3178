"""The demo's tales of meetings, told to their end beside a played Graph: what people then find in their calendars."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from bot.demo.graph.ics import calendar_file
from bot.demo.tales import TALES
from bot.demo.transcript import Story
from reminders.localtime import at


async def told(name: str, folder: Path) -> Story:
    """The tale has been told; its calendars are still there to be looked at."""
    tale = TALES[name]
    story = Story(folder, tale.start, tale.profile)
    await story.calendars.open()
    await tale.tell(story)
    return story


async def leave(story: Story) -> None:
    await story.calendars.close()
    story.store.close()


async def page(story: Story, upn: str, week: str) -> str:
    address = f"{story.calendars.calendars.page}/{upn}?vecka={week}"
    async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
        return re.sub(r"<[^>]+>", " ", await answer.text())


async def test_a_bistandsmote_and_its_second_day_are_in_the_calendars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = await told("bistandsmote", tmp_path / "story")
    try:
        seen = await page(story, "maria.ek@exempel.invalid", "2026-W48")
        assert "Biståndsmöte" in seen and "Kallat av Anna Berg" in seen
        assert "NK-20" not in seen, "no case stands in a calendar"
        files = [
            Calendar.from_ical(calendar_file(entry))
            for entry in story.calendars.calendars.world.events("maria.ek@exempel.invalid")
        ]
        starts = sorted(file.walk("VEVENT")[0].decoded("DTSTART") for file in files)
        assert starts == [datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 27, 8, tzinfo=UTC)]
        assert "Kalendern: Biståndsmöte" in capsys.readouterr().out
    finally:
        await leave(story)


async def test_a_month_of_supervision_leaves_out_the_team_meeting_and_makes_way_for_the_holidays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = await told("handledning", tmp_path / "story")
    try:
        world = story.calendars.calendars.world
        (series,) = world.events("maria.ek@exempel.invalid")
        days = [slot.start for slot in series.slots() if slot.start < at(date(2027, 1, 1), time())]
        assert [f"{day:%m-%d}" for day in days] == ["12-10", "12-23", "12-30"]
        assert "Inställt" in await page(story, "disa.wall@exempel.invalid", "2026-W51")
        assert "Handledning" in await page(story, "disa.wall@exempel.invalid", "2026-W52")
        (file,) = [Calendar.from_ical(calendar_file(series))]
        assert len(file.walk("VEVENT")) == 1 + len(series.turns)
        assert "är inställt" in capsys.readouterr().out
    finally:
        await leave(story)
