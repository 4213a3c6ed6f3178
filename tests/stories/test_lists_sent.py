"""The lists that come by themselves: to whoever has the pass, when it begins and when it ends; and a unit's day."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from municipality import Municipality
from people import on_call
from test_lists import asks, sends_urgent
from town import Resident, Town, instant

from bot.channel.errors import Blocked
from bot.errand.lists import ListDoor
from bot.occasions import Occasions
from bot.throttle import Throttle
from dialogs import lists_pass

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DAY = "Dagens läge i enheten. Öppna Stafett."
BEGUN, ENDING = "Ditt jourpass har börjat. Öppna Stafett.", "Ditt jourpass slutar snart. Öppna Stafett."


def passes(town: Town, who: Resident, begin: str, end: str, unit: str = "HT-NORR") -> None:
    town.store.transaction(lambda tx: on_call(tx, who.id, unit, instant(begin), instant(end)))


def time_passes(town: Town, *stops: str) -> None:
    """Stafett looks for lists at each of these times."""
    for stop in stops:
        town.until(stop)
        town.do(town.occasions.look())
        town.settle()


def of_passes(town: Town) -> list[Any]:
    """The errands that are lists of a pass."""
    return [row for row in town.rows_of("errand") if row.what.startswith("pass")]


def test_the_pass_begins_with_what_is_open_and_ends_with_what_is_handed_over(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    urgent = sends_urgent(town.sara)
    waits = asks(town.karim)
    time_passes(town, "2026-11-16 16:59")
    assert BEGUN not in town.nils.toasts()
    time_passes(town, "2026-11-16 17:00")
    assert town.nils.toasts()[-1] == BEGUN
    words = town.nils.newest()
    assert "Hemtjänst Norr, till tis 17 nov kl. 07.00" in words and "1 brådskande är öppet." in words
    assert urgent in words and "Hos Anna Berg" in words and waits not in words
    assert town.nils.chat()[-1].alerted, "whoever has the pass is on duty"
    town.nils.presses(f"Öppna {urgent}")
    assert "NK-2041" in town.nils.newest()
    time_passes(town, "2026-11-17 06:29", "2026-11-17 06:30")
    assert town.nils.toasts()[-1] == ENDING and urgent in town.nils.newest()
    time_passes(town, "2026-11-17 07:00")
    town.nils.types(urgent)
    assert "Det finns inget meddelande" in town.nils.newest(), "the access ends with the pass"
    assert [town.nils.toasts().count(one) for one in (BEGUN, ENDING)] == [1, 1]


@ONLY_SQLITE
def test_a_quiet_night_is_said_to_be_quiet(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    time_passes(town, "2026-11-16 17:00")
    assert "Inget brådskande är öppet." in town.nils.newest()
    assert "Du har inget jourpass just nu." not in town.nils.newest()
    town.karim.types("jour")
    assert "Du har inget jourpass just nu." in town.karim.newest()


@ONLY_SQLITE
def test_everything_urgent_is_counted_however_much_else_is_due_before_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_pass, "_AT_A_TIME", 1)
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    asks(town.karim)
    town.until("2026-11-16 16:30")
    urgent = [sends_urgent(town.sara, "NK-2041"), sends_urgent(town.sara, "NK-2042")]
    town.until("2026-11-16 17:00")
    town.nils.types("jour")
    assert "2 brådskande är öppna." in town.nils.newest() and all(ref in town.nils.newest() for ref in urgent)


@ONLY_SQLITE
def test_a_list_comes_once_over_a_restart_and_over_replicas(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    town.until("2026-11-16 17:00")
    other = Occasions(town.store, town.record, town.clock, added=lambda: None)
    assert [town.do(one.look()) > 0 for one in (town.occasions, other)] == [True, False]
    town.settle()
    town.clock.time += timedelta(seconds=30)
    town.occasions = Occasions(town.store, town.record, town.clock, added=lambda: None)
    assert town.do(town.occasions.look()) == 0
    town.settle()
    assert town.nils.toasts().count(BEGUN) == 1


@ONLY_SQLITE
def test_what_was_missed_while_stafett_was_stopped_comes_late_or_not_at_all(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    passes(town, town.lena, "2026-11-17 17:00", "2026-11-18 07:00")
    town.down_until("2026-11-17 18:00")
    town.do(town.occasions.look())
    town.settle()
    assert BEGUN not in town.nils.toasts() and ENDING not in town.nils.toasts(), "that pass is over"
    assert {row.status for row in town.rows_of("errand") if row.person_id == town.nils.id} == {"superseded"}


@ONLY_SQLITE
def test_who_cannot_be_reached_is_not_tried_for_ever(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    town.teams.refuse[town.nils.conversation] = [Blocked("403 MessageWritesBlocked")]
    time_passes(town, "2026-11-16 17:00")
    row, instead = of_passes(town)
    assert (row.status, row.failure) == ("undeliverable", "403 MessageWritesBlocked")
    assert (instead.person_id, instead.status) == (town.maria.id, "sent")
    assert "Listan till jouren kom inte fram. Öppna Stafett." in town.maria.toasts()
    assert town.maria.sees("Jour: Nils Fors, 070-174 06 05, till tis 17 nov kl. 07.00")
    town.nils.types("jour")
    assert "Jour: öppet just nu" in town.nils.newest(), "whoever writes can still ask"


@ONLY_SQLITE
def test_a_list_leaves_the_room_that_is_kept_for_the_urgent(town: Town) -> None:
    """A tenant that has no room to spare is waited for, and the list is put off, not lost."""
    time_passes(town, "2026-11-16 09:00")
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-17 07:00")
    full = Throttle(town.clock.steady())
    full.divide(1_000)  # a thousandth of the tenant's limit: the next call is half a minute away
    for number in range(8):
        full.spend(f"a:{number}", town.clock.steady())
    town.doors = [ListDoor(town.record, town.clock, town.teams, lambda: full)]
    town.clock.time = instant("2026-11-16 17:00")
    full.room(town.clock.steady())
    full.spend("a:9", town.clock.steady())
    full.spend("a:10", town.clock.steady())
    town.do(town.occasions.look())
    town.settle()
    assert BEGUN not in town.nils.toasts()
    assert [row.status for row in of_passes(town)] == ["waiting"]


@ONLY_SQLITE
def test_the_day_comes_at_opening_where_the_profile_wants_it(database: str, tmp_path: Path) -> None:
    place = Municipality.of(database, tmp_path / "rutiner", "2026-11-16 09:00", "[lists]\nday_at_opening = true")
    with closing(place.town) as town:
        sends_urgent(town.sara)
        time_passes(town, "2026-11-16 09:30", "2026-11-17 07:00")
        assert DAY in town.maria.toasts() and town.maria.sees("Öppet i allt: 1")
        assert DAY not in town.karim.toasts()
        time_passes(town, "2026-11-21 07:00", "2026-11-22 07:00")
        assert town.maria.toasts().count(DAY) == 1, "nobody wants last Friday's"
        time_passes(town, "2026-11-23 07:00")
        assert town.maria.toasts().count(DAY) == 2
