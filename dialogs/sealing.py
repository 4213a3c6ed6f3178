"""«Skyddade personuppgifter», found out when a thread is already there: asked once more, then sealed.

What is shown afterwards is the same for everybody and says that it has ended, and nothing else. The profile's
administrator gets a pointer to the thread and who to ask; nobody is told why.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import errands, sealing
from cases.errands import LIST
from cases.flow import By
from cases.record import Scene
from cases.route import Seat
from cases.thread import Party, ThreadNow, thread_ref
from dialogs import parts
from dialogs.lists_access import answers_for
from dialogs.parts import Element
from dialogs.swedish import moment_text
from dialogs.terms import Terms
from dialogs.view import View
from dialogs.visit import Desked, Visit

LABEL = "Skyddade personuppgifter"  # short enough for a narrow screen
TITLE = "Avslutat"
ASK, SEAL = "protected", "seal"  # the verbs
ENDED = "ended"  # the list to the profile's administrator


def is_offered(view: View) -> bool:
    """Whether the thread is about a person at all, and not sealed already."""
    return not view.flow.caseless and not view.thread.is_sealed


def button(view: View) -> Element:
    return parts.button(LABEL, ASK, {"thread": view.thread.id})


def ask(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """What it leads to, and who is to be rung: afterwards no card tells that."""
    if not is_offered(view):
        return Desked(card=ended_card(view.thread.ref, view.terms))
    body = [
        parts.heading("Avsluta för alla"),
        parts.line("Har personen skyddade personuppgifter ska ärendet inte finnas i Stafett."),
        parts.line(
            "Meddelandet och allt annat om ärendet avslutas nu, för alla. Det som är skrivet försvinner ur kort och "
            "listor. Inget nytt kan skickas om ärendet. Det går inte att ångra."
        ),
    ]
    reached = _to_ring(view)
    if reached:
        body.append(parts.line("Ring dem som behöver veta, enligt rutinen:", strong=True, space=True))
        body += [parts.labelled(name, phone) for name, phone in reached]
    back = parts.button("Tillbaka", "show", {"thread": view.thread.id})
    return Desked(card=parts.card(body, [parts.button("Avsluta för alla", SEAL, {"thread": view.thread.id}), back]))


def sealed(visit: Visit, view: View) -> Desked:
    """Seal the case of this thread, which the caller has locked and found to be this person's to see."""
    thread = view.thread
    if is_offered(view):
        sealing.seal(visit.tx, visit.scene, thread, visit.person_id, visit.now, visit.machine_now)
        _tell_admins(visit, thread)
    return Desked(
        card=ended_card(thread.ref, view.terms), thread_id=thread.id, version=thread.version,
        older=thread.messages.get(view.viewer),
    )  # fmt: skip


def ended_card(ref: str, terms: Terms) -> Element:
    """All that is left of a sealed thread, whoever looks."""
    body = [
        parts.heading(TITLE),
        parts.labelled("Beteckning", ref),
        parts.line(f"Det här fortsätter inte i Stafett. Följ rutinen: ring och skriv i {terms.case_system}."),
    ]
    return parts.card(body, [parts.button("Till start", "start")], speak=f"{TITLE}. {ref}.")


def ended_toast(ref: str) -> str:
    return f"{TITLE} {ref}. Öppna Stafett."


def draw(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """What the profile's administrator gets: a pointer, and who can tell more."""
    found = sealing.found_at(visit.tx, due_at)
    if not found or visit.person_id not in _admins(visit.scene, unit_id or ""):
        return None
    people = visit.scene.directory.people
    body = [parts.heading("Ett ärende är avslutat i Stafett")]
    for one in found:
        person = people.get(one.person_id)
        who = person.name if person else "någon som inte längre finns i registret"
        told = ", ".join(part for part in (who, person.phone if person else "") if part)
        body.append(parts.labelled("Beteckning", thread_ref(one.thread_id)))
        body.append(parts.labelled("Avslutat", moment_text(one.at)))
        body.append(parts.labelled("Fråga", told))
    body.append(
        parts.line("Ta bort ärendet ur registerfilen och kontrollera andra listor, enligt rutinen. Ring, skriv inte.")
    )
    return parts.card(body, [parts.button("Till start", "start")])


# --- pieces ------------------------------------------------------------------------------------------------------


def _to_ring(view: View) -> list[tuple[str, str]]:
    """The other seats of an open thread, with their telephone."""
    if view.thread.is_closed or view.is_draft:
        return []
    seats: list[Party | Seat] = [one for one in view.thread.parties if one.side in (By.RECEIVER, By.INFORMED)]
    sender = [one for one in view.thread.parties if one.side == By.SENDER]
    others = [one for one in (*seats, *sender) if one.person_id != view.viewer]
    return list(dict.fromkeys((view.seat_name(one), _phone(view, one)) for one in others))


def _phone(view: View, seat: Party | Seat) -> str:
    person = view.scene.directory.people.get(seat.person_id or 0)
    unit = view.scene.directory.units.get(seat.unit_id)
    own = person.phone if person else ""
    return own or (unit.phone or unit.last_resort_phone if unit else "")


def _tell_admins(visit: Visit, thread: ThreadNow) -> None:
    unit_id = thread.sender_unit_id
    for who in [one for one in _admins(visit.scene, unit_id) if one != visit.person_id]:
        key = f"list:{ENDED}:{thread.id}:{who}"
        errands.add(
            visit.tx, kind=LIST, key=key, not_before=visit.now, person_id=who, unit_id=unit_id, what=ENDED
        )  # fmt: skip


def _admins(scene: Scene, unit_id: str) -> list[int]:
    """The profile's administrators; where there is none, whoever answers for the unit."""
    directory, unit = scene.directory, scene.directory.units.get(unit_id)
    places = [unit_id, *([unit.authority_unit_id] if unit is not None and unit.authority_unit_id else [])]
    found = [who for place in places for who in directory.holders(place, "profile_admin")]
    return list(dict.fromkeys(found)) or answers_for(scene, unit_id)
