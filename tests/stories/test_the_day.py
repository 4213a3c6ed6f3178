"""One day, as it is lived: nine flows cross, three units and the authority, and one of two assessors is not there.

It begins on Sunday evening, 15 November 2026, when Nils has the pass, and ends when the office closes on Monday.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from cards import words_of
from nights import grants, pass_of, phoned
from people import PEOPLE
from sqlalchemy import Connection, insert
from town import Resident, Town, instant

from cases import tables as t
from cases.directory import roster_changed
from cases.thread import ThreadNow, thread_ref

GRANT, LASTING, LIMITED, QUESTION, ENDED, HANDOVER, CHANGE, ASSIGNMENT, DEATH = range(1, 10)
TELLING = ("avlid", "dödsfall", "avliden", "death")


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    """Sunday at half past nine in the evening. NK-2103 has come home from hospital and is with hemgångsteamet."""
    made = Town(database, "2026-11-15 21:30")
    made.store.transaction(lambda tx: comes_home(tx, made.anna.id))
    pass_of(made, "2026-11-13 17:00", "2026-11-16 07:00")
    clock(made, "21:30", day=15)
    yield made
    made.close()


def comes_home(tx: Connection, assessor: int) -> None:
    tx.execute(
        insert(t.care_case).values(
            case_ref="NK-2103", unit_id="HGT", responsible_id=assessor, decision_date=date(2026, 11, 9)
        )
    )
    roster_changed(tx)


def clock(town: Town, at: str, *, day: int = 16) -> None:
    """Time passes until then, and Stafett looks for the lists that are to come by themselves."""
    town.until(f"2026-11-{day} {at}")
    town.do(town.occasions.look())
    town.settle()


def opens(who: Resident, number: int) -> Resident:
    """They find the message by its reference."""
    who.types(thread_ref(number))
    return who


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_day(town: Town) -> None:
    night_and_opening(town)
    two_needs_before_eight(town)
    the_assessor_who_is_not_there(town)
    before_noon(town)
    twelve_and_after(town)
    a_death_in_the_afternoon(town)

    clock(town, "17:00")
    nothing_is_unowned(town)
    nothing_waits_and_nobody_was_told_twice(town)
    everybody_sees_what_is_theirs(town)
    whoever_leads_sees_the_day(town)


def night_and_opening(town: Town) -> None:
    """Nils grants help to somebody new; in the morning the pass is handed over, and Anna has it."""
    clock(town, "22:00", day=15)
    assert grants(town) == GRANT
    clock(town, "06:30")
    assert "Ditt jourpass slutar snart" in town.nils.newest() and thread_ref(GRANT) in town.nils.newest()
    clock(town, "07:00")
    assert "Gäller till: mån 16 nov kl. 12.00 – 5 tim kvar" in town.anna.newest()
    assert town.karim.sees("Jouren har beviljat ny hjälp som ni ger.")
    clock(town, "07:05")
    town.anna.presses("Ta emot ärendet")


def two_needs_before_eight(town: Town) -> None:
    """One that is expected to last goes to Anna at once; one that may pass goes to nobody for three days."""
    clock(town, "07:20")
    began = {"extra_help_start_date": "2026-11-16", "extra_help_start_time": "06:45", "noticed_by_role": "night"}
    town.sara.begins("urgent_lasting", "NK-2041", **began)
    town.sara.presses("Skicka")
    assert "Brådskande: nytt meddelande" in town.anna.newest()
    clock(town, "07:25")
    town.anna.presses("Ta ärendet")
    clock(town, "07:35")
    heard = len(town.johan.chat()), len(town.eva.chat())
    town.sara.begins("urgent_limited", "NK-2042", day1="2026-11-16", noticed_by_role="care_worker")
    town.sara.presses("Börja räkna dagarna")
    assert (len(town.johan.chat()), len(town.eva.chat())) == heard
    clock(town, "08:40")
    opens(town.anna, LASTING).answers("Lämna återkoppling", action_code="adjust_decision")
    assert town.sara.sees("Beslutet justeras") and town.thread(LASTING).is_closed


def the_assessor_who_is_not_there(town: Town) -> None:
    """Karim asks Johan about NK-2042. It cannot wait, so Eva is asked as well; it is Johan's all the same."""
    clock(town, "08:50")
    town.karim.begins("question", "NK-2042", category="assignment")
    town.karim.presses("Skicka")
    clock(town, "09:15")
    town.karim.answers("Handläggaren är frånvarande", can_wait="no", priority_reason="other")
    assert "Handläggaren är frånvarande och det kan inte vänta. Du kontaktas också." in town.eva.newest()
    assert town.thread(QUESTION).owner.person_id == town.johan.id


