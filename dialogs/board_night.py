"""The board's night: who has the jour of the reader's units, hour by hour, what nobody has, and what is urgent.

A unit's rota is for everybody who works there; the threads are let through one by one, as in the chat's list.
"""

from datetime import timedelta

from cases.directory import Pass
from cases.policy import Act, OfUnit, decide
from dialogs.board_open import line
from dialogs.board_values import NightPage, Stretch, UnitNight
from dialogs.lists_pass import urgent_open
from dialogs.lists_rota import has_rota
from dialogs.swedish import clock_text, moment_text
from dialogs.visit import Visit
from reminders.localtime import to_local
from reminders.rota import Span, on_call_hours, uncovered, without

MOST = 40  # urgent threads
_BEFORE, _AFTER = timedelta(hours=2), timedelta(hours=22)
_SHORTEST = timedelta(minutes=1)


def units(visit: Visit) -> list[str]:
    """The reader's units that have an on-call rota."""
    held = dict.fromkeys(one.unit_id for one in visit.held())
    works = [unit_id for unit_id in held if decide(visit.who, Act.WORK, OfUnit(unit_id=unit_id))]
    return [unit_id for unit_id in works if has_rota(visit.scene.directory, unit_id, visit.now)]


def page(visit: Visit) -> NightPage:
    mine = units(visit)
    urgent = urgent_open(visit, mine) if mine else []
    return NightPage(
        units=tuple(_unit(visit, unit_id) for unit_id in mine),
        urgent=tuple(line(view, holder=True) for view in urgent[:MOST]), more=max(len(urgent) - MOST, 0),
    )  # fmt: skip


# --- pieces ------------------------------------------------------------------------------------------------------


def _unit(visit: Visit, unit_id: str) -> UnitNight:
    directory, now = visit.scene.directory, visit.now
    hour = now.replace(minute=0, second=0, microsecond=0)
    window = Span(starts_at=hour - _BEFORE, ends_at=hour + _AFTER)
    passes = [
        one
        for one in directory.passes.get(unit_id, ())
        if directory.works(one.person_id) and one.ends_at > window.starts_at and one.starts_at < window.ends_at
    ]
    held = [Span(starts_at=one.starts_at, ends_at=one.ends_at) for one in passes]
    wanted = on_call_hours(visit.scene.profile_of_unit(unit_id).calendar, window.starts_at, window.ends_at)
    gaps = uncovered(wanted, held, _SHORTEST)
    stretches = [_of_pass(visit, one, window) for one in passes]
    stretches += [_stretch("gap", one, window) for one in gaps]
    stretches += [_stretch("office", one, window) for one in without(window, [*wanted, *held])]
    stretches.sort(key=lambda one: one.starts_at)
    says, phone = _says(visit, passes, wanted)
    return UnitNight(
        name=directory.units[unit_id].name, says=says, phone=phone, uncovered=bool(gaps), begins=window.starts_at,
        ends=window.ends_at, now=now, stretches=tuple(stretches),
    )  # fmt: skip


def _says(visit: Visit, passes: list[Pass], wanted: list[Span]) -> tuple[str, str]:
    """Who has the jour now, or when it begins; and the number to ring."""
    now = [one for one in passes if one.covers(visit.now)]
    if now:
        names = " och ".join(visit.scene.directory.people[one.person_id].name for one in now)
        return f"{names} har jouren nu, till {moment_text(max(one.ends_at for one in now))}.", _phone(visit, now[0])
    if any(one.starts_at <= visit.now < one.ends_at for one in wanted):
        return "Ingen har jouren just nu.", ""
    ahead = [one.starts_at for one in wanted if one.starts_at > visit.now]
    return (f"Kontorstid. Jouren börjar {moment_text(min(ahead))}." if ahead else "Kontorstid."), ""


def _of_pass(visit: Visit, one: Pass, window: Span) -> Stretch:
    made = _stretch("pass", Span(starts_at=one.starts_at, ends_at=one.ends_at), window)
    who = visit.scene.directory.people[one.person_id].name
    return Stretch(
        kind=made.kind, starts_at=made.starts_at, ends_at=made.ends_at, who=who, phone=_phone(visit, one),
        text=made.text,
    )  # fmt: skip


def _stretch(kind: str, span: Span, window: Span) -> Stretch:
    begins, ends = max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at)
    return Stretch(kind=kind, starts_at=begins, ends_at=ends, text=_hours(span, window))


def _hours(span: Span, window: Span) -> str:
    """«mån 16 nov kl. 17.00 till tis 17 nov kl. 08.00»; what began long ago or ends later says its own day."""
    begins = span.starts_at if span.starts_at > window.starts_at else window.starts_at
    same_day = to_local(begins).date() == to_local(span.ends_at).date()
    ends = f"kl. {clock_text(span.ends_at)}" if same_day else moment_text(span.ends_at)
    return f"{moment_text(span.starts_at)} till {ends}"


def _phone(visit: Visit, one: Pass) -> str:
    directory = visit.scene.directory
    return directory.people[one.person_id].phone or directory.units[one.unit_id].on_call_phone or ""
