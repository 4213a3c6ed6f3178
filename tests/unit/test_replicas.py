"""Several replicas on one PostgreSQL: nothing is done twice, nothing waits for a lock it need not, and word comes."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import pytest
from flow_walk import led_to, opened
from postgres import Server
from sqlalchemy import Connection, func, insert, select, text, update
from town import Town

from bot.channel.settings import ChannelSettings
from bot.channel.values import Answer, Incoming
from bot.clock import Clock
from bot.house import House, build_record
from bot.outbox import Outbox
from bot.replicas import Replicas, Role
from bot.turn import Turns
from cases import cards, load
from cases import tables as t
from cases.store import Store
from cases.thread import Actor, Signal
from dialogs.desk import Desk
from reminders.deadlines import claim_due

PATIENCE = 20  # seconds; only something broken takes them
DEMO = ChannelSettings(demo=True)


@pytest.fixture
def town(shared: str) -> Iterator[Town]:
    """The town, served by one replica."""
    made = Town(shared)
    yield made
    made.close()


@pytest.fixture
def other(shared: str) -> Iterator[Store]:
    """Another replica's connections to the same database."""
    made = Store(shared)
    yield made
    made.close()


class Held:
    """A transaction of another replica that stays open until it is let go."""

    def __init__(self, store: Store, work: Callable[[Connection], Any]) -> None:
        self._holds, self._let_go = Event(), Event()

        def held(tx: Connection) -> Any:
            found = work(tx)
            self._holds.set()
            assert self._let_go.wait(PATIENCE)
            return found

        self._done = store._threads.submit(store.transaction, held)
        assert self._holds.wait(PATIENCE)

    def let_go(self) -> Any:
        self._let_go.set()
        return self._done.result()


def make_due(town: Town) -> int:
    """Every armed deadline is due a minute ago; how many there are."""
    armed = update(t.deadline).where(t.deadline.c.status == "armed", t.deadline.c.due_at.is_not(None))
    when = town.clock.care() - timedelta(minutes=1)
    return town.store.transaction(lambda tx: tx.execute(armed.values(due_at=when)).rowcount)


# --- claims -----------------------------------------------------------------------------------------------------


def test_claims_of_deadlines_never_overlap(town: Town, other: Store) -> None:
    for _ in range(4):
        opened(town, "question")
    due = make_due(town)
    assert due >= 4
    now = town.clock.care()
    held = Held(other, lambda tx: {row.id for row in claim_due(tx, now, 2)})
    mine = {row.id for row in town.store.transaction(lambda tx: claim_due(tx, now, 100))}
    theirs = held.let_go()
    assert len(theirs) == 2
    assert len(mine) == due - 2
    assert not mine & theirs


def test_a_thread_that_another_replica_holds_is_left_for_later_and_nobody_waits(town: Town, other: Store) -> None:
    held_thread, free_thread = led_to(town, "question", "sent"), led_to(town, "question", "sent")
    make_due(town)
    before = {number: town.thread(number).version for number in (held_thread, free_thread)}
    held = Held(other, lambda tx: load.threads(tx, [held_thread], lock=True))
    town.store.transaction(town._fire)
    assert town.thread(free_thread).version > before[free_thread]
    assert town.thread(held_thread).version == before[held_thread]
    held.let_go()
    town.store.transaction(town._fire)
    assert town.thread(held_thread).version > before[held_thread], "it stayed due"


async def test_what_another_replica_holds_does_not_make_the_waker_spin(shared: str, other: Store) -> None:
    town = await asyncio.to_thread(Town, shared)
    number = await asyncio.to_thread(led_to, town, "question", "sent")
    make_due(town)
    house = House.build(Store(shared), build_record(), DEMO, town.clock)
    held = await asyncio.to_thread(Held, other, lambda tx: load.threads(tx, [number], lock=True))
    before, version = town.clock.own(), town.thread(number).version
    again = await house.look()
    assert town.thread(number).version == version
    assert again is not None
    assert again > before, "not at once: it would only find the same row held"
    await asyncio.to_thread(held.let_go)
    await house.look()
    assert town.thread(number).version > version
    await house.door.close()
    house.store.close()
    await asyncio.to_thread(town.close)


