"""A meeting of a municipality's own, as `docs/adding-a-meeting.md` prints it:
Anna calls Hemtjänst Norr to a nyckelmöte. It is Monday 16 November 2026 at 09.00.
No calendar is connected: what it would be asked for stands as errands.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from test_flows_toy import PAGE, printed
from town import Town, instant

from bot.house import build_record
from cases import backup, meetings
from cases import tables as t
from cases.meeting import SeriesNow
from cases.meeting_kinds import MeetingKind
from cases.record import Record
from cases.restore import restore
from cases.store import sqlite_url
from cases.thread import CALENDAR, DELIVERY, Signal
from dialogs.catalogue import HERE
from reminders.profile import FOLDER, load_profile

MEETING, STORY, PATHS = printed("python", PAGE.with_name("adding-a-meeting.md"))
[KIND] = printed("toml", PAGE.with_name("adding-a-meeting.md"))
TALES: dict[str, Any] = {}
exec(compile(STORY, "the story of the page", "exec"), TALES)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("own")
    (folder / "flows").mkdir()
    (folder / "flows" / "key_meeting.py").write_text(MEETING, encoding="utf-8")
    shutil.copytree(FOLDER, folder / "rutiner")
    profile = folder / "rutiner" / "norrkoping.toml"
    text = profile.read_text(encoding="utf-8").replace("on = [", 'on = ["key_meeting",')
    profile.write_text(f"{text}\n{KIND}", encoding="utf-8")
    return build_record(folder / "rutiner", (HERE, folder / "flows"))


@pytest.fixture
def town(tmp_path: Path, record: Record) -> Iterator[Town]:
    made = Town(tmp_path, record=Record(record.flows, record.profiles))
    yield made
    made.close()


def drafted(town: Town, cases: str = "nk-2041; NK-2042", day: str = "2026-11-26", clock: str = "13:00") -> None:
    town.anna.types("nyckelmöte")
    town.anna.presses(
        "Fortsätt", receiving_unit="HT-NORR", starts_date=day, starts_time=clock, mode="on_site", cases=cases
    )  # fmt: skip


def called(town: Town, **answers: str) -> None:
    drafted(town, **answers)
    town.anna.presses("Kalla")


def rows(town: Town, table: Any) -> list[Any]:
    return town.store.transaction(lambda tx: tx.execute(select(table)).all())


def asked(town: Town) -> list[str]:
    """What the calendar has been asked for, in order."""
    return [row.key for row in rows(town, t.errand) if row.kind == "calendar"]


def answers(town: Town) -> dict[str, str]:
    names = {one.id: key for key, one in town.residents.items()}
    return {names[row.person_id]: row.answer for row in rows(town, t.meeting_invited)}


def by_calendar(town: Town, name: str, **values: str) -> None:
    """What the calendar's door does: the row follows the calendar first, then the thread is told."""
    by = DELIVERY if name in ("in_calendar", "not_in_calendar") else CALENDAR
    signal = Signal(thread_id=town.thread().id, name=name, by=by, values=dict(values))
    town.store.transaction(lambda tx: town.record.signal(tx, [signal], town.clock.care(), town.clock.machine()))
    town.settle()


@pytest.mark.parametrize("tale", [name for name in TALES if name.startswith("test_")])
def test_the_story_of_the_page(town: Town, tale: str) -> None:
    TALES[tale](town)


def test_the_paths_and_the_keys_of_the_page(record: Record) -> None:
    walked: dict[str, Any] = {}
    exec(PATHS, walked)
    moves = record.flows["key_meeting"].moves.values()
    assert set(walked["PATHS"]["key_meeting"]) == {move.to for alternatives in moves for move in alternatives}
    told = set(
        re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE.with_name("adding-a-meeting.md").read_text(), re.MULTILINE)
    )
    keys = {name for names in told for name in re.findall(r"`(\w+)`", names)}
    assert keys == {one.name for one in fields(MeetingKind)} - {"name"}


