"""Faults that last, come in twos or are our own: nobody waits in silence, and nothing is asked for ever."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from people import aad
from sqlalchemy import Connection, insert, select, update
from test_delivery import sara_sends
from town import Town

from bot.channel.errors import ChannelError, DisabledByAdmin, Passing, Refused, StaleAddress, Throttled
from bot.channel.settings import ChannelSettings
from bot.channel.values import Address, Member
from bot.house import House
from cases import inbound, people
from cases import tables as t
from cases.directory import roster_changed
from cases.thread import thread_id, thread_ref


def passes(town: Town, minutes: int) -> None:
    for _ in range(minutes * 12):
        town.clock.time += timedelta(seconds=5)
        town.settle()


def messages(town: Town, resident: str) -> list[Any]:
    wanted = town.residents[resident].id
    return [row for row in town.rows_of("outbox") if row.person_id == wanted and row.kind == "message"]


def signals(town: Town, name: str) -> int:
    return sum(row.signal == name for row in town.rows_of("log"))


def change(town: Town, statement: Any) -> None:
    town.store.transaction(lambda tx: tx.execute(statement))


# --- a human is told ---------------------------------------------------------------------------------------------


def test_two_of_a_queue_who_both_fail_do_not_vouch_for_each_other(town: Town) -> None:
    for who in (town.anna, town.johan):
        town.teams.refuse[who.conversation] = [Passing("502") for _ in range(600)]
    sara_sends(town, "NK-2090")
    assert not town.sara.sees("Inte levererat")
    passes(town, 5)
    assert town.sara.sees("Inte levererat – ring")
    passes(town, 20)
    waiting = [*messages(town, "anna"), *messages(town, "johan")]
    assert signals(town, "undeliverable") == 2, "once for each of them, however often they are reminded"
    assert {row.status for row in waiting} == {"waiting", "superseded"}, "and we go on trying, with the latest reminder"


def test_a_colleague_who_got_it_is_enough(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Passing("502") for _ in range(30)]
    sara_sends(town, "NK-2090")
    passes(town, 5)
    assert town.johan.sees("NK-2090")
    assert not town.sara.sees("Inte levererat") and signals(town, "undeliverable") == 0


def test_a_row_that_cannot_be_drawn_is_told_of_once_and_set_aside_in_the_end(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.teams.refuse[town.anna.conversation] = [Throttled("429", 10.0)]
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    change(town, update(t.outbox).where(t.outbox.c.person_id == town.anna.id).values(text="no such text"))
    passes(town, 5)
    assert town.karim.sees("Inte levererat – ring")
    assert [(row.status, row.failure) for row in messages(town, "anna")] == [("waiting", "undrawable;told")]
    passes(town, 20)
    assert signals(town, "undeliverable") == 1
    assert [(row.status, row.failure) for row in messages(town, "anna")] == [("set_aside", "undrawable;told")]
    assert "is set aside" in caplog.text and "CRITICAL" in {record.levelname for record in caplog.records}


def test_a_send_that_fails_for_an_unknown_reason_is_told_of(town: Town) -> None:
    unknown: Any = [KeyError("x") for _ in range(20)]
    town.teams.refuse[town.anna.conversation] = unknown
    sara_sends(town)
    passes(town, 5)
    assert town.sara.sees("Inte levererat – ring") and signals(town, "undeliverable") == 1


@pytest.mark.parametrize(
    "answer", [Refused("401"), Refused("token invalid_client"), DisabledByAdmin("403 BotDisabledByAdmin")]
)
def test_when_the_bot_itself_is_refused_nothing_is_given_up(
    town: Town, answer: ChannelError, caplog: pytest.LogCaptureFixture
) -> None:
    town.teams.refuse[town.anna.conversation] = [answer for _ in range(7)]
    sara_sends(town)
    assert [row.status for row in messages(town, "anna")] == ["waiting"]
    assert "CRITICAL" in {record.levelname for record in caplog.records}
    passes(town, 2)
    assert town.sara.sees("Inte levererat – ring"), "it is urgent"
    passes(town, 10)
    assert town.anna.sees("NK-2041"), "the bot was let in again"


# --- a lost conversation -----------------------------------------------------------------------------------------


def test_a_passing_fault_while_the_conversation_is_opened_anew_is_a_retry(town: Town) -> None:
    once = [Throttled("429", 5.0)]
    opened = town.teams.open_conversation

    async def busy(service_url: str, tenant_id: str, member_id: str) -> Address:
        if once:
            raise once.pop()
        return await opened(service_url, tenant_id, member_id)

    town.teams.open_conversation = busy  # type: ignore[method-assign]
    town.teams.refuse[town.anna.conversation] = [StaleAddress("404"), StaleAddress("404")]
    sara_sends(town)
    assert [(row.status, row.failure) for row in messages(town, "anna")] == [("waiting", "429")]
    assert town.anna.id in {row.person_id for row in town.rows_of("conversation")}
    passes(town, 1)
    assert town.anna.sees("NK-2041") and not town.sara.sees("Inte levererat")


def test_a_conversation_lost_after_a_passing_fault_is_still_opened_anew(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Passing("502"), StaleAddress("404"), Passing("502")]
    sara_sends(town)
    passes(town, 1)
    assert town.anna.sees("NK-2041") and not town.sara.sees("Inte levererat")


def test_it_is_opened_anew_once(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [StaleAddress("404"), Passing("502"), StaleAddress("404")]
    sara_sends(town)
    passes(town, 1)
    assert [row.status for row in messages(town, "anna")][:1] == ["undeliverable"]
    assert town.sara.sees("Inte levererat – ring")


# --- pacing ------------------------------------------------------------------------------------------------------


def test_when_teams_asks_for_a_pause_everything_to_that_person_waits(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Throttled("429", 120.0)]
    sara_sends(town)
    until = town.clock.time + timedelta(seconds=120)
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    assert messages(town, "anna")[0].not_before == until
    assert [row.attempts for row in messages(town, "anna")] == [1, 0], "the other was not tried"
    town.clock.time = until
    town.settle()
    assert town.anna.sees("NK-2041")


def test_another_senders_lease_is_not_waited_for_by_asking_all_the_time(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Throttled("429", 10.0)]
    sara_sends(town)
    leased = town.clock.time + timedelta(seconds=60)
    values = {"not_before": town.clock.time, "person_id": town.anna.id}
    row = dict(messages(town, "anna")[0]._mapping)
    first = row.pop("id")
    change(town, insert(t.outbox).values({**row, **values, "id": first + 1000, "key": "other"}))
    change(town, update(t.outbox).where(t.outbox.c.key == row["key"]).values(claimed_until=leased))
    town.settle()
    assert town.do(town.outbox._until_next()) >= 0.25


# --- the roster --------------------------------------------------------------------------------------------------


def test_a_new_user_name_does_not_lock_anybody_out(town: Town) -> None:
    """What the import does when a user name changes: a new row, and the old one is no longer active."""

    def renamed(tx: Connection) -> None:
        tx.execute(update(t.person).where(t.person.c.id == town.sara.id).values(active=False, upn=None))
        tx.execute(insert(t.person).values(id=77, upn="sara.ny@exempel.invalid", name="Sara Ny", active=True))
        tx.execute(insert(t.role).values(person_id=77, unit_id="HT-NORR", role="care_worker"))
        roster_changed(tx)

    async def look(_address: Address, user_id: str) -> Member:
        return Member(id=user_id, aad_object_id=aad(town.sara.id), name="Sara Ny", upn="sara.ny@exempel.invalid")

    town.store.transaction(renamed)
    town.turns._look = look
    for _ in range(2):
        town.sara.types("start")
        assert "Du är omvårdnadspersonal, Hemtjänst Norr." in town.sara.newest()
    bound = {row.id: (row.aad_object_id, row.channel_user_id) for row in town.rows_of("person")}
    assert bound[77] == (aad(town.sara.id), "29:sara")
    assert bound[town.sara.id] == (None, None)


def test_an_id_of_another_active_person_stays_theirs(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    change(town, update(t.person).where(t.person.c.id == town.eva.id).values(aad_object_id=None, channel_user_id=None))
    town.store.transaction(
        lambda tx: people.bind(tx, town.eva.id, aad_object_id=aad(town.anna.id), channel_user_id="29:anna")
    )
    bound = {row.id: (row.aad_object_id, row.channel_user_id) for row in town.rows_of("person")}
    assert bound[town.anna.id] == (aad(town.anna.id), "29:anna") and bound[town.eva.id] == (None, None)
    assert "is not bound" in caplog.text
    assert aad(town.anna.id) not in caplog.text and "29:anna" not in caplog.text


def test_every_reference_can_be_typed_as_it_is_read() -> None:
    for number in range(1, 20_001):
        ref = thread_ref(number)
        assert thread_id(ref) == thread_id(ref.replace("-", "")) == thread_id(ref[3:]) == number, ref
        assert thread_id(f" {ref.lower()} ") == number


# --- the clock ---------------------------------------------------------------------------------------------------


async def _looked(town: Town, times: int = 1) -> datetime | None:
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
    found = None
    for _ in range(times):
        found = await house.look()
    await house.door.close()
    return found


def armed(town: Town, number: int) -> dict[str, Any]:
    return {row.step: row for row in town.rows_of("deadline") if row.thread_id == number and row.status == "armed"}


@pytest.mark.parametrize("left_over", ["closed", "vanished"])
def test_a_deadline_that_its_thread_does_not_own_up_to_lapses(town: Town, left_over: str) -> None:
    sara_sends(town)
    if left_over == "closed":
        town.karim.forges(verb="do", thread=1, signal="withdraw")
    else:
        change(town, update(t.deadline).values(thread_id=999))
    change(town, update(t.deadline).values(status="armed", due_at=town.clock.time))
    assert town.do(_looked(town)) is None, "and the look came to an end"
    assert {row.status for row in town.rows_of("deadline")} == {"lapsed"}


def test_a_deadline_that_cannot_be_planned_takes_nothing_else_with_it(town: Town) -> None:
    sara_sends(town)
    sara_sends(town, "NK-2042")
    before = armed(town, 1)
    change(town, update(t.deadline).values(due_at=town.clock.time))
    change(town, update(t.deadline).where(t.deadline.c.id == before["read"].id).values(basis="oläsligt"))
    town.do(_looked(town))
    bad = armed(town, 1)["read"]
    assert (bad.attempts, bad.due_at) == (1, town.clock.time + timedelta(minutes=1))
    for other in (armed(town, 1)["untaken"], *armed(town, 2).values()):
        assert other.attempts == 0 and other.due_at != town.clock.time, "fired"
    assert [row.thread_id for row in town.rows_of("log") if row.by == "clock"].count(1) == 1


# The log of the first thread takes nothing more.
LOG_REFUSES = {
    "sqlite": "CREATE TRIGGER refuses BEFORE INSERT ON log WHEN NEW.thread_id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END",
    "postgresql": """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER refuses BEFORE INSERT ON log FOR EACH ROW WHEN (NEW.thread_id = 1) EXECUTE FUNCTION refuse()
    """,
}
LOG_ACCEPTS = {"sqlite": "DROP TRIGGER refuses", "postgresql": "DROP TRIGGER refuses ON log"}


def test_a_thread_that_cannot_be_written_does_not_hold_up_the_others(town: Town) -> None:
    sara_sends(town)
    sara_sends(town, "NK-2042")
    steps = armed(town, 1).keys()
    town.store.transaction(lambda tx: tx.exec_driver_sql(LOG_REFUSES[tx.dialect.name]))
    change(town, update(t.deadline).values(due_at=town.clock.time))
    town.do(_looked(town))
    assert {step: row.attempts for step, row in armed(town, 1).items()} == dict.fromkeys(steps, 1)
    assert {row.attempts for row in armed(town, 2).values()} == {0}
    assert [row.thread_id for row in town.rows_of("log") if row.by == "clock"] == [2, 2]
    town.store.transaction(lambda tx: tx.exec_driver_sql(LOG_ACCEPTS[tx.dialect.name]))
    town.clock.time += timedelta(minutes=1)
    town.do(_looked(town))
    assert {row.thread_id for row in town.rows_of("log") if row.by == "clock"} == {1, 2}, "and it catches up"


def test_old_activities_are_forgotten_every_day_and_not_only_at_the_start(town: Town) -> None:
    async def run() -> None:
        house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
        house.tidy_every = timedelta(milliseconds=1)
        await house.start()
        await town.store.run(lambda tx: inbound.is_new(tx, "old", None, town.clock.time - timedelta(days=3)))
        async with asyncio.timeout(20):
            while await town.store.run(
                lambda tx: tx.scalar(select(t.inbound.c.at).where(t.inbound.c.activity_key == "old"))
            ):
                pass
        await house.stop()

    town.do(run())
