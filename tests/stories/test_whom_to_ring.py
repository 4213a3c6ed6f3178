"""Whom a card says to ring: the unit in its hours, else the one on call, by the routine's own rule (`D05`)."""

from pathlib import Path

import pytest
from town import Town

from dialogs.phoning import phone_route
from dialogs.view import View


@pytest.mark.parametrize(
    ("local", "who"),
    [
        ("2026-03-30 16:30", ("Hemtjänst Norr", "08-465 004 01")),  # summer time is not the summer of the routine
        ("2026-06-01 15:59", ("Hemtjänst Norr", "08-465 004 01")),
        ("2026-06-01 16:00", ("jouren", "070-174 06 05")),
        ("2026-11-21 10:00", ("jouren", "070-174 06 05")),  # Saturday
    ],
)
def test_the_unit_by_day_and_the_one_on_call_else(tmp_path: Path, local: str, who: tuple[str, str]) -> None:
    town = Town(tmp_path, local)
    try:
        town.anna.begins("question", "NK-2041", category="assignment")
        assert town.store.transaction(lambda tx: phone_route(_seen(town, tx))) == who
    finally:
        town.close()


def _seen(town: Town, tx: object) -> View:
    now = town.clock.time
    return town.desk.view_of(town.desk.visit(tx, town.anna.id, now, now), 1)  # type: ignore[arg-type]
