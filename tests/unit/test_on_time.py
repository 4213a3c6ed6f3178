"""How many of the routine's limits were kept: counted once, by whose they were."""

from datetime import date
from typing import Any

import pytest
from sealed import seals
from sqlalchemy import insert, select
from town import Town, instant

from bot.figures import Figures
from cases import disposal, on_time
from cases import tables as t
from cases.on_time import Figure
from cases.policy import Who
from reminders.localtime import Month

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LESS_HELP = {"change_kind": "level", "direction": "decreased", "consulted": "client", "described": "both"}
NOVEMBER = date(2026, 11, 1)


def figure(by_soft: int = 0, by_hard: int = 0, late: int = 0, open: int = 0, **named: Any) -> Figure:
    return Figure(
        **{"unit_id": "MYND", "month": NOVEMBER, "profile": "norrkoping", "rule": "feedback"} | named,
        by_soft=by_soft, by_hard=by_hard, late=late, open=open,
    )  # fmt: skip


def karim_tells(town: Town, case: str = "NK-2041") -> None:
    town.karim.begins("changed_need", case, **LESS_HELP)
    town.karim.presses("Skicka")


def counted(town: Town, unit: str = "MYND", rule: str = "feedback") -> list[Figure]:
    """What the night's count makes of it, as the round does it."""
    town.do(look(town))
    found = town.store.transaction(lambda tx: on_time.of_unit(tx, unit, Month(2026, 10), Month(2027, 3)))
    return [one for one in found if one.rule == rule]


async def look(town: Town) -> bool:
    figures = Figures(town.store, town.clock)
    figures.unhurried.in_haste()
    return await figures.look()


def test_handled_by_the_stricter_reading_the_lenient_one_and_late(town: Town) -> None:
    """«Senast» Monday 23 November 17.00, «Försenat efter» the end of that day."""
    for _ in range(3):
        karim_tells(town)
    for number, answered in enumerate(("2026-11-20 10:00", "2026-11-23 18:30", "2026-11-24 08:00"), start=1):
        town.until(answered)
        town.anna.types(town.thread(number).ref)
        town.anna.answers("Lämna återkoppling", action_code="home_visit")
    assert counted(town) == [figure(by_soft=1, by_hard=1, late=1)]
    assert counted(town, "HT-NORR") == [], "it was the assessor's to answer, not the sender's"


def test_late_and_open_until_it_is_handled_and_then_it_stays_in_the_month_that_it_was_due(town: Town) -> None:
    karim_tells(town)
    assert counted(town) == [], "what still has time is not settled"
    town.until("2026-11-24 09:30")
    assert counted(town) == [figure(open=1)]
    town.until("2026-12-02 10:00")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.until("2026-12-03 02:00")
    assert counted(town) == [figure(late=1)]


def test_each_is_counted_once_however_often_it_is_counted(town: Town) -> None:
    karim_tells(town)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    first = counted(town)
    for day in (17, 18):
        town.until(f"2026-11-{day} 02:00")
        assert town.do(look(town)) and not town.do(look(town)), "once a night"
    assert counted(town) == first == [figure(by_soft=1)]


def test_the_night_has_its_time_and_the_first_count_does_not_wait_for_it(town: Town) -> None:
    assert town.do(look(town)), "an installation begins with what it has"
    town.clock.time = instant("2026-11-17 01:29")
    assert not town.do(look(town))
    town.clock.time = instant("2026-11-17 01:30")
    assert town.do(look(town))
    assert town.store.transaction(on_time.counted_on) == date(2026, 11, 17)


def test_what_began_anew_before_it_was_late_is_not_settled(town: Town) -> None:
    karim_tells(town)
    (row,) = [one for one in town.rows_of("deadline") if one.step == "feedback"]

    def anew(tx: Any) -> None:
        now = instant("2026-11-18 09:00")
        ended = t.deadline.update().where(t.deadline.c.id == row.id)
        tx.execute(ended.values(status="disarmed", ended_at=now, unit_id="MYND"))
        again = {**row._mapping, "id": None, "round": 2, "armed_at": now}
        tx.execute(insert(t.deadline).values({name: value for name, value in again.items() if name != "id"}))

    town.store.transaction(anew)
    assert counted(town) == []


def test_own_default_times_and_drafts_are_not_counted(town: Town) -> None:
    town.karim.begins("changed_need", "NK-2041", **LESS_HELP)
    town.karim.presses("Kasta utkastet")
    assert counted(town, "HT-NORR", "draft") == []
    assert {one.rule for one in town.rows_of("deadline") if one.hard_at} >= {"draft"}, "it has a limit all the same"


def test_a_sealed_case_leaves_no_mark(town: Town) -> None:
    karim_tells(town)
    seals(town, "anna", 1)
    assert counted(town) == [] and counted(town, rule="message_read") == []
    assert town.store.transaction(lambda tx: on_time.count_ended(tx, town.clock.time)) == 0, "nor is it looked at again"


def test_what_is_disposed_of_is_counted_first(town: Town) -> None:
    karim_tells(town)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")

    def dispose(tx: Any) -> None:
        ids = list(tx.scalars(select(t.thread.c.id)))
        disposal._count(tx, ids, town.clock.time)

    town.store.transaction(dispose)
    rows = {(one.unit_id, one.rule, one.by_soft) for one in town.rows_of("on_time_figure")}
    assert ("MYND", "feedback", 1) in rows


def test_only_who_answers_for_a_unit_sees_its_figures(town: Town) -> None:
    directory = town.store.transaction(town.record.directory)
    sees = {
        who.key: on_time.shares(Who(person_id=who.id, directory=directory, now=town.clock.time))
        for who in town.residents.values()
    }
    assert {who: units for who, units in sees.items() if units} == {
        "maria": ["HT-NORR"], "birgitta": ["HT-SODER"], "eva": ["MYND"],
    }  # fmt: skip
