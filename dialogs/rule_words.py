"""How a deadline was counted, in plain Swedish: each day that counts and each that does not, from start to limit.

One sentence or a few for each kind of rule. They say what the arithmetic in `reminders` does; a test holds every rule
of the shipped profiles against the instants that it works out.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from dialogs.swedish import day_text, full_day_text, moment_text, month_text
from reminders import rule_kinds as after
from reminders import rule_kinds_before as before
from reminders.calendar import WorkCalendar
from reminders.localtime import add_months, to_local
from reminders.rule_kinds import Start

_DAY = timedelta(days=1)
_NO_TIME = timedelta()
_MOST_DAYS = 12  # more days than this are not told one by one
_WEEKEND = ("lördag", "söndag")


def counted(kind: Any, start: Start, calendar: WorkCalendar) -> list[str]:
    """The steps from the start to the day of the limit; nothing for a kind without steps worth telling."""
    tell = _TELLS.get(type(kind))
    return tell(kind, start, calendar) if tell else []


def _workdays_after(kind: after.WorkdaysAfter, start: Start, calendar: WorkCalendar) -> list[str]:
    return [f"Räknas från {day_text(start.day)}, som är dag 0.", *_each_day(start.day, kind.n, "arbetsdag", calendar)]


def _calendar_days(kind: after.CalendarDaysAfter, start: Start, calendar: WorkCalendar) -> list[str]:
    end = start.day + _DAY * kind.n
    if not kind.n:
        return [f"Gäller samma dag, {day_text(start.day)}."]
    lines = [
        f"Räknas från {full_day_text(start.day)}, som är dag 0. Dag {kind.n} är {full_day_text(end)}.",
        "Alla dagar räknas, även lördagar, söndagar och helgdagar.",
    ]
    soft = start.day + _DAY * (kind.n if kind.soft_n is None else kind.soft_n)
    if kind.soft_n is not None:
        lines.append(f"Stafett påminner efter dag {kind.soft_n}, {day_text(soft)}.")
    return lines + (_rolled(soft, calendar) if kind.soft_rolls else [])


def _months(kind: after.MonthsAfter, start: Start, calendar: WorkCalendar) -> list[str]:
    plain = add_months(start.day, kind.n)
    lines = [f"Räknas från {full_day_text(start.day)}. Samma datum {kind.n} månader senare är {full_day_text(plain)}."]
    moved = calendar.first_workday_on_or_after(plain)
    if kind.roll == "forward" and moved != plain:
        reason = calendar.why_closed(plain)
        lines.append(f"Den dagen är ingen arbetsdag ({reason}). Närmaste arbetsdag efter är {full_day_text(moved)}.")
    return lines


def _day_of_next_month(kind: after.DayOfNextMonth, start: Start, calendar: WorkCalendar) -> list[str]:
    limit = kind.limit(start)
    told = f"Gäller den {kind.day}:e i månaden efter {month_text(start.month.day(1))}"
    if kind.coming:
        told = f"Den tidigaste {kind.day}:e som kan gälla, räknat från {full_day_text(start.day)}"
    return [f"{told}: {full_day_text(limit)}, den dagen inräknad.", *_rolled(limit, calendar)]


def _nth_weekday(kind: after.NthWeekdayOfNextMonth, start: Start, calendar: WorkCalendar) -> list[str]:
    limit = calendar.nth_weekday_of(start.month.plus(1).day(1), kind.n)
    month = month_text(start.month.day(1))
    lines = [f"Vardag nummer {kind.n} i månaden efter {month} är {full_day_text(limit)}."]
    if not calendar.saturday_is_vardag:
        lines.append("Lördag räknas inte som vardag, men Stafett påminner som om den gjorde det.")
    return lines


def _nth_workday(kind: after.NthWorkday, start: Start, calendar: WorkCalendar) -> list[str]:
    days = [calendar.nth_workday(start.day, number) for number in range(1, kind.n + 1)]
    return [f"Dagen själv, {day_text(start.day)}, är dag 1.", _told([*enumerate(days, start=1)])]


def _read_every_workday(kind: after.ReadEveryWorkday, start: Start, calendar: WorkCalendar) -> list[str]:
    sent = f"Skickat {moment_text(start.instant)}"
    limit = f"kl. {kind.before:%H.%M}"
    if not calendar.is_workday(start.day):
        reason = calendar.why_closed(start.day)
        return [f"{sent}, som inte är en arbetsdag ({reason}). Läses nästa arbetsdag, {_next(start.day, calendar)}."]
    if start.clock < kind.before:
        return [
            f"{sent}, före {limit}. Det räknas till samma dag.",
            f"Nästa arbetsdag är {_next(start.day, calendar)}.",
        ]
    return [f"{sent}, inte före {limit}. Det räknas till nästa arbetsdag, {_next(start.day, calendar)}."]


def _reading_window(kind: after.ReadingWindow, start: Start, calendar: WorkCalendar) -> list[str]:
    sent = f"Skickat {moment_text(start.instant)}"
    window = f"kl. {kind.opens:%H.%M}–{kind.until:%H.%M}"
    if calendar.is_weekday_local(start.day) and start.clock < kind.until:
        return [f"{sent}, före lästidens slut. Lästiden {window} samma dag gäller."]
    following = calendar.add_weekdays_local(start.day, 1)
    return [f"{sent}, utanför lästiden. Nästa lästid är {day_text(following)} {window}. Innan dess läser kanske ingen."]


def _next_weekday(kind: after.NextWeekday, start: Start, calendar: WorkCalendar) -> list[str]:
    limit = calendar.add_weekdays_local(start.day, kind.n)
    lines = [f"Räknas från {moment_text(start.instant)}. Påföljande vardag är {day_text(limit)}."]
    if start.clock < calendar.office.open:
        lines.append(
            f"Före kl. {calendar.office.open:%H.%M} hör natten till kvällen före, så Stafett påminner tidigare."
        )
    return [*lines, *_skipped(start.day, limit, "vardag", calendar)]


def _on_call(kind: after.OnCallMandate, start: Start, calendar: WorkCalendar) -> list[str]:
    limit = kind.moments(start, calendar).hard
    assert limit is not None  # noqa: S101 (a mandate always ends)
    first = f"Beviljat {moment_text(start.instant)}, under jourtid."
    return [f"{first} Första kl. {kind.until:%H.%M} på en vardag efter det är {moment_text(limit)}."]


def _minutes(kind: after.MinutesAfter, start: Start, calendar: WorkCalendar) -> list[str]:
    return [f"Räknas {_minutes_text(kind.soft_minutes)} från {moment_text(start.instant)}, dygnet runt."]


def _office_minutes(kind: after.OfficeMinutesAfter, start: Start, calendar: WorkCalendar) -> list[str]:
    end = calendar.add_office_minutes(start.instant, kind.soft_minutes)
    counts = f"Räknas {_minutes_text(kind.soft_minutes)} från {moment_text(start.instant)}, bara när kontoret är öppet"
    lines = [f"{counts}: {moment_text(end)}."]
    if not calendar.is_open_for(start.instant, _NO_TIME):
        opening = calendar.next_office_opening(start.instant)
        lines.append(f"Kontoret var stängt {moment_text(start.instant)}. Räkningen började {moment_text(opening)}.")
    elif start.day != to_local(end).date():
        shut = calendar.soft_closing(start.day)
        lines.append(f"Kontoret stängde {moment_text(shut)}, och resten räknades från nästa öppning.")
    return lines + _skipped(start.day, to_local(end).date(), "arbetsdag", calendar)


def _workdays_before(kind: before.WorkdaysBefore, start: Start, calendar: WorkCalendar) -> list[str]:
    weekday = kind.unit == "vardag"
    day = calendar.add_weekdays_local(start.day, -kind.n) if weekday else calendar.add_workdays(start.day, -kind.n)
    unit = kind.unit if kind.n == 1 else f"{kind.unit}ar"
    first = f"Räknas bakåt från {full_day_text(start.day)}, som inte räknas med."
    return [f"{first} {kind.n} {unit} innan är {full_day_text(day)}.", *_skipped(day, start.day, kind.unit, calendar)]


def _hours_before(kind: before.HoursBefore, start: Start, calendar: WorkCalendar) -> list[str]:
    found = kind.moments(start, calendar)
    assert found.soft is not None and found.hard is not None  # noqa: S101 (the kind always gives both)
    lines = [f"Räknas {kind.n} timmar bakåt från {moment_text(start.instant)}: {moment_text(found.hard)}."]
    if found.soft != found.hard:
        lines.append(f"Sista tiden före det då någon läser är {moment_text(found.soft)}.")
    return lines


_TELLS: Mapping[type, Callable[[Any, Start, WorkCalendar], list[str]]] = {
    after.WorkdaysAfter: _workdays_after,
    after.CalendarDaysAfter: _calendar_days,
    after.MonthsAfter: _months,
    after.DayOfNextMonth: _day_of_next_month,
    after.NthWeekdayOfNextMonth: _nth_weekday,
    after.NthWorkday: _nth_workday,
    after.ReadEveryWorkday: _read_every_workday,
    after.ReadingWindow: _reading_window,
    after.NextWeekday: _next_weekday,
    after.OnCallMandate: _on_call,
    after.MinutesAfter: _minutes,
    after.OfficeMinutesAfter: _office_minutes,
    before.WorkdaysBefore: _workdays_before,
    before.HoursBefore: _hours_before,
}


# --- days --------------------------------------------------------------------------------------------------------


def _each_day(start: date, count: int, unit: str, calendar: WorkCalendar) -> list[str]:
    """«Dag 1: tis 17 nov, dag 2: …», and the days in between that are not counted."""
    days = [calendar.add_workdays(start, number) for number in range(1, count + 1)]
    told = [*enumerate(days, start=1)]
    return [_told(told), *_skipped(start, days[-1], unit, calendar)] if days else []


def _told(days: list[tuple[int, date]]) -> str:
    if len(days) > _MOST_DAYS:
        days = days[-1:]
    return _first_big(", ".join(f"dag {number}: {day_text(day)}" for number, day in days)) + "."


def _first_big(text: str) -> str:
    return text[:1].upper() + text[1:]


def _skipped(first: date, last: date, unit: str, calendar: WorkCalendar) -> list[str]:
    """The days strictly between that the routine does not count."""
    counts = calendar.is_weekday_local if unit == "vardag" else calendar.is_workday
    out = [day for day in _between(first, last) if not counts(day)]
    if not out:
        return []
    if len(out) > _MOST_DAYS:
        named = _with_reasons([day for day in out if calendar.why_closed(day) not in _WEEKEND], calendar)
        among = f" Bland dem: {', '.join(named[:_MOST_DAYS])}." if named else ""
        return [f"{len(out)} dagar däremellan räknas inte, för de är inte {unit}ar.{among}"]
    return [f"Räknas inte, för de är inte {unit}ar: {', '.join(_with_reasons(out, calendar))}."]


def _between(first: date, last: date) -> list[date]:
    """The days strictly between the two."""
    return [first + _DAY * number for number in range(1, (last - first).days)]


def _with_reasons(days: list[date], calendar: WorkCalendar) -> list[str]:
    """«fre 3 apr (långfredagen)»; of plain Saturdays and Sundays that stand together only the last says «helg»."""
    told = []
    for number, day in enumerate(days):
        reason = calendar.why_closed(day)
        following = days[number + 1] if number + 1 < len(days) else None
        if reason in _WEEKEND:
            goes_on = following == day + _DAY and calendar.why_closed(day + _DAY) in _WEEKEND
            reason = "" if goes_on else "helg"
        told.append(f"{day_text(day)} ({reason})" if reason else day_text(day))
    return told


def _rolled(day: date, calendar: WorkCalendar) -> list[str]:
    """Where the reminder goes when the day itself is closed."""
    before_it = calendar.last_workday_on_or_before(day)
    if before_it == day:
        return []
    reason = calendar.why_closed(day)
    return [
        f"{_first_big(day_text(day))} är ingen arbetsdag ({reason}). "
        f"Stafett påminner arbetsdagen före, {day_text(before_it)}."
    ]


def _next(day: date, calendar: WorkCalendar) -> str:
    return day_text(calendar.add_workdays(day, 1))


def _minutes_text(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return "1 timme" if hours == 1 else f"{hours} timmar"
    return f"{minutes} minuter"
