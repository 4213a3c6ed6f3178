"""A town whose routine has one kind of meeting, called by the assessor: what a calendar needs, and nothing more."""

from dataclasses import replace

from played_graph import PlayedGraph
from town import Town, shipped

from bot.demo.graph.entries import Entry
from bot.graph.calendar_door import CalendarDoor
from bot.graph.calendar_looks import CalendarLooks
from bot.graph.client import Graph
from cases.flow import Audience, By, Flow, Invite, Move, Say, by, table
from cases.meeting_kinds import InvitedRole, MeetingKind
from cases.record import Record
from dialogs.common import ASSESSORS
from dialogs.meeting_moves import MEETING_STATES, MODE, STARTS, meeting_moves

KIND = MeetingKind(
    name="planning", title="Planeringsmöte", minutes=30, convener=("needs_assessor",), chair=("needs_assessor",),
    invited=(
        InvitedRole(role="team_lead", of="provider"),
        InvitedRole(role="unit_manager", of="provider", optional=True),
    ),
    agenda=("Läget i veckan", "Nästa steg"), place="provider", mode="on_site", digital_months=False, gather=(),
    source="Exempel",
)  # fmt: skip
_CALLED = Say(to=Audience.INVITED, text="meeting_invited", urgent=False)
FLOW = Flow(
    name="planning_meeting", title="Planeringsmöte", source="Exempel", intro="Ett möte om hur det går.",
    senders=ASSESSORS, form=(STARTS, MODE), first="draft", last=frozenset({"called_off"}), urgent=False,
    states={"draft": "Utkast", "called": "Kallat"} | MEETING_STATES, meeting=KIND.name, group="meetings",
    moves=table(
        {
            ("", "open"): Move(to="draft", by=by(By.SENDER)),
            ("draft", "send"): Move(to="called", by=by(By.SENDER), label="Kalla till mötet", then=(Invite(), _CALLED)),
        }
        | meeting_moves("called")
    ),
)  # fmt: skip


def record() -> Record:
    """The shipped flows and profiles, with that kind of meeting in them."""
    profiles = {}
    for name, one in shipped().profiles.items():
        on = one.section("flows")
        sections = {"meetings": {KIND.name: KIND}, "flows": replace(on, on=(*on.on, FLOW.name))}
        profiles[name] = replace(one, sections={**one.sections, **sections})
    return Record({**shipped().flows, FLOW.name: FLOW}, profiles)


def connected(town: Town, graph: Graph | None) -> CalendarLooks:
    """Let the town's meetings go to this Graph, or nowhere; the looks that bring news back."""
    town.doors = [one for one in town.doors if one.kind != "calendar"]
    town.doors.append(CalendarDoor(town.record, town.clock, graph))
    return CalendarLooks(town.store, town.record, town.clock, graph, changed=lambda: None)


def calls(town: Town, day: str = "2026-11-19", at: str = "10:00", mode: str = "on_site") -> None:
    """Anna calls Karim, who must come, and Maria, who may."""
    town.anna.begins("planning_meeting", "NK-2041", starts_date=day, starts_time=at, mode=mode)
    town.anna.presses("Kalla till mötet")


def annas(played: PlayedGraph) -> list[Entry]:
    """What stands in Anna's calendar."""
    return played.world.events("anna@exempel.invalid")
