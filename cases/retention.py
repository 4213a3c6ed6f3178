"""What has had its time and may go, and what stays though its time is out, and why (lag 2001:454; arkivlagen).

Stafett holds the transport's copy; the journal and the personakt are the case system's. Content goes when both sides
have said that they have journaled; a thread's own facts go when its figures have been counted. Without the
municipality's decision nothing goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, exists, false, func, or_, select, true

from cases import tables as t
from cases.holds import held_spellings
from cases.record import Record
from cases.restore import AT as RESTORED_AT
from cases.retention_section import Limits, common_limits, limits_of
from cases.sealing import has_answers
from cases.thread import NO_CASE

CONTENT, THREAD, DRAFT, ACCOUNT, ROSTER = "content", "thread", "draft", "account", "roster"
# Why something stays, the reason that outweighs the others first.
NO_DECISION, RESTORED, HELD, NOT_JOURNALED, RELATED, LAST = (
    "no_decision", "restored", "held", "not_journaled", "related", "last",
)  # fmt: skip

# Holds that were placed after the backup are to be placed again before anything goes.
WAITS_AFTER_RESTORE = timedelta(days=7)

_NEVER_SENT = "discarded"
_THREAD, _PARTY, _TICK = t.thread.c, t.party.c, t.journaled.c
_OTHER = t.thread.alias("other")
_SIDES = ("sender", "receiver")  # the two hands; who has only been informed has nothing to journal


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Threads of one profile whose time is out in one way. `before` is care time (UTC)."""

    kind: str
    profile: str
    decision_ref: str
    before: datetime
    stays: tuple[tuple[str, ColumnElement[bool]], ...]  # (why, for whom), the first that holds is the reason

    def condition(self) -> ColumnElement[bool]:
        """Whose time is out. The unit is named for the index, which has what ended by unit and time."""
        ended = and_(_THREAD.sender_unit_id.in_(select(t.unit.c.id)), _THREAD.closed_at < self.before)
        return and_(ended, _THREAD.profile == self.profile, _is_kind(self.kind))

    def may_go(self) -> ColumnElement[bool]:
        """Whose time is out and whom nothing keeps."""
        return and_(self.condition(), *(~one for _, one in self.stays))


@dataclass(frozen=True, kw_only=True)
class Stays:
    """A thread that is kept past its time. Times are UTC."""

    thread_id: int
    kind: str
    closed_at: datetime
    why: str


def heaps(tx: Connection, record: Record, now: datetime) -> Iterator[Heap]:
    """Every kind of thread that retention speaks of, profile by profile. `now` is care time."""
    paused, held = is_paused(tx, now), _THREAD.case_ref.in_(held_spellings(tx, _THREAD.case_ref))
    for name, profile in record.profiles.items():
        limits = limits_of(profile, now)
        always = (
            (NO_DECISION, _all(not limits.decision_ref)),
            (RESTORED, _all(paused)),
            (HELD, held),
        )
        for kind, before, stays in (
            (CONTENT, limits.content, ((NOT_JOURNALED, _is_not_journaled()), (RELATED, _has_open_relatives()))),
            (DRAFT, limits.draft, _STRUCTURE),
            (THREAD, limits.metadata, ((NOT_JOURNALED, _is_sealed_and_not_journaled()), *_STRUCTURE)),
        ):
            yield Heap(
                kind=kind, profile=name, decision_ref=limits.decision_ref, before=before, stays=(*always, *stays)
            )


def due(tx: Connection, heap: Heap, most: int) -> list[int]:
    """Threads of the heap that may go, those that others came of after those that came of them."""
    return list(tx.scalars(select(_THREAD.id).where(heap.may_go()).order_by(_THREAD.id.desc()).limit(most)))


def how_many(tx: Connection, heap: Heap) -> int:
    """How many of the heap may go now."""
    return tx.scalar(select(func.count()).select_from(t.thread).where(heap.may_go())) or 0


def kept(tx: Connection, heap: Heap, most: int) -> list[Stays]:
    """Threads of the heap that stay past their time, the oldest first, each with its weightiest reason."""
    why = case(*((one, name) for name, one in heap.stays))
    found = tx.execute(
        select(_THREAD.id, _THREAD.closed_at, why.label("why"))
        .where(heap.condition(), or_(*(one for _, one in heap.stays)))
        .order_by(_THREAD.closed_at, _THREAD.id)
        .limit(most)
    )
    return [Stays(thread_id=row.id, kind=heap.kind, closed_at=row.closed_at, why=row.why) for row in found]


