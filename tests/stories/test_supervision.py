"""Katrineholm's handledning every week: HT-NORR's manager calls. It is Monday 16 November 2026 at 09.00."""

from collections.abc import Iterator

import pytest
from people import leaves
from supervised import SupervisedTown
from town import shipped

from cases.meeting_kinds import kinds
from reminders.rule_facts import WeeklySupervision

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HELD = "Handledningen är hållen"


@pytest.fixture
def town(database: str) -> Iterator[SupervisedTown]:
    made = SupervisedTown(database, "2026-11-16 09:00")
    yield made
    made.close()


def drafted(
    town: SupervisedTown, first: str = "2026-11-19", last: str = "2027-01-14", team: str = "2026-12-01"
) -> None:
    town.maria.types("start")
    town.maria.chooses("Handledning varje vecka")
    time = {"first_meeting_date": first, "first_meeting_time": "14:00"}
    town.maria.presses("Fortsätt", **time, last_day=last, mode="on_site", team_days=team)


def called(town: SupervisedTown, **dates: str) -> None:
    drafted(town, **dates)
    town.maria.presses("Kalla")
    town.looks()


def held(town: SupervisedTown, **outcomes: str) -> None:
    """Maria says that the meeting was held, with what came of each case; Sara documents."""
    town.maria.presses(HELD)
    codes = {f"outcomes:{case.replace('_', '-')}": code for case, code in outcomes.items()}
    town.maria.presses(HELD, documented_by="care_worker:HT-NORR:1", **codes)


def flows(town: SupervisedTown) -> list[tuple[str, str, str]]:
    rows = sorted(town.rows_of("thread"), key=lambda row: row.id)
    return [(row.flow, row.state, row.case_ref) for row in rows]


def weeks(town: SupervisedTown) -> dict[str, str]:
    """The meetings' rows: the day in the pattern or «main», and what is to stand in the calendar."""
    return {row.slot: row.status for row in town.rows_of("meeting")}


def test_a_week_from_the_call_to_what_comes_of_it(town: SupervisedTown) -> None:
    called(town)
    assert "MÖTE-" in town.ida.newest() and "Säg vilka ärenden" in town.ida.newest(), "three workdays ahead"
    town.disa.answers("Lägg till ärenden", added="nk-2041")
    town.fia.answers("Lägg till ärenden", added="NK-2042, NK-2041")
    assert town.thread(2).values["cases"] == "NK-2041,NK-2042", "nobody's list takes another's place"
    town.ida.presses("Jag kommer")
    town.ylva.presses("Kan inte komma")
    assert town.maria.sees("Kommer (1): Ida Falk") and town.maria.sees("Ylva Ros (vid behov)")

    town.until("2026-11-19 13:59")
    assert HELD not in town.maria.moves(), "it has not begun"
    town.until("2026-11-19 14:30")
    assert town.maria.sees("Skriv in hur det gick.")
    for point in kinds(town.record.profiles["katrineholm"])["supervision_meeting"].agenda:
        assert town.maria.sees(point)
    held(town, NK_2041="services", NK_2042="as_before")
    assert flows(town)[1:] == [
        ("supervision_meeting", "held", town.thread(2).case_ref),
        ("supervision_change", "draft", "NK-2041"),
        ("supervision_plan", "sent", "NK-2041"),
    ]
    assert town.fia.sees("och Senior Alert om den berörs") and town.sara.sees("Du dokumenterar handledningen")
    town.fia.presses("Det är uppdaterat")

    town.sara.presses("Det är dokumenterat")
    assert town.thread(2).is_closed and town.maria.sees("Handledningen är dokumenterad.")
    town.sara.types(town.thread(3).ref)
    town.sara.answers("Meddela biståndshandläggaren", documented="yes")
    assert "Insatser har förändrats vid en handledning." in town.anna.newest()
    town.anna.answers("Lämna besked", follows="adjust")
    assert town.thread(3).is_closed and town.sara.sees("Beslutet justeras"), "the assessor decides"


