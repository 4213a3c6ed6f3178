"""Bringing the record back from a backup, and back into the present.

What happened after the backup is not known: messages were delivered, buttons pressed, threads begun. So nothing is
assumed to be done and nothing is sent blindly. What has become due meanwhile is given to the clock once, at the moment
of the restore, and of everything that would then be sent at most one message for each person and thread is left: the
most urgent, else the latest. Cards are drawn when they are sent, so that one message tells the whole of it. Every card
that the record knows of is drawn anew without a notification, and says that what came after the backup may be missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from cases import account, postgresql
from cases import tables as t
from cases.backup import BackupError, Manifest, check, load, revision
from cases.database import checked_url, sqlite_file
from cases.lanes import BULK
from cases.meeting import CANCELLED
from cases.record import Record
from cases.store import Store, migrations, sqlite_url
from cases.write import refresh
from reminders.deadlines import claim_due

RESTORED = account.RESTORED  # the mark on every thread that was open, and the failure of what was not sent
FROM, AT = "restored_from", "restored_at"  # in `setting`
_TOGETHER = 500
# Teams still holds cards of threads that are no longer known. Their numbers are not given to anybody else.
_NUMBERS_LEFT_OUT = 100_000

_BOX, _THREAD = t.outbox.c, t.thread.c
_WAITING = (
    select(_BOX.id, _BOX.thread_id, _BOX.person_id, _BOX.lane)
    .where(_BOX.status == "waiting", _BOX.kind == "message")
    .order_by(_BOX.lane, _BOX.original_due_at.is_not(None), _BOX.id.desc())
)
_LEFT_OUT = (
    update(t.outbox)
    .where(_BOX.id == bindparam("row"))
    .values(status="superseded", failure=RESTORED, finished_at=bindparam("now", type_=_BOX.finished_at.type))
)
_MARK = update(t.thread).where(_THREAD.id == bindparam("of")).values(marks=bindparam("to", type_=_THREAD.marks.type))


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came of it. `unguarded` are open threads without a deadline to come: there should be none."""

    manifest: Manifest
    open_threads: int
    fired: int
    to_send: int
    left_out: int
    unguarded: int
    kept: Path | None  # where the database that was there before lies now


def restore(url: str, file: Path, record: Record, now: datetime, machine_now: datetime, *, replace: bool) -> Restored:
    """Make the database at `url` what the backup holds, in one transaction. `now` is care time; both are UTC.

    A database that holds something is refused, unless `replace`; on SQLite it is then kept under another name.
    Raises: BackupError; the database is as it was.
    """
    manifest = check(file)
    path = sqlite_file(checked_url(url))
    try:
        if path is None:
            return _into(url, file, manifest, record, now, machine_now, replace=replace)
        return _beside(path, file, manifest, record, now, machine_now, replace=replace)
    except DBAPIError as fault:
        raise BackupError(f"Databasen går inte att använda: {type(fault.orig).__name__}. Inget har ändrats.") from fault


def _beside(
    path: Path, file: Path, manifest: Manifest, record: Record, now: datetime, machine_now: datetime, *, replace: bool
) -> Restored:
    """A new SQLite file is made whole before it takes the old one's place."""
    if path.exists() and not replace:
        _demand_empty(sqlite_url(path))
    draft = path.with_name(f".{path.name}.restoring")
    draft.unlink(missing_ok=True)
    try:
        done = _into(sqlite_url(draft), file, manifest, record, now, machine_now, replace=False)
        kept = _set_aside(path, machine_now)
        draft.rename(path)
    finally:
        for name in (draft, *_beside_it(draft)):
            name.unlink(missing_ok=True)
    return Restored(**{**vars(done), "kept": kept})


def _into(
    url: str, file: Path, manifest: Manifest, record: Record, now: datetime, machine_now: datetime, *, replace: bool
) -> Restored:
    store = Store(url)
    try:
        with store.engine.begin() as tx:
            if store.shared:
                postgresql.alone_in_migrating(tx)
                running = postgresql.others(tx)
                if running:
                    raise BackupError(f"Stafett är igång på databasen ({running} anslutningar). Stoppa den först.")
            config = migrations(tx)
            if manifest.revision not in {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}:
                raise BackupError("Säkerhetskopian är från en nyare Stafett. Installera den versionen först.")
            if not _is_empty(tx) and not replace:
                raise BackupError(_NOT_EMPTY)
            if revision(tx) is not None:
                command.downgrade(config, "base")
            command.upgrade(config, manifest.revision)
            load(tx, file)
            command.upgrade(config, "head")
            return _back_in_the_present(tx, manifest, record, now, machine_now)
    finally:
        store.close()


_NOT_EMPTY = (
    "Databasen är inte tom, så inget har ändrats. Lägg till --replace om säkerhetskopian ska ersätta det som finns."
)


def _demand_empty(url: str) -> None:
    store = Store(url)
    try:
        if not store.transaction(_is_empty):
            raise BackupError(_NOT_EMPTY)
    finally:
        store.close()


def _is_empty(tx: Connection) -> bool:
    if revision(tx) is None:
        return True
    return tx.scalar(select(_THREAD.id).limit(1)) is None and tx.scalar(select(t.person.c.id).limit(1)) is None


