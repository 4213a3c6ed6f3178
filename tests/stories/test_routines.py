"""A profile is changed while the server runs: it is taken into use whole or not at all, and accounted for."""

import asyncio
import gc
import os
import signal
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from municipality import Municipality, closed, watching, write
from sqlalchemy import select
from test_question import karim_asks
from town import Town

from bot.house import build_record
from bot.settings import Settings, SettingsError
from cases import tables as t
from reminders.profile import FOLDER, load_profile


@pytest.fixture
def kommun(database: str, tmp_path: Path) -> Iterator[Municipality]:
    made = Municipality.of(database, tmp_path / "rutiner", "2026-11-16 09:00")
    yield made
    made.town.close()


def account(town: Town) -> list[str]:
    return [row.reason for row in town.rows_of("audit") if row.action == "config"]


def kept(town: Town) -> dict[str, str]:
    return {row.key: row.value for row in town.rows_of("setting")}


def numbers(town: Town) -> list[Any]:
    return [(row.step, row.soft_at, row.due_at) for row in town.rows_of("deadline")]


# --- right or not at all -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("[rules.feedback]\nn = 'fem'", "norrkoping.toml: rules.feedback.n: ska vara ett heltal"),
        (
            "[calendar]\nextra_closed_days = ['fredag']",
            "norrkoping.toml: calendar.extra_closed_days: ska vara en lista",
        ),
        ("[calender]\n", "norrkoping.toml: calender: okänd nyckel"),
        ("[rules.feedback]\noff = true", "norrkoping.toml: rules.feedback: saknas; flödena question, changed_need"),
        ("[rules.still_open]\noff = true", "norrkoping.toml: rules.still_open: saknas"),
        ("[rules", "norrkoping.toml: filen går inte att läsa som TOML"),
    ],
)
def test_a_profile_with_a_fault_is_not_taken_into_use(
    kommun: Municipality, caplog: pytest.LogCaptureFixture, own: str, told: str
) -> None:
    town = kommun.town
    karim_asks(town)
    before, profile, accounted = numbers(town), town.record.profiles["norrkoping"], account(town)
    notices: set[str] = set()
    kommun.routines._notices = notices
    kommun.decides(own)
    critical = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert len(critical) == 1 and told in critical[0], "it says in which file, where, and what is allowed"
    assert notices == {"profiles"} and told in kommun.routines.faults[0]
    assert town.record.profiles["norrkoping"] is profile
    assert numbers(town) == before and account(town) == accounted
    kommun.looks()
    assert len([record for record in caplog.records if record.levelname == "CRITICAL"]) == 1, "said once"

    kommun.decides(closed("2026-11-20"))
    assert not notices and not kommun.routines.faults
    assert numbers(town) != before


def test_one_municipality_s_fault_does_not_hold_up_another(kommun: Municipality) -> None:
    (kommun.folder / "lund.toml").write_text('extends = "_standard"\ntitle = 3\n', encoding="utf-8")
    kommun.decides(closed("2026-11-20"))
    profiles = kommun.town.record.profiles
    assert not profiles["norrkoping"].calendar.is_workday(date(2026, 11, 20))
    assert "lund" not in profiles and "lund.toml: title" in kommun.routines.faults[0]
    (kommun.folder / "lund.toml").write_text('extends = "_standard"\ntitle = "Lund"\n', encoding="utf-8")
    kommun.looks()
    assert kommun.town.record.profiles["lund"].title == "Lund"


def test_a_file_that_is_taken_away_stays_in_use_until_the_next_start(kommun: Municipality) -> None:
    (kommun.folder / "norrkoping.toml").unlink()
    kommun.looks()
    karim_asks(kommun.town)
    assert "norrkoping.toml: filen är borta" in kommun.routines.faults[0]
    kommun.town.until("2026-11-19 09:00")
    assert {row.attempts for row in kommun.town.rows_of("deadline")} == {0}


def test_a_file_that_is_being_written_waits_until_it_has_been(kommun: Municipality) -> None:
    """The first half of a file may look like a whole one."""
    profile = kommun.town.record.profiles["norrkoping"]

    async def half_then_whole() -> None:
        write(kommun.folder, "[calendar]\n")
        looking = asyncio.create_task(kommun.routines.look())
        while kommun.routines._seen == (seen := kommun.routines._seen) and not looking.done():
            write(kommun.folder, f"[calendar]\nextra_closed_days = [] # {seen}{os.urandom(8).hex()}")
            await asyncio.sleep(0)
        await looking

    kommun.town.do(half_then_whole())
    assert kommun.town.record.profiles["norrkoping"] is profile
    kommun.decides(closed("2026-11-20"))
    assert kommun.town.record.profiles["norrkoping"] is not profile


# --- accounts ----------------------------------------------------------------------------------------------------


