"""What may be shown of a thread: the municipality's mode, the provider's ground, and the person's consent to the one
disclosure."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cards import words_of
from nights import extends, moment, pass_of
from privacy_town import opens_dialog
from roster_sheets import faults, right, sheets, with_cell
from sqlalchemy import Connection, update
from town import Town, shipped
from ways_out import in_mode

from cases import tables as t
from cases.directory import Unit, roster_changed
from cases.modes import cap_of, needs_consent, strictest

GROUND = {"disclosure_basis": "annan_lag", "disclosure_ref": "VON 2026/4"}
CONSENT = {"disclosure_basis": "samtycke", "disclosure_ref": "VON 2026/5"}
UNIT = Unit(
    id="P", name="Privata", kind="home_care", profile="norrkoping", provider_kind="privat_lov", authority_unit_id="M",
    phone="", on_call_phone=None, last_resort_role="", last_resort_phone="",
)  # fmt: skip
URGENT = {
    "need_category": "toilet", "noticed_by_role": "care_worker", "extra_help_start_date": "2026-11-16",
    "extra_help_start_time": "07:30",
}  # fmt: skip
CONTENT = "Hjälp vid toalettbesök"


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    with closing(Town(tmp_path, record=in_mode(shipped(), "visa"))) as made:
        yield made


def is_run(town: Town, unit_id: str, provider_kind: str = "privat_lov", **ground: str) -> None:
    def change(tx: Connection) -> None:
        tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(provider_kind=provider_kind, **ground))
        roster_changed(tx)

    town.store.transaction(change)


# --- the cap -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "cap", "consented"),
    [
        (replace(UNIT, provider_kind="egen_regi"), "chatt", "chatt"),
        (replace(UNIT, provider_kind="egen_regi", mode_cap="visa"), "visa", "visa"),
        (UNIT, "pekare", "pekare"),
        (replace(UNIT, provider_kind="annan_namnd"), "pekare", "pekare"),
        (replace(UNIT, disclosure_basis="annan_lag"), "pekare", "pekare"),
        (replace(UNIT, disclosure_ref="VON 2026/4"), "pekare", "pekare"),
        (replace(UNIT, **GROUND), "chatt", "chatt"),
        (replace(UNIT, **GROUND, mode_cap="pekare"), "pekare", "pekare"),
        (replace(UNIT, **CONSENT), "pekare", "chatt"),
        (replace(UNIT, **CONSENT, mode_cap="visa"), "pekare", "visa"),
        (replace(UNIT, disclosure_basis="samma_namnd", disclosure_ref="VON 2026/4"), "pekare", "pekare"),
    ],
)
def test_the_most_that_may_be_shown_of_what_a_unit_takes_part_in(unit: Unit, cap: str, consented: str) -> None:
    assert (cap_of(unit), cap_of(unit, consented=True)) == (cap, consented)
    assert needs_consent(unit) == (cap != consented)


def test_the_strictest_of_several_holds() -> None:
    assert strictest(["chatt", "visa"]) == "visa" and strictest(["visa", "pekare", "chatt"]) == "pekare"


# --- the roster --------------------------------------------------------------------------------------------------


def test_the_ground_and_its_decision_are_read() -> None:
    cells = {
        "driftsform": "privat LOV", "grund_for_utlamnande": "Nödvändigt utlämnande",
        "beslut_om_utlamnande": "VON 2026/4", "hogsta_lage": "Visa",
    }  # fmt: skip
    unit = right(with_cell(sheets(), "enheter", 2, **cells)).units[0]
    assert unit.disclosure_basis == "nodvandigt_utlamnande"
    assert (unit.disclosure_ref, unit.mode_cap) == ("VON 2026/4", "visa")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"driftsform": "privat LOV", "grund_for_utlamnande": "samma nämnd", "beslut_om_utlamnande": "1"}, "egen regi"),
        ({"driftsform": "annan nämnd", "grund_for_utlamnande": "samtycke"}, "grunden saknar beslut"),
        ({"driftsform": "privat LOV", "beslut_om_utlamnande": "VON 2026/4"}, "cellen är tom fast ett beslut anges"),
        ({"grund_for_utlamnande": "samtycke", "beslut_om_utlamnande": "1"}, "egen regi behöver ingen grund"),
        ({"driftsform": "privat LOV", "grund_for_utlamnande": "muntligt"}, "känns inte igen"),
        ({"hogsta_lage": "allt"}, "Skriv något av pekare, visa, chatt"),
        ({"beslut_om_utlamnande": "19121212-1212"}, "personnummer"),
    ],
)
def test_a_ground_that_is_none_is_refused(cells: dict[str, str], told: str) -> None:
    found = faults(with_cell(sheets(), "enheter", 2, **cells))
    assert len(found) == 1 and told in found[0], found
    assert "1212" not in found[0]


# --- starting and showing ----------------------------------------------------------------------------------------


def test_the_form_is_asked_anew_when_the_case_turns_out_to_be_a_private_providers(visa: Town) -> None:
    is_run(visa, "HT-SODER")
    visa.sara.begins("urgent_lasting", "NK-2077", **URGENT)
    told = "Hemtjänst Söder får bara hänvisningar. Det du har beskrivit är inte sparat."
    assert told in visa.sara.newest() and visa.rows_of("thread") == [] and CONTENT not in visa.sara.newest()
    visa.sara.presses("Fortsätt")
    assert visa.thread().case_ref == "NK-2077" and "need_category" not in visa.thread().values


def test_a_provider_without_a_ground_is_never_asked_for_content(visa: Town) -> None:
    is_run(visa, "HT-NORR")
    visa.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    assert "need_category" not in visa.thread().values
    visa.sara.presses("Skicka")
    assert "Visa" not in visa.anna.buttons() and "Läs mer i" in visa.anna.newest()


def test_what_was_written_before_is_not_shown_once_a_private_provider_has_the_thread(visa: Town) -> None:
    visa.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    visa.sara.presses("Skicka")
    is_run(visa, "HT-NORR")
    assert CONTENT not in words_of(opens_dialog(visa, "anna", 1).card)
    assert CONTENT not in words_of(visa.anna._turn("open", {"verb": "journal", "thread": 1}).card)


def test_consent_to_this_one_disclosure_lets_content_be_written_and_read(visa: Town) -> None:
    is_run(visa, "HT-NORR", **CONSENT)
    visa.sara.begins("urgent_lasting", "NK-2041", consent_form="spoken", consent_date="2026-11-15", **URGENT)
    assert "Nu kan du också beskriva behovet här." in visa.sara.newest() and visa.rows_of("thread") == []
    visa.sara.presses("Fortsätt", **URGENT)
    assert "Samtycke: muntligt sön 15 nov" in visa.sara.newest()
    visa.sara.presses("Skicka")
    assert CONTENT in words_of(opens_dialog(visa, "anna", 1).card)
    visa.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    assert CONTENT not in repr(visa.thread(2).values) and "need_category" not in visa.thread(2).values


def test_consent_is_dated_or_is_none(visa: Town) -> None:
    is_run(visa, "HT-NORR", **CONSENT)
    visa.sara.begins("urgent_lasting", "NK-2041", consent_form="spoken", **URGENT)
    assert "Svara på frågan «När lämnades samtycket?»" in visa.sara.newest() and visa.rows_of("thread") == []


def test_a_forged_consent_opens_nothing_where_there_is_no_such_ground(visa: Town) -> None:
    is_run(visa, "HT-NORR")
    visa.sara.begins("urgent_lasting", "NK-2041", consent_form="spoken", consent_date="2026-11-15", **URGENT)
    assert not {"need_category", "consent_date"} & set(visa.thread().values)


def test_content_stands_in_the_card_only_as_long_as_the_thread_is_open(tmp_path: Path) -> None:
    with closing(Town(tmp_path, record=in_mode(shipped(), "chatt"))) as chatt:
        chatt.sara.begins("urgent_lasting", "NK-2041", **URGENT)
        chatt.sara.presses("Skicka")
        assert chatt.anna.sees(CONTENT) and "Visa" not in chatt.anna.buttons()
        chatt.sara.presses("Återkalla")
        chatt.settle()
        assert chatt.thread().is_closed and not chatt.anna.sees(CONTENT) and not chatt.sara.sees(CONTENT)


def test_a_thread_that_is_opened_by_another_takes_no_consent_and_no_content_with_it(visa: Town) -> None:
    is_run(visa, "HT-NORR", **CONSENT)
    visa.until("2026-11-16 18:00")
    pass_of(visa, "2026-11-16 17:00", "2026-11-17 07:00")
    started = moment("extra_help_start", visa.clock.time)
    answers = {"expected": "lasting", "noticed_by_role": "night", "need_category": "toilet", **started}
    visa.nils.begins("on_call_extended_help", "NK-2041", consent_form="spoken", consent_date="2026-11-15", **answers)
    visa.nils.presses("Fortsätt", **answers)
    visa.nils.presses("Skicka")
    visa.until("2026-11-17 08:00")
    visa.karim.presses("Meddela handläggaren")
    assert visa.thread(1).values["need_category"] == "toilet"
    opened = visa.thread(2)
    assert opened.parent_id == 1 and not {"need_category", "consent_date"} & set(opened.values)


def test_but_its_content_follows_where_the_provider_is_the_committees_own(visa: Town) -> None:
    visa.until("2026-11-16 18:00")
    pass_of(visa, "2026-11-16 17:00", "2026-11-17 07:00")
    extends(visa, need_category="toilet")
    visa.until("2026-11-17 08:00")
    visa.karim.presses("Meddela handläggaren")
    assert visa.thread(2).values["need_category"] == "toilet"
