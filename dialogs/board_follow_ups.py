"""The board's follow-ups (Norrköping 6.5.7): what is to be planned, what is planned, and the report before it.

Who has it is the policy's word on the unit's board, as for the sheet that is taken out; an assessor has their own.
"""

from datetime import date, datetime, timedelta

from cases import follow_ups
from cases.follow_ups import FOLLOW_UP, REPORT, Planned
from cases.policy import Act, OfUnit, decide
from cases.thread import thread_ref
from dialogs.board_values import LATE, LATER, Column, FollowUpLine, FollowUpUnit
from dialogs.sheets import chosen
from dialogs.swedish import day_text, full_day_text, moment_text
from dialogs.visit import Visit
from reminders.localtime import to_local

MOST = 200  # of a unit
_WEEKS = 8
_WEEK = timedelta(days=7)


def units(visit: Visit) -> list[str]:
    """The authority units whose board, or their own part of it, this person has."""
    held = dict.fromkeys(one.unit_id for one in visit.held())
    return [unit_id for unit_id in held if decide(visit.who, Act.BOARD, OfUnit(unit_id=unit_id))]


def boards(visit: Visit) -> tuple[FollowUpUnit, ...]:
    """Each of these units' board."""
    return tuple(_unit(visit, unit_id) for unit_id in units(visit))


# --- pieces ------------------------------------------------------------------------------------------------------


def _unit(visit: Visit, unit_id: str) -> FollowUpUnit:
    verdict = decide(visit.who, Act.BOARD, OfUnit(unit_id=unit_id))
    found = follow_ups.to_come(visit.tx, unit_id, verdict.only, MOST) if verdict else []
    return FollowUpUnit(
        name=visit.scene.directory.units[unit_id].name, own=verdict.only is not None, columns=_columns(visit, found),
        lines=tuple(_line(visit, one) for one in found), more=len(found) == MOST,
    )  # fmt: skip


def _line(visit: Visit, one: Planned) -> FollowUpLine:
    flow, report = visit.record.flows[FOLLOW_UP], visit.record.flows[REPORT]
    person = visit.scene.directory.people.get(one.sender_id)
    return FollowUpLine(
        ref=thread_ref(one.thread_id), case_ref=one.case_ref, state=flow.states[one.state],
        planned=one.state != "to_plan", late=_is_late(one, visit.now), when=_when(one, visit.now),
        occasion=chosen(flow, one, "occasion"), report=report.states[one.report] if one.report else "",
        assessor=person.name if person is not None else "",
    )  # fmt: skip


def _is_late(one: Planned, now: datetime) -> bool:
    return one.hard is not None and now > one.hard


def _when(one: Planned, now: datetime) -> str:
    booked = _booked(one)
    if booked is not None:
        return moment_text(booked)
    limit = one.soft or one.hard
    if limit is None:
        return ""
    this_year = to_local(limit).year == to_local(now).year
    return f"senast {day_text(limit) if this_year else full_day_text(limit)}"


def _booked(one: Planned) -> datetime | None:
    told = one.answers.get("followup_at") if one.state == "planned" else None
    return datetime.fromisoformat(told) if told else None


def _columns(visit: Visit, found: list[Planned]) -> tuple[Column, ...]:
    """Late, each of the coming weeks from this one, and later; the marked ones have a time booked."""
    today = to_local(visit.now).date()
    monday = today - timedelta(days=today.weekday())
    places: list[list[Planned]] = [[] for _ in range(_WEEKS + 2)]
    for one in found:
        when = _booked(one) or one.soft or one.hard
        if _is_late(one, visit.now):
            places[0].append(one)
        elif when is not None:
            week = (to_local(when).date() - monday).days // 7
            places[1 + min(max(week, 0), _WEEKS)].append(one)
    mondays = [monday + number * _WEEK for number in range(_WEEKS)]
    labels = ["Sent", *(f"v. {day.isocalendar().week}" for day in mondays), "Senare"]
    longer = ["Försenat", *(_week_text(day) for day in mondays), f"Efter vecka {mondays[-1].isocalendar().week}"]
    nears = (LATE, *[LATER] * (_WEEKS + 1))
    return tuple(
        Column(
            label=label, long_label=long, near=near, count=len(some),
            marked=sum(_booked(one) is not None for one in some),
        )
        for label, long, near, some in zip(labels, longer, nears, places, strict=True)
    )  # fmt: skip


def _week_text(monday: date) -> str:
    return f"Vecka {monday.isocalendar().week}, från {day_text(monday)}"
