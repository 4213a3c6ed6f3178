"""The night in the town: who is on call, and what Nils does then."""

from datetime import datetime

from people import on_call
from town import Town, instant

from reminders.localtime import to_local


def pass_of(town: Town, start: str, end: str, *, who: str = "nils", unit: str = "HT-NORR") -> None:
    """Somebody is on call for a unit, local times; the end is exclusive."""
    person = town.residents[who].id
    town.store.transaction(lambda tx: on_call(tx, person, unit, instant(start), instant(end)))


def moment(name: str, at: datetime) -> dict[str, str]:
    """The answer to a question about a date and a time."""
    local = to_local(at)
    return {f"{name}_date": f"{local:%Y-%m-%d}", f"{name}_time": f"{local:%H:%M}"}


def grants(town: Town, case_ref: str = "", **answers: str) -> int:
    """Nils grants help now, and sends it; the number of the thread."""
    town.nils.begins("on_call_grant", case_ref, **{**moment("granted_at", town.clock.time), **answers})
    town.nils.presses("Skicka")
    return len(town.rows_of("thread"))


def extends(town: Town, case_ref: str = "NK-2041", expected: str = "lasting", **answers: str) -> int:
    """Nils has set in more help now in a case that goes on, and sends it; the number of the thread."""
    started = moment("extra_help_start", town.clock.time)
    town.nils.begins(
        "on_call_extended_help", case_ref, **{"expected": expected, "noticed_by_role": "night", **started, **answers}
    )
    town.nils.presses("Skicka")
    return len(town.rows_of("thread"))


def phoned(town: Town, answered_by: str = "administratör") -> dict[str, str]:
    """What is noted of a call that was made just now."""
    return moment("phoned_at", town.clock.time) | {"phone_answered_by": answered_by}
