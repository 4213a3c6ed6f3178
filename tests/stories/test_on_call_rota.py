"""The on-call rota is watched: nights that nobody has, and a jour of tonight who cannot be reached."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from municipality import Municipality
from nights import pass_of
from sqlalchemy import delete, update
from town import Resident, Town, instant

from bot.channel.errors import Blocked
from cases import people
from cases import tables as t
from cases.directory import roster_changed

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

GAP, PROBE = "Ingen har jouren. Öppna Stafett.", "Kontrollera kvällens jour. Öppna Stafett."
TONIGHT = "Du har jour i kväll. Öppna Stafett."


def time_passes(town: Town, *stops: str) -> None:
    """Stafett looks at each of these times, all of them in November 2026."""
    for stop in stops:
        town.until(f"2026-11-{stop}")
        town.do(town.occasions.look())
        town.settle()


def heard(who: Resident, toast: str) -> int:
    return who.toasts().count(toast)


def every_night(town: Town, *but: int) -> None:
    """Nils has every night for a month from Monday the 16th on, but those that begin on these days of November."""
    first = date(2026, 11, 16)
    for day in (first + timedelta(days=number) for number in range(30)):
        if (day.month, day.day) not in {(11, one) for one in but}:
            pass_of(town, f"{day} 07:00", f"{day + timedelta(days=1)} 07:00")


def test_a_night_that_nobody_has_is_told_of_seven_days_two_days_and_four_hours_ahead(town: Town) -> None:
    every_night(town, 24)
    time_passes(town, "16 09:00", "17 16:55")
    assert heard(town.maria, GAP) == 0
    time_passes(town, "17 17:00", "17 17:10", "18 12:00")
    assert heard(town.maria, GAP) == 1 and heard(town.karim, GAP) == 0, "a week ahead the manager is enough"
    words = town.maria.newest()
    assert "Hemtjänst Norr" in words and "Ingen: tis 24 nov kl. 17.00 till ons 25 nov kl. 07.00" in words
    assert "Lägg in någon i registrets blad jour." in words and "växeln, 08-465 004 99" in words
    time_passes(town, "22 16:55", "22 17:00")
    assert heard(town.maria, GAP) == 2 and heard(town.karim, GAP) == 1, "two days ahead the next in line hears it too"
    assert town.maria.chat()[-1].alerted, "it is Sunday, and the night is still nobody's"
    time_passes(town, "24 12:55", "24 13:00")
    assert heard(town.maria, GAP) == 3 and "Från kl. 17.00 i dag har ingen jouren." in town.maria.newest()
    time_passes(town, "24 18:00")
    assert heard(town.maria, GAP) == 3, "each step is said once"
    assert heard(town.birgitta, GAP) == 0, "the other unit has a rota of its own, or none"


@ONLY_SQLITE
def test_a_night_that_has_been_filled_is_not_told_of_again(town: Town) -> None:
    every_night(town, 24)
    time_passes(town, "16 09:00", "17 17:00")
    pass_of(town, "2026-11-24 17:00", "2026-11-25 07:00", who="karim")
    time_passes(town, "22 17:00", "24 13:00")
    assert heard(town.maria, GAP) == 1


@ONLY_SQLITE
def test_who_has_lost_every_role_in_the_unit_fills_no_night(town: Town) -> None:
    every_night(town)
    time_passes(town, "16 09:00", "18 19:00")
    assert heard(town.maria, GAP) == 0
    of_nils = t.role.c.person_id == town.nils.id
    town.store.transaction(lambda tx: (tx.execute(delete(t.role).where(of_nils)), roster_changed(tx)))
    assert not town.store.transaction(lambda tx: town.record.scene(tx)).directory.on_call("HT-NORR", town.clock.time)
    time_passes(town, "18 19:05")
    assert heard(town.maria, GAP) == 1 and heard(town.karim, GAP) == 1, "though the rota still has the name"
    assert "Just nu har ingen jouren" in town.maria.newest()


@ONLY_SQLITE
def test_nobody_is_on_call_tonight_because_the_rota_was_changed_this_afternoon(town: Town) -> None:
    every_night(town)
    time_passes(town, "16 09:00", "18 15:00")
    assert heard(town.maria, GAP) == 0
    starts = t.on_call.c.starts_at
    tonight = (starts > instant("2026-11-18 00:00")) & (starts < instant("2026-11-19 00:00"))
    town.store.transaction(lambda tx: (tx.execute(delete(t.on_call).where(tonight)), roster_changed(tx)))
    time_passes(town, "18 15:05")
    assert heard(town.maria, GAP) == heard(town.karim, GAP) == 1, "what comes up late is told at once, to all who lead"
    time_passes(town, "18 20:00")
    assert heard(town.maria, GAP) == 1
    town.anna.types("start")
    assert town.store.transaction(lambda tx: town.record.directory(tx).on_call("HT-NORR", town.clock.care())) == []


@ONLY_SQLITE
def test_a_manager_who_cannot_be_reached_is_not_the_only_one_to_be_told(town: Town) -> None:
    every_night(town, 24)
    town.teams.refuse[town.maria.conversation] = [Blocked("403 MessageWritesBlocked")]
    time_passes(town, "16 09:00", "17 17:00")
    assert heard(town.karim, GAP) == 1 and "Ingen: tis 24 nov" in town.karim.newest()


@ONLY_SQLITE
def test_a_unit_that_has_never_had_a_rota_in_stafett_is_left_alone(town: Town) -> None:
    time_passes(town, "16 09:00", "17 17:00", "22 17:00", "24 13:00")
    assert all(heard(one, toast) == 0 for one in town.residents.values() for toast in (GAP, PROBE))


@ONLY_SQLITE
def test_the_jour_of_tonight_is_told_in_the_afternoon_and_nobody_else_need_hear(town: Town) -> None:
    every_night(town)
    time_passes(town, "16 09:00", "17 13:59", "17 14:00", "17 14:10")
    assert heard(town.nils, TONIGHT) == 1 and not heard(town.maria, PROBE)
    words = town.nils.newest()
    assert "Passet: ons 18 nov kl. 07.00 till tor 19 nov kl. 07.00" in words and "070-174 06 05" in words
    assert "Byt pass" in town.nils.buttons()


@ONLY_SQLITE
def test_a_jour_who_has_blocked_the_bot_is_found_before_the_night(town: Town) -> None:
    pass_of(town, "2026-11-17 17:00", "2026-11-18 07:00")
    time_passes(town, "16 09:00", "17 13:59")
    town.teams.refuse[town.nils.conversation] = [Blocked("403 MessageWritesBlocked")] * 9
    time_passes(town, "17 14:00")
    assert heard(town.nils, TONIGHT) == 0 and heard(town.maria, PROBE) == 1
    words = town.maria.newest()
    assert "Nils Fors: tis 17 nov kl. 17.00 till ons 18 nov kl. 07.00, 070-174 06 05" in words
    assert "Nils Fors har blockerat Stafett i Teams" in words and "häva blockeringen" in words
    town.teams.refuse[town.nils.conversation] = []
    town.nils.types("hej")
    time_passes(town, "17 15:00")
    assert town.store.transaction(lambda tx: people.statuses(tx, [town.nils.id])) == {town.nils.id: "open"}
    assert heard(town.maria, PROBE) == 1


@ONLY_SQLITE
def test_a_jour_without_a_chat_and_without_a_number_is_told_of_on_a_saturday_too(town: Town) -> None:
    pass_of(town, "2026-11-21 16:00", "2026-11-22 07:00")
    time_passes(town, "16 09:00", "21 13:59")
    town.store.transaction(
        lambda tx: (
            people.forget_address(tx, town.nils.id),
            tx.execute(update(t.unit).values(on_call_phone=None)),
            roster_changed(tx),
        )
    )
    time_passes(town, "21 14:00")
    assert heard(town.maria, PROBE) == 1 and town.maria.chat()[-1].alerted
    assert "Stafett har ingen chatt med Nils Fors." in town.maria.newest()
    assert "Det finns inget telefonnummer till Nils Fors" in town.maria.newest()


@ONLY_SQLITE
def test_the_municipality_chooses_the_time_or_does_without(database: str, tmp_path: Path) -> None:
    own = '[on_call]\ngaps = false\nprobe_at = "10:30"'
    place = Municipality.of(database, tmp_path / "rutiner", "2026-11-16 09:00", own)
    with closing(place.town) as town:
        pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
        time_passes(town, "16 09:01", "16 10:30", "16 18:00")
        assert heard(town.nils, TONIGHT) == 1 and heard(town.maria, GAP) == 0
        place.decides("[on_call]\nprobe = false")
        pass_of(town, "2026-11-17 17:00", "2026-11-18 07:00")
        time_passes(town, "17 10:30", "17 14:00")
        assert heard(town.nils, TONIGHT) == 1
