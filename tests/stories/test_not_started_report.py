"""Norrköping 3.5: a decision that has not been started, and the law's three months. It is Monday 16 November 2026."""

import csv
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest
from people import leaves
from sqlalchemy import Connection, delete, insert, text, update
from town import Town

from bot.commands.export_not_started import taken_out, write_csv
from cases import not_started
from cases import tables as t
from cases.thread import thread_ref

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FORM = {"care_kind": "service", "decision_date": "2026-11-02", "order_sent": "2026-11-03"}
DECLINES = FORM | {"reason_code": "declined", "motivated": "yes", "tried_on": "2026-11-13"}
UNKNOWN = FORM | {"reason_code": "unknown"}


def karim_reports(town: Town, **changes: str) -> None:
    town.karim.begins("not_started_report", "NK-2041", **DECLINES | changes)
    town.karim.presses("Skicka")


def anna_asks(town: Town, **changes: str) -> None:
    town.anna.begins("not_started_report", "NK-2041", **UNKNOWN | changes)
    town.anna.presses("Skicka")


def test_the_client_declines_and_the_decision_is_revoked(town: Town) -> None:
    karim_reports(town)
    assert "Brukaren tackar nej" in town.anna.newest()
    assert "14; tre månader går ut tis 2 feb 2027" in town.anna.newest()
    assert "Senaste försök: fre 13 nov 2026" in town.anna.newest()
    town.anna.answers("Lämna besked", outcome="revoke")
    assert town.thread().state == "decided"
    assert "Avslutas enligt återkallelseförbehållet, markeras ej verkställd" in town.karim.newest()
    sends = town.teams.sends
    town.until("2027-02-03 09:00")
    assert town.teams.sends == sends, "neither the guide value nor the three months are spoken of again"


@ONLY_SQLITE
def test_the_form_says_what_started_means_and_asks_what_the_reason_needs(town: Town) -> None:
    town.karim.begins("not_started_report", "NK-2041", **FORM | {"reason_code": "declined"})
    assert "Verkställt är när brukaren får tillgång till insatsen och den startar." in town.karim.newest()
    assert town.karim.sees("Svara på frågan «Har ni försökt motivera, och dokumenterat det?».")
    assert town.rows_of("thread") == []
    karim_reports(town, motivated="no")
    assert "gäller först när insatsen inte används trots motiverande insatser" in town.anna.newest()


@ONLY_SQLITE
def test_the_assessor_asks_and_is_told_why_and_it_is_started(town: Town) -> None:
    anna_asks(town)
    assert "Frågat hemtjänsten" in town.karim.newest()
    town.karim.answers("Svara varför", reason_code="resources", planned_start="2026-11-23")
    assert town.thread().state == "sent" and town.thread().owner.person_id == town.anna.id
    assert "Hemtjänsten har svarat varför." in town.anna.newest() and "Resursbrist" in town.anna.newest()
    assert "Lämna besked" not in town.karim.buttons()

    town.anna.presses("Hemtjänsten ska verkställa")
    assert town.thread().state == "to_start"
    assert "det ska verkställas" in town.karim.newest()
    town.until("2026-11-23 10:00")
    town.maria.answers("Det är verkställt", in_effect_date="2026-11-23")
    assert town.thread().state == "started" and "Verkställt – avslutat" in town.anna.newest()


@ONLY_SQLITE
def test_hemtjansten_that_answers_what_it_reported_itself_decides_nothing(town: Town) -> None:
    karim_reports(town)
    town.anna.presses("Fråga hemtjänsten")
    town.karim.answers("Svara varför", reason_code="resources")
    assert town.thread().state == "sent" and town.thread().owner.person_id == town.anna.id
    assert not {"Lämna besked", "Hemtjänsten ska verkställa"} & set(town.karim.may())
    assert {"Lämna besked", "Hemtjänsten ska verkställa"} <= set(town.anna.may())


@ONLY_SQLITE
def test_told_to_start_and_the_client_still_declines(town: Town) -> None:
    karim_reports(town)
    town.anna.presses("Hemtjänsten ska verkställa")
    assert town.thread().owner.person_id == town.karim.id
    assert "Lämna besked" not in town.karim.buttons(), "nobody decides in the assessor's place"
    town.karim.answers("Svara varför", reason_code="declined", motivated="yes", tried_on="2026-11-16")
    assert town.thread().state == "sent"
    town.anna.answers("Lämna besked", outcome="review")
    assert town.thread().state == "decided" and "Beslutet ändras eller omprövas" in town.karim.newest()


