"""Biståndsmöte: Anna calls to two days with Hemtjänst Norr, day one on Thursday 26 November 2026 at 09.00
(Östhammar, D23–D27). It is Monday 9 November."""

from collections.abc import Iterator

import pytest
from osthammar_town import osthammar
from people import on_call
from resident import Resident
from town import Town, instant

from cases.thread import CALENDAR, Signal

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OUTCOMES = {"outcomes:NK-2041": "adjust", "outcomes:NK-2042": "no_action", "outcomes:NK-2090": "home_visit"}
OWN_GROUP = "Lyft i din arbetsgrupp vilka ärenden som behöver följas upp på biståndsmötet."
LAST_DAY = "Sista dagen att lägga till ärenden."
STANDS = "Beslutet har inte justerats inom 10 arbetsdagar. Tiden för insatsen före biståndsmötet kvarstår."


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with osthammar(database, "2026-11-09 09:00") as made:
        yield made


def holder(town: Town) -> int | None:
    owner = town.thread().owner
    return owner.person_id if owner is not None else None


def drafted(town: Town, day: str = "2026-11-26", clock: str = "09:00", mode: str = "on_site") -> None:
    town.anna.types("biståndsmöte")
    town.anna.presses("Fortsätt", receiving_unit="HT-NORR", starts_date=day, starts_time=clock, mode=mode)


def called(town: Town, day: str = "2026-11-26") -> None:
    drafted(town, day)
    town.anna.presses("Kalla till mötet")


def listed(town: Town, cases: str = "NK-2041, nk-2042", at: str = "2026-11-19 10:00") -> None:
    town.until(at)
    town.anna.answers("Skicka ärendelistan", cases=cases)


def invited(town: Town) -> list[Resident]:
    return [town.maria, town.disa, town.ylva, town.ivar]


def meetings(town: Town) -> dict[str, tuple[str, str, str, str]]:
    """Slot → when it begins (UTC), how it is held, where, and whether it is on."""
    return {
        row.slot: (f"{row.starts_at:%Y-%m-%d %H:%M}", row.mode, row.place, row.status)
        for row in town.rows_of("meeting")
    }  # fmt: skip


def test_from_the_call_to_the_agenda_with_its_outcomes(town: Town) -> None:
    drafted(town)
    assert "Dag två: fre 27 nov, på plats" in town.anna.newest() and "Obs" not in town.anna.newest()
    town.anna.presses("Kalla till mötet")
    assert meetings(town) == {
        "main": ("2026-11-26 08:00", "on_site", "Hemtjänst Norr", "invited"),
        "day2": ("2026-11-27 08:00", "on_site", "Hemtjänst Norr", "invited"),
    }
    assert all("Du är kallad till biståndsmöte." in one.newest() for one in invited(town))
    assert holder(town) == town.anna.id
    listed(town)
    assert all("Ärendelistan har kommit." in one.newest() for one in invited(town))
    assert "Dagordning: NK-2041, NK-2042" in town.ylva.newest()
    town.maria.answers("Lägg till ärenden", added="NK-2090")
    assert "Ärenden har lagts till på dagordningen." in town.anna.newest()
    for one in (town.disa, town.ylva):
        one.presses("Inget att lägga till")
    assert town.thread().state == "listed"
    town.ivar.presses("Inget att lägga till")
    assert town.thread().state == "ready" and "Alla har svarat." in town.anna.newest()
    town.until("2026-11-26 09:00")
    assert town.thread().state == "begun"
    town.anna.answers("Skriv in utfall", **OUTCOMES)
    assert town.thread().state == "held"
    assert "NK-2041: Justera tid; NK-2042: Ingen åtgärd; NK-2090: Hembesök" in town.ylva.newest(), "both keep it"
    opened = [row for row in town.rows_of("thread") if row.flow == "meeting_adjustment"]
    assert [(row.case_ref, row.state, row.sender_id) for row in opened] == [
        ("NK-2041", "open", town.anna.id),
        ("NK-2090", "open", town.anna.id),
    ]
    assert {one.basis for row in opened for one in town.thread(row.id).deadlines.values() if one.rule != "draft"} == {
        "2026-11-26"
    }
    town.maria.answers("Dokumenterat i social journal", care_plans="after")
    assert town.thread().state == "documented"
    town.until("2026-11-27 09:00")
    assert "Dag två: justera beslut" in town.anna.newest() and town.thread().state == "done"


@ONLY_SQLITE
def test_each_decision_is_its_own_assessors_to_adjust_and_lapses_by_itself(town: Town) -> None:
    called(town)
    listed(town)
    town.until("2026-11-26 12:00")
    town.anna.answers("Skriv in utfall", **{"outcomes:NK-2041": "adjust", "outcomes:NK-2042": "phone"})
    assert "Biståndsmötet lämnade det här ärendet till dig." in town.johan.newest() and "NK-2042" in town.johan.newest()
    numbers = [row.id for row in town.rows_of("thread") if row.flow == "meeting_adjustment"]
    town.until("2026-12-09 09:00")
    assert [town.thread(one).state for one in numbers] == ["open", "open"]
    town.until("2026-12-10 09:00")
    assert [town.thread(one).state for one in numbers] == ["lapsed", "lapsed"]
    assert town.anna.sees(STANDS) and town.johan.sees(STANDS) and town.maria.sees(STANDS)


