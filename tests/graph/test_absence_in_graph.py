"""Who is away is asked of the mailboxes: by the loop, before a message is sent, and while Graph is down."""

from datetime import timedelta

import pytest
from graph_words import address
from played_graph import PlayedGraph
from town import Town, instant

from bot.absences import Absences
from bot.graph.client import Graph
from bot.turn import Turns
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FRIDAY = "2026-11-20 17:00"
ASKS = "Anna Berg är frånvarande t.o.m. fredag – kan det vänta?"
MAILBOX = "GET /users/{id}/mailboxSettings"
NEED = {
    "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker",
}  # fmt: skip


@pytest.fixture
def absences(town: Town, town_graph: Graph) -> Absences:
    """The loop, and what is asked before a message is sent; the SDK is loaded first, as it is at a start."""
    town.do(town_graph.warm())
    made = Absences(town.store, town.record, town.clock, town_graph)
    made.within = 30.0
    town.turns = Turns(
        town.store, town.desk, town.clock, look=town.teams.member, changed=lambda _due: None, before=(made.before,)
    )
    return made


def checks(town: Town) -> dict[int, tuple[bool, str | None]]:
    return {row.person_id: (row.known, row.failure) for row in town.rows(t.absence_check)}


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_known_absence_is_asked_about_before_it_is_sent(
    town: Town, graph_world: PlayedGraph, absences: Absences
) -> None:
    graph_world.world.away(address("anna"), instant("2026-11-16 08:00"), instant(FRIDAY), message="På semester i Rom.")
    town.karim.begins("question", "NK-2041", category="planning")
    assert ASKS in town.karim.newest(), "asked of the mailbox when the draft was made"
    town.karim.presses("Skicka")
    town.karim.presses("Skicka", can_wait="no", priority_reason="lasting")
    assert "frånvarande och det kan inte vänta" in town.eva.newest()
    assert "Rom" not in repr(town.rows(t.absence)), "what the reply says is nobody's but the reader's"


def test_gone_since_the_draft_was_made(town: Town, graph_world: PlayedGraph, absences: Absences) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    assert "rånvar" not in town.karim.newest()
    town.clock.time += timedelta(minutes=5)
    graph_world.world.away(address("anna"))
    town.karim.presses("Skicka")
    assert "Anna Berg är frånvarande tills vidare – kan det vänta?" in town.karim.newest()
    assert town.thread().state == "draft"


def test_back_again(town: Town, graph_world: PlayedGraph, absences: Absences) -> None:
    graph_world.world.away(address("anna"), instant("2026-11-16 08:00"), instant(FRIDAY))
    town.karim.begins("question", "NK-2041", category="planning")
    graph_world.world.back(address("anna"))
    town.clock.time += timedelta(minutes=5)
    town.karim.presses("Skicka")
    assert town.thread().state == "sent" and "rånvar" not in town.karim.newest()
    assert town.rows(t.absence) == []


def test_out_of_office_in_the_calendar_counts_too(town: Town, graph_world: PlayedGraph, absences: Absences) -> None:
    graph_world.world.block(address("anna"), instant("2026-11-16 00:00"), instant("2026-11-21 00:00"), status="oof")
    graph_world.world.block(address("johan"), instant("2026-11-16 08:00"), instant("2026-11-16 17:00"))
    town.do(absences.look())
    assert [(row.person_id, row.source) for row in town.rows(t.absence)] == [(town.anna.id, "calendar")]
    town.karim.begins("question", "NK-2041", category="planning")
    assert ASKS in town.karim.newest()


def test_the_loop_asks_about_assessors_and_whoever_holds_something(
    town: Town, graph_world: PlayedGraph, absences: Absences
) -> None:
    assert town.do(absences.look()) == 3
    asked = {town.anna.id: (True, None), town.johan.id: (True, None), town.eva.id: (True, None)}
    assert checks(town) == asked
    assert town.do(absences.look()) == 0, "another process has just looked"
    town.clock.time += timedelta(minutes=2)
    assert town.do(absences.look()) == 0, "nobody's turn has come yet"
    town.clock.time += timedelta(minutes=10)
    assert town.do(absences.look()) == 3
    versions = [row.value for row in town.rows(t.setting) if row.key == "roster_version"]
    town.clock.time += timedelta(minutes=10)
    town.do(absences.look())
    assert versions == [row.value for row in town.rows(t.setting) if row.key == "roster_version"], "nothing new"


def test_down_for_an_hour_nothing_is_held_up_and_the_next_in_line_hears(
    town: Town, graph_world: PlayedGraph, absences: Absences
) -> None:
    town.do(absences.look())
    graph_world.world.faults.down(timedelta(hours=1))
    town.clock.time = instant("2026-11-16 09:26")
    town.do(absences.look())
    assert checks(town)[town.anna.id][0] is False
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    assert "Frånvaro: okänt" in plain(town.sara.newest())
    town.sara.presses("Skicka")
    assert town.thread().state == "sent", "nobody waits for Graph"
    town.until("2026-11-16 09:28")
    assert "Det är okänt om den som har meddelandet är på plats. Du kontaktas också." in town.eva.newest()
    assert town.anna.sees("Meddelandet väntar på att någon tar det.")
    town.clock.time = instant("2026-11-16 10:30")
    town.do(absences.look())
    assert checks(town)[town.anna.id] == (True, None)


def test_a_mailbox_that_answers_slowly_is_unknown_within_the_second(
    town: Town, graph_world: PlayedGraph, absences: Absences
) -> None:
    absences.within = 0.05
    held = graph_world.world.faults.hold(call=MAILBOX)
    town.karim.begins("question", "NK-2041", category="planning")
    assert "Frånvaro: okänt" in plain(town.karim.newest())
    assert checks(town)[town.anna.id] == (False, "timeout")
    graph_world.world.faults.release(held)
    town.karim.presses("Skicka")
    assert town.thread().state == "sent"


def test_without_the_permission_or_a_mailbox_it_is_unknown(
    town: Town, graph_world: PlayedGraph, absences: Absences
) -> None:
    graph_world.world.person(address("anna")).has_mailbox = False
    town.do(absences.look())
    assert checks(town)[town.anna.id] == (False, "404 MailboxNotEnabledForRESTAPI")
    assert checks(town)[town.johan.id] == (True, None)
    graph_world.world.granted -= {"MailboxSettings.Read"}
    town.clock.time += timedelta(minutes=30)
    town.do(absences.look())
    assert {known for known, _ in checks(town).values()} == {False}


def test_switched_off_nothing_is_claimed_any_more(town: Town, graph_world: PlayedGraph, absences: Absences) -> None:
    graph_world.world.away(address("anna"))
    town.do(absences.look())
    assert town.rows(t.absence)
    town.do(Absences(town.store, town.record, town.clock, None).look())
    assert town.rows(t.absence) == [] and town.rows(t.absence_check) == []
