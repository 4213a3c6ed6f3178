"""People and roles follow the directory's groups, day and night: who joins gets in, and who leaves is out at once.

The 16th of November 2026 is a Monday.
"""

from datetime import timedelta

import pytest
from people import aad, on_call
from played_graph import PlayedGraph
from town import Town, instant

from bot.graph.client import Graph
from bot.people import People
from cases import tables as t
from cases.group_map import GroupMap, Mapped

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ASSESSORS, CARE, JOUR, WITHIN = (f"00000000-0000-4000-8000-0000000002{number:02d}" for number in range(4))
NEWCOMER = "00000000-0000-4000-8000-000000000099"
NEED = {
    "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker",
}  # fmt: skip
MAP = GroupMap(
    precedence="groups",
    mapped=(
        Mapped(group_id=ASSESSORS, unit_id="MYND", role="needs_assessor"),
        Mapped(group_id=CARE, unit_id="HT-NORR", role="care_worker"),
        Mapped(group_id=JOUR, unit_id="HT-NORR", role="on_call_supervisor"),
    ),
)


def follower(town: Town, graph: Graph, groups: GroupMap) -> People:
    return People(town.store, town.record, town.clock, graph, groups, changed=lambda: None)


@pytest.fixture
def groups(town: Town, graph_world: PlayedGraph, town_graph: Graph) -> People:
    """The groups are as the roster was: nobody has got or lost anything by them."""
    world = graph_world.world
    world.group(WITHIN, "Handläggare söder", [aad(town.johan.id)])
    world.group(ASSESSORS, "Biståndshandläggare", [aad(town.anna.id), WITHIN])
    world.group(CARE, "Omvårdnad Norr", [aad(town.sara.id)])
    world.group(JOUR, "Jour Norr", [aad(town.nils.id)])
    made = follower(town, town_graph, MAP)
    assert town.do(made.look()) == 0
    return made


def roles(town: Town) -> set[tuple[int, str, str]]:
    return {(row.person_id, row.unit_id, row.role) for row in town.rows(t.role)}


def sources(town: Town, role: str) -> set[str]:
    return {row.source for row in town.rows(t.role) if row.role == role}


def looks(town: Town, groups: People) -> int:
    changed = town.do(groups.look())
    town.settle()
    return changed


# --- joining ----------------------------------------------------------------------------------------------------------


@ONLY_SQLITE
def test_what_the_groups_give_is_theirs_and_nested_members_count(town: Town, groups: People) -> None:
    assert sources(town, "needs_assessor") == {"group"} and sources(town, "team_lead") == {"roster"}
    assert (town.johan.id, "MYND", "needs_assessor") in roles(town), "a member of a group inside the group"


