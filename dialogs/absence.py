"""What a card says of somebody's absence, and when it asks whether the matter can wait (Norrköping 1.1).

Stafett never decides by it: hemtjänst judges, and who judged what and why stands in the log. What is not known is
called unknown, and Teams' presence is never asked for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cases import load
from cases.away import Absence
from cases.flow import Audience, By, Move, Say
from cases.policy import Act, Who, decide
from cases.record import Scene
from cases.route import Seat, route
from dialogs.hand_moves import ABSENT
from dialogs.swedish import clock_text, day_text
from dialogs.view import View
from dialogs.visit import thread_of
from reminders.localtime import TICK, to_local

ASKED_BY = "absent"  # the move that carries the answers
_TO_ONE = frozenset({Audience.RESPONSIBLE_ASSESSOR, Audience.COUNTERPART})
_OWN = "responsible_assessor"  # whose automatic reply the routine speaks of
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_NEAR, _MORNING = 7, 12  # days within which a weekday says enough; an end before this hour is told to the minute


def until_text(absence: Absence, now: datetime) -> str:
    """«t.o.m. fredag», «t.o.m. fre 4 dec», «till måndag kl. 08.00», «till kl. 14.00 i dag» or «tills vidare»."""
    if absence.ends_at is None:
        return "tills vidare"
    today, end = to_local(now).date(), to_local(absence.ends_at)
    last = to_local(absence.ends_at - TICK).date()
    if end.date() == today:
        return f"till kl. {clock_text(absence.ends_at)} i dag"
    if last == today:
        return "i dag"
    name = _WEEKDAYS[last.weekday()] if (last - today).days < _NEAR else day_text(last)
    is_morning = end.date() == last and end.hour < _MORNING
    return f"till {name} kl. {clock_text(absence.ends_at)}" if is_morning else f"t.o.m. {name}"


def question(view: View, move: Move) -> str:
    """«Anna Berg är frånvarande t.o.m. fredag – kan det vänta?» of those whom the move would reach, or nothing."""
    if (move.to, ASKED_BY) not in view.flow.moves:
        return ""
    return " ".join(f"{_said(view, seat.person_id)} – kan det vänta?" for seat in _away(view, move))


def questions(view: View) -> list[str]:
    """The same of every button that the card offers."""
    return list(dict.fromkeys(said for _, move in view.moves() if (said := question(view, move))))


def facts(view: View) -> list[str]:
    """What the sender's card says of whom the message waits for: that they are away, or that it is unknown."""
    absence, found = view.scene.directory.absence, list[str]()
    for seat in _personal(view):
        said = _said(view, seat.person_id)
        if said and not view.is_draft:
            found.append(said)
        elif not said and seat.role == _OWN and not absence.is_known(seat.person_id or 0, view.now):
            found.append("okänt")
    return list(dict.fromkeys(found))


def asked_first(view: View, move: Move) -> Move:
    """The move, with the question whether it can wait where it would reach an assessor who is away."""
    return replace(move, needs=(*move.needs, *ABSENT)) if question(view, move) else move


def is_asked(signal: str, move: Move) -> bool:
    """Whether this is a move that has got the question; the one that is made of the answers has it as its own."""
    return signal != ASKED_BY and len(move.needs) >= len(ABSENT) and move.needs[-len(ABSENT) :] == ABSENT


def would_reach(tx: Connection, scene: Scene, who: Who, data: Mapping[str, Any]) -> list[int]:
    """Whose absence matters to what somebody is about to press: the assessor of a case that is written about. Of a
    thread that is not theirs nothing is asked."""
    verb, number = data.get("verb"), thread_of(data)
    if verb == "draft":
        facts = scene.directory.case(tx, scene.directory.spelled(tx, " ".join(str(data.get("case_ref") or "").split())))
        return [facts.responsible_id] if facts is not None and facts.responsible_id else []
    if verb not in ("do", "ask") or not number:
        return []
    thread = load.outlines(tx, [number]).get(number)
    if thread is None or not (decide(who, Act.SEE, scene.what(thread)) or decide(who, Act.STEP_IN, scene.what(thread))):
        return []
    moves = scene.record.flows[thread.flow].moves.get((thread.state, str(data.get("signal"))), ())
    if thread.is_closed or not any(_audiences(move) for move in moves):
        return []
    assessor = scene.case(thread).responsible_id
    return [assessor] if assessor else []


# --- pieces ------------------------------------------------------------------------------------------------------


def _away(view: View, move: Move) -> list[Seat]:
    """The case's own assessor, where the move would reach them and they are away."""
    seats = [seat for to in _audiences(move) for seat in route(to, view.routing) if seat.role == _OWN]
    absence = view.scene.directory.absence
    return [seat for seat in dict.fromkeys(seats) if absence.is_away(seat.person_id or 0, view.now)]


def _audiences(move: Move) -> set[Audience]:
    return {say.to for say in move.then if isinstance(say, Say) and say.side == By.RECEIVER} & _TO_ONE


def _personal(view: View) -> list[Seat]:
    """The people that the message waits for, or would wait for: not queues, and not what somebody has taken."""
    if view.thread.is_closed or not view.is_sender:
        return []
    if view.is_draft:
        return [seat for seat in view.receivers_to_be() if seat.person_id is not None]
    receivers = view.thread.receivers()
    if any(party.taken_at for party in receivers):
        return []
    return [
        Seat(role=one.role, unit_id=one.unit_id, person_id=one.person_id)
        for one in receivers
        if one.person_id is not None and not one.receipted
    ]


def _said(view: View, person_id: int | None) -> str:
    """«Anna Berg är frånvarande t.o.m. fredag», with when it is not certain any more; or nothing."""
    absence = view.scene.directory.absence
    found = absence.of(person_id or 0, view.now)
    if found is None:
        return ""
    stale = " enligt senaste uppgift" if person_id in absence.unknown else ""
    return f"{view.person_name(person_id)} är frånvarande {until_text(found, view.now)}{stale}"