def test_no_case_is_asked_for_and_it_has_a_reference_of_its_own(town: Town) -> None:
    town.anna.types("nyckelmöte")
    assert "skyddade personuppgifter" not in town.anna.newest() and "Ärendenummer" not in town.anna.newest()
    drafted(town)
    ref = town.thread().case_ref
    assert ref == f"MÖTE-{town.thread().ref[3:]}" and f"Möte: {ref}" in town.anna.newest()
    assert "saknar ansvarig" not in town.anna.newest() and "NK-2041, NK-2042" in town.anna.newest()
    assert rows(town, t.meeting) == [] and asked(town) == []


def test_a_case_that_nobody_knows_is_refused_by_name(town: Town) -> None:
    drafted(town, cases="NK-2041, NK-9999\nNK-8888")
    assert "Finns inte i Stafetts register: NK-9999, NK-8888. Rätta eller ta bort dem." in town.anna.newest()
    assert rows(town, t.thread) == []
    many = ",".join(f"NK-{number}" for number in range(41))
    town.anna.presses("Fortsätt", cases=many)
    assert "Listan har 41 ärenden. Den får ha högst 40." in town.anna.newest()
    town.anna.presses("Fortsätt", cases="NK-2041, 19121212-1212")
    assert "personnummer" in town.anna.newest() and rows(town, t.thread) == []


def test_the_call_makes_the_event_and_the_errand_in_one(town: Town) -> None:
    called(town)
    (row,) = rows(town, t.meeting)
    assert (row.starts_at, row.ends_at - row.starts_at) == (instant("2026-11-26 13:00"), timedelta(minutes=45))
    assert (row.organizer_id, row.mode, row.place, row.status) == (town.anna.id, "on_site", "Hemtjänst Norr", "invited")
    assert (row.revision, row.synced, row.event_id) == (1, 0, None) and asked(town) == [f"calendar:meeting:{row.id}:1"]
    assert {(one.person_id, one.optional) for one in rows(town, t.meeting_invited)} == {
        (town.maria.id, False), (town.karim.id, True),
    }  # fmt: skip
    assert "Du är kallad till ett möte." in town.maria.newest() and "1. Nycklar som saknas" in town.maria.newest()
    assert "Nyckelmöte: tor 26 nov kl. 13.00–13.45, på plats, Hemtjänst Norr" in town.maria.newest()
    assert "Har inte svarat (2): Maria Ek, Karim Aziz (vid behov)" in town.anna.newest()
    owner = town.thread().owner
    assert owner is not None and owner.person_id == town.anna.id, "a meeting stays its convener's"
    assert not any("NK-20" in text or "MÖTE" in text for text in town.maria.toasts())


def test_whoever_is_called_answers_and_the_convener_hears_of_a_no(town: Town) -> None:
    called(town)
    town.maria.presses("Jag kommer")
    assert "Jag kommer" not in town.maria.moves() and "Kan inte komma" in town.maria.moves()
    town.karim.presses("Kan inte komma")
    assert answers(town) == {"maria": "accepted", "karim": "declined"}
    assert "En av de kallade kan inte komma till mötet." in town.anna.newest()
    assert "Kommer (1): Maria Ek" in town.anna.newest() and len(asked(town)) == 1, "an answer changes no event"


def test_silence_is_reminded_of_by_name_and_not_by_seat(town: Town) -> None:
    called(town)
    town.maria.presses("Kanske")
    town.until("2026-11-18 08:59")
    assert not town.karim.sees("Du har inte svarat")
    town.until("2026-11-18 09:00")
    assert town.karim.sees("Du har inte svarat på kallelsen") and not town.maria.sees("Du har inte svarat")


def test_moved_by_the_convener_it_is_answered_anew(town: Town) -> None:
    called(town)
    town.maria.presses("Jag kommer")
    town.anna.answers("Flytta mötet", starts_date="2026-11-27", starts_time="10:00", mode="digital")
    (row,) = rows(town, t.meeting)
    assert (row.starts_at, row.mode, row.place) == (instant("2026-11-27 10:00"), "digital", "Digitalt möte")
    assert row.revision == 2 and asked(town)[-1] == f"calendar:meeting:{row.id}:2"
    assert answers(town) == {"maria": "none", "karim": "none"} and "Mötet är flyttat." in town.maria.newest()
    town.anna.answers("Flytta mötet", starts_date="2026-11-27", starts_time="10:00", mode="digital")
    assert rows(town, t.meeting)[0].revision == 2, "nobody is invited twice to the same"


