"""`kill -9` right after the sender saw «Skickat»: the message reaches its receiver all the same.

Once, and twice only when the process died while its own send was out and not yet written down.
"""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
from cards import words_of
from process import Crash

LEASE_IS_OVER = 61.0  # seconds
NEW, REMINDER = "Brådskande: nytt meddelande", "Påminnelse"
DELIVERED = "Levererat till Anna Berg"
NOTHING, WAITING, LEASED, SENT = "nothing", "waiting", "leased", "sent"


@dataclass(frozen=True, kw_only=True)
class Kill:
    """Where the process dies, and what it leaves behind: the state of the receiver's row, and what she has got."""

    point: str
    left: str
    got: int = 0
    seen: bool = True  # the sender has seen «Skickat»
    hold: tuple[str, str, str] | None = None  # the connector keeps its answer to this
    half: bool = False
    clock: int | None = None  # the clock's signals on disk, when it is the clock that is cut off

    @property
    def cut(self) -> bool:
        """The send itself was cut: it had left, and its answer was not written down."""
        return self.left == LEASED and self.got == 1


ANNA, SARA = ("POST", "a:anna", ""), ("PUT", "a:sara", DELIVERED)
KILLS = (
    # The sender has seen nothing: Teams repeats the press.
    Kill(point="turn_open", left=NOTHING, seen=False),
    Kill(point="turn_committed", left=WAITING, seen=False),
    # The sender has seen «Skickat».
    Kill(point="answered", left=WAITING),
    Kill(point="claim_begun", left=WAITING),
    Kill(point="claim_open", left=WAITING),
    Kill(point="claim_committed", left=LEASED),
    Kill(point="post_leaving", left=LEASED),
    Kill(point="post_held", left=LEASED, got=1, hold=ANNA),
    Kill(point="post_half_answered", left=LEASED, got=1, hold=ANNA, half=True),
    Kill(point="post_answered", left=LEASED, got=1),
    Kill(point="sent_open", left=LEASED, got=1),
    Kill(point="sent_committed", left=SENT, got=1),
    Kill(point="update_held", left=SENT, got=1, hold=SARA),
    Kill(point="update_answered", left=SENT, got=1),
    Kill(point="fire_open", left=SENT, got=1, clock=0),
    Kill(point="fire_committed", left=SENT, got=1, clock=1),
)


def test_the_sender_has_seen_it_at_ten_points_at_least() -> None:
    assert len([kill for kill in KILLS if kill.seen]) >= 10


@pytest.mark.parametrize("kill", KILLS, ids=lambda kill: kill.point)
async def test_what_was_sent_arrives(crash: Crash, kill: Kill) -> None:
    await crash.up(stop_at=kill.point)
    await crash.sara.installs()
    await crash.anna.installs()
    await crash.sara.begins_urgent("NK-2041")
    await send_and_die(crash, kill)
    assert left_behind(crash) == kill.left
    assert len(crash.recorder.posts("a:anna", NEW)) == kill.got
    if kill.clock is not None:
        assert crash.corpse("SELECT count(*) FROM log WHERE by = 'clock'") == [(kill.clock,)]

    await crash.up(lead=LEASE_IS_OVER)
    if not kill.seen:
        await the_repeated_press_is_answered(crash)
    await crash.rest(clock_signals=0 if kill.clock is None else 1)
    all_is_well(crash, kill)

    before = told(crash)
    await the_repeated_press_is_answered(crash)
    await crash.rest()
    assert told(crash) == before, "a repeated press sends nothing"
    all_is_well(crash, kill)
    await crash.kill()
    with closing(sqlite3.connect(crash.path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def told(crash: Crash) -> int:
    """How much has been told. An older card that gives way to a newer one follows the newer one, and tells nothing."""
    return len([call for call in crash.recorder.calls if "ett nyare kort" not in words_of(call.card)])


async def send_and_die(crash: Crash, kill: Kill) -> None:
    """Press «Skicka», see what the sender sees, and die at the point."""
    crash.recorder.hold, crash.recorder.half = kill.hold, kill.half
    if not kill.seen:
        answer, _ = await asyncio.gather(crash.sara.presses("Skicka"), die(crash, kill))
        assert answer is None
        return
    card = await crash.sara.presses("Skicka")
    assert card is not None and "Läge: Skickat" in words_of(card)
    if kill.clock is not None:
        await crash.rest()
        await crash.forward(minutes=2)
    await die(crash, kill)


async def die(crash: Crash, kill: Kill) -> None:
    if kill.point == "answered":  # the process kills itself when the last byte is written
        await crash.gone()
        return
    if kill.hold:
        await crash.recorder.until(lambda: crash.recorder.held == 1)
    else:
        await crash.recorder.until(lambda: crash.recorder.said("halted") == [kill.point])
    await crash.kill()


def left_behind(crash: Crash) -> str:
    """What the killed process had on disk of the message."""
    if not crash.corpse("SELECT id FROM log WHERE signal = 'send'"):
        return NOTHING
    ((status, claimed),) = crash.corpse("SELECT status, claimed_until FROM outbox WHERE text = 'new'")
    return LEASED if status == WAITING and claimed else str(status)


async def the_repeated_press_is_answered(crash: Crash) -> None:
    card = await crash.sara.presses_again()
    assert card is not None and "Läge: Skickat" in words_of(card)


def all_is_well(crash: Crash, kill: Kill) -> None:
    """One thread, sent once; the receiver has it; the sender's card says so; nothing waits."""
    assert crash.rows("SELECT id, state FROM thread") == [(1, "sent")]
    assert crash.rows("SELECT count(*) FROM log WHERE signal = 'send'") == [(1,)]
    assert crash.rows("SELECT status FROM outbox WHERE text = 'new'") == [("sent",)]
    assert crash.rows("SELECT * FROM outbox WHERE status NOT IN ('sent', 'superseded')") == []
    got = len(crash.recorder.posts("a:anna", NEW))
    assert 1 <= got <= (2 if kill.cut else 1)
    sender_sees = [words_of(call.card) for call in crash.recorder.calls if call.is_like("PUT", "a:sara", "")]
    assert sender_sees, "the sender's card has not been changed"
    assert "Läge: Skickat" in sender_sees[-1] and DELIVERED in sender_sees[-1]
    reminders = 0 if kill.clock is None else 1
    assert len(crash.recorder.posts("a:anna", REMINDER)) == reminders
    assert crash.rows("SELECT count(*) FROM log WHERE by = 'clock'") == [(reminders,)]
