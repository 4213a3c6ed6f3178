"""When an assignment is to be phoned as well as sent, and whether the bot says anything at all of a new one.

A new decision sends only the assignment, in the case system (Norrköping 1.2). A notice here is a pointer to it, and is
offered where a call may be owed (`D04`), or for every assignment where the municipality has chosen so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.flow import Situation
from dialogs.swedish import clock_text
from reminders.errors import RuleNotInProfile
from reminders.predicates import PhoneDuty, phone_too
from reminders.profile_schema import Complain, Table, register_section

SECTION = "assignments"
TO_PHONE = "to_phone"  # the state in which the call is owed, and the mark by which the card says whom to ring
_NO_DUTY = PhoneDuty(required=False, ask_if_unread_at=None)


@dataclass(frozen=True, kw_only=True)
class Assignments:
    """`notice`: `when_urgent` tells of an assignment only where a call may be owed, `always` of every one."""

    notice: str


def read_assignments(values: Mapping[str, Any], complain: Complain) -> Assignments:
    """Read `[assignments]`."""
    table = Table(values=values, complain=complain)
    section = Assignments(notice=table.choice("notice", ("when_urgent", "always"), "when_urgent"))
    table.done()
    return section


def register() -> None:
    """Own the table `[assignments]` of every profile."""
    register_section(SECTION, read_assignments)


def phone_duty(situation: Situation) -> PhoneDuty:
    """What `D04` says of the assignment in the answers; nothing where the routine lacks the rule."""
    values = situation.thread.values
    if values.get("urgent_services") != "yes":
        return _NO_DUTY
    sent_at = datetime.fromisoformat(values["assignment_sent_at"])
    try:
        return phone_too(sent_at, date.fromisoformat(values["execute_on"]), situation.profile)
    except RuleNotInProfile:
        return _NO_DUTY


def must_phone(situation: Situation) -> bool:
    """Urgent services, to be carried out the same or the next workday, sent after two o'clock or on a closed day."""
    return phone_duty(situation).required


def phones_if_unread(situation: Situation) -> bool:
    """Urgent and soon, but sent in time for somebody to read it: a call only if nobody has."""
    return phone_duty(situation).ask_if_unread_at is not None


def told_anyway(situation: Situation) -> bool:
    """The municipality wants a notice of every assignment."""
    section: Assignments = situation.profile.section(SECTION)
    return section.notice == "always"


def what_the_routine_asks(situation: Situation) -> list[tuple[str, str]]:
    """Whether a call is owed, and what to do where not even a notice is."""
    duty = phone_duty(situation)
    if duty.required:
        return [("Rutinen", situation.profile.rule("phone_too").why)]
    if duty.ask_if_unread_at is not None and situation.thread.state != TO_PHONE:
        return [("Ska ringas", f"bara om uppdraget inte är kvitterat kl. {clock_text(duty.ask_if_unread_at)}")]
    if situation.thread.state == "draft" and not told_anyway(situation):
        return [("Inget meddelande behövs", "vid nya beslut skickas bara uppdraget. Kasta utkastet.")]
    return []
