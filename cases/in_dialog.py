"""The card, in a person's chat, of a thread that they have made or moved in a dialog, where it does not lie."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from cases import tables as t
from cases.write import post_again

# Whoever goes on from the form sends within this time; whoever closed the dialog finds the draft in the chat.
_LEFT_AFTER = timedelta(seconds=90)


def left_open(tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime) -> None:
    """A draft is shown in a dialog: should it be closed, the draft comes into the chat in a while (machine time)."""
    at = machine_now + _LEFT_AFTER
    if not _moved(tx, thread_id, version, person_id, at):
        post_again(tx, thread_id, version, person_id, machine_now, _key(thread_id, person_id), at)


def settled(tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime) -> None:
    """What was done in the dialog is done: the thread's card comes into the chat now, once."""
    if not _moved(tx, thread_id, version, person_id, machine_now):
        post_again(tx, thread_id, version, person_id, machine_now)


def _moved(tx: Connection, thread_id: int, version: int, person_id: int, at: datetime) -> bool:
    """Whether a card was on its way already, and now comes at this time instead."""
    row = t.outbox.c
    waits = update(t.outbox).where(
        row.key == _key(thread_id, person_id), row.status == "waiting", row.claimed_until.is_(None)
    )
    return tx.execute(waits.values(version=version, not_before=at)).rowcount > 0


def _key(thread_id: int, person_id: int) -> str:
    return f"d:{thread_id}:{person_id}"