def test_whoever_has_left_the_unit_is_invited_no_longer(town: Town) -> None:
    called(town)
    town.maria.presses("Jag kommer")

    def leaves(tx: Any) -> None:
        tx.execute(update(t.role).where(t.role.c.person_id == town.karim.id).values(unit_id="HT-SODER"))
        tx.execute(delete(t.setting).where(t.setting.c.key == "roster_version"))
        tx.execute(insert(t.setting).values(key="roster_version", value="77"))

    town.store.transaction(leaves)
    assert answers(town) == {"maria": "accepted", "karim": "none"}
    town.anna.answers("Flytta mötet", starts_date="2026-11-27", starts_time="10:00", mode="digital")
    assert answers(town) == {"maria": "none"} and "Karim" not in town.anna.newest()
    (row,) = rows(town, t.meeting)
    assert row.revision == 2 and asked(town)[-1] == f"calendar:meeting:{row.id}:2"


def test_called_off(town: Town) -> None:
    called(town)
    town.anna.presses("Mer …")
    town.anna.presses("Ställ in mötet")
    assert town.thread().state == "called_off" and town.thread().is_closed
    (row,) = rows(town, t.meeting)
    assert (row.status, row.revision, asked(town)[-1]) == ("cancelled", 2, f"calendar:meeting:{row.id}:2")
    assert "Mötet är inställt." in town.maria.newest() and "Nyckelmöte: inställt" in town.maria.newest()


def test_what_is_moved_in_the_calendar_is_followed_and_not_sent_back(town: Town) -> None:
    called(town)
    (row,) = rows(town, t.meeting)
    to = instant("2026-11-30 09:00")
    moved = update(t.meeting).values(starts_at=to, ends_at=to + timedelta(minutes=90), synced=1, event_id="e1")
    town.store.transaction(lambda tx: tx.execute(moved))
    by_calendar(town, "moved_in_calendar", starts=to.isoformat())
    assert town.thread().values["starts"] == to.isoformat() and "Mötet är flyttat." in town.maria.newest()
    assert "mån 30 nov kl. 09.00–10.30" in town.maria.newest() and "Mötet finns i kalendern." in town.anna.newest()
    assert asked(town) == [f"calendar:meeting:{row.id}:1"]
    by_calendar(town, "called_off_in_calendar")
    assert town.thread().state == "called_off" and "Mötet är inställt." in town.karim.newest()


def test_a_calendar_that_does_not_answer_is_said_once(town: Town) -> None:
    called(town)
    by_calendar(town, "not_in_calendar")
    assert town.anna.sees("Kalendern svarar inte.")
    by_calendar(town, "not_in_calendar")
    assert len([row for row in rows(town, t.outbox) if row.text == "not_in_calendar"]) == 1
    by_calendar(town, "in_calendar")
    assert "not_in_calendar" not in town.thread().marks


def test_outcomes_are_written_in_parts_and_open_one_thread_for_each_case(town: Town) -> None:
    called(town)
    town.anna.answers("Mötet är hållet", **{"outcomes:NK-2041": "none", "outcomes:NK-2042": "ask"})
    assert town.thread().values["outcomes"] == "NK-2041:none,NK-2042:ask"
    opened = [row for row in rows(town, t.thread) if row.flow == "question"]
    assert [(row.case_ref, row.sender_id, row.state) for row in opened] == [("NK-2042", town.johan.id, "draft")]
    assert "Utfall: NK-2041: Inget; NK-2042: Fråga" in town.anna.newest()
    assert "Journaltext" not in town.anna.buttons(), "a meeting is about no case's journal"
    town.anna.types("journal")
    assert "Nyckelmöte" not in town.anna.newest() and "MÖTE" not in town.anna.newest()


