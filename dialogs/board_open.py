"""The board's open threads: mine, and my units'. The nearest limit first; references and times, as in the chat's lists.

Every line has been let through by the policy on the reader's behalf, and what is counted is what is shown.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from cases.directory import Unit
from cases.thread import Armed
from dialogs.board_values import LATE, LATER, TODAY, Column, Group, Line, OpenPage, UnitNumbers
from dialogs.limit_labels import limit_label
from dialogs.lists_day import standing_of
from dialogs.lists_open import LISTS, leads
from dialogs.lists_rows import holder_of, paged, reader, standing
from dialogs.swedish import day_text, full_day_text, limit_text, weekday_text
from dialogs.view import View
from dialogs.visit import Visit
from reminders.localtime import to_local

PAGE = 48  # threads: as many as one question finds, with some to spare
_DAYS = 6  # that have a column of their own after today
_GROUPS = ("Försenat", "I dag", "I morgon", "Inom en vecka", "Senare", "Utan tid")
_NEVER = datetime.max.replace(tzinfo=UTC)
_NEAR = (LATE, TODAY, LATER, LATER, LATER, LATER)


def mine(visit: Visit, page: int) -> OpenPage:
    """What waits for the reader."""
    return _page(visit, "mine", page)


def of_units(visit: Visit, page: int) -> OpenPage:
    """What is open in the reader's units, with numbers for the units that they lead."""
    led = [_numbers(visit, visit.scene.directory.units[one]) for one in leads(visit)]
    return _page(visit, "unit", page, tuple(led))


def line(view: View, *, holder: bool) -> Line:
    """One thread as a line; `holder` tells who has it."""
    shown = _shown(view)
    return Line(
        ref=view.thread.ref, case_ref=view.thread.case_ref, urgent=view.flow.urgent, late=view.is_late(),
        standing=standing(view), to_do=limit_label(shown.step) if shown is not None else "",
        limit=_limit_text(view, shown), holder=holder_of(view) if holder else "",
    )  # fmt: skip


# --- pieces ------------------------------------------------------------------------------------------------------


def _page(visit: Visit, name: str, page: int, units: tuple[UnitNumbers, ...] = ()) -> OpenPage:
    found = paged(visit, partial(LISTS[name].find, visit, reader(visit)), page, PAGE)
    holder = name != "mine"
    sorted_in: list[list[Line]] = [[] for _ in _GROUPS]
    for view in sorted(found.views, key=lambda one: _limit(one) or _NEVER):
        sorted_in[_group(view, visit.now)].append(line(view, holder=holder))
    groups = [
        Group(title=title, near=near, lines=tuple(lines))
        for title, near, lines in zip(_GROUPS, _NEAR, sorted_in, strict=True)
        if lines
    ]
    return OpenPage(
        groups=tuple(groups), columns=_columns(found.views, visit.now), units=units, page=page, more=found.more
    )


def _shown(view: View) -> Armed | None:
    """The limit that has been passed, else the one that the thread's card shows."""
    return view.missed() or view.running()


def _limit_text(view: View, shown: Armed | None) -> str:
    if shown is None or shown is view.running():
        return view.limit()
    return limit_text(shown.soft_at, shown.hard_at)


def _limit(view: View) -> datetime | None:
    shown = _shown(view)
    return shown.soft_at or shown.hard_at if shown is not None else None


def _days_ahead(view: View, now: datetime) -> int | None:
    """How many local days from now its limit is, none below today; None where it has no limit."""
    limit = _limit(view)
    return None if limit is None else max((to_local(limit).date() - to_local(now).date()).days, 0)


def _group(view: View, now: datetime) -> int:
    if view.is_late():
        return 0
    ahead = _days_ahead(view, now)
    if ahead is None:
        return 5
    return 1 + ahead if ahead < 2 else 3 if ahead <= _DAYS else 4


def _columns(views: Sequence[View], now: datetime) -> tuple[Column, ...]:
    """Late, today, each of the coming days, and later; what has no limit has no column."""
    places: list[list[View]] = [[] for _ in range(_DAYS + 3)]
    for view in views:
        ahead = _days_ahead(view, now)
        if view.is_late():
            places[0].append(view)
        elif ahead is not None:
            places[1 + min(ahead, _DAYS + 1)].append(view)
    today = to_local(now).date()
    days = [today + timedelta(days=number) for number in range(1, _DAYS + 1)]
    labels = ["Sent", "I dag", *(weekday_text(day) for day in days), "Senare"]
    longer = ["Försenat", "I dag", *(day_text(day) for day in days), f"Efter {full_day_text(days[-1])}"]
    nears = (LATE, TODAY, *[LATER] * (_DAYS + 1))
    return tuple(
        Column(label=label, long_label=long, near=near, count=len(some), marked=sum(one.flow.urgent for one in some))
        for label, long, near, some in zip(labels, longer, nears, places, strict=True)
    )


def _numbers(visit: Visit, unit: Unit) -> UnitNumbers:
    count = standing_of(visit, unit)
    return UnitNumbers(name=unit.name, today=count.today, late=count.late, untaken=count.untaken, open=count.open)