async def test_two_replicas_that_look_at_once_fire_each_deadline_once(shared: str) -> None:
    town = await asyncio.to_thread(Town, shared)
    numbers = [await asyncio.to_thread(led_to, town, "question", "sent") for _ in range(6)]
    due = make_due(town)
    houses = [House.build(Store(shared), build_record(), DEMO, town.clock) for _ in range(2)]
    await asyncio.gather(*(house.look() for house in houses for _ in range(3)))
    fired = select(t.log.c.thread_id, func.count()).where(t.log.c.by == "clock").group_by(t.log.c.thread_id)
    each = due // len(numbers)
    assert each >= 1
    assert town.store.transaction(lambda tx: dict(map(tuple, tx.execute(fired)))) == dict.fromkeys(numbers, each)
    for house in houses:
        await house.door.close()
        house.store.close()
    await asyncio.to_thread(town.close)


def test_two_replicas_that_drain_at_once_send_each_message_once(town: Town, other: Store) -> None:
    number = led_to(town, "question", "sent")
    now = town.clock.machine()
    sends = town.teams.sends
    rows = [
        {
            "key": f"test:{person}:{text}", "lane": 1, "kind": "message", "thread_id": number, "version": 9,
            "person_id": person, "text": text, "created_at": now, "not_before": now, "status": "waiting", "attempts": 0,
        }
        for person in range(1, 11)
        for text in ("new", "unread")
    ]  # fmt: skip
    town.store.transaction(lambda tx: tx.execute(insert(t.outbox), rows))
    second = Outbox(other, build_record(), town.teams, town.clock, inline=False)

    async def both() -> None:
        await asyncio.gather(town.outbox.drain(), second.drain())

    for _ in range(5):
        town.do(both())
        town.clock.time += timedelta(seconds=30)
    mine = select(t.outbox.c.status, t.outbox.c.external_id).where(t.outbox.c.key.like("test:%"))
    found = town.store.transaction(lambda tx: list(tx.execute(mine)))
    assert {row.status for row in found} <= {"sent", "superseded"}
    sent = [row.external_id for row in found if row.status == "sent"]
    assert sent
    messages = [message.id for chat in town.teams.chats.values() for message in chat]
    assert len(messages) == len(set(messages)), "no message was sent twice"
    assert town.teams.sends - sends == len(set(sent))


def test_a_card_sent_while_the_thread_moves_is_known_to_be_old(town: Town, other: Store) -> None:
    """Whoever has sent a card waits for the move that is being written, and then sees it: the card is drawn anew."""
    number = led_to(town, "question", "sent")
    take = Signal(thread_id=number, name="take", by=Actor.person(town.anna.id))
    held = Held(other, lambda tx: build_record().signal(tx, [take], town.clock.care(), town.clock.machine()))
    asked = town.store._threads.submit(town.store.transaction, lambda tx: cards.standing(tx, number, 1))
    until_somebody_waits(other)
    held.let_go()
    version, _ = asked.result(PATIENCE)
    latest = max((row for row in town.rows(t.log) if row.thread_id == number), key=lambda row: row.version)
    assert (latest.signal, latest.version) == ("take", version)


def until_somebody_waits(store: Store) -> None:
    """Until the server says that a session waits for another one's lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    end = monotonic() + PATIENCE
    while not store.transaction(lambda tx: tx.scalar(waiting)):
        assert monotonic() < end, "nobody waits"


# --- two presses ------------------------------------------------------------------------------------------------


def press(town: Town, label: str, activity_id: str) -> Incoming:
    """Anna's press of a button, not yet sent."""
    _, action = town.anna._button(label)
    assert town.last is not None
    return replace(
        town.last, activity_id=activity_id, kind="press", invoke=True, text="", data=dict(action["data"]),
        channel_user_id="29:anna", aad_object_id=f"00000000-0000-4000-8000-{town.anna.id:012d}", user_name="anna",
        address=town.anna.address(), reply_to_id=town.anna.chat()[-1].id,
    )  # fmt: skip


