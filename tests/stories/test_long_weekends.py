"""Norrköping 5.7 over the long weekends: a grant on a night when the office opens first after three closed days."""

from pathlib import Path

import pytest
from nights import grants, pass_of, phoned
from town import Town

GOES_ON = "Hjälpen fortsätter."


@pytest.mark.parametrize(
    ("granted", "opens", "until", "left", "begun"),
    [
        ("2026-06-18 22:00", "2026-06-22", "mån 22 juni kl. 12.00", "86 tim kvar", "tor 18 juni"),
        ("2026-12-30 20:00", "2027-01-04", "mån 4 jan kl. 12.00", "112 tim kvar", "ons 30 dec"),
    ],
    ids=["midsummer", "new year"],
)
def test_a_grant_before_closed_days(
    tmp_path: Path, granted: str, opens: str, until: str, left: str, begun: str
) -> None:
    """Midsommarafton and nyårsafton are no vardagar, nor is Saturday: the jour's word holds until Monday at twelve."""
    town = Town(tmp_path, granted)
    try:
        pass_of(town, granted, f"{opens} 07:00")
        grants(town)
        assert f"Gäller till: {until} – {left}" in town.nils.newest()
        told = town.teams.sends
        town.until(f"{opens} 06:45")
        assert town.teams.sends == told, "nobody is woken during the closed days"
        for at, words in (("07:00", "Ta emot ärendet."), ("10:00", "Kl. 12 övergår ansvaret"), ("11:30", "Kl. 12")):
            town.until(f"{opens} {at}")
            assert words in town.anna.newest() and GOES_ON in town.anna.newest()
        town.until(f"{opens} 11:59")
        assert town.thread().state == "valid" and town.eva.has_heard_nothing()
        town.until(f"{opens} 12:00")
        assert town.thread().state == "responsibility_transferred"
        assert "Ansvaret ligger nu hos biståndshandläggaren." in town.eva.newest() and GOES_ON in town.eva.newest()
        town.johan.presses("Ta emot ärendet")
        assert f"dateras beslutet från {begun}" in town.johan.newest()
        town.johan.answers("Lämna besked om hjälpen", continued_help="granted")
        town.johan.answers("Jag har ringt", **phoned(town))
        town.johan.presses("Uppdraget är skickat")
        assert town.thread().is_closed
    finally:
        town.close()
