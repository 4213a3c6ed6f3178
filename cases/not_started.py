"""Which decisions have not been started: told of in a message, or read from the roster (Norrköping 3.5, `D31`).

The law's three months are counted from the decision. References, days and codes only: nothing says whose they are.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal_column, or_, select, union

from cases import tables as t
from cases.directory import Directory
from cases.policy import Act, OfUnit, Who, decide
from cases.route import AUTHORITY
from reminders.information import not_started_limit

FLOW = "not_started_report"
FIRST, SECOND = 56, 77  # days after the decision at which the municipality is to look
REVIEW = "review"  # the assessor's answer that leaves the decision standing until there is another
_SETTLED = frozenset({"decided", "started"})
_NOT_SENT = frozenset({"draft", "discarded", "withdrawn"})
_READ = ("decision_date", "reason_code", "outcome")
_AT_A_TIME = 500  # threads whose answers are read in one statement


@dataclass(frozen=True, kw_only=True)
class NotStarted:
    """One decision that has not been started. `thread_id` is the message that tells of it, if any, and its `state`."""

    case_ref: str
    decided: date
    unit_id: str | None  # the provider
    assessor_id: int | None
    thread_id: int | None = None
    state: str = ""
    reason: str = ""
    outcome: str = ""  # what the assessor decided
    overtaken: bool = False  # the roster tells of its start, or of a newer decision

    @property
    def is_settled(self) -> bool:
        """Ended or started. A decision that is to be changed is neither: the law's months go on."""
        return self.state in _SETTLED and self.outcome != REVIEW

    @property
    def three_months(self) -> date:
        """The day on which the law's three months have passed."""
        return not_started_limit(self.decided)

    def days(self, today: date) -> int:
        return (today - self.decided).days

    def stage(self, today: date) -> int:
        """3 when the three months have passed, 2 and 1 when they draw near, 0 before that."""
        if today >= self.three_months:
            return 3
        return 2 if self.days(today) >= SECOND else int(self.days(today) >= FIRST)


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a person may see of a unit: all of it, or with `only` the cases that one assessor answers for."""

    unit_id: str
    only: int | None = None


def shares(who: Who) -> list[Share]:
    """The whole unit for whoever leads it, first; an assessor's own cases."""
    units = dict.fromkeys(one.unit_id for one in who.directory.memberships(who.person_id))
    asked = {unit_id: decide(who, Act.NOT_STARTED, OfUnit(unit_id=unit_id)) for unit_id in units}
    found = [Share(unit_id=unit_id, only=verdict.only) for unit_id, verdict in asked.items() if verdict]
    return sorted(found, key=lambda one: one.only is not None)


def waiting(tx: Connection, directory: Directory, share: Share, today: date) -> list[NotStarted]:
    """The decisions of the share that were made at least 56 days before this local day, the oldest first."""
    cases = _Cases.of(directory, share)
    told = _told(tx, cases)
    told_otherwise = {(one.case_ref, one.decided) for one in told if one.outcome != REVIEW}
    waits = [one for one in told if not one.is_settled and _still(one, told_otherwise)]
    known = told_otherwise | {(one.case_ref, one.decided) for one in waits}
    found = [*waits, *(one for one in _kept_by_roster(tx, cases, today) if (one.case_ref, one.decided) not in known)]
    mine = [one for one in found if _is_in(one, share, directory) and one.stage(today)]
    return sorted(mine, key=lambda one: (one.decided, one.case_ref))


def _still(one: NotStarted, told_otherwise: Set[tuple[str, date]]) -> bool:
    """Whether an unsettled message still counts: one whose decision is to be changed does so until another message, its
    start or a newer decision takes its place."""
    return one.outcome != REVIEW or not (one.overtaken or (one.case_ref, one.decided) in told_otherwise)


def _is_in(one: NotStarted, share: Share, directory: Directory) -> bool:
    """A provider has the cases it carries out, an authority those that its assessors answer for."""
    if share.only is not None:
        return one.assessor_id == share.only
    unit = directory.units.get(share.unit_id)
    if unit is None:
        return False
    if unit.kind != AUTHORITY:
        return one.unit_id == unit.id
    works_at = directory.works_at.get(one.assessor_id or 0)
    if works_at is not None:  # an assessor who has left leaves nothing behind: it is the provider's authority's to see
        return works_at == unit.id
    provider = directory.units.get(one.unit_id or "")
    return provider is not None and provider.authority_unit_id == unit.id


