"""Ringing the jour at night: which threads ring, whom, in which order, and what the ringing does to the thread.

A thread rings when its flow's table has the moves for it, its profile has switched it on, it is on-call time, and
nobody has taken or read what has been the jour's to take for the profile's minutes. Whoever has pressed a key and then
taken nothing is rung anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import load, log, phone_calls
from cases.flow import STOPPED, Alternatives, Audience, By, Flow, Move, Say, Situation, by
from cases.phone_calls import Call
from cases.record import Scene
from cases.route import AUTHORITY, ON_CALL
from cases.thread import Party, ThreadNow
from dialogs.lists_rota import has_rota, in_line
from dialogs.on_call_section import NightCall
from reminders.rota import on_call_hours

# The signals: the jour is rung, whoever leads is rung, somebody has heard it, nobody has or could be rung.
RING, RING_NEXT, HEARD, UNHEARD, UNRUNG = "jour_rung", "next_rung", "heard_by_phone", "call_unheard", "call_not_placed"
_LONGEST_STRETCH = timedelta(days=10)
_MOST = 6  # people rung about one message


def night_call_moves(*states: str) -> dict[tuple[str, str], Alternatives]:
    """The moves of a flow whose messages may wake the jour, in the states where they wait for somebody to take them.

    Whoever is rung also gets the card: the voice says nothing of what it is about. A key that is pressed is a receipt,
    which the sender is told of, and the message is still nobody's until somebody takes it.
    """
    heard = Say(to=Audience.SENDER, text="night_call_heard", side=By.SENDER)
    made: dict[tuple[str, str], Alternatives] = {}
    for state in states:
        for signal, audience in ((RING, Audience.ON_CALL), (RING_NEXT, Audience.UNIT_MANAGER)):
            told = Say(to=audience, text="night_call", side=By.INFORMED)
            made[(state, signal)] = (Move(to=state, by=by(By.DELIVERY), then=(told,)),)
        made[(state, HEARD)] = (Move(to=state, by=by(By.RECEIVER, By.INFORMED), receipt="heard", then=(heard,)),)
        for signal, text in ((UNHEARD, "night_call_unheard"), (UNRUNG, "night_call_unplaced")):
            both = (
                Say(to=Audience.SENDER, text=text, side=By.SENDER),
                Say(to=Audience.UNIT_MANAGER, text=text, side=By.INFORMED),
            )
            made[(state, signal)] = (Move(to=state, by=by(By.DELIVERY), then=both),)
    return made


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A thread for which somebody is to be rung: `since` (UTC) is when it became the jour's."""

    thread: ThreadNow
    unit_id: str
    since: datetime


def section_of(scene: Scene, unit_id: str) -> NightCall:
    section: NightCall = scene.profile_of_unit(unit_id).section("night_call")
    return section


def waiting(tx: Connection, scene: Scene, now: datetime) -> list[Waiting]:
    """Every thread for which the first one is to be rung now."""
    units = [unit for unit in scene.directory.passes if rings(scene, unit, now)]
    if not units:
        return []
    found = []
    jour = {who for unit_id in units for who in scene.directory.on_call(unit_id, now)}
    for thread in load.threads(tx, phone_calls.open_among(tx, units, jour)).values():
        for unit_id in units:
            since = waits_since(tx, scene, thread, unit_id, now)
            if since is not None and now - since >= _patience(tx, scene, thread, unit_id, since):
                found.append(Waiting(thread=thread, unit_id=unit_id, since=since))
    return [one for one in found if not phone_calls.has_begun(tx, one.thread.id, one.since)]


def rings(scene: Scene, unit_id: str, now: datetime) -> bool:
    """Whether the unit's jour is rung at this hour at all."""
    calendar = scene.profile_of_unit(unit_id).calendar
    return section_of(scene, unit_id).on and has_rota(scene.directory, unit_id, now) and calendar.is_on_call_hours(now)