@ONLY_SQLITE
def test_silence_is_nothing_to_add_and_nobody_is_late(town: Town) -> None:
    called(town)
    listed(town)
    town.until("2026-11-20 09:00")
    assert all(one.sees(OWN_GROUP) for one in invited(town)), "on the day when the list is due"
    town.maria.presses("Inget att lägga till")
    town.until("2026-11-24 09:00")
    assert town.disa.sees(LAST_DAY) and not town.maria.sees(LAST_DAY)
    town.until("2026-11-24 23:59")
    assert town.thread().state == "listed"
    town.until("2026-11-25 07:00")
    assert town.thread().state == "ready" and town.anna.sees("Den som inte har svarat har inget att lägga till.")
    assert not any(one.sees("Försenat") for one in invited(town)) and not town.birgitta.sees("biståndsmöte")


@ONLY_SQLITE
def test_nobody_sends_the_list_and_the_lead_hears_of_it(town: Town) -> None:
    called(town)
    town.until("2026-11-19 09:00")
    assert town.anna.sees("ska skickas senast i morgon. Fråga i din arbetsgrupp")
    town.until("2026-11-20 09:00")
    assert town.anna.sees("Sista dagen att skicka ärendelistan") and not town.eva.sees("Ärendelistan")
    town.until("2026-11-23 09:00")
    assert town.eva.sees("Ärendelistan är inte skickad och tiden har gått ut.")
    listed(town, at="2026-11-23 10:00")
    assert "list_late" in town.thread().marks and "senare än rutinen säger" in town.maria.newest()


@ONLY_SQLITE
def test_nobody_writes_the_outcomes_or_documents(town: Town) -> None:
    called(town)
    listed(town)
    town.until("2026-11-30 09:00")
    assert town.anna.sees("Skriv in utfallet för varje ärende") and town.eva.sees("Skriv in utfallet för varje ärende")
    town.anna.answers("Skriv in utfall", **{"outcomes:NK-2041": "no_action", "outcomes:NK-2042": "no_action"})
    assert "Dokumenterat i social journal" not in town.ylva.moves(), "the nurse does not document for the unit"
    town.until("2026-12-01 09:00")
    assert town.maria.sees("Dokumentera biståndsmötet i social journal") and not town.ylva.sees("Dokumentera bistånds")
    town.maria.answers("Dokumenterat i social journal", care_plans="not_needed")
    assert town.thread().state == "done"


@ONLY_SQLITE
def test_outcomes_in_two_parts_and_changed_open_each_adjustment_once(town: Town) -> None:
    called(town)
    listed(town)
    town.until("2026-11-26 09:30")
    town.anna.answers("Skriv in utfall", **{"outcomes:NK-2041": "adjust"})
    assert town.thread().state == "begun", "one case is still without"
    town.anna.answers("Skriv in utfall", **{"outcomes:NK-2041": "adjust", "outcomes:NK-2042": "no_action"})
    town.anna.answers("Ändra utfall", **{"outcomes:NK-2042": "phone"})
    found = [(row.case_ref, row.flow) for row in town.rows_of("thread")][1:]
    assert found == [("NK-2041", "meeting_adjustment"), ("NK-2042", "meeting_adjustment")]


@ONLY_SQLITE
def test_two_add_cases_and_neither_takes_the_others_place(town: Town) -> None:
    called(town)
    listed(town, "")
    assert "Skicka ärendelistan" not in town.anna.may()
    town.maria.answers("Lägg till ärenden", added="NK-2041")
    town.ylva.answers("Lägg till ärenden", added="nk-2090\nNK-2041")
    town.maria.answers("Lägg till ärenden", added="NK-2077")
    assert town.thread().values["cases"] == "NK-2041,NK-2090,NK-2077" and "added" not in town.thread().values
    town.disa.answers("Lägg till ärenden", added="NK-9999")
    assert "Finns inte i Stafetts register: NK-9999" in town.disa.newest()


@ONLY_SQLITE
def test_the_invitation_and_the_case_list_are_answered_apart(town: Town) -> None:
    called(town)
    town.ylva.presses("Kan inte komma")
    assert "En av de kallade kan inte komma till mötet." in town.anna.newest()
    listed(town)
    assert "Inget att lägga till" in town.ylva.moves(), "who cannot come may still have a case"
    town.until("2026-11-24 09:00")
    assert town.ylva.sees(LAST_DAY)


@ONLY_SQLITE
def test_a_pair_over_a_weekend_is_warned_of_and_a_closed_day_refused(town: Town) -> None:
    drafted(town, "2026-11-27")
    assert "Dag två är inte dagen efter dag ett." in town.anna.newest()
    assert "Dag två: mån 30 nov, på plats" in town.anna.newest()
    drafted(town, "2026-11-28")
    assert "inte är en arbetsdag" in town.anna.newest() and len(town.rows_of("thread")) == 1