def before_noon(town: Town) -> None:
    """A service has ended in the south, somebody is handed over there, and Anna tells the north what she changed."""
    clock(town, "09:30")
    town.olle.begins("service_ended", "NK-2077", last_performed_date="2026-11-13")
    town.olle.presses("Skicka")
    clock(town, "09:50")
    town.anna.presses("Ta ärendet")

    clock(town, "10:00")
    when = {"handover_at_date": "2026-11-18", "handover_at_time": "10:00"}
    town.lena.begins("handover_ordinary", "NK-2103", receiving_unit="HT-SODER", form_sent="yes", **when)
    town.lena.presses("Meddela överlämningen")
    clock(town, "10:10")
    town.birgitta.presses("Kvittera")
    assert "1 av 2 kvitterat" in town.lena.newest()
    clock(town, "10:20")
    town.anna.presses("Kvittera")
    assert town.thread(HANDOVER).state == "received"

    clock(town, "10:40")
    town.anna.begins("decision_change_notice", "NK-2041", change_type="adjusted", effective_date="2026-11-17")
    town.anna.presses("Skicka")
    clock(town, "11:00")
    town.karim.answers("Bekräfta ändringen", change_result="planned")
    assert town.anna.sees("Hemtjänsten har bekräftat ändringen.")


def twelve_and_after(town: Town) -> None:
    """The responsibility for the night's help moves, and the help goes on; after two o'clock an assignment is rung."""
    clock(town, "12:00")
    assert "ansvaret ligger nu hos biståndshandläggaren. Hjälpen fortsätter." in town.anna.newest()
    clock(town, "13:00")
    opens(town.anna, ENDED).presses("Brukaren bekräftar avslutet")
    clock(town, "13:20")
    opens(town.anna, GRANT).answers("Lämna besked om hjälpen", continued_help="granted")
    clock(town, "13:30")
    town.anna.answers("Jag har ringt", **phoned(town))
    assert town.thread(GRANT).state == "order_due" and town.karim.sees("Ja, hjälp beviljas")

    clock(town, "14:20")
    tomorrow = {"receiving_unit": "HT-SODER", "urgent_services": "yes", "execute_on": "2026-11-17"}
    town.anna.begins("assignment_notice", "NK-2077", **tomorrow)
    town.anna.presses("Skicka och ring")
    assert "Ring också Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    clock(town, "14:27")
    answered = {"answered_by_role": "unit_administrator", "phone_answered_by": "administratör"}
    town.anna.answers("Ringt och fått svar", phoned_at_time="14:25", **answered)
    assert town.thread(ASSIGNMENT).is_closed and town.olle.sees("Uppdraget är meddelat per telefon.")


def a_death_in_the_afternoon(town: Town) -> None:
    """Karim tells Johan, who is not there; Eva steps in. What else was open in the case stops without a word."""
    clock(town, "15:10")
    town.karim.begins("death_notice", "NK-2042")
    assert "Till: Johan Nyman, biståndshandläggare" in town.karim.newest()
    heard = len(town.sara.chat()), len(town.eva.chat())
    town.karim.presses("Skicka")
    assert (len(town.sara.chat()), len(town.eva.chat())) == heard
    for number in (LIMITED, QUESTION):
        assert town.thread(number).is_closed, town.thread(number).flow
        assert {armed.status for armed in town.thread(number).deadlines.values()} <= {"stopped", "disarmed"}
    assert not town.thread(HANDOVER).is_closed, "another case goes on"

    clock(town, "15:20")
    opens(town.eva, DEATH)
    assert "NK-2042" not in town.eva.newest() and "Ligger hos: Johan Nyman" in town.eva.newest()
    town.eva.answers("Gå in för kollega", cover_reason="leave")
    clock(town, "15:21")
    town.eva.presses("Kvittera")
    assert town.karim.sees("Läst av Eva Sund")
    clock(town, "15:40")
    town.eva.answers("Det är registrerat", in_time="yes")
    assert town.thread(DEATH).is_closed and "Registrerat – avslutat" in town.karim.newest()


