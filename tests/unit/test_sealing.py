"""«Skyddade personuppgifter», found out when threads are there: nothing of the case is left in sight."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from cards import words_of
from databases import new_sqlite
from flow_walk import PATHS, SECRET, SENDERS, given, led_to, opened
from privacy_town import in_content, keeping_content, messages, opens_dialog, outside_content
from roster_sheets import NOW, open_store, right, sheets
from sealed import BUTTON, NEUTRAL, SURE, seals, shows_only_that_it_has_ended
from sqlalchemy import Connection, insert, select
from town import Town

from cases import covers, errands, follow_ups, history, journal, lists, roster, sealing
from cases import tables as t
from cases.directory import roster_changed
from cases.errors import UnknownThread
from cases.meeting import CANCELLED
from cases.thread import SEALED, thread_ref

LOOKS = (
    "start",
    "mina",
    "enheten",
    "mina ärenden",
    "dagen",
    "journal",
    "NK-2041",
    "jour",
    "ej verkställda",
    "frister",
    "sök NK-2041",
)
# One flow of each kind: with a plan for a year, with a meeting in the calendar, the law's list, one that has stopped
# the rest of its case, and one whose last message waits for the morning.
KINDS = (
    "question", "follow_up", "follow_up_meeting", "not_started_report", "death_notice", "handover_simplified",
)  # fmt: skip


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    """Sealed is sealed on either database; tests/law looks at both."""
    made = Town(new_sqlite(tmp_path), record=keeping_content())
    yield made
    made.close()


@pytest.mark.parametrize("flow", KINDS)
def test_a_flow_is_sealed_where_it_stands(visa: Town, flow: str, caplog: pytest.LogCaptureFixture) -> None:
    number = led_to(visa, flow, max(PATHS[flow], key=lambda state: len(PATHS[flow][state])))
    case_ref, title = visa.thread(number).case_ref, visa.record.flows[flow].title
    seals(visa, by(visa, number), number)
    thread = visa.thread(number)
    assert (thread.state, thread.is_closed, thread.values) == (SEALED, True, {})
    assert not [one for one in thread.deadlines.values() if one.status in ("armed", "stopped")]
    assert not [one for one in thread.meetings.values() if one.is_on]
    shows_only_that_it_has_ended(visa, number)
    for resident in visa.residents.values():
        for look in LOOKS:
            resident.types(look)
            shown = resident.newest()
            assert case_ref not in shown and thread.ref not in shown, (resident.key, look)
            assert look == "start" or title not in shown
    assert SECRET not in in_content(visa) + caplog.text and "skyddad" not in outside_content(visa) + caplog.text
    heard = len([message for _, message in messages(visa)])
    visa.until(f"{visa.clock.time + timedelta(days=40):%Y-%m-%d} 09:00")
    later = [message for _, message in messages(visa)][heard:]
    assert not [one for one in later if case_ref in words_of(one.card)]


def by(town: Town, number: int) -> str:
    """Whoever has sent it."""
    return next(one.key for one in town.residents.values() if one.id == town.thread(number).sender_id)


def test_the_button_asks_first_and_says_whom_to_ring(visa: Town) -> None:
    number = led_to(visa, "question", "sent")
    visa.anna.types(thread_ref(number))
    visa.anna.presses("Mer …")
    visa.anna.presses(BUTTON)
    shown = visa.anna.newest()
    assert "Det går inte att ångra." in shown and "Karim Aziz, gruppledare: 08-465 004 01" in shown
    assert visa.anna.moves() == [SURE, "Tillbaka"]
    visa.anna.presses("Tillbaka")
    assert visa.thread(number).state == "sent" and visa.rows(t.sealed_case) == []


@pytest.mark.parametrize("flow", ["question", "death_notice"])
def test_it_is_there_in_every_state_for_whoever_may_see_it(visa: Town, flow: str) -> None:
    for state in PATHS[flow]:
        number = led_to(visa, flow, state)
        sender = visa.residents[by(visa, number)]
        sender.types(thread_ref(number))
        sender.presses("Mer …")
        assert BUTTON in sender.buttons(), state


def test_nobody_else_can_seal_and_what_is_about_no_case_is_not_sealed(visa: Town) -> None:
    number = led_to(visa, "question", "sent")
    answer = visa.birgitta.forges(verb="seal", thread=number)
    assert "Det finns inget meddelande" in words_of(answer.card) and visa.thread(number).state == "sent"
    meeting = led_to(visa, "assistance_meeting", visa.record.flows["assistance_meeting"].first)
    sender = visa.residents[SENDERS["assistance_meeting"]]
    sender.forges(verb="seal", thread=meeting)
    assert not visa.thread(meeting).is_sealed and visa.rows(t.sealed_case) == []


def test_whoever_had_it_hears_once_that_it_goes_on_elsewhere_and_no_old_message_goes_out(visa: Town) -> None:
    number, drain = opened(visa, "question"), visa.outbox.drain
    visa.outbox.drain = nothing_sent  # type: ignore[method-assign]
    given(visa, number, "send", visa.karim.id)
    visa.karim.forges(verb="seal", thread=number)
    visa.outbox.drain = drain  # type: ignore[method-assign]
    visa.settle()
    assert visa.anna.toasts() == [f"Avslutat {thread_ref(number)}. Öppna Stafett."]
    assert NEUTRAL in visa.anna.newest()


async def nothing_sent() -> int:
    """Teams takes nothing just now."""
    return 0


def test_its_meeting_is_taken_out_of_the_calendar(visa: Town) -> None:
    number = led_to(visa, "follow_up_meeting", "booked")
    before = [row.key for row in visa.rows_of("errand") if row.kind == "calendar"]
    seals(visa, by(visa, number), number)
    assert {row.status for row in visa.rows_of("meeting")} == {CANCELLED}
    assert [row.key for row in visa.rows_of("errand") if row.kind == "calendar" and row.key not in before]


def test_a_pointer_by_mail_that_has_not_gone_does_not_go(visa: Town) -> None:
    number = led_to(visa, "question", "sent")
    later = visa.clock.care().replace(year=2027)
    visa.store.transaction(
        lambda tx: errands.add(tx, kind="mail", key="mail:x", not_before=later, unit_id="MYND", thread_id=number)
    )
    seals(visa, "karim", number)
    assert [row.status for row in visa.rows_of("errand") if row.key == "mail:x"] == ["superseded"]


def test_the_case_leaves_the_lists_of_meetings_that_were_to_take_it_up(visa: Town) -> None:
    flow = "assistance_meeting"
    meeting = opened(visa, flow, {"cases": "NK-2041,NK-2042"})
    number = led_to_beside(visa)
    seals(visa, "karim", number)
    assert visa.thread(meeting).values["cases"] == "NK-2042"
    sender = visa.residents[SENDERS[flow]]
    sender.types(thread_ref(meeting))
    assert "NK-2041" not in sender.newest() and "NK-2042" in sender.newest()


def led_to_beside(town: Town) -> int:
    """A question about the case, beside what is there already."""
    number = opened(town, "question")
    given(town, number, "send", town.karim.id)
    return number


def test_what_closed_earlier_is_sealed_too_and_is_neither_journaled_nor_told_of(visa: Town) -> None:
    number = led_to(visa, "question", "answered")
    seals(visa, "anna", number)
    view = visa.store.transaction(
        lambda tx: journal.behind(tx, ["HT-NORR", "MYND"], visa.clock.care().replace(year=2020))
    )
    assert view == []
    with pytest.raises(UnknownThread):
        visa.store.transaction(lambda tx: history.of(tx, number))
    answer = opens_dialog(visa, "anna", number)
    assert words_of(answer.card).startswith("Avslutat") and SECRET not in words_of(answer.card)
    for verb in ("journal", "rule", "more", "ask", "do", "protected", "seal", "show"):
        shown = words_of(visa.anna.forges(verb=verb, thread=number, signal="reopen").card)
        assert NEUTRAL in shown and "NK-2041" not in shown, verb


def test_the_answers_are_kept_where_nothing_reads_them(visa: Town) -> None:
    number = led_to(visa, "question", "answered")
    before = {(row.field, row.value) for row in visa.rows(t.content) if row.thread_id == number}
    seals(visa, "anna", number)
    assert {(row.field, row.value) for row in visa.rows(t.sealed)} == before and before
    readers = [
        file
        for room in ("bot", "cases", "dialogs", "reminders")
        for file in (Path(__file__).parents[2] / room).rglob("*.py")
        if "t.sealed" in file.read_text(encoding="utf-8").replace("t.sealed_case", "")
    ]
    assert [file.name for file in readers] == ["sealing.py"]


def test_the_profiles_administrator_gets_a_pointer_and_nothing_more(visa: Town) -> None:
    eva = visa.eva.id

    def becomes_administrator(tx: Connection) -> None:
        tx.execute(insert(t.role).values(person_id=eva, unit_id="MYND", role="profile_admin"))
        roster_changed(tx)

    number = led_to(visa, "question", "sent")
    visa.store.transaction(becomes_administrator)
    seals(visa, "karim", number)
    assert visa.eva.toasts()[-1] == "Ett ärende är avslutat. Öppna Stafett."
    shown = visa.eva.newest()
    assert thread_ref(number) in shown and "Karim Aziz" in shown
    assert not [word for word in ("NK-2041", "skyddad", "identitet", "sekretess") if word in shown]
    assert visa.maria.has_heard_nothing(), "where there is an administrator, nobody else is told"


def test_the_roster_does_not_bring_it_back(tmp_path: Path) -> None:
    """Nor does it say which case it has left out."""
    store, whole = open_store(tmp_path), right(sheets())
    store.transaction(lambda tx: roster.apply(tx, whole, NOW))

    def seal(tx: Connection) -> None:
        tx.execute(t.care_case.delete().where(t.care_case.c.case_ref == "NK-1"))
        tx.execute(insert(t.sealed_case).values(key=sealing.key_of("nk 1"), thread_id=1, person_id=1, at=NOW))

    store.transaction(seal)
    told = store.transaction(lambda tx: roster.diff(tx, whole, NOW))
    assert store.transaction(lambda tx: roster.apply(tx, whole, NOW)) == told
    assert told.empty and "NK-1" not in repr(told)
    assert "Ett ärende i filen läses inte in: ta bort det som är avslutat i Stafett." in told.remarks
    assert store.transaction(lambda tx: list(tx.scalars(select(t.care_case.c.case_ref)))) == ["NK-2"]
    store.close()


def test_no_board_and_no_list_of_colleagues_has_it(visa: Town) -> None:
    number = led_to(visa, "follow_up", "planned")
    board = partial(follow_ups.planned, unit_id="MYND", first=date(2026, 1, 1), last=date(2028, 1, 1))
    assert [one.thread_id for one in visa.store.transaction(lambda tx: board(tx))] == [number]
    seals(visa, by(visa, number), number)
    assert visa.store.transaction(lambda tx: board(tx)) == []


def test_who_stepped_in_for_whom_is_told_no_more(visa: Town) -> None:
    number = led_to(visa, "urgent_lasting", "sent")
    visa.johan.types(thread_ref(number))
    visa.johan.answers("Gå in för kollega", cover_reason="ill")
    since = visa.clock.care().replace(year=2020)
    told = partial(covers.in_unit, unit_id="MYND", people=[visa.johan.id], since=since)
    assert [one.thread_id for one in visa.store.transaction(lambda tx: told(tx))] == [number]
    seals(visa, "johan", number)
    assert visa.store.transaction(lambda tx: told(tx)) == []


def test_the_number_itself_may_be_asked_for_and_tells_nothing(visa: Town) -> None:
    """To search for it is the same as to search for what never was."""
    seals(visa, "karim", led_to(visa, "question", "sent"))
    visa.anna.types("sök NK-2041")
    sealed = visa.anna.newest()
    visa.anna.types("sök NK-9999")
    assert visa.anna.newest() == sealed
    assert visa.store.transaction(lambda tx: lists.known_case(tx, ["NK-9999"])) is None


def test_the_account_tells_who_and_when_and_never_why(visa: Town) -> None:
    number = led_to(visa, "question", "sent")
    seals(visa, "karim", number)
    rows = [row for row in visa.rows_of("audit") if row.signal == sealing.SEAL]
    assert [(row.person_id, row.thread_id, row.reason) for row in rows] == [(visa.karim.id, number, "")]
    visa.anna.begins("question", "nk 2041", category="planning")
    refused = visa.rows_of("audit")[-1]
    assert (refused.person_id, refused.action, refused.reason) == (visa.anna.id, "denied", "stopped")
    assert "2041" not in repr(tuple(refused))
