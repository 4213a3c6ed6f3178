"""The municipality changes its hours while deadlines run: nobody is reminded too early, and nothing is forgotten."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from municipality import Municipality, closed, short
from sqlalchemy import insert
from test_drafts import BEGIN
from test_question import karim_asks
from town import Town, instant

from cases import tables as t
from reminders.localtime import to_local

Opens = Callable[..., Municipality]


@pytest.fixture
def opens(database: str, tmp_path: Path) -> Iterator[Opens]:
    """Open a municipality at a time, with its own lines."""
    made: list[Municipality] = []

    def open_at(local: str, own: str = "") -> Municipality:
        made.append(Municipality.of(database, tmp_path / "rutiner", local, own))
        return made[-1]

    yield open_at
    for one in made:
        one.town.close()


def recomputed(town: Town) -> list[int]:
    return [row.thread_id for row in town.rows_of("log") if row.signal == "recompute"]


def local(when: Any) -> str:
    return f"{to_local(when):%Y-%m-%d %H:%M}"


# --- klämdagar ---------------------------------------------------------------------------------------------------


def test_the_office_will_be_closed_on_friday_and_it_is_told_on_thursday(opens: Opens) -> None:
    """«Kommunen stänger fredag (klämdag) – läggs in på torsdagen.» What was due on Friday is due on Monday."""
    kommun = opens("2026-11-13 09:00")
    town = kommun.town
    karim_asks(town)
    town.anna.presses("Läst")
    assert "senast fre 20 nov kl. 17.00" in town.anna.newest()
    town.until("2026-11-19 10:00")
    kommun.decides(closed("2026-11-20"))

    assert "senast mån 23 nov kl. 17.00" in town.anna.newest(), "the card says so at once"
    assert "senast mån 23 nov kl. 17.00" in town.karim.newest(), "and the sender's too"
    assert recomputed(town) == [1]
    heard = len(town.anna.chat())
    town.until("2026-11-23 08:59")
    assert len(town.anna.chat()) == heard, "nobody is told on the closed day, nor over the weekend"
    town.until("2026-11-23 09:00")
    assert "Sista dagen att lämna återkoppling." in town.anna.newest()
    assert "Skulle ha kommit" not in town.anna.newest()
    town.until("2026-11-24 08:59")
    assert town.eva.has_heard_nothing()
    town.until("2026-11-24 09:00")
    assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()


def test_a_closed_day_is_taken_back_and_what_was_due_meanwhile_is_said_at_once(opens: Opens) -> None:
    kommun = opens("2026-11-13 09:00", closed("2026-11-20"))
    town = kommun.town
    karim_asks(town)
    town.anna.presses("Läst")
    assert "senast mån 23 nov kl. 17.00" in town.anna.newest()
    town.until("2026-11-20 10:00")
    assert "Sista dagen" not in town.anna.newest()
    kommun.decides("")

    assert "Sista dagen att lämna återkoppling." in town.anna.newest()
    assert "Skulle ha kommit fre 20 nov kl. 09.00." in town.anna.newest()
    assert "senast fre 20 nov kl. 17.00" in town.anna.newest()
    heard = len(town.anna.chat())
    kommun.looks()
    town.until("2026-11-22 12:00")
    assert len(town.anna.chat()) == heard, "once"


def test_the_office_closes_at_two_the_same_day(opens: Opens) -> None:
    """An urgent message from ten to two has ten minutes left of the day: what comes after eleven is Monday's."""
    kommun = opens("2026-11-20 13:50")
    town = kommun.town
    town.karim.begins(
        "urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1] | {"extra_help_start_date": "2026-11-20"}
    )
    town.karim.presses("Skicka")
    town.until("2026-11-20 13:51")
    kommun.decides(short("2026-11-20", "14:00"))
    heard = len(town.karim.chat())
    town.until("2026-11-23 07:00")
    assert len(town.karim.chat()) == heard
    town.until("2026-11-23 07:01")
    assert len(town.karim.chat()) == heard + 1


def test_a_reminder_every_workday_skips_the_day_that_was_closed_at_short_notice(opens: Opens) -> None:
    kommun = opens("2026-11-16 09:00")
    town = kommun.town
    karim_asks(town)
    town.until("2026-11-26 10:00")
    heard = len(town.eva.chat())
    kommun.decides(closed("2026-11-27"))
    town.until("2026-11-30 08:59")
    assert len(town.eva.chat()) == heard
    town.until("2026-11-30 09:00")
    assert len(town.eva.chat()) == heard + 1