@ONLY_SQLITE
def test_the_guide_value_for_service_passes(town: Town) -> None:
    """Uppdraget was sent on Tuesday 3 November: two weeks on the 17th, four on 1 December."""
    karim_reports(town, reason_code="resources")
    town.until("2026-11-17 09:00")
    assert town.anna.sees("Två veckor sedan uppdraget skickades. Är det verkställt?")
    town.until("2026-12-01 09:00")
    assert town.anna.sees("Fyra veckor sedan uppdraget skickades och inget besked om verkställighet.")
    town.until("2026-12-02 09:00")
    assert town.anna.sees("Riktmärket fyra veckor har passerat. Bedöm om behovet är aktuellt.")


@ONLY_SQLITE
def test_nursing_is_asked_for_the_next_day(town: Town) -> None:
    anna_asks(town, care_kind="personal_care", order_sent="2026-11-16")
    town.until("2026-11-17 17:00")
    assert town.karim.sees("Riktmärket är att det verkställs omgående. Är det verkställt?")


@ONLY_SQLITE
def test_nobody_answers(town: Town) -> None:
    anna_asks(town)
    town.until("2026-11-16 14:00")
    assert town.karim.sees("Funktionsbrevlådans lästid har gått och meddelandet är inte läst.")
    town.until("2026-11-24 09:00")
    assert town.maria.sees("Återkoppling saknas när rutinens tid är ute. Du är nästa i tur.")


@ONLY_SQLITE
def test_the_three_months_draw_near(town: Town) -> None:
    karim_reports(town)
    town.until("2026-12-28 09:00")
    assert town.anna.sees("Åtta veckor sedan beslutet. Det närmar sig tre månader.")
    town.until("2027-01-18 09:00")
    for resident in (town.anna, town.eva):
        assert resident.sees("Elva veckor sedan beslutet. Det närmar sig tre månader och rapport till IVO.")


@ONLY_SQLITE
def test_called_off(town: Town) -> None:
    karim_reports(town)
    town.karim.presses("Återkalla")
    assert "Avsändaren har återkallat meddelandet." in town.anna.newest()
    town.anna.types("ej verkställda")
    assert "Inget beslut som du svarar för har väntat åtta veckor" in town.anna.newest()


@ONLY_SQLITE
def test_it_lands_with_the_wrong_unit(town: Town) -> None:
    anna_asks(town)
    town.karim.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected" and town.thread().owner.person_id == town.anna.id
    town.anna.presses("Skicka till rätt mottagare")
    choice = next(item for item in town.anna.chat()[-1].card["body"] if item.get("id") == "right_receiver")
    south = next(one["value"] for one in choice["choices"] if "Söder" in one["title"])
    town.anna.presses("Skicka till rätt mottagare", right_receiver=south)
    assert town.thread().state == "asked"
    town.olle.answers("Det är verkställt", in_effect_date="2026-11-10")
    assert town.thread().state == "started"


# --- the list ------------------------------------------------------------------------------------------------


def kept_by_roster(town: Town) -> None:
    """NK-2042 and NK-2077 were decided on 1 September; the roster says that NK-2077 has started."""

    def change(tx: Connection) -> None:
        others = t.care_case.c.case_ref.in_(("NK-2041", "NK-2090"))
        tx.execute(update(t.care_case).where(others).values(decision_date=None))
        tx.execute(
            update(t.care_case).where(t.care_case.c.case_ref == "NK-2077").values(in_effect_date=date(2026, 9, 8))
        )
        tx.execute(
            insert(t.care_case).values(
                case_ref="-9+NK", unit_id="HT-SODER", responsible_id=town.anna.id, decision_date=date(2026, 8, 3)
            )
        )

    town.store.transaction(change)


@ONLY_SQLITE
def test_the_list_counts_and_each_sees_what_they_answer_for(town: Town) -> None:
    kept_by_roster(town)
    karim_reports(town, decision_date="2026-09-20")
    town.eva.types("ej verkställda")
    assert "Tre månader har gått: 1" in town.eva.newest() and "Åtta veckor eller mer: 2" in town.eva.newest()
    assert "NK-2041 · 57 dagar" in town.eva.newest() and "NK-2042 · 76 dagar" in town.eva.newest()
    assert "NK-2077" not in town.eva.newest()
    town.maria.types("ivo")
    assert "NK-2042" in town.maria.newest() and "-9+NK" not in town.maria.newest(), "the other provider's"
    town.anna.types("ivo")
    assert "NK-2041" in town.anna.newest() and "NK-2042" not in town.anna.newest(), "a colleague's case"
    town.karim.types("ivo")
    assert "Listan är för dig som leder en enhet" in town.karim.newest()
    assert {row.reason for row in town.rows_of("audit") if row.outcome == "listed"} == {"not_started"}


