"""A disk is lost, and the record is brought back from a backup: nothing in it is lost, and nobody is flooded."""

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cards import words_of
from sqlalchemy import select
from test_delivery import sara_sends
from test_drafts import BEGIN
from town import Town

from bot.channel.errors import Passing, StaleAddress
from bot.outbox import Outbox
from bot.turn import Turns
from cases import backup as backups
from cases import tables as t
from cases.backup import BackupError, check, save
from cases.restore import RESTORED, Restored, restore
from cases.store import Store, sqlite_url

_REF = re.compile(r"ST-\w{6}")
NOT_SAID = (
    "outbox", "deadline", "thread", "party", "log", "audit", "setting", "attempt", "replica", "meeting",
    "meeting_series",
)  # fmt: skip


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "kopia.zip"


def busy(town: Town) -> None:
    """Threads in many states, some of them untouched, and a message that could not be sent yet."""
    sara_sends(town)
    sara_sends(town, "NK-2042")
    town.johan.presses("Ta ärendet")
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.sara.begins("urgent_limited", "NK-2041", **BEGIN["urgent_limited"][1])
    town.sara.presses("Börja räkna dagarna")
    town.lena.begins("handover_ordinary", "NK-2077", **BEGIN["handover_ordinary"][1])
    town.until("2026-11-16 09:40")
    town.teams.refuse["a:anna"] = [Passing("502")]
    sara_sends(town, "NK-2041")


def saved(town: Town, backup: Path) -> None:
    save(town.store.engine.url, backup, town.clock.machine())


def brought_back(town: Town, backup: Path, url: str | None = None) -> Restored:
    """The record is restored, and Stafett is started on it. Teams has kept everything that it ever got."""
    town.store.close()
    address = url or town.store.engine.url.render_as_string(hide_password=False)
    done = restore(address, backup, town.record, town.clock.care(), town.clock.machine(), replace=True)
    town.store = Store(address)
    town.turns = Turns(town.store, town.desk, town.clock, look=town.teams.member, changed=lambda _due: None)
    town.outbox = Outbox(town.store, town.record, town.teams, town.clock, inline=False)
    return done


def everything(town: Town) -> dict[str, list[Any]]:
    return {table.name: sorted(town.rows(table), key=repr) for table in t.metadata.sorted_tables}


def messages(town: Town) -> Counter[tuple[str, str]]:
    """How many messages each person has got about each thread."""
    return Counter(
        (key, ref)
        for key, one in town.residents.items()
        for message in one.chat()
        for ref in _REF.findall(message.toast)
    )


LATER = ("2026-11-16 09:40", "2026-11-17 09:40", "2026-11-23 09:40")


@pytest.mark.parametrize(
    ("database", "later"),
    [*(("sqlite", later) for later in LATER), ("postgresql", LATER[1])],
    indirect=["database"],
)
def test_after_a_restore_nobody_gets_more_than_one_message_a_thread(town: Town, backup: Path, later: str) -> None:
    busy(town)
    saved(town, backup)
    town.until(later)
    done = brought_back(town, backup)
    before, chats = messages(town), {key: len(one.chat()) for key, one in town.residents.items()}
    town.settle()
    town._wait_for_paced_rows()

    got = messages(town) - before
    assert got and max(got.values()) == 1, got
    open_threads = [row for row in town.rows(t.thread) if row.closed_at is None]
    assert done.open_threads == len(open_threads) and done.unguarded == 0
    refs = {town.thread(row.id).ref for row in town.rows(t.thread)}
    assert {about for _, about in got} <= refs
    new = sum(len(one.chat()) - chats[key] for key, one in town.residents.items())
    assert new == done.to_send <= len(open_threads) * len(town.residents)


