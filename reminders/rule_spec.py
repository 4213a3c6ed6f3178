"""What a rule is when it has been read from a profile: its kind with numbers, its words and its ladder."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from reminders import rule_facts as facts
from reminders import rule_kinds as after
from reminders import rule_kinds_before as before
from reminders.calendar import WorkCalendar
from reminders.ladder import Rung, Sprint, read_ladder
from reminders.profile_schema import Table, read_dataclass

KINDS: Mapping[str, type[after.Kind] | type[facts.Fact]] = {
    "workdays_after": after.WorkdaysAfter,
    "calendar_days_after": after.CalendarDaysAfter,
    "months_after": after.MonthsAfter,
    "day_of_next_month": after.DayOfNextMonth,
    "nth_weekday_of_next_month": after.NthWeekdayOfNextMonth,
    "nth_workday": after.NthWorkday,
    "read_every_workday": after.ReadEveryWorkday,
    "reading_window": after.ReadingWindow,
    "next_weekday": after.NextWeekday,
    "on_call_mandate": after.OnCallMandate,
    "minutes_after": after.MinutesAfter,
    "office_minutes_after": after.OfficeMinutesAfter,
    "workdays_before": before.WorkdaysBefore,
    "hours_before": before.HoursBefore,
    "phone_too": facts.PhoneToo,
    "whom_to_phone": facts.WhomToPhone,
    "monthly_deviation": facts.MonthlyDeviation,
    "digital_months": facts.DigitalMonths,
    "weekly_supervision": facts.WeeklySupervision,
}

# Which event the count starts from, where the routine does not say and the profile therefore chooses.
STARTS = ("order_received", "order_sent", "decision", "execution", "plan_started", "plan_clear_enough")

# The rules of the known routines, so that "not in this profile" can be told from "no such rule".
CATALOGUE: Mapping[str, str] = {
    "D01": "message_read",
    "D02": "mailbox_window",
    "D03": "feedback",
    "D04": "phone_too",
    "D05": "whom_to_phone",
    "D06": "care_plan",
    "D07": "registration_cutoff",
    "D07.correction": "registration_cutoff.correction",
    "D08": "immediate",
    "D09": "service_start",
    "D09.personal_care": "service_start.personal_care",
    "D10": "urgent_lasting",
    "D10.relay": "urgent_lasting.relay",
    "D11": "urgent_limited",
    "D11.relay": "urgent_limited.relay",
    "D12": "on_call_grant",
    "D12.accepted": "on_call_grant.accepted",
    "D13": "handover_simplified",
    "D14": "handover_ordinary",
    "D15": "first_follow_up",
    "D16": "yearly_follow_up",
    "D17": "pre_followup_report",
    "D18": "time_system_deviation",
    "D19": "payment_day",
    "D20": "access_removal",
    "D21": "care_plan_signed",
    "D22": "monthly_deviation",
    "D23": "second_meeting_day",
    "D24": "meeting_case_list",
    "D25": "meeting_reply",
    "D26": "meeting_adjustment",
    "D27": "digital_months",
    "D28": "weekly_supervision",
    "D29": "supervision_claim",
    "D30": "document_review",
    "D31": "not_started_report",
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of one profile. `own_default` marks what no routine says; `start` the event counted from, if chosen.

    `quote` is what the routine itself says, word for word, and `reading` how its words are read here where they can be
    read in more than one way.
    """

    name: str
    id: str | None
    source: str
    why: str
    kind: after.Kind | facts.Fact
    ladder: tuple[Rung, ...]
    own_default: bool
    start: str | None
    quote: str = ""
    reading: str = ""

    @cached_property
    def sprint(self) -> Sprint | None:
        return Sprint.of(self.ladder)

    @cached_property
    def by_day(self) -> bool:
        """Whether starts that are `alike` have the same deadline and the same prompts."""
        return isinstance(self.kind, after.Kind) and self.kind.by_day and all(rung.by_day for rung in self.ladder)

    def alike(self, local: datetime, calendar: WorkCalendar) -> date | datetime:
        """One start that stands for all of its day that give the same instants as this one, which is local."""
        kind = self.kind
        return kind.alike(local, calendar) if self.by_day and isinstance(kind, after.Kind) else local


def read_rule(name: str, table: Table) -> Rule | None:
    """The rule in `[rules.NAME]`; None after complaining, or where it is switched off with `off = true`."""
    if table.flag("off", False):
        return None
    kind_name = table.values.get("kind")
    table.take("kind")
    if not isinstance(kind_name, str) or kind_name not in KINDS:
        table.refuse("kind", f"något av {', '.join(sorted(KINDS))}")
        return None
    kind: Any = read_dataclass(KINDS[kind_name], table)
    rule = Rule(
        name=name,
        id=table.text("id", "") or None,
        source=table.text("source"),
        why=_filled(table, kind),
        kind=kind,
        ladder=read_ladder(table.take("prompts") or [], table),
        own_default=table.flag("own_default", False),
        start=table.choice("start", STARTS) if table.take("start") is not None else None,
        quote=table.text("quote", ""),
        reading=table.text("reading", ""),
    )
    table.done()
    return rule


def _filled(table: Table, kind: object) -> str:
    """`why` with the rule's own numbers put in, so that words and arithmetic cannot drift apart."""
    text = table.text("why")
    numbers = {one.name: _spoken(getattr(kind, one.name)) for one in dataclasses.fields(kind)}  # type: ignore[arg-type]
    try:
        return text.format_map(numbers)
    except (KeyError, ValueError, IndexError, AttributeError):
        table.complain("why", f"ska vara en text där bara {', '.join(f'{{{one}}}' for one in numbers)} fylls i", text)
        return text


def _spoken(value: object) -> str:
    return f"{value:%H.%M}" if isinstance(value, time) else str(value)