def test_a_change_is_accounted_for_by_fingerprints_and_never_by_contents(kommun: Municipality) -> None:
    town = kommun.town
    karim_asks(town)
    first = town.record.profiles["norrkoping"].prints.whole
    assert account(town) == [f"norrkoping - {first} pekare"] and kept(town)["profile:norrkoping"] == first
    kommun.decides(closed("2026-11-20"))
    second = town.record.profiles["norrkoping"].prints.whole
    assert account(town)[1:] == [f"norrkoping {first} {second} pekare"]
    kommun.looks()
    kommun.restarts()
    assert len(account(town)) == 2, "nothing changed, so nothing is accounted for"
    changed = [row for row in town.rows_of("log") if row.signal == "recompute"]
    assert [(row.by, row.person_id, row.from_state == row.to_state) for row in changed] == [("clock", None, True)]
    assert changed[0].version == town.thread().version


def test_what_no_deadline_depends_on_touches_no_deadline(kommun: Municipality) -> None:
    town = kommun.town
    karim_asks(town)
    before = town.rows_of("deadline")
    kommun.decides('[terms]\nclient = "den enskilde"')
    assert town.record.profiles["norrkoping"].section("terms").client == "den enskilde"
    assert town.rows_of("deadline") == before and len(account(town)) == 2
    assert not [row for row in town.rows_of("log") if row.signal == "recompute"]


def test_only_the_cards_of_threads_whose_limit_moved_are_drawn_anew(kommun: Municipality) -> None:
    town = kommun.town
    karim_asks(town)
    town.anna.presses("Läst")
    town.lena.begins("handover_simplified", "NK-2077", handover_date="2026-12-18")
    before = {row.id for row in town.rows_of("outbox")}
    kommun.decides(closed("2026-11-20"))
    new = [row for row in town.rows_of("outbox") if row.id not in before]
    assert {(row.thread_id, row.kind, row.lane) for row in new} == {(1, "update", 2)}
    assert {row.person_id for row in new} == {town.anna.id, town.karim.id}
    assert [row.thread_id for row in town.rows_of("log") if row.signal == "recompute"] == [1]


def test_a_reminder_that_moves_while_the_limit_stands_draws_no_card(kommun: Municipality) -> None:
    town = kommun.town
    karim_asks(town)
    town.anna.presses("Läst")
    before = len(town.rows_of("outbox"))
    later = '{ step = "day3", workdays = 3, at = "10:00", tell = ["owner"], text = "feedback_day3" }'
    kommun.decides(f"[rules.feedback]\nprompts = [{later}]")
    assert [row.thread_id for row in town.rows_of("log") if row.signal == "recompute"] == [1]
    assert len(town.rows_of("outbox")) == before


# --- the server --------------------------------------------------------------------------------------------------


def test_the_old_profile_is_forgotten(kommun: Municipality) -> None:
    town = kommun.town
    karim_asks(town)
    old = weakref.ref(town.record.profiles["norrkoping"])
    kommun.decides(closed("2026-11-20"))
    town.anna.presses("Läst")
    gc.collect()
    assert old() is None, "no cache keeps it"


def test_a_hangup_makes_the_server_look_at_once(kommun: Municipality) -> None:
    routines = watching(kommun.town, kommun.folder)
    routines.first = 0.0

    async def run() -> None:
        routines.obey_hangup()
        routines.start()
        while routines._passes == 3:  # until the first look is over, and it waits a minute for the next
            await kommun.town.store.run(_keys)
        write(kommun.folder, closed("2026-11-20"))
        before = kommun.town.record.profiles["norrkoping"]
        os.kill(os.getpid(), signal.SIGHUP)
        async with asyncio.timeout(20):
            while kommun.town.record.profiles["norrkoping"] is before:
                await kommun.town.store.run(_keys)
        await routines.stop()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)

    kommun.town.do(run())


def _keys(tx: Any) -> set[str]:
    return set(tx.scalars(select(t.setting.c.key)))


def test_a_folder_of_ones_own_needs_only_what_is_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lund.toml").write_text('extends = "norrkoping"\ntitle = "Lund"\n', encoding="utf-8")
    monkeypatch.setenv("STAFETT_ROUTINES", str(tmp_path))
    folder = Settings().profiles()
    assert set(build_record(folder).profiles) == {"lund"}
    shipped, own = load_profile("norrkoping"), load_profile("lund", folder)
    assert own.rules.keys() == shipped.rules.keys() and own.title == "Lund"
    monkeypatch.delenv("STAFETT_ROUTINES")
    assert Settings().profiles() is None and set(build_record(None).profiles) == {
        path.stem for path in FOLDER.glob("[!_]*.toml")
    }


def test_a_folder_without_profiles_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFETT_ROUTINES", str(tmp_path))
    with pytest.raises(SettingsError, match="STAFETT_ROUTINES ska vara en mapp med minst en profil"):
        Settings().profiles()