@pytest.mark.parametrize(("database", "days"), [("sqlite", 1), ("sqlite", 7), ("postgresql", 7)], indirect=["database"])
def test_every_open_thread_is_in_somebodys_hands_afterwards(town: Town, backup: Path, days: int) -> None:
    busy(town)
    saved(town, backup)
    town.clock.time += timedelta(days=days)
    brought_back(town, backup)
    town.settle()
    for row in town.rows(t.thread):
        if row.closed_at is None:
            thread = town.thread(row.id)
            coming = [one.due_at for one in thread.deadlines.values() if one.status == "armed" and one.due_at]
            assert thread.owner is not None and coming and min(coming) > town.clock.time, (thread.flow, thread.state)


def test_nothing_that_was_in_the_backup_is_lost(town: Town, backup: Path) -> None:
    busy(town)
    before = everything(town)
    saved(town, backup)
    town.until("2026-11-16 12:00")
    sara_sends(town, "NK-2042")
    brought_back(town, backup)
    after = everything(town)
    for name, rows in before.items():
        if name not in NOT_SAID:
            assert after[name] == rows, name
    for name in ("log", "audit", "attempt"):
        assert set(map(repr, before[name])) <= set(map(repr, after[name])), "an account is only added to"
    assert {row.id for row in before["outbox"]} <= {row.id for row in after["outbox"]}
    unsent = {row.id for row in before["outbox"] if row.status == "waiting" and row.kind == "message"}
    kept = {row.id: row for row in after["outbox"] if row.id in unsent}
    for row in kept.values():
        instead = [one for one in after["outbox"] if one.person_id == row.person_id and one.thread_id == row.thread_id]
        assert any(one.status == "waiting" for one in instead), "it, or one that says more, is sent"


def test_what_was_urgent_and_unsent_is_sent_and_says_what_has_happened(town: Town, backup: Path) -> None:
    town.teams.refuse["a:anna"] = [Passing("502")]
    sara_sends(town)
    saved(town, backup)
    town.clock.time += timedelta(hours=24)
    brought_back(town, backup)
    town.settle()
    assert "Stafett har återställts från en säkerhetskopia." in town.anna.newest()
    assert "Brådskande" in town.anna.newest() and "Ta ärendet" in town.anna.buttons()
    assert town.sara.sees("Stafett har återställts från en säkerhetskopia."), "and on the card that was there"


def test_a_card_of_a_thread_that_is_no_longer_known_is_never_about_another(town: Town, backup: Path) -> None:
    saved(town, backup)
    sara_sends(town)
    old, message = town.anna.keeps()
    lost = town.thread().ref
    brought_back(town, backup)
    sara_sends(town, "NK-2042")
    town.karim.begins("question", "NK-2041", category="planning")
    assert lost not in {town.thread(row.id).ref for row in town.rows(t.thread)}
    town.anna.presses_old(old, "Ta ärendet", message)
    assert "Det finns inget meddelande med den beteckningen" in words_of(message.card)
    assert not [row for row in town.rows(t.party) if row.taken_at], "nothing has been taken"


def test_a_card_that_teams_no_longer_has_does_not_hold_up_its_thread(town: Town, backup: Path) -> None:
    sara_sends(town)
    saved(town, backup)
    town.clock.time += timedelta(hours=3)
    brought_back(town, backup)
    town.teams.refuse["a:anna"] = [StaleAddress("404 ActivityNotFound")]
    town.settle()
    town.until("2026-11-17 09:00")
    town.anna.presses("Ta ärendet")
    assert town.sara.sees("Taget av Anna Berg")
    town._wait_for_paced_rows()
    assert [row for row in town.rows(t.outbox) if row.status == "waiting"] == []


def test_the_account_tells_of_the_restore(town: Town, backup: Path) -> None:
    sara_sends(town)
    saved(town, backup)
    brought_back(town, backup)
    assert [(row.action, row.outcome) for row in town.rows(t.audit) if row.reason == RESTORED] == [("config", "done")]