def test_who_comes_from_the_queue_without_being_named_is_added(town: Town) -> None:
    def empty(tx: Any) -> None:
        """Hemtjänst Söder has neither of the roles: its queue answers."""
        tx.execute(update(t.role).where(t.role.c.person_id == town.birgitta.id).values(role="coordinator"))
        tx.execute(insert(t.setting).values(key="roster_version", value="77")) if not tx.scalar(
            select(t.setting.c.key).where(t.setting.c.key == "roster_version")
        ) else tx.execute(update(t.setting).where(t.setting.c.key == "roster_version").values(value="77"))

    town.store.transaction(empty)
    town.anna.types("nyckelmöte")
    town.anna.presses(
        "Fortsätt", receiving_unit="HT-SODER", starts_date="2026-11-26", starts_time="13:00", mode="phone", cases=""
    )  # fmt: skip
    town.anna.presses("Kalla")
    assert answers(town) == {"olle": "none"} and town.olle.sees("Du är kallad")


def test_who_has_something_else_is_busy(town: Town) -> None:
    called(town)
    start = instant("2026-11-26 13:30")

    def busy(people: list[int], besides: int = 0) -> set[int]:
        end = start + timedelta(hours=1)
        return set(town.store.transaction(lambda tx: meetings.busy(tx, people, start, end, besides)))

    everybody, number = [town.anna.id, town.maria.id, town.johan.id], town.thread().id
    assert busy(everybody) == {town.anna.id, town.maria.id} and busy(everybody, number) == set()
    town.maria.presses("Kan inte komma")
    assert busy(everybody) == {town.anna.id}


def test_meetings_and_series_come_through_a_backup(town: Town, tmp_path: Path) -> None:
    called(town)
    weekly = SeriesNow(
        id=None, kind="key_meeting", organizer_id=town.anna.id, weekday=4, at=time(14, 0), minutes=30,
        first_day=date(2026, 11, 26), last_day=date(2026, 12, 31), mode="on_site", place="Hemtjänst Norr",
    )  # fmt: skip
    number = town.thread().id
    town.store.transaction(lambda tx: meetings.save_series(tx, number, weekly, town.clock.care()))
    file, url = tmp_path / "copy.zip", sqlite_url(tmp_path / "restored.sqlite")
    backup.save(town.store.url, file, town.clock.machine())
    kept = [rows(town, table) for table in (t.meeting, t.meeting_invited, t.meeting_series)]
    restore(url, file, town.record, town.clock.care(), town.clock.machine(), replace=False)
    there = Town(url, record=town.record, copied=False)
    try:
        found = [rows(there, table) for table in (t.meeting, t.meeting_invited, t.meeting_series)]
        assert [sorted(row for row in of if row[0] < 100_000) for of in found] == [sorted(of) for of in kept]
        assert there.thread(number).series == weekly and there.thread(number).meetings["main"].kind == "key_meeting"
        # A calendar knows an event by the number it was made for: new ones are numbered far above those of the copy.
        assert max(row.id for row in found[0]) >= 100_000 and max(row.id for row in found[2]) >= 100_000
    finally:
        there.close()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("minutes = 2", "meetings.odd.minutes: ska vara ett heltal 5 till 600 (nu: 2)"),
        ('invited = [{ role = "boss", of = "own" }]', "meetings.odd.invited.1.role: ska vara något av"),
        ('invited = [{ role = "nurse", of = "moon" }]', "meetings.odd.invited.1.of: ska vara något av authority, case"),
        ('place = "home"', "meetings.odd.place: ska vara något av authority, own, provider"),
        ("lenght = 5", "meetings.odd.lenght: okänd nyckel"),
    ],
)
def test_a_slip_in_a_kind_names_the_key_and_what_is_allowed(
    lines: str, said: str, record: Record, tmp_path: Path
) -> None:  # fmt: skip
    text = f'extends = "norrkoping"\ntitle = "X"\n[meetings.odd]\ntitle = "Möte"\nconvener = ["planner"]\n{lines}\n'
    (tmp_path / "x.toml").write_text(text if "minutes" in lines else f"{text}minutes = 30\n", encoding="utf-8")
    with pytest.raises(Exception, match="odd") as refused:
        load_profile("x", tmp_path)
    assert said in str(refused.value)
