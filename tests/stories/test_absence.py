"""An assessor is away: it is asked whether the matter can wait, and nothing urgent waits for somebody who is not there.

Norrköping 1.1. The 16th of November 2026 is a Monday.
"""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert
from town import MONDAY, Resident, Town, instant

from cases import absence
from cases import tables as t
from cases.away import AUTOSVAR, CALENDAR, Absence
from cases.directory import roster_changed
from dialogs.absence import until_text

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FRIDAY = "2026-11-20 17:00"
ASKS = "Anna Berg är frånvarande t.o.m. fredag – kan det vänta?"
NEED = {
    "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker",
}  # fmt: skip


def is_away(town: Town, who: Resident, until: str | None = FRIDAY, source: str = AUTOSVAR) -> None:
    """Their mailbox says so, asked just now."""
    period = Absence(starts_at=town.clock.time, ends_at=instant(until) if until else None, source=source)
    town.store.transaction(lambda tx: absence.note(tx, who.id, [period], town.clock.time))


def is_back(town: Town, who: Resident) -> None:
    town.store.transaction(lambda tx: absence.note(tx, who.id, [], town.clock.time))


def is_not_heard_of(town: Town, *people: Resident) -> None:
    """The mailboxes do not answer."""
    ids, now = [one.id for one in people], town.clock.time
    town.store.transaction(lambda tx: absence.failed(tx, ids, "down", now, now - timedelta(minutes=15)))


def plain(text: str) -> str:
    return " ".join(text.split())


# --- before it is sent ------------------------------------------------------------------------------------------------


@ONLY_SQLITE
def test_it_can_wait(town: Town) -> None:
    is_away(town, town.anna)
    town.karim.begins("question", "NK-2041", category="planning")
    assert ASKS in town.karim.newest() and town.anna.has_heard_nothing()
    town.karim.presses("Skicka")
    assert ASKS in town.karim.newest() and town.thread().state == "draft", "asked before it goes"
    town.karim.presses("Skicka", can_wait="yes")
    assert town.thread().state == "sent" and town.thread().owner.person_id == town.anna.id
    assert "NK-2041" in town.anna.newest() and town.eva.has_heard_nothing()
    assert town.karim.sees("Ja, det kan vänta")
    made = [(row.signal, row.person_id, row.at) for row in town.rows_of("log")[-2:]]
    assert made == [("send", town.karim.id, town.clock.time), ("absent", town.karim.id, town.clock.time)]


def test_it_cannot_wait_and_the_lead_gets_it_as_well_with_the_reason(town: Town) -> None:
    is_away(town, town.anna)
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")
    town.sara.presses("Skicka", can_wait="no")
    assert "Svara på frågan «Vad är anledningen till den extra prioriteten?»." in town.sara.newest()
    assert town.thread().state == "draft"
    town.sara.presses("Skicka", can_wait="no", priority_reason="lasting")
    assert "Handläggaren är frånvarande och det kan inte vänta. Du kontaktas också." in town.eva.newest()
    assert "Behovet kan inte vänta och antas bestå (5.5)" in town.eva.newest()
    assert town.thread().owner.person_id == town.anna.id and "Ta ärendet" in town.anna.moves(), "as well, not instead"
    stored = {row.field: row.value for row in town.rows_of("content")}
    assert (stored["can_wait"], stored["priority_reason"]) == ("no", "lasting")
    assert [row.text for row in town.rows_of("outbox") if row.person_id == town.eva.id] == ["lead_also"], "and once"
    town.eva.presses("Ta ärendet")
    assert town.thread().owner.taken_by == town.eva.id