@on_sqlite
def test_moved_and_left_out_weeks_are_shown_before_anybody_is_called(town: SupervisedTown) -> None:
    drafted(town)
    card = town.maria.newest()
    assert "Torsdagar kl. 14.00–14.30, 8 gånger till och med tor 14 jan 2027" in card
    assert "Dec 2026: tor 10, tor 17, ons 23, ons 30" in card and "Jan 2027: tor 7, tor 14" in card
    assert "v. 53 till ons 30 dec, för tor 31 dec är ingen arbetsdag" in card
    assert "v. 49 (teamträff tis 1 dec)" in card
    assert town.ida.has_heard_nothing() and not weeks(town)
    town.maria.presses("Kalla")
    assert weeks(town) == {"2026-12-03": "cancelled", "2026-12-24": "invited", "2026-12-31": "invited"}
    moved = {row.slot: row.starts_at.isoformat() for row in town.rows_of("meeting") if row.status == "invited"}
    assert moved == {"2026-12-24": "2026-12-23T13:00:00+00:00", "2026-12-31": "2026-12-30T13:00:00+00:00"}


@on_sqlite
def test_a_series_without_a_single_day_is_not_called(town: SupervisedTown) -> None:
    drafted(town, last="2026-11-18")
    assert "Det blir ingen handledning de dagarna" in town.maria.newest() and "Kalla" not in town.maria.moves()
    town.maria.presses("Ändra")
    day = {"first_meeting_date": "2026-11-19", "first_meeting_time": "14:00", "last_day": "2026-11-19"}
    town.maria.presses("Ändra", **day, team_days="2026-12-01, i juni")
    assert town.maria.sees("Skriv datumen som ÅÅÅÅ-MM-DD")
    town.maria.presses("Ändra", **day, team_days="2026-11-12")
    assert town.maria.sees("tor 12 nov 2026 har redan varit")
    town.maria.presses("Ändra", **day, team_days="")
    assert "en gång till och med" in town.maria.newest()


@on_sqlite
def test_last_weeks_cases_are_the_last_held_meetings_also_over_a_team_meeting_week(town: SupervisedTown) -> None:
    called(town, team="2026-11-24")
    town.disa.answers("Lägg till ärenden", added="NK-2041")
    town.until("2026-11-19 14:35")
    held(town, NK_2041="as_before")
    town.until("2026-11-30 09:00")
    assert len([one for one in flows(town) if one[0] == "supervision_meeting"]) == 2, "none in week 48"
    assert "Uppföljning från föregående vecka: NK-2041" in town.disa.newest()


@on_sqlite
def test_what_is_written_in_late_reaches_the_week_that_is_already_open(town: SupervisedTown) -> None:
    called(town)
    town.disa.answers("Lägg till ärenden", added="NK-2042")
    town.until("2026-11-23 09:30")
    assert "Uppföljning från föregående vecka: inga ärenden" in town.disa.newest()
    town.maria.types(town.thread(2).ref)
    held(town, NK_2042="plan")
    town.settle()
    assert town.disa.sees("Uppföljning från föregående vecka: NK-2042")


@on_sqlite
def test_a_team_meeting_added_later_cancels_its_week(town: SupervisedTown) -> None:
    called(town)
    town.maria.types(town.thread(1).ref)
    town.maria.answers("Lägg till teamträff", more_team="2026-11-20")
    assert town.thread(2).state == "called_off", "the week that is already open"
    assert town.ida.sees("Veckans handledning är inställd.") and town.ida.sees("Dagarna för handledningen har ändrats.")
    assert weeks(town)["main"] == "cancelled"
    town.maria.types(town.thread(1).ref)
    town.maria.answers("Lägg till teamträff", more_team="2026-12-15")
    assert weeks(town)["2026-12-17"] == "cancelled", "and one that nobody has opened yet"
    assert town.thread(1).values["team_days"] == "2026-12-01,2026-11-20,2026-12-15"
    town.until("2026-12-07 09:00")
    opened = [row.starts_at.isoformat()[:10] for row in town.rows_of("meeting") if row.slot == "main"]
    assert opened == ["2026-11-19", "2026-11-26", "2026-12-10"]