# --- when the office closes -----------------------------------------------------------------------------------------


def open_threads(town: Town) -> list[ThreadNow]:
    return [one for one in map(town.thread, range(1, DEATH + 1)) if not one.is_closed]


def nothing_is_unowned(town: Town) -> None:
    """Each is closed, or is with one person who works there and has a next day."""
    assert len({row.flow for row in town.rows_of("thread")}) == len(town.rows_of("thread")) == 9
    workplaces = {number: unit for number, (*_, unit) in enumerate(PEOPLE, start=1)}
    found = {}
    for thread in open_threads(town):
        owner = thread.owner
        assert owner is not None and owner.id in [seat.id for seat in thread.parties], thread.flow
        who = owner.taken_by or owner.person_id
        assert workplaces[who] == owner.unit_id and owner.unit_id in ("MYND", "HT-NORR", "HT-SODER", "HGT"), thread.flow
        coming = [armed.due_at for armed in thread.deadlines.values() if armed.status == "armed"]
        assert coming and all(at > town.clock.time for at in coming), thread.flow
        found[thread.id] = (who, min(coming))
    assert found == {
        GRANT: (town.anna.id, instant("2026-11-17 09:00")),
        ENDED: (town.anna.id, instant("2026-12-04 09:00")),
        HANDOVER: (town.anna.id, instant("2026-11-18 09:00")),
    }


def nothing_waits_and_nobody_was_told_twice(town: Town) -> None:
    rows = town.rows_of("outbox")
    assert {row.status for row in rows} <= {"sent", "superseded"}
    assert "waiting" not in {row.status for row in town.rows_of("errand")}
    told = [row for row in rows if row.kind == "message" and row.status == "sent"]
    twice = Counter((row.person_id, row.thread_id, row.created_at) for row in told)
    assert set(twice.values()) == {1}, "one moment, one thread, one person: one message"
    for resident in town.residents.values():
        rung = Counter(toast.split("ST-")[1][:6] for toast in resident.toasts() if "ST-" in toast)
        kept = Counter(thread_ref(row.thread_id)[3:] for row in told if row.person_id == resident.id)
        assert rung == kept, f"{resident.key} has in Teams what the record says, and no more"
        for message in resident.chat():
            shown = f"{message.toast} {words_of(message.card)}".lower()
            assert "nk-2042" not in shown or not any(word in shown for word in TELLING), resident.key


def everybody_sees_what_is_theirs(town: Town) -> None:
    """«mina»: what waits for each; Johan comes back to nothing that somebody else has not done."""
    mine = {
        "anna": (GRANT, HANDOVER, ENDED), "nils": (GRANT,), "olle": (HANDOVER, ENDED), "birgitta": (HANDOVER,),
        "lena": (HANDOVER,), "johan": (), "eva": (), "sara": (), "karim": (), "maria": (),
    }  # fmt: skip
    for key, wanted in mine.items():
        who = town.residents[key]
        who.types("mina")
        seen = [number for number in range(1, DEATH + 1) if thread_ref(number) in who.newest()]
        assert sorted(seen, key=lambda number: who.newest().index(thread_ref(number))) == list(wanted), key
        assert ("Du har inget öppet just nu." in who.newest()) == (not wanted), key


def whoever_leads_sees_the_day(town: Town) -> None:
    """«dagen»: counts and who stepped in for whom, and no case."""
    opened = {"maria": ("Hemtjänst Norr", 1), "birgitta": ("Hemtjänst Söder", 2), "eva": ("Myndigheten", 3)}
    for key, (unit, count) in opened.items():
        who = town.residents[key]
        who.types("dagen")
        assert unit in who.newest() and f"Öppet i allt: {count}" in who.newest(), key
        assert "Försenat: 0" in who.newest() and "NK-" not in who.newest(), key
    stepped_in = f"Eva Sund har gått in för Johan Nyman i {thread_ref(DEATH)}, i dag kl. 15.20."
    assert stepped_in in town.eva.newest() and stepped_in not in town.maria.newest()
    for who in (town.olle, town.lena, town.sara):
        who.types("dagen")
        assert "Dagen är för dig som leder en enhet" in who.newest()