@ONLY_SQLITE
def test_somebody_new_joins_and_works_the_same_day(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    graph_world.world.add(NEWCOMER, "Nora@exempel.invalid", "Nora Ny")
    graph_world.world.join(WITHIN, NEWCOMER)
    assert looks(town, groups) == 1
    person = next(row for row in town.rows(t.person) if row.aad_object_id == NEWCOMER)
    assert (person.name, person.upn, person.active, person.source) == ("Nora Ny", "nora@exempel.invalid", True, "group")
    assert (person.id, "MYND", "needs_assessor") in roles(town)
    assert "Nora Ny är nu biståndshandläggare." in town.eva.newest(), "nobody else answers for the unit"
    assert looks(town, groups) == 0


@ONLY_SQLITE
def test_without_names_nobody_new_is_made(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    graph_world.world.granted -= {"User.ReadBasic.All", "User.Read.All", "Directory.Read.All"}
    graph_world.world.add(NEWCOMER, "nora@exempel.invalid", "Nora Ny")
    graph_world.world.join(ASSESSORS, NEWCOMER)
    assert looks(town, groups) == 0
    assert (town.anna.id, "MYND", "needs_assessor") in roles(town), "those who are known keep what they have"


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_who_leaves_is_out_at_once_and_what_they_held_goes_to_the_queue(
    town: Town, graph_world: PlayedGraph, groups: People
) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")
    town.anna.presses("Ta ärendet")
    graph_world.world.leave(ASSESSORS, aad(town.anna.id))
    assert looks(town, groups) == 1
    thread = town.thread()
    assert (thread.owner.unit_id, thread.owner.person_id, thread.state) == ("MYND", None, "sent")
    assert "Den som hade meddelandet arbetar inte kvar i enheten. Det ligger nu hos er." in town.johan.newest()
    town.anna.types(thread.ref)
    assert "NK-2041" not in town.anna.newest()
    town.anna.forges(verb="do", thread=1, signal="answer", action_code="other")
    assert not town.thread().is_closed
    assert town.eva.sees("Anna Berg är inte längre biståndshandläggare och har inte tillgång.")
    assert town.eva.sees("Ett öppet meddelande har gått vidare till enheten.")
    row = next(row for row in town.rows(t.audit) if row.action == "permission")
    assert (row.about_id, row.signal, row.reason) == (town.anna.id, "group_left", "MYND needs_assessor")
    town.johan.presses("Ta ärendet")
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.sara.sees("Hembesök bokas")


@ONLY_SQLITE
def test_left_lying_in_the_queue_the_ladder_begins_anew(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")
    town.anna.presses("Ta ärendet")
    town.until("2026-11-16 10:00")
    graph_world.world.leave(ASSESSORS, aad(town.anna.id))
    looks(town, groups)
    town.until("2026-11-16 10:19")
    assert town.johan.sees("Meddelandet väntar på att någon tar det.")
    town.until("2026-11-16 10:20")
    assert town.eva.sees("Ingen har tagit meddelandet. Du är nästa i tur.")


@ONLY_SQLITE
def test_at_night_the_jour_who_leaves_loses_the_pass_and_the_night_s_threads(
    town: Town, graph_world: PlayedGraph, groups: People
) -> None:
    begins, ends = instant("2026-11-16 17:00"), instant("2026-11-17 07:00")
    town.store.transaction(lambda tx: on_call(tx, town.nils.id, "HT-NORR", begins, ends))
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.until("2026-11-17 02:00")
    town.nils.types(town.thread().ref)
    assert "NK-2041" in town.nils.newest(), "on call for the unit"
    graph_world.world.leave(JOUR, aad(town.nils.id))
    assert looks(town, groups) == 1
    town.nils.types(town.thread().ref)
    assert "NK-2041" not in town.nils.newest() and "Det finns inget meddelande" in town.nils.newest()
    assert not town.maria.sees("Behörigheter har ändrats"), "nobody off duty is woken for it"
    town.until("2026-11-17 07:01")
    assert town.maria.sees("Nils Fors är inte längre jourhavande arbetsledare och har inte tillgång.")


@ONLY_SQLITE
def test_leaving_a_group_within_is_leaving_too(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    looks(town, groups)  # from now on the group inside is watched by itself
    graph_world.world.leave(WITHIN, aad(town.johan.id))
    assert looks(town, groups) == 1
    assert (town.johan.id, "MYND", "needs_assessor") not in roles(town)


@ONLY_SQLITE
def test_the_whole_group_within_is_taken_out(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    graph_world.world.leave(ASSESSORS, WITHIN)
    assert looks(town, groups) == 1
    assert (town.johan.id, "MYND", "needs_assessor") not in roles(town)


@ONLY_SQLITE
def test_back_in_the_group_the_same_person_is_let_in_again(
    town: Town, graph_world: PlayedGraph, groups: People
) -> None:
    graph_world.world.add(NEWCOMER, "nora@exempel.invalid", "Nora Ny")
    for change in (graph_world.world.join, graph_world.world.leave, graph_world.world.join):
        change(ASSESSORS, NEWCOMER)
        assert looks(town, groups) == 1
        town.clock.time += timedelta(minutes=5)
    rows = [row for row in town.rows(t.person) if row.aad_object_id == NEWCOMER]
    assert len(rows) == 1 and rows[0].active


@ONLY_SQLITE
def test_the_last_one_in_the_unit_leaves_and_whoever_leads_it_gets_what_was_held(
    town: Town, graph_world: PlayedGraph, groups: People
) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    graph_world.world.leave(ASSESSORS, WITHIN)
    graph_world.world.leave(ASSESSORS, aad(town.anna.id))
    assert looks(town, groups) == 2
    assert town.eva.sees("Det ligger nu hos er.") and town.thread().owner.role == "lead_needs_assessor"


# --- what the groups do not say ---------------------------------------------------------------------------------------


@ONLY_SQLITE
def test_the_roster_has_precedence_where_it_is_declared(
    town: Town, graph_world: PlayedGraph, town_graph: Graph
) -> None:
    graph_world.world.group(ASSESSORS, "Biståndshandläggare", [aad(town.eva.id)])
    mapped = (Mapped(group_id=ASSESSORS, unit_id="MYND", role="needs_assessor"),)
    made = follower(town, town_graph, GroupMap(precedence="roster", mapped=mapped))
    assert looks(town, made) == 1
    here = {row.person_id: row.source for row in town.rows(t.role) if row.role == "needs_assessor"}
    assert here == {town.anna.id: "roster", town.johan.id: "roster", town.eva.id: "group"}
    graph_world.world.leave(ASSESSORS, aad(town.eva.id))
    assert looks(town, made) == 1
    assert {row.person_id for row in town.rows(t.role) if row.role == "needs_assessor"} == {town.anna.id, town.johan.id}


@ONLY_SQLITE
def test_while_graph_is_down_nobody_gets_or_loses_anything(
    town: Town, graph_world: PlayedGraph, groups: People
) -> None:
    before = roles(town)
    graph_world.world.leave(ASSESSORS, aad(town.anna.id))
    fault = graph_world.world.faults.down(call="GET /groups")
    assert looks(town, groups) == 0 and roles(town) == before
    graph_world.world.faults.release(fault)
    town.clock.time += timedelta(minutes=10)
    assert looks(town, groups) == 1, "what happened meanwhile is found out"


@ONLY_SQLITE
def test_a_link_that_is_too_old_and_a_group_that_is_gone(town: Town, graph_world: PlayedGraph, groups: People) -> None:
    graph_world.world.leave(ASSESSORS, aad(town.anna.id))
    graph_world.world.forget_links()
    assert looks(town, groups) == 1, "then it is read whole"
    before = roles(town)
    del graph_world.world.groups[CARE]
    town.clock.time += timedelta(days=2)
    assert looks(town, groups) == 0 and roles(town) == before, "a slip in the directory locks nobody out"


@ONLY_SQLITE
def test_a_line_for_a_unit_or_a_role_that_is_not_there_gives_nothing(
    town: Town, graph_world: PlayedGraph, town_graph: Graph
) -> None:
    graph_world.world.group(ASSESSORS, "Biståndshandläggare", [aad(town.anna.id)])
    lines = (("NOWHERE", "needs_assessor"), ("HT-NORR", "needs_assessor"))
    mapped = tuple(Mapped(group_id=ASSESSORS, unit_id=unit, role=role) for unit, role in lines)
    before = roles(town)
    assert looks(town, follower(town, town_graph, GroupMap(precedence="groups", mapped=mapped))) == 0
    assert roles(town) == before