@ONLY_SQLITE
def test_what_has_been_decided_does_not_come_back_by_the_roster(town: Town) -> None:
    kept_by_roster(town)
    town.karim.begins("not_started_report", "NK-2042", **DECLINES | {"decision_date": "2026-09-01"})
    town.karim.presses("Skicka")
    town.johan.answers("Lämna besked", outcome="revoke")
    town.maria.types("ivo")
    assert "Inget beslut som du svarar för har väntat åtta veckor" in town.maria.newest()


@ONLY_SQLITE
def test_an_assessor_who_has_left_leaves_nothing_off_the_leads_list(town: Town) -> None:
    karim_reports(town, decision_date="2026-08-03", order_sent="2026-08-04")

    def anna_leaves(tx: Connection) -> None:
        tx.execute(delete(t.role).where(t.role.c.person_id == town.anna.id))
        leaves(tx, town.anna.id)

    town.store.transaction(anna_leaves)
    town.eva.types("ivo")
    assert "NK-2041 · 105 dagar" in town.eva.newest()


@ONLY_SQLITE
def test_a_decision_that_is_to_be_changed_waits_until_it_is_and_each_message_is_a_row(town: Town) -> None:
    karim_reports(town, decision_date="2026-09-20")
    town.anna.answers("Lämna besked", outcome="review")
    town.eva.types("ivo")
    assert "NK-2041 · 57 dagar" in town.eva.newest(), "neither started nor ended"
    for kind in ("service", "personal_care"):
        karim_reports(town, decision_date="2026-09-20", care_kind=kind)
    town.eva.types("ivo")
    assert [f"Öppna {thread_ref(number)}" in town.eva.buttons() for number in (1, 2, 3)] == [False, True, True]


def test_the_list_is_found_by_its_own_indexes_and_not_by_reading_every_message(town: Town) -> None:
    def plans(tx: Connection) -> str:
        cases = not_started._Cases(assessors=[town.anna.id], providers=["HT-NORR"])
        sqlite = tx.dialect.name == "sqlite"
        if not sqlite:  # so few rows are read at once whatever there is to find them by
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        ways = (t.thread.c.case_ref.in_(cases.refs()), t.thread.c.sender_unit_id.in_(cases.providers))
        found = [not_started._reports(way).compile(tx, compile_kwargs={"literal_binds": True}) for way in ways]
        explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        return "\n".join(str(row) for one in found for row in tx.execute(text(f"{explain} {one}")))

    found = town.store.transaction(plans)
    assert found.count("ix_thread_listed") == 2 and "scan on thread" not in found.lower(), found
    assert "SCAN thread" not in found, "nor every message of the flow"


@ONLY_SQLITE
def test_a_roster_that_never_says_when_anything_started_is_not_believed(town: Town) -> None:
    town.eva.types("ivo")
    assert "Inget beslut som du svarar för har väntat åtta veckor" in town.eva.newest()


@ONLY_SQLITE
def test_the_first_working_day_of_the_month_the_list_comes_by_itself(town: Town) -> None:
    kept_by_roster(town)
    for time in ("2026-11-30 12:00", "2026-12-01 08:00"):
        town.until(time)
        town.do(town.occasions.look())
        town.settle()
    assert "NK-2042" in town.eva.newest() and town.eva.toasts()[-1] == "Påminnelse: månadens genomgång. Öppna Stafett."
    assert not town.karim.sees("Ej verkställda")


@ONLY_SQLITE
def test_the_file_runs_nothing_and_names_no_client(town: Town, tmp_path: Path) -> None:
    kept_by_roster(town)
    karim_reports(town, decision_date="2026-09-20")
    wanted = Namespace(unit="MYND", by="EVA@exempel.invalid")
    made = town.store.transaction(lambda tx: taken_out(tx, town.record, wanted, town.clock))
    assert made is not None
    write_csv(tmp_path / "ej.csv", made)
    with (tmp_path / "ej.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0][:2] == ["Ärende", "Hemtjänst"] and len(rows) == 4
    assert rows[1][0] == "'-9+NK", "a reference that looks like a formula is written as words"
    assert [row[7] for row in rows[2:]] == ["Ingen orsak lämnad", "Brukaren tackar nej"]
    refused = Namespace(unit="MYND", by="karim@exempel.invalid")
    assert town.store.transaction(lambda tx: taken_out(tx, town.record, refused, town.clock)) is None
    assert [row.reason for row in town.rows_of("audit") if row.action in ("export", "denied")] == [
        "not_started", "export_not_started",
    ]  # fmt: skip
