"""What a roster is refused for, and how it is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from roster_sheets import Sheets, faults, right, sheets, with_cell, with_row, without

from cases.roles import ROLES, UNIT_KINDS
from cases.roster_words import KIND_WORDS, ROLE_WORDS, ROLES_IN, kind_of, role_of

NUMBER = "19121212-1212"
BASE = sheets()


def test_a_right_roster_becomes_values() -> None:
    found = right(BASE)
    assert [(one.id, one.kind, one.provider_kind, one.authority_unit_id) for one in found.units] == [
        ("HT", "home_care", "egen_regi", "MY"),
        ("MY", "authority_unit", "egen_regi", None),
    ]
    assert [(one.aad_object_id, one.upn) for one in found.people] == [
        (None, "eva@exempel.invalid"),
        ("00000000-0000-4000-8000-00000000000a", None),
        (None, "per@exempel.invalid"),
    ]
    assert [(one.person, one.role) for one in found.roles][2] == ("per@exempel.invalid", "on_call_supervisor")
    assert (found.passes[0].starts_at, found.passes[0].ends_at) == (
        datetime(2026, 11, 16, 16, tzinfo=UTC),
        datetime(2026, 11, 17, 6, tzinfo=UTC),
    )
    assert (found.cases[0].decision_date, found.cases[0].last_follow_up) == (date(2026, 10, 1), None)
    assert (found.cases[1].unit_id, found.cases[1].responsible) == (None, None)


def test_a_directory_id_as_key_is_enough() -> None:
    key = "00000000-0000-4000-8000-00000000000B"
    found = right(with_row(BASE, "personer", key, "", "", "Bo Ek", "", ""))
    assert found.people[3].aad_object_id == key.lower()


def test_every_word_and_every_identifier_is_understood() -> None:
    assert {role_of(word.upper()) for word in ROLE_WORDS.values()} == set(ROLES)
    assert [role_of(name) for name in ROLES] == list(ROLES)
    assert [kind_of(KIND_WORDS[name]) for name in UNIT_KINDS] == list(UNIT_KINDS)
    assert set(ROLES_IN) == set(UNIT_KINDS)
    assert set(ROLES) == {role for allowed in ROLES_IN.values() for role in allowed}


Wrong = tuple[str, Callable[[Sheets], Sheets], str]

WRONG: list[Wrong] = [
    ("no last resort", lambda s: with_cell(s, "enheter", 2, sista_utvag_roll=" "),
     "enheter rad 2, kolumn sista_utvag_roll: cellen är tom. Fyll i den."),
    ("no last resort phone", lambda s: with_cell(s, "enheter", 3, sista_utvag_telefon=""),
     "enheter rad 3, kolumn sista_utvag_telefon: cellen är tom. Fyll i den."),
    ("profile", lambda s: with_cell(s, "enheter", 2, profil="linkoping"),
     "enheter rad 2, kolumn profil: «linkoping» känns inte igen. Skriv en profil som finns: norrkoping, stockholm."),
    ("kind", lambda s: with_cell(s, "enheter", 3, slag="sjukhus"),
     "enheter rad 3, kolumn slag: «sjukhus» känns inte igen. Skriv något av hemtjänst, myndighet, hemgångsteam, "),
    ("no authority", lambda s: with_cell(s, "enheter", 2, myndighet=""),
     "enheter rad 2, kolumn myndighet: cellen är tom. Skriv vilken myndighetsenhet som utföraren hör till."),
    ("unknown authority", lambda s: with_cell(s, "enheter", 2, myndighet="NY"),
     "enheter rad 2, kolumn myndighet: enheten NY finns inte i bladet enheter."),
    ("authority that is none", lambda s: with_cell(s, "enheter", 2, myndighet="HT"),
     "enheter rad 2, kolumn myndighet: enheten HT är ingen myndighet."),
    ("authority of an authority", lambda s: with_cell(s, "enheter", 3, myndighet="MY"),
     "enheter rad 3, kolumn myndighet: enheten är själv en myndighet. Lämna cellen tom."),
    ("form of operation", lambda s: with_cell(s, "enheter", 2, driftsform=""),
     "enheter rad 2, kolumn driftsform: cellen är tom."),
    ("unit twice", lambda s: with_row(s, "enheter", *s["enheter"][0][1].values()),
     "enheter rad 4, kolumn enhet: enheten HT står redan på rad 2. Ta bort den ena."),
    ("phone", lambda s: with_cell(s, "enheter", 2, telefon="846500400"),
     "enheter rad 2, kolumn telefon: «846500400» ser inte ut som ett telefonnummer."),
    ("two phones", lambda s: with_cell(s, "personer", 2, telefon="070-174 06 20, 070-174 06 21"),
     "personer rad 2, kolumn telefon: «070-174 06 20, 070-174 06 21» ser inte ut"),
    ("emergency number", lambda s: with_cell(s, "enheter", 2, sista_utvag_telefon="112"),
     "enheter rad 2, kolumn sista_utvag_telefon: «112» ser inte ut"),
    ("long text", lambda s: with_cell(s, "personer", 2, titel="x" * 81),
     "personer rad 2, kolumn titel: texten har 81 tecken, högst 80 får plats."),
    ("unseen sign", lambda s: with_cell(s, "personer", 2, namn="Eva\u200b Ask"),
     "personer rad 2, kolumn namn: cellen har osynliga tecken."),
    ("person twice", lambda s: with_row(s, "personer", "EVA@exempel.invalid", "", "", "Eva Ask", "", ""),
     "personer rad 5, kolumn person: samma person står redan på rad 2. Ta bort den ena."),
    ("sign-in name twice", lambda s: with_row(s, "personer", "e", "", "per@exempel.invalid", "Eva Ask", "", ""),
     "personer rad 5, kolumn upn: samma person står redan på rad 4."),
    ("unrecognisable", lambda s: with_row(s, "personer", "eva", "", "", "Eva Ask", "", ""),
     "personer rad 5, kolumn person: personen går inte att känna igen i Teams. Fyll i upn eller aad_object_id."),
    ("directory id", lambda s: with_cell(s, "personer", 3, aad_object_id="4711"),
     "personer rad 3, kolumn aad_object_id: «4711» är inget objekt-id."),
    ("sign-in name", lambda s: with_cell(s, "personer", 2, upn="eva"),
     "personer rad 2, kolumn upn: «eva» är inget inloggningsnamn."),
    ("role", lambda s: with_cell(s, "roller", 2, roll="vaktmästare"),
     "roller rad 2, kolumn roll: «vaktmästare» känns inte igen. Skriv något av omvårdnadspersonal, "),
    ("role in the wrong place", lambda s: with_cell(s, "roller", 3, enhet="HT"),
     "roller rad 3, kolumn roll: biståndshandläggare finns inte i en enhet av slaget hemtjänst. Där finns "),
    ("on call at the authority",
     lambda s: with_row(s, "roller", "per@exempel.invalid", "MY", "jourhavande arbetsledare"),
     "roller rad 5, kolumn roll: jourhavande arbetsledare finns inte i en enhet av slaget myndighet."),
    ("role twice", lambda s: with_row(s, "roller", "Eva@exempel.invalid", "HT", "team_lead"),
     "roller rad 5, kolumn roll: samma roll står redan på rad 2."),
    ("role of nobody", lambda s: with_cell(s, "roller", 2, person="bo"),
     "roller rad 2, kolumn person: personen bo finns inte i bladet personer."),
    ("role nowhere", lambda s: with_cell(s, "roller", 2, enhet="ht"),
     "roller rad 2, kolumn enhet: enheten ht finns inte i bladet enheter."),
    ("backward pass", lambda s: with_cell(s, "jour", 2, till="2026-11-16 17:00"),
     "jour rad 2, kolumn till: passet slutar innan det börjar."),
    ("endless pass", lambda s: with_cell(s, "jour", 2, till="2027-11-17 07:00"),
     "jour rad 2, kolumn till: passet är längre än 31 dagar."),
    ("overlapping pass",
     lambda s: with_row(s, "jour", "per@exempel.invalid", "HT", "2026-11-17 06:59", "2026-11-17 09:00"),
     "jour rad 3, kolumn fran: passet går in i passet på rad 2. Rätta det ena."),
    ("no clock time", lambda s: with_cell(s, "jour", 2, fran="2026-11-16"),
     "jour rad 2, kolumn fran: «2026-11-16» är ingen tid som finns. Skriv datum och klockslag"),
    ("not a supervisor", lambda s: with_cell(s, "jour", 2, person="eva@exempel.invalid"),
     "jour rad 2, kolumn person: personen har inte rollen jourhavande arbetsledare i HT."),
    ("no reference", lambda s: with_cell(s, "arenden", 2, arende=""),
     "arenden rad 2, kolumn arende: cellen är tom."),
    ("long reference", lambda s: with_cell(s, "arenden", 2, arende="N" * 41),
     "arenden rad 2, kolumn arende: texten har 41 tecken, högst 40 får plats."),
    ("strange reference", lambda s: with_cell(s, "arenden", 2, arende="NK#1"),
     "arenden rad 2, kolumn arende: ärendenumret får ha bokstäver"),
    ("case twice", lambda s: with_cell(s, "arenden", 3, arende="NK-1"),
     "arenden rad 3, kolumn arende: ärendet står redan på rad 2."),
    ("no such day", lambda s: with_cell(s, "arenden", 2, beslutsdatum="2026-02-29"),
     "arenden rad 2, kolumn beslutsdatum: «2026-02-29» är inget datum som finns."),
    ("slip of the year", lambda s: with_cell(s, "arenden", 2, verkstalld="0206-10-05"),
     "arenden rad 2, kolumn verkstalld: «0206-10-05» är inget datum som finns."),
    ("case of nobody's", lambda s: with_cell(s, "arenden", 2, ansvarig="bo"),
     "arenden rad 2, kolumn ansvarig: personen bo finns inte i bladet personer."),
    ("case of no assessor's", lambda s: with_cell(s, "arenden", 2, ansvarig="eva@exempel.invalid"),
     "arenden rad 2, kolumn ansvarig: Eva Ask har inte rollen biståndshandläggare i bladet roller."),
    ("case nowhere", lambda s: with_cell(s, "arenden", 2, enhet="HX"),
     "arenden rad 2, kolumn enhet: enheten HX finns inte i bladet enheter."),
    ("case at the authority", lambda s: with_cell(s, "arenden", 2, enhet="MY"),
     "arenden rad 2, kolumn enhet: enheten är en myndighet."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_one_thing_wrong_is_told_once_with_its_place(change: Callable[[Sheets], Sheets], told: str) -> None:
    found = faults(change(BASE))
    assert len(found) == 1
    assert found[0].startswith(told)


def test_all_faults_are_told_in_the_order_of_the_sheets() -> None:
    wrong = with_cell(
        with_cell(with_cell(BASE, "arenden", 3, arende="#"), "enheter", 3, telefon="x"), "enheter", 2, namn=""
    )
    assert [one.partition(":")[0] for one in faults(wrong)] == [
        "enheter rad 2, kolumn namn",
        "enheter rad 3, kolumn telefon",
        "arenden rad 3, kolumn arende",
    ]


def test_two_people_may_share_a_unit_on_call_and_one_may_follow_on_another() -> None:
    more = with_row(BASE, "roller", "eva@exempel.invalid", "HT", "jourhavande arbetsledare")
    more = with_row(more, "jour", "eva@exempel.invalid", "HT", "2026-11-16 17:00", "2026-11-17 07:00")
    more = with_row(more, "jour", "per@exempel.invalid", "HT", "2026-11-17 07.00", "2026-11-17 09:00:00")
    assert len(right(more).passes) == 3


def test_a_pass_over_the_night_when_the_clock_changes() -> None:
    one = right(with_cell(BASE, "jour", 2, fran="2026-10-24T17:00", till="2026-10-25T07:00")).passes[0]
    assert (one.ends_at - one.starts_at).total_seconds() == 15 * 3600


@pytest.mark.parametrize(
    "cell",
    [
        ("enheter", 2, "namn"),
        ("personer", 2, "person"),
        ("roller", 2, "roll"),
        ("jour", 2, "fran"),
        ("arenden", 2, "arende"),
    ],
)
def test_a_personal_number_is_refused_and_never_repeated(cell: tuple[str, int, str]) -> None:
    sheet, line, column = cell
    wrong = with_cell(with_cell(BASE, sheet, line, **{column: NUMBER}), "enheter", 3, profil=f"x {NUMBER}")
    found = faults(wrong)
    assert f"{sheet} rad {line}, kolumn {column}: cellen innehåller ett personnummer. " in " ".join(found)
    assert len(found) == 2
    assert "1212" not in " ".join(found)


def test_a_personal_number_as_heading_or_outside_the_columns_is_not_repeated() -> None:
    beside = with_cell(BASE, "jour", 2, kolumn_7=NUMBER)
    assert faults(beside) == [
        "jour rad 2, kolumn kolumn_7: cellen innehåller ett personnummer. Ta bort det: "
        "Stafett ska inte ha några personnummer."
    ]
    above = faults(with_cell(BASE, "jour", 2, **{NUMBER: "x"}))
    assert above == ["jour rad 1: en rubrik är ett personnummer. Ta bort det och lägg till raden med rubriker."]


def test_a_phone_number_taken_for_a_personal_number_comes_with_the_cure() -> None:
    assert "skriv det med bindestreck" in faults(with_cell(BASE, "personer", 2, telefon="0701740607"))[0]
    right(with_cell(BASE, "personer", 2, telefon="070-1740607"))


def test_headings_that_are_missing_or_strange() -> None:
    renamed = {
        **BASE,
        "jour": [(line, {"vem" if k == "person" else k: v for k, v in row.items()}) for line, row in BASE["jour"]],
    }
    assert faults(renamed) == [
        "jour rad 1, kolumn person: rubriken saknas. Lägg till kolumnen.",
        "jour rad 1, kolumn vem: rubriken känns inte igen. De som finns är person, enhet, fran, till. "
        "Rätta den eller ta bort.",
    ]
    assert faults(with_cell(BASE, "jour", 2, kolumn_9="x")) == [
        "jour rad 2, kolumn kolumn_9: cellen står utanför kolumnerna. Flytta texten eller ta bort den."
    ]


def test_a_missing_sheet_is_never_taken_for_an_empty_one() -> None:
    assert faults({name: rows for name, rows in BASE.items() if name != "jour"}) == [
        "jour: bladet saknas. Lägg till det med rubrikerna person, enhet, fran, till."
    ]
    assert faults({**BASE, "roller": []}) == ["roller: bladet är tomt. Fyll i det, annars skulle allt tas bort."]
    assert right(without(BASE, "jour", 2)).passes == ()
