"""Stafett's own code makes every call that the guide to operations lists, with just the permissions that it lists, and
no other: the played Graph answers no call that is on no list, and a test that makes one fails."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from graph_words import address
from people import aad
from played_graph import PlayedGraph

from bot.demo.graph.permissions import CALLS
from bot.demo.graph.rota import Shift
from bot.graph import absence, calendar_calls, free_busy, groups, shifts
from bot.graph.calls import Ringer
from bot.graph.client import Graph
from bot.graph.install_door import InstallDoor
from bot.graph.notice_door import ACTIVITY, BOARD, NoticeDoor
from bot.graph.plan import Guest, Plan, Weekly
from cases.errands import Errand
from cases.record import Record

GUIDE = Path(__file__).parents[2] / "docs" / "drift" / "graph.md"
ROW = re.compile(r"\| `((?:GET|POST|PATCH|DELETE) /[^`]+)` \| ([^|]+) \|")
NAME = re.compile(r"`([A-Za-z.]+)`")
EVENT = "/users/{id}/events/{event}"
GROUP, TEAM, APP = "g-home", "t-norr", "stafett"
NOTIFY = "POST /users/{id}/teamwork/sendActivityNotification"
MANIFEST = Path(__file__).parents[2] / "manifest" / "manifest.json"
UNHEARD = "http://127.0.0.1:9/"  # nobody listens there


@cache
def listed() -> dict[str, frozenset[str]]:
    """What the guide says: each call and its permissions."""
    return {call: frozenset(NAME.findall(needs)) for call, needs in ROW.findall(GUIDE.read_text(encoding="utf-8"))}


def test_the_guide_has_the_calls_and_permissions_that_graph_is_played_with() -> None:
    assert listed() == {call.name: frozenset(call.needs + call.also) for call in CALLS}


def test_the_package_asks_for_what_is_called_with_its_permission_and_for_no_more() -> None:
    """What a person's own installation lets in stands in the package, and not in the directory."""
    package = json.loads(MANIFEST.read_text(encoding="utf-8"))
    asked = package["authorization"]["permissions"]["resourceSpecific"]
    assert {(one["name"], one["type"]) for one in asked} == {(name, "Application") for name in listed()[NOTIFY]}
    assert [one["type"] for one in package["activities"]["activityTypes"]] == [ACTIVITY]
    assert BOARD in {one["entityId"] for one in package["staticTabs"]}


@dataclass
class Maker:
    """Makes calls with Stafett's own code, each time with only the permissions that the guide lists for them."""

    graph: Graph
    played: PlayedGraph

    async def make(self, does: Callable[[], Awaitable[object]], *calls: str) -> object:
        world = self.played.world
        world.granted = frozenset().union(*(listed()[call] for call in calls))
        before = len(world.journal)
        found = await does()
        made = world.journal[before:]
        assert {one.call for one in made} == set(calls)
        assert all(one.status < 400 for one in made)
        return found

    async def calendar(self) -> None:
        client, anna = self.graph.client, address("anna")
        day = datetime.fromisoformat("2026-11-19T10:00")  # by the wall clock
        plan = Plan(
            mailbox=anna, subject="Möte", lines=("Dagordning",), starts=day, ends=day + timedelta(minutes=30),
            place="Hemtjänst Norr", online=False, guests=(Guest(address=address("sara"), name="Sara Lind"),),
            transaction="k1",
        )  # fmt: skip
        made = await self.make(lambda: calendar_calls.create(client, plan), "POST /users/{id}/events")
        assert isinstance(made, calendar_calls.Standing)
        await self.make(lambda: calendar_calls.change(client, plan, made.event_id), f"PATCH {EVENT}")
        await self.make(lambda: calendar_calls.read(client, anna, made.event_id), f"GET {EVENT}")
        await self.make(lambda: calendar_calls.cancel(client, anna, made.event_id), f"POST {EVENT}/cancel")
        weekly = Weekly(first=date(2026, 11, 19), last=date(2026, 12, 10))
        series = replace(plan, weekly=weekly, transaction="k2")
        made = await self.make(lambda: calendar_calls.create(client, series), "POST /users/{id}/events")
        assert isinstance(made, calendar_calls.Standing)
        at = self.played.clock.time.replace(day=26)
        await self.make(
            lambda: calendar_calls.occurrence(client, anna, made.event_id, at, at), f"GET {EVENT}/instances"
        )
        await self.make(lambda: calendar_calls.remove(client, anna, made.event_id), f"DELETE {EVENT}")
        await self.make(
            lambda: calendar_calls.changes(client, anna, None, at - timedelta(days=9), at + timedelta(days=9)),
            "GET /users/{id}/calendarView/delta",
        )

    async def people(self) -> None:
        graph, world, now = self.graph, self.played.world, self.played.clock.time
        who, free = {address("sara"): 1}, "POST /users/{id}/calendar/getSchedule"
        await self.make(lambda: absence.ask(graph, who, now), "GET /users/{id}/mailboxSettings", free)
        await self.make(lambda: free_busy.free_busy(graph, address("anna"), who, (now, now + timedelta(days=7))), free)
        world.group(GROUP, "Hemtjänst", [aad(1)])
        await self.make(lambda: groups.whole(graph, GROUP), "GET /groups/{id}/transitiveMembers")
        await self.make(lambda: groups.news(graph, GROUP, None), "GET /groups/delta")
        world.shifts[TEAM] = [Shift(person_id=aad(9), start=now, end=now + timedelta(hours=9), name="Jour")]
        both = ("GET /teams/{id}/schedule/shifts", "GET /teams/{id}/schedule/timesOff")
        await self.make(lambda: shifts.read(graph, TEAM, "jour", now, now + timedelta(days=1)), *both)
        world.catalogue.add(APP)
        graph.settings = replace(graph.settings, teams_app=APP)
        errand = Errand(
            id=1, kind="install", key="k", lane=0, person_id=1, unit_id=None, thread_id=None, what="", not_before=now,
            attempts=0, leased_until=now,
        )  # fmt: skip
        door = InstallDoor(Record({}, {}), self.played.clock, graph)
        await self.make(lambda: door.do(errand, aad(1)), "POST /users/{id}/teamwork/installedApps")
        notice = NoticeDoor(graph)
        await self.make(lambda: notice.do(errand, aad(1)), NOTIFY)

    async def telephone(self) -> None:
        ringer, calls, one = Ringer(self.graph, "t", UNHEARD), self.played.world.calls, "/communications/calls"
        placed = await self.make(lambda: ringer.place(aad(9), UNHEARD), f"POST {one}")
        calls.find(str(placed)).state = "established"
        both = (f"POST {one}/{{call}}/subscribeToTone", f"POST {one}/{{call}}/playPrompt")
        await self.make(lambda: ringer.speak(str(placed)), *both)
        await self.make(lambda: ringer.put_down(str(placed)), f"DELETE {one}/{{call}}")


async def test_every_listed_call_is_made_and_each_needs_no_more_than_its_own(
    graph: Graph, graph_world: PlayedGraph
) -> None:
    await graph.warm()
    maker = Maker(graph, graph_world)
    await maker.calendar()
    await maker.people()
    await maker.telephone()
    graph_world.settle()
    assert {one.call for one in graph_world.world.journal} == set(listed())