@on_sqlite
def test_a_moved_week_gets_its_thread_on_the_new_day(town: SupervisedTown) -> None:
    called(town, first="2026-12-17", last="2027-01-14", team="")
    town.until("2026-12-18 09:00")
    rows = [row for row in town.rows_of("meeting") if row.thread_id != 1]
    assert [(row.slot, row.starts_at.isoformat()[:10], row.original_start.isoformat()[:10]) for row in rows] == [
        ("main", "2026-12-17", "2026-12-17"),
        ("main", "2026-12-23", "2026-12-24"),
    ], "three workdays before Wednesday the 23rd"
    assert "2026-12-24" not in weeks(town), "the calendar has one event of it"
    assert town.do(town.openings.look()) == 0, "each week is opened once"


@on_sqlite
def test_the_series_is_called_off(town: SupervisedTown) -> None:
    called(town)
    town.maria.types(town.thread(1).ref)
    town.maria.presses("Ställ in hela serien")
    assert town.thread(1).state == "withdrawn" and town.thread(2).state == "called_off"
    assert town.rows_of("meeting_series")[0].status == "cancelled"
    assert town.oskar.sees("Handledningen är inställd. Du behöver inte göra något.")
    town.until("2026-11-24 09:00")
    assert len(town.rows_of("thread")) == 2


@on_sqlite
def test_another_day_from_a_certain_week_on(town: SupervisedTown) -> None:
    called(town)
    town.maria.types(town.thread(1).ref)
    new = {"next_first_date": "2026-11-24", "next_first_time": "09:30", "last_day": "2027-01-19", "mode": "digital"}
    town.maria.answers("Ändra dag eller klockslag", **new)
    old, following = town.rows_of("meeting_series")
    assert (old.last_day.isoformat(), old.revision) == ("2026-11-23", 2)
    assert (following.weekday, f"{following.at:%H:%M}", following.mode) == (2, "09:30", "digital")
    assert weeks(town)["2026-12-31"] == "cancelled", "what was moved there is not left behind"
    assert town.ida.sees("Tisdagar kl. 09.30–10.00")
    town.until("2026-11-24 09:00")
    assert town.thread(1).state == "ended"
    assert [row.starts_at.isoformat()[:16] for row in town.rows_of("meeting") if row.slot == "main"] == [
        "2026-11-19T13:00", "2026-11-24T08:30",
    ]  # fmt: skip


@on_sqlite
def test_a_series_that_ends_says_so_beforehand(town: SupervisedTown) -> None:
    called(town, first="2026-12-03", team="")
    town.maria.types(town.thread(1).ref)
    town.maria.answers("Ändra sista dag", last_day="2026-12-03")
    town.until("2026-11-19 09:00")
    assert town.maria.sees("Serien tar snart slut."), "ten workdays before"
    town.until("2026-12-04 07:00")
    assert town.thread(1).state == "ended" and town.maria.sees("Serien är slut.")
    assert [one[0] for one in flows(town)] == ["supervision_series", "supervision_meeting"]


@on_sqlite
def test_nobody_says_which_cases_nor_how_it_went(town: SupervisedTown) -> None:
    called(town)
    town.until("2026-11-18 08:59")
    assert not town.disa.sees("Handledningen är nästa arbetsdag.")
    town.until("2026-11-18 09:00")
    assert town.disa.sees("Handledningen är nästa arbetsdag.") and town.fia.sees("Handledningen är nästa arbetsdag.")
    assert not town.ida.sees("Handledningen är nästa arbetsdag.")
    town.until("2026-11-20 09:00")
    assert town.maria.sees("Skriv in hur det gick.") and not town.ida.sees("Skriv in hur det gick.")
    town.until("2026-11-24 09:00")
    assert town.ida.sees("Skriv in hur det gick."), "whoever chaired may write it in as well"
    town.ida.types(town.thread(2).ref)
    town.ida.answers("Blev inte av", not_held_because="no_staff")
    assert town.thread(2).state == "not_held"


