"""A unit that keeps its rota in Teams Shifts. It is Monday 16 November 2026 at 09.00."""

import pytest
from people import aad, on_call
from played_graph import PlayedGraph
from sqlalchemy import insert
from test_on_call_swap import proposes
from town import Town, instant

from bot.demo.graph.rota import Shift
from bot.graph.client import Graph
from bot.rota import Rota, ShiftsSettings
from cases import rota
from cases import tables as t
from cases.directory import roster_changed

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TEAM = "00000000-0000-4000-8000-0000000000aa"


@pytest.fixture
def shifts(town: Town, town_graph: Graph) -> Rota:
    settings = ShiftsSettings(teams={"HT-NORR": TEAM})
    return Rota(town.store, town.record, town.clock, town_graph, settings, changed=lambda: None)


def shift(who: int, begins: str, ends: str, name: str = "Jour natt", **more: object) -> Shift:
    return Shift(person_id=aad(who), start=instant(begins), end=instant(ends), name=name, **more)  # type: ignore[arg-type]


def passes(town: Town) -> list[tuple[int, str, str]]:
    found = town.store.transaction(lambda tx: town.record.directory(tx).passes.get("HT-NORR", []))
    return [(one.person_id, f"{one.starts_at:%d %H}", f"{one.ends_at:%d %H}") for one in found]  # UTC


def test_what_is_shared_is_on_call_and_leave_is_not(town: Town, shifts: Rota, graph_world: PlayedGraph) -> None:
    town.store.transaction(
        lambda tx: (
            tx.execute(insert(t.role).values(person_id=town.sara.id, unit_id="HT-NORR", role="on_call_supervisor")),
            on_call(tx, town.sara.id, "HT-NORR", instant("2026-11-25 17:00"), instant("2026-11-26 07:00")),
        )
    )
    graph_world.world.page_size = 2
    graph_world.world.shifts[TEAM] = [
        shift(9, "2026-11-16 17:00", "2026-11-17 07:00"),
        shift(9, "2026-11-17 17:00", "2026-11-18 07:00"),
        shift(1, "2026-11-18 17:00", "2026-11-19 07:00"),
        shift(9, "2026-11-19 17:00", "2026-11-20 07:00", shared=False),  # a draft
        shift(9, "2026-11-19 08:00", "2026-11-19 16:00", name="Dag"),
        shift(10, "2026-11-20 17:00", "2026-11-21 07:00"),  # Lena is not on call there
        shift(9, "2026-11-17 22:00", "2026-11-19 00:00", off=True),
    ]
    assert town.do(shifts.look()) == 1
    assert passes(town) == [(9, "16 16", "17 06"), (9, "17 16", "17 21"), (1, "18 16", "19 06")]
    assert {row.source for row in town.rows_of("on_call")} == {rota.SHIFTS}, "the sheet's own night is gone"
    assert town.do(shifts.look()) == 0, "read again it is the same"
    town.clock.time = instant("2026-11-17 08:00")
    graph_world.world.shifts[TEAM] = [shift(1, "2026-11-18 18:00", "2026-11-19 07:00")]
    assert town.do(shifts.look()) == 1
    assert passes(town) == [(9, "16 16", "17 06"), (1, "18 17", "19 06")], "what is over is history"


def test_a_swap_holds_however_often_shifts_is_read(town: Town, shifts: Rota, graph_world: PlayedGraph) -> None:
    role = insert(t.role).values(person_id=town.sara.id, unit_id="HT-NORR", role="on_call_supervisor")
    town.store.transaction(lambda tx: (tx.execute(role), roster_changed(tx)))
    graph_world.world.shifts[TEAM] = [shift(9, "2026-11-20 17:00", "2026-11-21 07:00")]
    town.do(shifts.look())
    proposes(town, town.nils, town.sara)
    town.maria.presses("Godkänn bytet")
    town.do(shifts.look())
    assert passes(town) == [(1, "20 16", "21 06")]
    graph_world.world.shifts[TEAM] = [shift(1, "2026-11-20 17:00", "2026-11-21 07:00")]  # now it stands in Shifts too
    town.do(shifts.look())
    assert passes(town) == [(1, "20 16", "21 06")]
    assert [row.source for row in town.rows_of("on_call")] == [rota.SHIFTS]


def test_shifts_does_not_answer_and_the_manager_is_told_how_old_the_rota_is(
    town: Town, shifts: Rota, graph_world: PlayedGraph
) -> None:
    graph_world.world.shifts[TEAM] = [
        shift(9, f"2026-11-{day} 07:00", f"2026-11-{day + 1} 07:00") for day in range(16, 30)
    ]
    town.do(shifts.look())
    town.do(town.occasions.look())
    graph_world.world.faults.down()
    town.until("2026-11-17 13:59")
    assert town.do(shifts.look()) == 0 and len(passes(town)) == 14, "what was read holds"
    town.until("2026-11-17 14:00")
    town.do(town.occasions.look())
    town.settle()
    assert "Kontrollera kvällens jour. Öppna Stafett." in town.maria.toasts()
    assert "Shifts har inte kunnat läsas sedan mån 16 nov kl. 09.00." in town.maria.newest()


def test_a_unit_that_leaves_shifts_has_the_sheet_again(town: Town, shifts: Rota, graph_world: PlayedGraph) -> None:
    graph_world.world.shifts[TEAM] = [
        shift(9, "2026-11-15 17:00", "2026-11-17 07:00"), shift(9, "2026-11-20 17:00", "2026-11-21 07:00")
    ]  # fmt: skip
    town.do(shifts.look())
    without = Rota(town.store, town.record, town.clock, None, None, changed=lambda: None)
    town.do(without.look())
    assert passes(town) == [(9, "15 16", "17 06")], "the pass that goes on is kept"
    assert town.rows_of("rota") == []