# --- every kind of rule ------------------------------------------------------------------------------------------

# Rule, what it counts from, the change, and local soft and hard times before and after it.
MOVED = [
    ("registration_cutoff", "2026-11-01", closed("2026-12-04"),
     "2026-12-04 17:00", "2026-12-04 23:59", "2026-12-03 17:00", "2026-12-04 23:59"),
    ("registration_cutoff", "2026-11-01", short("2026-12-04", "13:00"),
     "2026-12-04 17:00", "2026-12-04 23:59", "2026-12-04 13:00", "2026-12-04 23:59"),
    ("urgent_lasting", "2026-11-19T10:00:00+01:00", closed("2026-11-20"),
     "2026-11-20 17:00", "2026-11-20 23:59", "2026-11-23 17:00", "2026-11-23 23:59"),
    ("handover_simplified", "2026-11-24", closed("2026-11-20"),
     "2026-11-20 14:00", "2026-11-20 23:59", "2026-11-19 14:00", "2026-11-19 23:59"),
    ("handover_ordinary", "2026-11-21T10:00:00+01:00", closed("2026-11-20"),
     "2026-11-20 10:00", "2026-11-20 10:00", "2026-11-19 14:00", "2026-11-20 10:00"),
    ("second_meeting_day", "2026-11-19", closed("2026-11-20"),
     "2026-11-20 17:00", "2026-11-20 23:59", "2026-11-23 17:00", "2026-11-23 23:59"),
    ("meeting_case_list", "2026-11-26", closed("2026-11-20"),
     "2026-11-20 14:00", "2026-11-20 23:59", "2026-11-19 14:00", "2026-11-19 23:59"),
]  # fmt: skip
MEETINGS = """
[rules.second_meeting_day]
kind = "workdays_after"
n = 1
source = "Östhammar"
why = "Möte dag ett, justeringar dag två."
prompts = [{ step = "day_two", on = "soft", at = "09:00", tell = ["owner"], text = "feedback_day5" }]
[rules.meeting_case_list]
kind = "workdays_before"
n = 4
soft_at = "14:00"
meeting = true
source = "Östhammar"
why = "Listan skickas senast {n} arbetsdagar före."
prompts = [{ step = "due_day", on = "soft", at = "09:00", tell = ["owner"], text = "feedback_day5" }]
"""


def arms(town: Town, rule: str, basis: str) -> None:
    """A deadline of a thread, as it would have been armed now by the profile in use."""
    town.store.transaction(
        lambda tx: tx.execute(
            insert(t.deadline).values(
                thread_id=1, step="probe", round=1, rule=rule, basis=basis, rung=0, status="armed",
                due_at=instant("2026-12-24 09:00"), armed_at=town.clock.care(), profile_print="an older one",
            )
        )
    )  # fmt: skip


def probe(town: Town) -> Any:
    return next(row for row in town.rows_of("deadline") if row.step == "probe")


@pytest.mark.parametrize(("rule", "basis", "change", "soft", "hard", "new_soft", "new_hard"), MOVED)
def test_every_kind_of_rule_moves(
    opens: Opens, rule: str, basis: str, change: str, soft: str, hard: str, new_soft: str, new_hard: str
) -> None:
    kommun = opens("2026-11-16 09:00", MEETINGS)
    town = kommun.town
    karim_asks(town)
    arms(town, rule, basis)
    kommun.restarts()
    assert (local(probe(town).soft_at), local(probe(town).hard_at)) == (soft, hard)
    kommun.decides(f"{change}\n{MEETINGS}")
    assert (local(probe(town).soft_at), local(probe(town).hard_at)) == (new_soft, new_hard)
    assert probe(town).fault is None


def test_a_meeting_on_a_day_that_is_closed_keeps_its_times_until_it_is_moved(
    opens: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    """D24 refuses a meeting on a closed day. The deadline stands as it was, is marked, and is not forgotten."""
    kommun = opens("2026-11-16 09:00", MEETINGS)
    town = kommun.town
    karim_asks(town)
    arms(town, "meeting_case_list", "2026-11-26")
    kommun.restarts()
    before = probe(town)
    kommun.decides(f"{closed('2026-11-26')}\n{MEETINGS}")
    after = probe(town)
    assert (after.soft_at, after.hard_at, after.due_at) == (before.soft_at, before.hard_at, before.due_at)
    assert after.fault == "BadSince" and "keep their old times" in caplog.text
    kommun.decides(MEETINGS)
    assert probe(town).fault is None
