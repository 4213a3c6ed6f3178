"""The sheets that are taken out of Stafett: the quality answers of a team, and the follow-up board.

What stands in a sheet leaves Stafett, so it is chosen here column by column. Nothing sensitive has a column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.directory import Directory
from cases.flow import Choice, Flow
from cases.follow_ups import FOLLOW_UP, QUALITY_ANSWERS, REPORT, Planned
from cases.thread import thread_ref
from reminders.localtime import to_local

Cell = str | int | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet to write: local days and times, and texts as a reader is to see them.

    `curves` is the title of a diagram beside it, in which each column but the first is a curve in per cent over what
    stands in the first. `beside` are further sheets of the same file.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    curves: str = ""
    beside: tuple["Sheet", ...] = ()


def quality_sheet(flows: Mapping[str, Flow], team: str, held: Sequence[Mapping[str, Any]]) -> Sheet:
    """One row for each follow-up held: the day, the team and the four answers (Norrköping 6.5.2).

    Nothing tells whose they are.
    """
    asked = {item.name: item for item in flows[FOLLOW_UP].fields() if isinstance(item, Choice)}
    questions = [asked[name] for name in QUALITY_ANSWERS]
    rows = tuple(
        (_day(one.get("done_date")), team, *(dict(item.options).get(str(one.get(item.name)), "") for item in questions))
        for one in held
    )
    return Sheet(title="Kvalitetsfrågor", headings=("Datum", "Team", *(item.label for item in questions)), rows=rows)


def board_sheet(flows: Mapping[str, Flow], directory: Directory, planned: Sequence[Planned]) -> Sheet:
    """One row for each follow-up: case reference, where it stands, and when it is due (Norrköping 6.5.7)."""
    flow, report = flows[FOLLOW_UP], flows[REPORT]
    headings = (
        "Ärende", "Beteckning", "Handläggare", "Anledning", "Läge", "Följs upp senast", "Planerad tid",
        "Planerad form", "Inför uppföljning", "Genomförd",
    )  # fmt: skip
    rows = tuple(
        (
            one.case_ref,
            thread_ref(one.thread_id),
            directory.people[one.sender_id].name if one.sender_id in directory.people else "",
            chosen(flow, one, "occasion"),
            flow.states[one.state],
            _limit(one),
            _moment(one.answers.get("followup_at")),
            chosen(report, one, "planned_form"),
            report.states[one.report] if one.report else "",
            _day(one.answers.get("done_date")),
        )
        for one in planned
    )
    return Sheet(title="Uppföljningstavla", headings=headings, rows=rows)


def _limit(one: Planned) -> Cell:
    """The day that the routine gives; once it is planned or held, the sheet says that instead."""
    limit = one.hard or one.soft
    return to_local(limit).date() if limit and one.state == "to_plan" else None


def chosen(flow: Flow, one: Planned, name: str) -> str:
    """What was chosen for this question, in words; nothing where nothing was."""
    options = next((item.options for item in flow.fields() if item.name == name and isinstance(item, Choice)), ())
    return dict(options).get(str(one.answers.get(name)), "")


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _moment(value: Any) -> datetime | None:
    return to_local(datetime.fromisoformat(value)).replace(tzinfo=None) if value else None
