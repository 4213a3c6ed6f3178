"""The biståndsmöten that nobody has planned for next month: the assessors are reminded in the middle of the month, and
a week later whoever leads them as well (Östhammar, D23). It is Monday 2 November 2026."""

from collections.abc import Iterator

import pytest
from osthammar_town import osthammar
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TOAST = "Påminnelse: biståndsmöten. Öppna Stafett."


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with osthammar(database, "2026-11-02 09:00") as made:
        made.do(made.occasions.look())
        yield made


def looks(town: Town, *stops: str) -> None:
    for stop in stops:
        town.until(stop)
        town.do(town.occasions.look())
        town.settle()


def plans(town: Town, unit: str, day: str) -> None:
    town.anna.types("biståndsmöte")
    town.anna.presses("Fortsätt", receiving_unit=unit, starts_date=day, starts_time="09:00", mode="on_site")
    town.anna.presses("Kalla till mötet")


def test_the_assessors_are_reminded_and_then_the_lead_until_it_is_planned(town: Town) -> None:
    plans(town, "HT-SODER", "2026-12-01")
    looks(town, "2026-11-16 08:59")
    assert TOAST not in town.johan.toasts()
    looks(town, "2026-11-16 09:00")  # the fifteenth is a Sunday
    for one in (town.anna, town.johan):
        words = one.newest()
        assert one.toasts()[-1] == TOAST
        assert "Biståndsmötet i december 2026 är inte planerat med:" in words
        assert "Hemtjänst Norr" in words and "Hemtjänst Söder" not in words
    assert TOAST not in town.eva.toasts()
    looks(town, "2026-11-23 09:00")
    assert TOAST in town.eva.toasts() and town.anna.toasts().count(TOAST) == 2
    town.anna.presses("Kalla till biståndsmöte")
    assert "Vilken hemtjänst hålls mötet med?" in town.anna.newest()


def test_what_is_planned_is_not_reminded_of_and_a_pair_counts_for_its_first_day(town: Town) -> None:
    plans(town, "HT-SODER", "2026-12-15")
    plans(town, "HT-NORR", "2026-11-30")  # day two is in December
    looks(town, "2026-11-16 09:00")
    assert "Hemtjänst Norr" in town.anna.newest() and "Hemtjänst Söder" not in town.anna.newest()
    plans(town, "HT-NORR", "2026-12-30")
    looks(town, "2026-11-23 09:00")
    assert [one.toasts().count(TOAST) for one in (town.anna, town.eva)] == [1, 0]


def test_one_that_is_called_off_or_only_drafted_is_not_planned(town: Town) -> None:
    for unit in ("HT-SODER", "HT-NORR"):
        plans(town, unit, "2026-12-15")
    town.anna.presses("Ställ in mötet")
    looks(town, "2026-11-16 09:00")
    assert "Hemtjänst Norr" in town.anna.newest() and "Hemtjänst Söder" not in town.anna.newest()


def test_planned_before_the_card_is_sent_it_says_nothing(town: Town) -> None:
    looks(town, "2026-11-16 08:59")
    for unit in ("HT-SODER", "HT-NORR"):
        plans(town, unit, "2026-12-15")
    looks(town, "2026-11-16 09:00", "2026-11-23 09:00")
    assert TOAST not in town.anna.toasts()