@dataclass(frozen=True, kw_only=True)
class _Cases:
    """Which cases a share may have: by their assessors and by their providers. `_is_in` says which it has."""

    assessors: Sequence[int]
    providers: Sequence[str]

    @classmethod
    def of(cls, directory: Directory, share: Share) -> "_Cases":
        if share.only is not None:
            return cls(assessors=[share.only], providers=[])
        staff = [who for who, unit in directory.works_at.items() if unit == share.unit_id]
        provides = [one.id for one in directory.units.values() if share.unit_id in (one.id, one.authority_unit_id)]
        return cls(assessors=staff, providers=provides)

    def refs(self) -> Select[tuple[str]]:
        """The references of those that the roster knows, each way by its own index."""
        case = t.care_case.c
        of_assessors = select(case.case_ref).where(case.responsible_id.in_(self.assessors))
        found = union(of_assessors, select(case.case_ref).where(case.unit_id.in_(self.providers))).subquery()
        return select(found.c.case_ref)


def _told(tx: Connection, cases: _Cases) -> list[NotStarted]:
    """Every message of these cases about something that has not been started and has been sent, open or settled."""
    thread, known = t.thread.c, t.care_case.c
    ways: list[ColumnElement[bool]] = [thread.case_ref.in_(cases.refs())]
    if cases.providers:  # of a case that the roster does not know, or gives no provider
        ways.append(thread.sender_unit_id.in_(cases.providers) & known.unit_id.is_(None))
    rows = {row.id: row for way in ways for row in tx.execute(_reports(way))}
    answers = _answers(tx, sorted(rows))
    return [_as_told(row, answers[row.id]) for row in rows.values() if "decision_date" in answers.get(row.id, {})]


def _reports(way: ColumnElement[bool]) -> Select[Any]:
    thread, case = t.thread.c, t.care_case.c
    columns = (thread.id, thread.case_ref, thread.state, thread.sender_unit_id, thread.sender_side)
    of_case = (case.unit_id, case.responsible_id, case.decision_date, case.in_effect_date)
    return (
        select(*columns, *of_case)
        .select_from(t.thread.outerjoin(t.care_case, case.case_ref == thread.case_ref))
        # Said in these words, not bound: only then does a database use the indexes of these messages.
        .where(thread.flow == literal_column(f"'{FLOW}'"), way, thread.state.not_in(_NOT_SENT))
        .where(or_(thread.closed_at.is_(None), thread.state.in_(_SETTLED)))
        .order_by(thread.id)
    )


def _as_told(row: Row[Any], answers: Mapping[str, Any]) -> NotStarted:
    decided = date.fromisoformat(answers["decision_date"])
    return NotStarted(
        case_ref=row.case_ref,
        decided=decided,
        unit_id=row.unit_id or (row.sender_unit_id if row.sender_side == "provider" else None),
        assessor_id=row.responsible_id,
        thread_id=row.id,
        state=row.state,
        reason=answers.get("reason_code", ""),
        outcome=answers.get("outcome", "") if row.state == "decided" else "",
        overtaken=(row.in_effect_date or date.min) >= decided or (row.decision_date or date.min) > decided,
    )


def _answers(tx: Connection, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """The latest day, reason and outcome of each message."""
    content, found = t.content.c, dict[int, dict[str, Any]]()
    for begin in range(0, len(ids), _AT_A_TIME):
        rows = tx.execute(
            select(content.thread_id, content.field, content.value)
            .where(content.thread_id.in_(ids[begin : begin + _AT_A_TIME]), content.field.in_(_READ))
            .order_by(content.seq)
        )
        for row in rows:
            found.setdefault(row.thread_id, {})[row.field] = row.value
    return found


def _kept_by_roster(tx: Connection, cases: _Cases, today: date) -> list[NotStarted]:
    """Cases that the roster gives a decision and no start; a roster without any start at all is not believed."""
    case = t.care_case.c
    if tx.scalar(select(case.case_ref).where(case.in_effect_date.is_not(None)).limit(1)) is None:
        return []
    rows = tx.execute(
        select(case.case_ref, case.decision_date, case.unit_id, case.responsible_id).where(
            case.case_ref.in_(cases.refs()),
            case.in_effect_date.is_(None),
            case.decision_date <= today - timedelta(days=FIRST),
        )
    )
    return [
        NotStarted(
            case_ref=row.case_ref, decided=row.decision_date, unit_id=row.unit_id, assessor_id=row.responsible_id
        )
        for row in rows
    ]