@ONLY_SQLITE
def test_judged_afterwards_it_is_judged_once(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")
    is_away(town, town.anna)
    town.sara.answers("Handläggaren är frånvarande", can_wait="no", priority_reason="lasting")
    assert [row.signal for row in town.rows_of("log")].count("absent") == 1


@ONLY_SQLITE
def test_away_since_the_card_was_drawn_it_is_asked_all_the_same(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    assert "kan det vänta" not in town.karim.newest()
    is_away(town, town.anna)
    town.karim.presses("Skicka")
    assert ASKS in town.karim.newest() and "behöver rättas" not in town.karim.newest()
    assert town.thread().state == "draft" and town.anna.has_heard_nothing()


@ONLY_SQLITE
def test_back_again_nothing_is_asked(town: Town) -> None:
    is_away(town, town.anna)
    town.karim.begins("question", "NK-2041", category="planning")
    is_back(town, town.anna)
    town.karim.presses("Skicka")
    assert town.thread().state == "sent" and "rånvar" not in town.karim.newest()


@ONLY_SQLITE
def test_the_absence_ends_by_itself(town: Town) -> None:
    is_away(town, town.anna)
    town.clock.time = instant(FRIDAY)
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    assert town.thread().state == "sent"


@ONLY_SQLITE
def test_unknown_is_shown_as_unknown_and_nothing_is_asked(town: Town) -> None:
    is_not_heard_of(town, town.anna)
    town.karim.begins("question", "NK-2041", category="planning")
    assert "Frånvaro: okänt" in plain(town.karim.newest())
    town.karim.presses("Skicka")
    assert town.thread().state == "sent" and "Frånvaro: okänt" in plain(town.karim.newest())


@ONLY_SQLITE
def test_where_nobody_is_asked_about_it_is_unknown_too(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    assert "Frånvaro: okänt" in plain(town.karim.newest())
    is_back(town, town.anna)
    town.karim.types("start")
    town.karim.types(town.thread().ref)
    assert "Frånvaro" not in town.karim.newest(), "a mailbox without an automatic reply says nothing more"


@ONLY_SQLITE
def test_a_period_that_is_no_longer_certain_is_still_asked_about(town: Town) -> None:
    is_away(town, town.anna)
    town.clock.time += timedelta(minutes=30)
    is_not_heard_of(town, town.anna)
    town.karim.begins("question", "NK-2041", category="planning")
    assert "frånvarande t.o.m. fredag enligt senaste uppgift – kan det vänta?" in town.karim.newest()


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (None, "tills vidare"),
        ("2026-11-16 14:00", "till kl. 14.00 i dag"),
        ("2026-11-17 00:00", "i dag"),
        ("2026-11-18 08:00", "till onsdag kl. 08.00"),
        ("2026-11-19 00:00", "t.o.m. onsdag"),
        ("2026-12-05 00:00", "t.o.m. fre 4 dec"),
    ],
)
def test_until_when(until: str | None, said: str) -> None:
    period = Absence(starts_at=instant(MONDAY), ends_at=instant(until) if until else None, source=CALENDAR)
    assert until_text(period, instant(MONDAY)) == said


@ONLY_SQLITE
def test_the_longest_of_several_periods_counts(town: Town) -> None:
    now = town.clock.time
    periods = [
        Absence(starts_at=now, ends_at=instant("2026-11-17 00:00"), source=CALENDAR),
        Absence(starts_at=now, ends_at=instant(FRIDAY), source=AUTOSVAR),
        Absence(starts_at=instant("2026-12-01 00:00"), ends_at=None, source=CALENDAR),
    ]
    town.store.transaction(lambda tx: absence.note(tx, town.anna.id, periods, now))
    town.karim.begins("question", "NK-2041", category="planning")
    assert ASKS in town.karim.newest()


# --- the clock --------------------------------------------------------------------------------------------------------


def urgent_waits(town: Town) -> None:
    """Sent while she was still known to be there."""
    is_back(town, town.anna)
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")


@ONLY_SQLITE
def test_urgent_to_somebody_away_the_next_in_line_hears_at_the_first_reminder(town: Town) -> None:
    urgent_waits(town)
    is_away(town, town.anna)
    town.until("2026-11-16 09:01")
    assert town.eva.has_heard_nothing()
    town.until("2026-11-16 09:02")
    assert "Den som har meddelandet är frånvarande. Du kontaktas också." in town.eva.newest()
    assert town.anna.sees("Meddelandet väntar på att någon tar det."), "and she is still reminded herself"
    town.eva.presses("Ta ärendet")
    assert town.thread().state == "taken" and town.thread().owner.taken_by == town.eva.id


@ONLY_SQLITE
def test_urgent_and_unknown_it_goes_on_and_the_next_in_line_hears_once(town: Town) -> None:
    urgent_waits(town)
    town.clock.time = instant("2026-11-16 09:01")
    is_not_heard_of(town, town.anna)
    town.until("2026-11-16 09:06")
    assert town.eva.has_heard_nothing(), "an answer a few minutes old still holds"
    town.clock.time = instant("2026-11-16 09:16")
    is_not_heard_of(town, town.anna)
    town.until("2026-11-16 09:18")
    assert "Det är okänt om den som har meddelandet är på plats. Du kontaktas också." in town.eva.newest()
    town.until("2026-11-16 09:19")
    told = [row for row in town.rows_of("outbox") if row.text == "holder_unknown"]
    assert len(told) == 1


@ONLY_SQLITE
def test_urgent_and_there_nobody_else_hears_before_the_routine_says(town: Town) -> None:
    urgent_waits(town)
    town.until("2026-11-16 09:19")
    assert town.eva.has_heard_nothing() and town.anna.sees("Meddelandet väntar på att någon tar det.")


@ONLY_SQLITE
def test_where_no_source_is_asked_nothing_is_different(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")
    town.until("2026-11-16 09:19")
    assert town.eva.has_heard_nothing()


@ONLY_SQLITE
def test_what_can_wait_tells_nobody_else_although_nobody_is_there(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    is_away(town, town.anna)
    town.until("2026-11-17 15:00")
    assert town.eva.has_heard_nothing()


@ONLY_SQLITE
def test_the_lead_is_away_too_and_the_one_after_is_told_as_well(town: Town) -> None:
    town.store.transaction(lambda tx: manages(tx, town.johan.id))
    urgent_waits(town)
    is_away(town, town.anna)
    is_away(town, town.eva)
    town.until("2026-11-16 09:02")
    assert town.eva.sees("Den som har meddelandet är frånvarande. Du kontaktas också.")
    assert town.johan.sees("Den som har meddelandet är frånvarande. Du kontaktas också.")


def manages(tx: Connection, person_id: int) -> None:
    tx.execute(insert(t.role).values(person_id=person_id, unit_id="MYND", role="unit_manager"))
    roster_changed(tx)