@on_sqlite
def test_nobody_documents_and_nobody_tells_the_assessor(town: SupervisedTown) -> None:
    called(town)
    town.disa.answers("Lägg till ärenden", added="NK-2042")
    town.until("2026-11-19 14:35")
    held(town, NK_2042="services")
    town.until("2026-11-20 09:00")
    reminded = town.sara.newest()
    assert "Påminnelse: 2 uppgifter" in reminded
    assert town.thread(2).ref in reminded and town.thread(3).ref in reminded
    assert town.maria.toasts()[-1].startswith("Ny uppgift"), "it is Sara's until the next workday"
    town.until("2026-11-23 09:00")
    assert any(town.thread(2).ref in toast and "Påminnelse" in toast for toast in town.maria.toasts())
    assert town.maria.sees("Biståndshandläggaren är inte meddelad")


@on_sqlite
def test_a_case_that_the_roster_does_not_know_is_refused_by_name(town: SupervisedTown) -> None:
    called(town)
    town.disa.answers("Lägg till ärenden", added="NK-2041, NK-9999")
    assert town.disa.sees("NK-9999") and "cases" not in town.thread(2).values


@on_sqlite
def test_one_supervision_at_home_by_itself(town: SupervisedTown) -> None:
    town.maria.types("start")
    town.maria.chooses("En handledning")
    town.maria.presses("Fortsätt", starts_date="2026-11-20", starts_time="10:00", mode="home_visit")
    assert "Skriv ingen adress" not in town.maria.newest()
    town.maria.presses("Kalla")
    row = town.rows_of("meeting")[0]
    assert (row.mode, row.place, row.series_id) == ("home_visit", "Utanför kontoret", None)
    town.until("2026-11-20 10:30")
    held(town)
    assert town.thread(1).state == "held", "without cases there is still somebody who documents"


@on_sqlite
def test_the_manager_has_left(town: SupervisedTown) -> None:
    called(town)
    town.store.transaction(lambda tx: leaves(tx, town.maria.id))
    town.until("2026-11-23 09:00")
    assert town.thread(3).flow == "supervision_meeting" and town.disa.sees("Säg vilka ärenden")
    town.until("2026-11-26 14:30")
    assert town.karim.sees("Skriv in hur det gick."), "the unit is told instead"


@on_sqlite
def test_nobody_else_may_change_it(town: SupervisedTown) -> None:
    called(town)
    town.ida.types(town.thread(1).ref)
    assert "Lägg till teamträff" not in town.ida.may()
    town.ida.forges(verb="do", signal="withdraw", thread=1)
    town.olle.types(town.thread(1).ref)
    assert town.thread(1).state == "running" and "finns inget meddelande" in town.olle.newest()


def test_thirty_minutes_is_what_the_rule_and_the_meeting_say() -> None:
    profile = shipped().profiles["katrineholm"]
    rule = profile.rule("D28").kind
    assert isinstance(rule, WeeklySupervision) and rule.minutes == kinds(profile)["supervision_meeting"].minutes == 30


@on_sqlite
def test_after_an_outage_the_weeks_that_were_missed_are_opened_to_be_counted(town: SupervisedTown) -> None:
    called(town)
    town.down_until("2026-12-11 09:00")
    assert town.looks() == 2
    assert [row.state for row in town.rows_of("thread")] == ["running", "gathering", "gathering", "gathering"]
    town.settle()
    assert town.maria.sees("Skriv in hur det gick.")
