"""Krav L01: nothing but pointers by default; more only by the municipality's own decisions, and never to a private
provider without a documented ground."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cards import words_of
from municipality import Municipality
from privacy_town import REFS, opens_dialog, profiles
from sqlalchemy import Connection, update
from town import Town, shipped
from ways_out import in_mode

from bot.cli import main
from cases import tables as t
from cases.directory import roster_changed

URGENT = {
    "need_category": "toilet", "noticed_by_role": "care_worker", "extra_help_start_date": "2026-11-16",
    "extra_help_start_time": "07:30",
}  # fmt: skip
APP_ID = "3f6d1c1e-0c5e-4b1e-9a51-6d6f0a3b7c11"
CONTENT = "Hjälp vid toalettbesök"


@pytest.fixture
def visa(database: str) -> Iterator[Town]:
    with closing(Town(database, record=in_mode(shipped(), "visa"))) as made:
        yield made


def run_privately(town: Town, **ground: str) -> None:
    """Hemtjänst Norr is run by somebody else than the committee."""

    def change(tx: Connection) -> None:
        tx.execute(update(t.unit).where(t.unit.c.id == "HT-NORR").values(provider_kind="privat_lov", **ground))
        roster_changed(tx)

    town.store.transaction(change)


def test_l01_pointers_are_the_default(town: Town) -> None:
    assert {one.section("privacy").mode for one in shipped().profiles.values()} == {"pekare"}
    town.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    town.sara.presses("Skicka")
    assert CONTENT not in repr(list(town.rows_of("content")))
    assert "Visa" not in town.anna.buttons() and CONTENT not in words_of(opens_dialog(town, "anna", 1).card)


@pytest.mark.parametrize("mode", ["visa", "chatt"])
@pytest.mark.parametrize("missing", REFS)
def test_l01_stafett_does_not_start_without_the_decisions(
    mode: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = profiles(tmp_path, mode, {**REFS, missing: "klart"})
    settings = {
        "ROUTINES": str(folder), "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}", "APP_ID": APP_ID,
        "TENANT_ID": APP_ID, "APP_PASSWORD": "hemligt",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"STAFETT_{name}", value)
    assert main(["serve"]) != 0
    told = capsys.readouterr().err
    assert f"norrkoping.toml: privacy.{missing}: krävs när mode är {mode}" in told
    assert not (tmp_path / "new.sqlite").exists(), "nothing has been begun"


def test_l01_a_running_server_never_begins_to_show_more(database: str, tmp_path: Path) -> None:
    kommun = Municipality.of(database, tmp_path / "rutiner", "2026-11-16 09:00")
    with closing(kommun.town) as town:
        refs = "".join(f'{name} = "{value}"\n' for name, value in REFS.items())
        kommun.decides(f'[privacy]\nmode = "visa"\n{refs}')
        assert town.record.profiles["norrkoping"].section("privacy").mode == "pekare"
        assert "privacy.mode: visar mer än förut (pekare → visa)" in kommun.routines.faults[0]
        refused = [(row.action, row.signal, row.reason) for row in town.rows_of("audit") if row.outcome == "refused"]
        assert refused == [("config", "profile", "norrkoping looser_mode")]


@pytest.mark.parametrize(
    ("ground", "is_shown"),
    [
        ({}, False),
        ({"disclosure_basis": "nodvandigt_utlamnande"}, False),
        ({"disclosure_basis": "samma_namnd", "disclosure_ref": "VON 2026/4"}, False),
        ({"disclosure_basis": "samtycke", "disclosure_ref": "VON 2026/4"}, False),
        ({"disclosure_basis": "nodvandigt_utlamnande", "disclosure_ref": "VON 2026/4"}, True),
        ({"disclosure_basis": "annan_lag", "disclosure_ref": "VON 2026/4", "mode_cap": "pekare"}, False),
    ],
)
def test_l01_a_private_provider_without_a_documented_ground_gets_pointers(
    visa: Town, ground: dict[str, str], is_shown: bool
) -> None:
    visa.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    visa.sara.presses("Skicka")
    for who in ("sara", "anna"):
        assert CONTENT in words_of(opens_dialog(visa, who, 1).card), "the committee's own, on both sides"
    run_privately(visa, **ground)
    for who in ("sara", "anna"):
        assert (CONTENT in words_of(opens_dialog(visa, who, 1).card)) == is_shown
