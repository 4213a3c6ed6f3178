"""The board's meetings: what the reader is to be at, day by day, with the neutral title that stands in calendars.

A meeting is shown as long as its thread is the reader's to see; who else comes is told in numbers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from cases import meetings
from cases.convene import kind_of
from cases.meeting import ACCEPTED, DECLINED, NO_ANSWER, TENTATIVE, MeetingNow
from cases.meetings import Booked
from dialogs.board_values import DaySquare, MeetingDay, MeetingLine, MeetingsPage
from dialogs.lists_rows import seen
from dialogs.meeting_section import where_text
from dialogs.swedish import clock_text, day_text, full_day_text, weekday_text
from dialogs.view import View
from dialogs.visit import Visit
from reminders.localtime import to_local

MOST = 60
_WEEKS = 4
_OWN = {ACCEPTED: "Du kommer", TENTATIVE: "Du kommer kanske", NO_ANSWER: "Du har inte svarat"}


def page(visit: Visit) -> MeetingsPage:
    found = meetings.ahead(visit.tx, visit.person_id, visit.now, MOST)
    views = {view.thread.id: view for view in seen(visit, sorted({one.thread_id for one in found}))}
    mine = [one for one in found if one.thread_id in views]
    days: dict[date, list[MeetingLine]] = {}
    for one in mine:
        days.setdefault(_day(one), []).append(_line(views[one.thread_id], one.meeting))
    today = to_local(visit.now).date()
    return MeetingsPage(
        days=tuple(
            MeetingDay(title=_title(day, today), today=day == today, lines=tuple(lines)) for day, lines in days.items()
        ),
        weeks=_weeks(visit, mine, today), more=len(found) == MOST,
    )  # fmt: skip


# --- pieces ------------------------------------------------------------------------------------------------------


def _day(one: Booked) -> date:
    return to_local(one.meeting.starts_at).date()


def _title(day: date, today: date) -> str:
    near = {0: "I dag, ", 1: "I morgon, "}.get((day - today).days, "")
    told = day_text(day) if day.year == today.year else full_day_text(day)
    return f"{near}{told}" if near else told.capitalize()


def _line(view: View, meeting: MeetingNow) -> MeetingLine:
    kind = kind_of(view.routing, meeting.kind)
    return MeetingLine(
        ref=view.thread.ref, title=kind.title if kind is not None else "Möte", time=_time(meeting),
        where=where_text(meeting), answer=_answer(view, meeting), others=_others(view, meeting),
    )  # fmt: skip


def _time(meeting: MeetingNow) -> str:
    same_day = to_local(meeting.starts_at).date() == to_local(meeting.ends_at).date()
    ends = clock_text(meeting.ends_at)
    return f"{clock_text(meeting.starts_at)}–{ends if same_day else f'{day_text(meeting.ends_at)} {ends}'}"


def _answer(view: View, meeting: MeetingNow) -> str:
    if meeting.organizer_id == view.viewer:
        return "Du kallar"
    guest = meeting.of(view.viewer)
    return _OWN.get(guest.answer, "") if guest is not None else ""


def _others(view: View, meeting: MeetingNow) -> str:
    """«3 kommer, 1 har inte svarat»."""
    count = Counter(one.answer for one in meeting.invited if one.person_id != view.viewer)
    words = ((ACCEPTED, "kommer"), (TENTATIVE, "kanske"), (DECLINED, "kommer inte"), (NO_ANSWER, "har inte svarat"))
    return ", ".join(f"{count[answer]} {word}" for answer, word in words if count[answer])


def _weeks(visit: Visit, mine: Sequence[Booked], today: date) -> tuple[Sequence[DaySquare], ...]:
    """This week and the coming ones, Monday to Friday; a weekend day only where there is a meeting on it."""
    count = Counter(map(_day, mine))
    monday = today - timedelta(days=today.weekday())
    weekend = any(day.weekday() > 4 for day in count)
    days = range(7 if weekend else 5)
    return tuple(
        tuple(_square(visit, monday + timedelta(days=7 * week + day), count, today) for day in days)
        for week in range(_WEEKS)
    )


def _square(visit: Visit, day: date, count: Counter[date], today: date) -> DaySquare:
    number = count[day]
    told = "inget möte" if not number else "1 möte" if number == 1 else f"{number} möten"
    return DaySquare(
        weekday=weekday_text(day), label=_label(visit, day), long_label=f"{day_text(day)}: {told}", count=number,
        is_today=day == today, is_open=_is_workday(visit, day),
    )  # fmt: skip


def _label(visit: Visit, day: date) -> str:
    """The day's number, with its month where that is not plain."""
    today = to_local(visit.now).date()
    names_month = day.day == 1 or day == today - timedelta(days=today.weekday())
    return day_text(day).partition(" ")[2] if names_month else str(day.day)


def _is_workday(visit: Visit, day: date) -> bool:
    """As the calendar of the reader's first unit has it."""
    held = visit.held()
    return not held or visit.scene.profile_of_unit(held[0].unit_id).calendar.is_workday(day)