def how_many_stay(tx: Connection, heap: Heap) -> dict[str, int]:
    """How many of the heap stay past their time, by their weightiest reason."""
    why = case(*((one, name) for name, one in heap.stays)).label("why")
    found = select(why, func.count().label("number")).where(heap.condition(), or_(*(one for _, one in heap.stays)))
    return {row.why: row.number for row in tx.execute(found.group_by(why))}


def without_profile(tx: Connection, record: Record) -> int:
    """Ended threads whose profile is no longer there: nobody says how long they are to be kept."""
    query = select(func.count()).select_from(t.thread)
    gone = _THREAD.profile.not_in(list(record.profiles))
    return tx.scalar(query.where(gone, _THREAD.closed_at.is_not(None))) or 0


def is_paused(tx: Connection, now: datetime) -> bool:
    """Whether the record was restored so lately that holds may be missing."""
    restored = tx.scalar(select(t.setting.c.value).where(t.setting.c.key == RESTORED_AT))
    return restored is not None and now < datetime.fromisoformat(restored) + WAITS_AFTER_RESTORE


def common(tx: Connection, record: Record, now: datetime) -> Limits | None:
    """The limits of what belongs to no one profile: those in use decide together. None when nothing may go."""
    used = set(tx.scalars(select(t.unit.c.profile).distinct())) & record.profiles.keys()
    limits = common_limits([record.profiles[one] for one in sorted(used)], now) if used else None
    return None if limits is None or not limits.decision_ref or is_paused(tx, now) else limits


# --- conditions ---------------------------------------------------------------------------------------------------


def _all(holds: bool) -> ColumnElement[bool]:
    return true() if holds else false()


def _is_kind(kind: str) -> ColumnElement[bool]:
    has_content = exists().where(t.content.c.thread_id == _THREAD.id)
    if kind == CONTENT:  # what is about no case is nobody's, and goes with its thread
        return and_(has_content, ~_is_about_none())
    if kind == DRAFT:
        return _THREAD.state == _NEVER_SENT
    return and_(_THREAD.state != _NEVER_SENT, or_(~has_content, _is_about_none()))


def _is_about_none() -> ColumnElement[bool]:
    return cast(_THREAD.marks, Text).like(f'%"{NO_CASE}"%')


def _is_not_journaled() -> ColumnElement[bool]:
    """A unit that sent or received has not said that it has journaled; of what was never sent nobody says so."""
    ticked = exists().where(_TICK.thread_id == _PARTY.thread_id, _TICK.unit_id == _PARTY.unit_id)
    missing = exists().where(_PARTY.thread_id == _THREAD.id, _PARTY.side.in_(_SIDES), ~ticked)
    return and_(_THREAD.state != _NEVER_SENT, missing)


def _is_sealed_and_not_journaled() -> ColumnElement[bool]:
    """What was sealed keeps its answers elsewhere, and they stay for the same reason as any others."""
    return and_(has_answers(_THREAD.id), _is_not_journaled())


def _has_open_relatives() -> ColumnElement[bool]:
    """What it came of, or what has come of it, is still open: their cards and answers lean on this one."""
    is_open = _OTHER.c.closed_at.is_(None)
    came_of_it = exists().where(_OTHER.c.parent_id == _THREAD.id, is_open)
    return or_(came_of_it, exists().where(_OTHER.c.id == _THREAD.parent_id, is_open))


def _is_leant_on() -> ColumnElement[bool]:
    """Something has come of it that is still there, or what it came of is still open, or something of it is still to
    be sent."""
    came_of_it = exists().where(_OTHER.c.parent_id == _THREAD.id)
    open_parent = exists().where(_OTHER.c.id == _THREAD.parent_id, _OTHER.c.closed_at.is_(None))
    waits = [exists().where(one.c.thread_id == _THREAD.id, one.c.status == "waiting") for one in (t.outbox, t.errand)]
    return or_(came_of_it, open_parent, *waits)


def _is_last() -> ColumnElement[bool]:
    """The newest number of its kind: given to another, an old card in Teams would be about the wrong thread."""
    newest = select(func.max(_OTHER.c.id)).scalar_subquery()
    holds = [
        exists().where(one.c.thread_id == _THREAD.id, one.c.id == select(func.max(other.c.id)).scalar_subquery())
        for one, other in ((t.meeting, t.meeting.alias()), (t.meeting_series, t.meeting_series.alias()))
    ]
    return or_(_THREAD.id == newest, *holds)


_STRUCTURE = ((RELATED, _is_leant_on()), (LAST, _is_last()))