def waits_since(tx: Connection, scene: Scene, thread: ThreadNow, unit_id: str, now: datetime) -> datetime | None:
    """Since when the thread has waited for this unit's jour; None when it does not, or somebody has it.

    Where it has been heard tonight it is since then, and only taking it ends that.
    """
    flow = scene.record.flows[thread.flow]
    situation = Situation(thread=thread, profile=scene.profile(thread), now=now)
    if thread.is_closed or STOPPED in thread.marks or flow.pick(RING, situation) is None:
        return None
    if any(party.taken_at is not None for party in thread.parties):
        return None
    seats = [party for party in thread.parties if _is_for(scene, party, unit_id, now)]
    if not seats:
        return None
    profile = scene.profile_of_unit(unit_id)
    evening = on_call_hours(profile.calendar, now - _LONGEST_STRETCH, now + timedelta(seconds=1))[-1].starts_at
    passes = [one.starts_at for one in scene.directory.passes.get(unit_id, ()) if one.covers(now)]
    heard = [at for _, at in phone_calls.heard(tx, thread.id, unit_id) if at >= evening]
    if not heard and any(party.receipted for party in seats):
        return None
    if heard and log.given_since(tx, thread.id, _taking(flow), evening):
        return None
    # From when somebody had it, and not when the last of several came; a jour who is new gets as long as the first had.
    return max([phone_calls.seated_at(tx, seats), evening, *passes[:1], *heard])


def _taking(flow: Flow) -> set[str]:
    """The signals by which somebody takes it, also where the routine asks for a telephone call besides."""
    return {signal for (_, signal), moves in flow.moves.items() if any(one.receipt == "taken" for one in moves)}


def _patience(tx: Connection, scene: Scene, thread: ThreadNow, unit_id: str, since: datetime) -> timedelta:
    """How long it may wait from then until somebody is rung."""
    section = section_of(scene, unit_id)
    is_heard = any(at == since for _, at in phone_calls.heard(tx, thread.id, unit_id))
    return timedelta(minutes=section.again_minutes if is_heard else section.minutes)


def _is_for(scene: Scene, party: Party, unit_id: str, now: datetime) -> bool:
    """The jour's own seat, or one on the receiving side of a unit that has a jour now."""
    if party.unit_id != unit_id or scene.directory.units[unit_id].kind == AUTHORITY:
        return False
    if party.role == ON_CALL:
        is_now = party.person_id in scene.directory.on_call(unit_id, now)
        return is_now and party.side in (By.RECEIVER, By.INFORMED)
    return party.side == By.RECEIVER


def to_ring(tx: Connection, scene: Scene, thread: ThreadNow, unit_id: str, now: datetime) -> list[tuple[int, str]]:
    """Who is rung, in order, and by which signal they get the card: the jour, then whoever answers for the unit.

    Whoever has just heard it is rung once more before the others; who has heard it again and still not taken it gives
    way to those who have heard it fewer times.
    """
    jour = [(who, RING) for who in scene.directory.on_call(unit_id, now)]
    lead = [(who, RING_NEXT) for who in in_line(scene, unit_id, _MOST) if who not in [one for one, _ in jour]]
    heard = [who for who, _ in phone_calls.heard(tx, thread.id, unit_id)]

    def turn(one: tuple[int, str]) -> tuple[bool, int]:
        times = heard.count(one[0])
        return times != 1 or heard[-1] != one[0], times

    return sorted(((who, signal) for who, signal in (*jour, *lead) if who != thread.sender_id), key=turn)[:_MOST]


def next_to_ring(tx: Connection, scene: Scene, call: Call, now: datetime) -> tuple[int, str] | None:
    """Who is rung when this call was not answered; None when everybody has been, or nobody need be any longer."""
    thread = load.one(tx, call.thread_id)
    if waits_since(tx, scene, thread, call.unit_id, now) is None:
        return None
    rung = phone_calls.rung(tx, call.thread_id, call.since)
    return next((one for one in to_ring(tx, scene, thread, call.unit_id, now) if one[0] not in rung), None)


def still_waits(tx: Connection, scene: Scene, call: Call, now: datetime) -> bool:
    """Whether there is still a reason to ring: nobody has taken or read it since the call was asked for."""
    return waits_since(tx, scene, load.one(tx, call.thread_id), call.unit_id, now) is not None
