"""Writing down who is away, in the caller's transaction. What has not changed tells no process to read anew."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from cases import tables as t
from cases.away import ROSTER, Absence
from cases.directory import Directory, roster_changed

_CHECK, _ROW = t.absence_check.c, t.absence.c
_ASKED_ABOUT = frozenset({"needs_assessor", "lead_needs_assessor"})
_LONGEST_FAILURE = 40


def note(tx: Connection, person_id: int, found: Iterable[Absence], now: datetime) -> bool:
    """A source has answered: these periods and no others, beside what the roster says. `now` is machine time (UTC).

    Whether anything has changed by it.
    """
    wanted = sorted({(one.starts_at, one.ends_at, one.source) for one in found}, key=str)
    query = select(_ROW.starts_at, _ROW.ends_at, _ROW.source).where(_ROW.person_id == person_id, _ROW.source != ROSTER)
    stored = sorted(((one.starts_at, one.ends_at, one.source) for one in tx.execute(query)), key=str)
    if wanted != stored:
        tx.execute(delete(t.absence).where(_ROW.person_id == person_id, _ROW.source != ROSTER))
        rows = [{"person_id": person_id, "starts_at": a, "ends_at": b, "source": source} for a, b, source in wanted]
        if rows:
            tx.execute(insert(t.absence), rows)
    was_known = _checked(tx, person_id, now, known=True, failure=None)
    changed = wanted != stored or not was_known
    if changed:
        roster_changed(tx)
    return changed


def failed(tx: Connection, people: Collection[int], failure: str, now: datetime, since: datetime) -> bool:
    """No answer about these people. One from after `since` still holds; else it is unknown whether they are there. A
    period that was told of stays: it is asked about, never acted on alone. Both times are machine time (UTC).

    Whether anything has changed.
    """
    query = select(_CHECK.person_id).where(_CHECK.person_id.in_(people), _CHECK.known, _CHECK.fetched_at > since)
    silent = set(people) - set(tx.scalars(query))
    changed = False
    for who in sorted(silent):
        changed |= _became_unknown(tx, who, failure, now)
    if changed:
        roster_changed(tx)
    return changed


def forget(tx: Connection) -> bool:
    """No source is asked any more: what it has said goes, and nothing is claimed of anybody."""
    gone = tx.execute(delete(t.absence).where(_ROW.source != ROSTER)).rowcount
    gone += tx.execute(delete(t.absence_check)).rowcount
    if gone:
        roster_changed(tx)
    return bool(gone)


def forget_person(tx: Connection, person_ids: Collection[int]) -> None:
    """They are taken out of the record."""
    tx.execute(delete(t.absence).where(_ROW.person_id.in_(person_ids)))
    tx.execute(delete(t.absence_check).where(_CHECK.person_id.in_(person_ids)))


def to_ask(tx: Connection, directory: Directory, since: datetime, people: Sequence[int] | None = None) -> list[int]:
    """Whom to ask about who has not been asked about since then (machine time), the longest ago first: assessors, and
    everybody else who alone holds an open thread; or of these `people` alone."""
    wanted = _watched(tx, directory) if people is None else set(people)
    asked = {
        row.person_id: row.fetched_at
        for row in tx.execute(select(_CHECK.person_id, _CHECK.fetched_at).where(_CHECK.person_id.in_(wanted)))
    }
    late = [who for who in wanted if directory.is_active(who) and (who not in asked or asked[who] <= since)]
    return sorted(late, key=lambda who: (str(asked.get(who, "")), who))


def no_longer_asked(tx: Connection, directory: Directory) -> int:
    """Let go of what is kept about those whom nothing waits for any more; of how many."""
    kept = set(tx.scalars(select(_CHECK.person_id)))
    gone = kept - _watched(tx, directory)
    if gone:
        tx.execute(delete(t.absence).where(_ROW.person_id.in_(gone), _ROW.source != ROSTER))
        tx.execute(delete(t.absence_check).where(_CHECK.person_id.in_(gone)))
        roster_changed(tx)
    return len(gone)


def _watched(tx: Connection, directory: Directory) -> set[int]:
    party, thread = t.party.c, t.thread.c
    holders = select(party.person_id).join(t.thread, thread.owner_party_id == party.id)
    found = set(tx.scalars(holders.where(thread.closed_at.is_(None), party.person_id.is_not(None)).distinct()))
    for (_, role), people in directory.roles.items():
        if role in _ASKED_ABOUT:
            found |= set(people)
    return {who for who in found if directory.is_active(who)}


def _checked(tx: Connection, person_id: int, now: datetime, *, known: bool, failure: str | None) -> bool:
    """Note an answer or its absence; whether an answer was there before."""
    was = tx.execute(select(_CHECK.known).where(_CHECK.person_id == person_id)).first()
    values = {"fetched_at": now, "known": known, "failure": failure and failure[:_LONGEST_FAILURE]}
    if was is None:
        tx.execute(insert(t.absence_check).values(person_id=person_id, **values))
    else:
        tx.execute(update(t.absence_check).where(_CHECK.person_id == person_id).values(**values))
    return was is not None and bool(was.known)


def _became_unknown(tx: Connection, person_id: int, failure: str, now: datetime) -> bool:
    """Somebody who is unknown already stays so, and is asked about again in their turn."""
    first = tx.execute(select(_CHECK.known).where(_CHECK.person_id == person_id)).first()
    _checked(tx, person_id, now, known=False, failure=failure)
    return first is None or bool(first.known)