def test_a_backup_of_either_database_can_be_brought_back_on_the_other(
    town: Town, backup: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    busy(town)
    saved(town, backup)
    if town.store.shared:
        url = sqlite_url(tmp_path / "moved.sqlite")
    else:
        url = request.getfixturevalue("postgres_server").create()
    done = brought_back(town, backup, url)
    town.settle()
    assert done.unguarded == 0
    town.anna.presses("Ta ärendet")
    sara_sends(town, "NK-2042")
    assert town.rows(t.thread)[-1].state == "sent"


def test_a_backup_sees_one_moment_while_others_write(town: Town, backup: Path) -> None:
    """Between every two tables somebody sends a message: none of it is in the copy, in whole or in part."""
    busy(town)
    before = {name: len(rows) for name, rows in everything(town).items()}
    write = backups._write_table

    def interrupted(tx: Any, table: Any, out: Any) -> Any:
        if table.name in ("party", "log", "outbox"):
            sara_sends(town, "NK-2042")
        return write(tx, table, out)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups, "_write_table", interrupted)
        saved(town, backup)
    assert len(town.rows(t.thread)) == before["thread"] + 3
    assert {name: part.rows for name, part in check(backup).tables.items()} == before


# --- refusals ----------------------------------------------------------------------------------------------------


def test_a_damaged_backup_is_refused_and_the_record_left_alone(town: Town, backup: Path) -> None:
    sara_sends(town)
    saved(town, backup)
    with ZipFile(backup) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["thread.jsonl"] = parts["thread.jsonl"].replace(b'"sent"', b'"told"')
    with ZipFile(backup, "w") as harmed:
        for name, body in parts.items():
            harmed.writestr(name, body)
    before = everything(town)
    with pytest.raises(BackupError, match="tabellen thread stämmer inte"):
        brought_back(town, backup)
    backup.write_bytes(backup.read_bytes()[:500])
    with pytest.raises(BackupError, match="ingen säkerhetskopia"):
        brought_back(town, backup)
    town.store = Store(town.store.engine.url.render_as_string(hide_password=False))
    assert everything(town) == before


def test_a_backup_from_a_newer_stafett_is_refused(town: Town, backup: Path) -> None:
    saved(town, backup)
    with ZipFile(backup) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    told = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(told | {"revision": "9999_tomorrow"}).encode()
    with ZipFile(backup, "w") as newer:
        for name, body in parts.items():
            newer.writestr(name, body)
    with pytest.raises(BackupError, match="nyare Stafett"):
        brought_back(town, backup)
    town.store = Store(town.store.engine.url.render_as_string(hide_password=False))
    assert town.rows(t.person)


def test_a_database_that_holds_something_is_not_replaced_by_mistake(town: Town, backup: Path) -> None:
    saved(town, backup)
    sara_sends(town)
    url = town.store.engine.url.render_as_string(hide_password=False)
    before = everything(town)
    town.store.close()
    with pytest.raises(BackupError, match="--replace"):
        restore(url, backup, town.record, town.clock.care(), town.clock.machine(), replace=False)
    town.store = Store(url)
    assert everything(town) == before


def test_a_backup_is_never_written_over_another(town: Town, backup: Path) -> None:
    saved(town, backup)
    first = backup.read_bytes()
    with pytest.raises(BackupError, match="finns redan"):
        saved(town, backup)
    assert backup.read_bytes() == first
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith(".kopia")] == []


def test_a_backup_can_be_read_by_its_owner_alone(town: Town, backup: Path) -> None:
    saved(town, backup)
    assert backup.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # on PostgreSQL a restore is one transaction
def test_the_database_that_was_there_is_kept(town: Town, backup: Path) -> None:
    sara_sends(town)
    saved(town, backup)
    sara_sends(town, "NK-2042")
    kept = brought_back(town, backup).kept
    assert kept is not None
    old = Store(sqlite_url(kept))
    assert len(old.transaction(lambda tx: tx.execute(select(t.thread.c.id)).all())) == 2
    old.close()
