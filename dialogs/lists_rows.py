"""One thread as a line of a list: references, where it stands and what is due. Nothing of what it is about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cases import load
from cases.lists import Page, Reader
from cases.policy import Act, OfUnit, decide
from cases.thread import ThreadNow
from dialogs import parts
from dialogs.limit_labels import limit_label
from dialogs.parts import Element
from dialogs.swedish import day_text
from dialogs.view import View
from dialogs.visit import Visit

PAGE = 8  # threads on one card; a longer card is longer than a phone's patience


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The threads of one page that this person may see, and whether there is another page."""

    views: list[View]
    more: bool


def reader(visit: Visit) -> Reader:
    sections = {name: profile.section("roles") for name, profile in visit.record.profiles.items()}
    on_duty = [one for one in visit.scene.directory.passes if decide(visit.who, Act.TAKE_DUTY, OfUnit(unit_id=one))]
    return Reader(person_id=visit.person_id, held=visit.held(), roles=sections, on_duty=on_duty)


def listed(visit: Visit, page: Page) -> Listed:
    """The page as this person may see it."""
    return Listed(views=seen(visit, page.ids), more=page.more)


def paged(visit: Visit, find: Callable[[int], Page], page: int = 0, size: int = PAGE) -> Listed:
    """A page of what this person may see of what `find` finds from a place on. What is not theirs leaves no trace, not
    even a page that would hold it."""
    end, mine, looked_at, more = (page + 1) * size, list[View](), 0, True
    while more and len(mine) <= end:
        found = find(looked_at)
        mine += outlined(visit, found.ids)
        looked_at, more = looked_at + len(found.ids), found.more
    shown = mine[page * size : end]
    load.complete(visit.tx, [view.thread for view in shown])
    return Listed(views=shown, more=len(mine) > end)


def seen(visit: Visit, ids: Sequence[int]) -> list[View]:
    """Those of the threads that are this person's to know of, in the same order."""
    views = outlined(visit, ids)
    load.complete(visit.tx, [view.thread for view in views])
    return views


def outlined(visit: Visit, ids: Sequence[int]) -> list[View]:
    """The same, before anything but their seats is read of them: enough to count them."""
    found = load.outlines(visit.tx, ids, many=True)
    views = [_view(visit, found[one]) for one in ids if one in found]
    return [view for view in views if view.may(Act.LIST)]


def _view(visit: Visit, thread: ThreadNow) -> View:
    return View(thread=thread, flow=visit.flow_of(thread), scene=visit.scene, viewer=visit.person_id, now=visit.now)


def row(view: View, *, holder: bool = False) -> Element:
    """One thread as a line one can tap; the words say what is urgent. `holder` tells who has it."""
    thread = view.thread
    urgent = "Brådskande · " if view.flow.urgent else ""
    lines = [
        parts.line(f"{urgent}{thread.case_ref} · {thread.ref}", strong=True),
        parts.line(where_it_stands(view), subtle=True),
    ]
    held_by = holder_of(view) if holder else ""
    if held_by:
        lines.append(parts.line(f"Hos {held_by}", subtle=True))
    return framed([*lines, open_button(view)])


def open_button(view: View) -> Element:
    button = parts.button(f"Öppna {view.thread.ref}", "show", {"thread": view.thread.id})
    return {"type": "ActionSet", "actions": [button]}


def framed(items: Iterable[Element]) -> Element:
    return {"type": "Container", "style": "emphasis", "spacing": "Small", "items": list(items)}


def where_it_stands(view: View) -> str:
    """«Inte läst. Läses senast mån 23 nov kl. 17.00»; neutral words, since a flow's own can tell what has happened."""
    thread = view.thread
    if thread.is_closed:
        return f"Avslutat {day_text(thread.closed_at)}" if thread.closed_at else "Avslutat"
    running, limit = view.running(), view.limit()
    due = f"{limit_label(running.step)} {limit}" if running is not None and limit else ""
    return ". ".join(part for part in (standing(view), "Försenat" if view.is_late() else "", due) if part)


def standing(view: View) -> str:
    """How far it has come, in words that say nothing of what it is about."""
    receivers = view.thread.receivers()
    if view.is_draft:
        return "Utkast, inte skickat"
    if any(party.taken_at for party in view.thread.parties):
        return "Taget"
    if not receivers:
        return "Pågår"
    return "Läst" if all(party.receipted for party in receivers) else "Inte läst"


def holder_of(view: View) -> str:
    """Who has it now, as the viewer knows them; nothing once it has ended."""
    owner = view.thread.owner
    if owner is None or view.thread.is_closed:
        return ""
    who = owner.taken_by or owner.person_id
    return "dig" if who == view.viewer else view.person_name(who) if who else view.seat_name(owner)