def _set_aside(path: Path, now: datetime) -> Path | None:
    """The database that was there is kept, with what has not yet been moved from its journal."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S}")
    for name, other in zip((path, *_beside_it(path)), (kept, *_beside_it(kept)), strict=True):
        if name.exists():
            name.rename(other)
    return kept


def _beside_it(path: Path) -> Sequence[Path]:
    return [path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm")]


# --- back in the present -----------------------------------------------------------------------------------------


def _back_in_the_present(
    tx: Connection, manifest: Manifest, record: Record, now: datetime, machine_now: datetime
) -> Restored:
    _let_go_of_leases(tx, machine_now)
    fired = _catch_up(tx, record, now, machine_now)
    left_out = _one_each(tx, machine_now)
    _leave_numbers_out(tx, now)
    open_threads = _say_on_every_card(tx, machine_now)
    _note(tx, manifest, now)
    waiting = select(func.count()).where(_BOX.status == "waiting", _BOX.kind == "message")
    armed = select(t.deadline.c.thread_id).where(t.deadline.c.status == "armed", t.deadline.c.due_at.is_not(None))
    unguarded = select(func.count()).where(
        _THREAD.closed_at.is_(None), (_THREAD.id.not_in(armed)) | _THREAD.owner_party_id.is_(None)
    )
    return Restored(
        manifest=manifest, open_threads=open_threads, fired=fired, to_send=tx.scalar(waiting) or 0, left_out=left_out,
        unguarded=tx.scalar(unguarded) or 0, kept=None,
    )  # fmt: skip


def _let_go_of_leases(tx: Connection, machine_now: datetime) -> None:
    """Whoever had taken a row is gone, and so are the reasons to wait."""
    tx.execute(update(t.outbox).where(_BOX.status == "waiting").values(claimed_until=None, not_before=machine_now))
    tx.execute(update(t.errand).where(t.errand.c.status == "waiting").values(claimed_until=None, retry_at=None))


def _catch_up(tx: Connection, record: Record, now: datetime, machine_now: datetime) -> int:
    """What became due since the backup is given to the clock, all of it, before anything is sent."""
    fired, before = 0, set[int]()
    while (rows := claim_due(tx, now, _TOGETHER)) and {row.id for row in rows} != before:
        before = {row.id for row in rows}
        fired += record.fire(tx, rows, now, machine_now)
    return fired


def _one_each(tx: Connection, machine_now: datetime) -> int:
    """Of what waits to be sent, one message for each person and thread: urgent before not, news before the clock's
    reminders of it, the latest first. Returns how many are left out."""
    seen: set[tuple[int, int]] = set()
    left_out = []
    for row in tx.execute(_WAITING):
        if (row.thread_id, row.person_id) in seen:
            left_out.append({"row": row.id, "now": machine_now})
        seen.add((row.thread_id, row.person_id))
    if left_out:
        tx.execute(_LEFT_OUT, left_out)
    return len(left_out)


def _say_on_every_card(tx: Connection, machine_now: datetime) -> int:
    """Every card of an open thread is drawn anew, in its own time and without a toast. How many threads are open."""
    threads = list(tx.execute(select(_THREAD.id, _THREAD.marks).where(_THREAD.closed_at.is_(None))))
    if threads:
        tx.execute(_MARK, [{"of": row.id, "to": sorted({*row.marks, RESTORED})} for row in threads])
    shown = select(t.card.c.thread_id, t.card.c.person_id).join(t.thread, _THREAD.id == t.card.c.thread_id)
    for row in tx.execute(shown.where(_THREAD.closed_at.is_(None))).all():
        refresh(tx, row.thread_id, row.person_id, machine_now)
    tx.execute(update(t.outbox).where(_BOX.status == "waiting", _BOX.kind == "update").values(lane=BULK))
    return len(threads)


def _leave_numbers_out(tx: Connection, now: datetime) -> None:
    """New threads are numbered far above those of the backup, so that no old card in Teams is about a new thread.

    So are meetings and series: a calendar knows an event by the number that it was made for.
    """
    numbered = [tx.scalar(select(func.max(table.c.id))) or 0 for table in (t.thread, t.meeting, t.meeting_series)]
    highest = max(numbered) + _NUMBERS_LEFT_OUT
    if tx.dialect.name == "postgresql":
        for name in ("thread", "meeting", "meeting_series"):
            tx.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), %(n)s)", {"n": highest})
        return
    # SQLite goes on from the highest number there is: one closed thread, which nobody has a part in, holds the place.
    sender, unit = tx.scalar(select(func.min(t.person.c.id))), tx.scalar(select(func.min(t.unit.c.id)))
    if sender is None or unit is None:
        return
    like: Any = tx.execute(select(_THREAD.flow, _THREAD.profile).order_by(_THREAD.id.desc()).limit(1)).first()
    flow, profile = (like.flow, like.profile) if like else ("-", "-")
    tx.execute(
        insert(t.thread).values(
            id=highest, flow=flow, profile=profile, state=RESTORED, version=0, case_ref="-", case_known=False,
            sender_id=sender, sender_unit_id=unit, sender_side="provider", marks=[RESTORED], opened_at=now,
            closed_at=now,
        )
    )  # fmt: skip
    like_none = {
        "id": highest, "thread_id": highest, "kind": "-", "organizer_id": sender, "mode": "on_site", "place": "",
        "status": CANCELLED, "revision": 0, "synced": 0,
    }  # fmt: skip
    tx.execute(insert(t.meeting).values(**like_none, slot=RESTORED, starts_at=now, ends_at=now))
    today = now.date()
    row = {**like_none, "weekday": 1, "at": now.time(), "minutes": 0, "first_day": today, "last_day": today}
    tx.execute(insert(t.meeting_series).values(**row))


def _note(tx: Connection, manifest: Manifest, now: datetime) -> None:
    for key, value in ((FROM, manifest.made_at), (AT, now)):
        tx.execute(t.setting.delete().where(t.setting.c.key == key))
        tx.execute(insert(t.setting).values(key=key, value=value.isoformat()))
    account.note(
        tx, now, person_id=None, action="config", outcome="done", signal=manifest.made_at.isoformat(timespec="seconds"),
        reason=RESTORED, channel=account.COMMAND,
    )  # fmt: skip