@pytest.mark.parametrize(
    ("day", "modes"),
    [
        ("2026-05-29", ["on_site", "digital"]),
        ("2026-06-01", ["digital", "digital"]),
        ("2026-07-31", ["digital", "on_site"]),
    ],
)
@ONLY_SQLITE
def test_june_and_july_are_digital_day_by_day(database: str, day: str, modes: list[str]) -> None:
    with osthammar(database, "2026-05-18 09:00") as town:
        drafted(town, day)
        assert ("Flytta hellre mötet" in town.anna.newest()) == (modes[0] != modes[1])
        town.anna.presses("Kalla till mötet")
        assert [meetings(town)[slot][1] for slot in ("main", "day2")] == modes


@ONLY_SQLITE
def test_the_meeting_is_moved_and_everything_counts_anew(town: Town) -> None:
    called(town)
    listed(town)
    town.anna.answers("Flytta mötet", starts_date="2026-12-01", starts_time="13:00", mode="digital")
    assert meetings(town) == {
        "main": ("2026-12-01 12:00", "digital", "Digitalt möte", "invited"),
        "day2": ("2026-12-02 12:00", "digital", "Digitalt möte", "invited"),
    }
    assert all("Mötet är flyttat." in one.newest() for one in invited(town))
    town.maria.answers("Lägg till ärenden", added="NK-2090")
    assert town.thread().values["cases"] == "NK-2041,NK-2042,NK-2090"
    town.until("2026-11-27 09:00")
    assert town.disa.sees(LAST_DAY)
    town.until("2026-11-30 07:00")
    assert town.thread().state == "ready"
    town.until("2026-12-01 13:00")
    assert town.thread().state == "begun"


@ONLY_SQLITE
def test_moved_in_a_calendar_the_list_counts_from_the_new_day(town: Town) -> None:
    called(town)
    moved = Signal(
        thread_id=1, name="moved_in_calendar", by=CALENDAR, values={"starts": instant("2026-12-03 09:00").isoformat()}
    )
    town.store.transaction(lambda tx: town.record.signal(tx, [moved], town.clock.care(), town.clock.machine()))
    town.settle()
    assert all("Mötet är flyttat." in one.newest() for one in invited(town))
    town.until("2026-11-25 09:00")
    assert not town.anna.sees("senast i morgon") and not town.anna.sees("inte skickad och tiden")
    town.until("2026-11-26 09:00")
    assert town.anna.sees("ska skickas senast i morgon. Fråga i din arbetsgrupp")


@ONLY_SQLITE
def test_the_meeting_is_called_off(town: Town) -> None:
    called(town)
    listed(town)
    town.anna.presses("Ställ in mötet")
    assert town.thread().state == "called_off"
    assert {row.status for row in town.rows_of("meeting")} == {"cancelled"}
    assert all("Mötet är inställt." in one.newest() for one in invited(town))
    before = len(town.anna.chat())
    town.until("2026-12-04 12:00")
    assert len(town.anna.chat()) == before


@ONLY_SQLITE
def test_a_colleague_takes_over_and_who_is_not_called_sees_nothing(town: Town) -> None:
    called(town)
    town.johan.types(town.thread().ref)
    town.johan.answers("Gå in för kollega", cover_reason="ill")
    town.until("2026-11-20 09:00")
    assert town.johan.sees("Sista dagen att skicka ärendelistan")
    town.johan.answers("Skicka ärendelistan", cases="NK-2041")
    assert "Dagordning: NK-2041" in town.maria.newest()
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-19 17:00"), instant("2026-11-27 07:00"))
    )
    for one in (town.olle, town.sara, town.lena):
        one.types(town.thread().ref)
        assert "Det finns inget meddelande" in one.newest()


@ONLY_SQLITE
def test_a_draft_is_reminded_of_and_removed_when_the_day_has_passed(town: Town) -> None:
    drafted(town)
    town.until("2026-11-23 09:00")
    assert town.anna.sees("Ärendelistan är inte skickad") and town.maria.has_heard_nothing()
    town.until("2026-11-27 08:00")
    assert town.thread().state == "discarded" and not town.rows_of("meeting")


@ONLY_SQLITE
def test_no_case_stands_in_the_calendar_or_in_a_notice(town: Town) -> None:
    called(town)
    listed(town)
    town.maria.answers("Lägg till ärenden", added="NK-2090")
    town.until("2026-11-26 09:00")
    town.anna.answers("Skriv in utfall", **OUTCOMES)
    told = repr([tuple(row) for row in (*town.rows_of("meeting"), *town.rows_of("errand"), *town.rows_of("log"))])
    toasts = [message.toast for one in town.residents.values() for message in one.chat()]
    of_the_meeting = [one for one in toasts if town.thread().ref in one]
    assert "NK-20" not in told and of_the_meeting and "NK-20" not in repr(of_the_meeting)