def pressed_on_both(town: Town, other: Store, first: Incoming, second: Incoming) -> list[Answer]:
    record = build_record()
    theirs = Turns(other, Desk(record), town.clock, look=town.teams.member, changed=lambda _due: None)

    async def both() -> list[Answer]:
        return await asyncio.gather(town.turns.handle(first), theirs.handle(second))

    return town.do(both())


@pytest.mark.parametrize("again", ["the same activity", "two presses"])
def test_the_same_button_on_two_replicas_at_once_is_one_move(town: Town, other: Store, again: str) -> None:
    number = led_to(town, "question", "sent")
    first = press(town, "Ta ärendet", "x1")
    second = first if again == "the same activity" else replace(first, activity_id="x2")
    answers = pressed_on_both(town, other, first, second)
    assert all(answer.card is not None for answer in answers)
    assert town.thread(number).state == "taken"
    takes = select(func.count()).select_from(t.log).where(t.log.c.signal == "take")
    assert town.store.transaction(lambda tx: tx.scalar(takes)) == 1


def test_a_press_and_the_clock_at_once_do_not_wait_for_each_other(town: Town, other: Store) -> None:
    """The press has the thread when its deadline is claimed: the clock goes on, the press ends the deadline."""
    number = led_to(town, "question", "sent")
    make_due(town)
    claimed = Held(other, lambda tx: town.record.fire(tx, claim_due(tx, town.clock.care(), 100), town.clock.care(),
                                                     town.clock.machine()))  # fmt: skip
    claimed.let_go()
    version = town.thread(number).version
    town.do(town.turns.handle(press(town, "Ta ärendet", "x1")))
    assert town.thread(number).state == "taken"
    assert town.thread(number).version > version


# --- word of what has been written ------------------------------------------------------------------------------


class Woken:
    """Counts the words that come."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    async def comes(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.event.wait()
        self.event.clear()


async def test_a_commit_in_one_replica_wakes_the_others(shared: str, postgres_server: Server) -> None:
    woken = Woken()
    stores = [Store(shared), Store(shared)]
    web = Replicas(stores[0], Clock(), lambda: None, listens=False)
    worker = Replicas(stores[1], Clock(), woken.event.set, listens=True)
    web.start()
    worker.start()
    await woken.comes()  # it listens
    web.tell()
    await woken.comes()
    postgres_server.cut(shared)  # the listener's line as well
    await woken.comes()  # it listens again, and looks at what it may have missed
    web.tell()
    await woken.comes()
    for replica, store in zip((web, worker), stores, strict=True):
        await replica.stop()
        store.close()


async def test_what_is_written_by_a_web_process_is_done_by_a_worker(shared: str) -> None:
    """A press on the one is followed by a look of the other, long before it would have looked by itself."""
    town = await asyncio.to_thread(Town, shared)
    web, worker = (
        House.build(Store(shared), build_record(), DEMO, Clock(), role=role) for role in (Role.WEB, Role.WORKER)
    )
    await web.start()
    await worker.start()
    assert worker.health.alive()
    assert web.health.alive()
    routes = [{route.resource.canonical for route in house.app().router.routes() if route.resource} for house in
              (web, worker)]  # fmt: skip
    assert "/api/messages" in routes[0] - routes[1]
    assert "/healthz" in routes[0] & routes[1]
    looked = Woken()
    worker.waker._look = _noting(worker.look, looked)
    web.replicas.tell()
    await looked.comes()
    assert web.waker._task is None, "a web process watches no deadlines"
    for house in (web, worker):
        await house.stop()
    await asyncio.to_thread(town.close)


def _noting(look: Callable[[], Any], looked: Woken) -> Callable[[], Any]:
    async def noted() -> Any:
        found = await look()
        looked.event.set()
        return found

    return noted
