"""`stafett log` and `stafett outbox`: the whole story and what has stuck, in ids, roles and codes alone."""

from flow_walk import SECRET, led_to
from people import PEOPLE
from sqlalchemy import update
from test_delivery import sara_sends
from town import Town

from bot.channel.errors import Blocked, Passing
from bot.cli import main
from bot.commands import log as log_command
from cases import history
from cases import tables as t


def told(town: Town, number: int = 1) -> str:
    return log_command.told(town.store.transaction(lambda tx: history.of(tx, number)))


def test_the_story_tells_every_move_deadline_try_and_receipt(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Passing("502")]
    sara_sends(town)
    town.until("2026-11-16 09:03")
    town.anna.presses("Ta ärendet")
    story = told(town)
    ref = town.thread().ref
    assert story.startswith(f"{ref} (tråd 1), flöde urgent_lasting, läge taken\n")
    anna, sara = f"person {town.anna.id} (needs_assessor@MYND)", f"person {town.sara.id} (care_worker@HT-NORR)"
    for line in (
        f"09:00:00  send: draft → sent, av {sara}",
        "frist untaken (regel urgent_untaken): senast 2026-11-16 09:20:00, avslutad",
        f"«new» till {anna}: i kö",
        f"«new» till {anna}: försök 1 misslyckades, provas igen (502)",
        f"«new» till {anna}: levererat till Teams, försök 2 (m",
        "09:02:00  untaken.nag_2, av klockan (skulle ske 2026-11-16 09:02:00)",
        f"«untaken_remind» till {anna}: i kö, klockans 2026-11-16 09:02:00",
        f"taget av {anna}",
        f"take: sent → taken, av {anna}",
        "ändrat i Teams",
    ):
        assert line in story, line


def test_who_could_not_be_reached_is_told(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Blocked("403 MessageWritesBlocked")]
    sara_sends(town)
    assert "försök 1 gick inte att leverera (403 MessageWritesBlocked)" in told(town)
    assert "undeliverable, av leveransen" in told(town)


def test_neither_names_nor_content_are_in_it(town: Town) -> None:
    led_to(town, "urgent_lasting", "answered")
    story = told(town)
    assert SECRET not in story and "NK-2041" not in story
    for _, name, *_ in PEOPLE:
        assert name not in story


def test_the_command_takes_a_reference_or_a_number(town: Town, capsys) -> None:  # type: ignore[no-untyped-def]
    sara_sends(town)
    url = town.store.engine.url.render_as_string(hide_password=False)
    for name in (town.thread().ref, "1"):
        assert main(["log", name, "--database", url]) == 0
        assert "send: draft → sent" in capsys.readouterr().out
    assert main(["log", "999", "--database", url]) == 1
    assert "finns inget meddelande" in capsys.readouterr().err
    assert main(["log", "hej!", "--database", url]) == 2


def test_what_is_set_aside_is_listed_and_tried_again_when_somebody_says_so(town: Town, capsys) -> None:  # type: ignore[no-untyped-def]
    sara_sends(town)
    town.until("2026-11-16 09:01")
    row = next(row for row in town.rows_of("outbox") if row.text == "new")
    url = town.store.engine.url.render_as_string(hide_password=False)
    assert main(["outbox", "--database", url]) == 0
    assert capsys.readouterr().out == "Inget har fastnat.\n"
    aside = update(t.outbox).where(t.outbox.c.id == row.id).values(status="set_aside", failure="lease_lost")
    town.store.transaction(lambda tx: tx.execute(aside))
    main(["outbox", "--database", url])
    line = capsys.readouterr().out
    assert line.startswith(f"{row.id}  UNDANLAGD") and "senast lease_lost" in line and town.thread().ref in line
    before = len(town.anna.chat())
    assert main(["outbox", "retry", str(row.id), "--database", url]) == 0
    assert main(["outbox", "retry", str(row.id), "--database", url]) == 1
    town.clock.time = town.clock.own() if town.clock.own() > town.clock.time else town.clock.time
    town.settle()
    assert next(one for one in town.rows_of("outbox") if one.id == row.id).status == "sent"
    assert len(town.anna.chat()) > before
