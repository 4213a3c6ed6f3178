"""Working out armed deadlines anew when a profile has changed, in batches between which the process may stop.

Every armed deadline carries the fingerprint of the profile that its numbers come from. Those that carry none of the
present ones are worked out anew; which they are stands in their rows, so a batch that has been done is not done again,
whoever did it, and a pass that was cut off is simply begun once more.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from cases import account, load
from cases import tables as t
from cases.ladder import RECOMPUTE, is_stale, work_out_anew
from cases.limits import show_next_limit
from cases.modes import mode_set
from cases.telling import Change
from cases.thread import CLOCK, Armed, Signal, ThreadNow
from cases.write import write_anew
from reminders.profile import Profile

_LOG = logging.getLogger("stafett.recompute")

BATCH = 100  # deadlines of one transaction, which everybody else's may have to wait for
_LOOKED_AT = 2_000  # rows that one transaction looks through when few of them are stale: some hundredths of a second

_ROW = t.deadline.c
_STALE = (
    select(_ROW.id, _ROW.thread_id)
    .where(_ROW.id > bindparam("after"), _ROW.id <= bindparam("until"), _ROW.status == "armed")
    .where(_ROW.profile_print.not_in(bindparam("prints", expanding=True)))
    .order_by(_ROW.id)
    .limit(bindparam("limit"))
)
_LAST = select(func.max(_ROW.id))
_NOTED = select(t.setting.c.key, t.setting.c.value).where(t.setting.c.key.in_(bindparam("keys", expanding=True)))
_KEPT = select(t.setting.c.value).where(t.setting.c.key == bindparam("key")).with_for_update()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one transaction did. `after` is where the next one goes on, None when there is nothing left.

    `changed` counts threads with new numbers, `faults` deadlines that could not be worked out and keep the old ones.
    """

    after: int | None
    changed: int = 0
    faults: int = 0


def recompute(
    tx: Connection, profiles: Mapping[str, Profile], after: int, now: datetime, machine_now: datetime,
    limit: int = BATCH,
) -> Batch:  # fmt: skip
    """One batch of a pass over the armed deadlines that follow another profile than the present one.

    `after` is 0 in the beginning, then what the batch before gave. Threads are locked as for a signal, so a deadline
    that fires meanwhile and another replica's pass come before or after, never in between.
    """
    rows, following = _find(tx, profiles, after, limit)
    found = load.threads(tx, {row.thread_id for row in rows}, lock=True)
    changes: list[Change] = []
    redrawn: set[int] = set()
    faults = 0
    for thread in found.values():
        profile = profiles.get(thread.profile)
        if profile is None:  # its file has been taken away: the numbers stand
            faults += 1
            continue
        shown = _limit(thread)
        stale = [armed for armed in thread.deadlines.values() if is_stale(armed, profile)]
        changed = [_anew(armed, profile) for armed in stale]
        faults += sum(armed.fault is not None for armed in stale)
        if not any(changed):
            continue
        show_next_limit(thread, now)
        signal = Signal(thread_id=thread.id, name=RECOMPUTE, by=CLOCK)
        changes.append(Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state))
        if _limit(thread) != shown:
            redrawn.add(thread.id)
    write_anew(tx, list(found.values()), changes, redrawn, now, machine_now)
    return Batch(after=following, changed=len(changes), faults=faults)


def are_noted(tx: Connection, profiles: Mapping[str, Profile]) -> bool:
    """Whether a whole pass has been done by these very profiles before: then hardly any deadline follows another."""
    found = tx.execute(_NOTED, {"keys": [_key(name) for name in profiles]})
    noted = {row.key: row.value for row in found}
    return all(noted.get(_key(name)) == profile.prints.whole for name, profile in profiles.items())


def step_over(tx: Connection, profiles: Mapping[str, Profile], after: int) -> int | None:
    """Where a pass goes on when the next deadline alone cannot be written: behind it."""
    return _find(tx, profiles, after, 1)[1]


def note_profiles(tx: Connection, profiles: Mapping[str, Profile], now: datetime) -> list[str]:
    """A whole pass is done: keep each profile's fingerprint, and account for those that have changed. Their names."""
    changed = []
    for name, profile in sorted(profiles.items()):
        key = _key(name)
        known = tx.scalar(_KEPT, {"key": key})
        if known == profile.prints.whole:
            continue
        if known is None:
            tx.execute(insert(t.setting).values(key=key, value=profile.prints.whole))
        else:
            tx.execute(update(t.setting).where(t.setting.c.key == key).values(value=profile.prints.whole))
        reason = f"{name} {known or '-'} {profile.prints.whole} {mode_set(profile)}"
        account.note(
            tx, now, person_id=None, action="config", outcome="done", signal="profile", reason=reason,
            channel=account.ROUTINES,
        )  # fmt: skip
        changed.append(name)
    return changed


def _key(profile: str) -> str:
    return f"profile:{profile}"


def _find(
    tx: Connection, profiles: Mapping[str, Profile], after: int, limit: int
) -> tuple[Sequence[Row[int, int]], int | None]:
    """Stale deadlines behind `after`, and where to go on."""
    until = after + _LOOKED_AT
    prints = [profile.prints.time for profile in profiles.values()]
    rows = tx.execute(_STALE, {"after": after, "until": until, "prints": prints, "limit": limit}).all()
    following = rows[-1].id if len(rows) == limit else until
    last: int = tx.scalar(_LAST) or 0
    return rows, following if following < last else None


def _anew(armed: Armed, profile: Profile) -> bool:
    try:
        return work_out_anew(armed, profile)
    except Exception as error:  # one row that cannot be read must not hold up everybody else's
        _LOG.error("deadline %s cannot be worked out: %s", armed.id, type(error).__name__)
        armed.profile_print, armed.fault = profile.prints.time, type(error).__name__[:40]
        return True


def _limit(thread: ThreadNow) -> tuple[object, ...]:
    return (thread.due_step, thread.due_soft, thread.due_hard)
