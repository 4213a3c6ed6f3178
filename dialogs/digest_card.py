"""Several reminders to one person in one card: references, limits and a way in, and never what any of them is about."""

from collections.abc import Mapping, Sequence

from cases.write import post_again
from dialogs import parts
from dialogs.parts import Element
from dialogs.thread_card import card_title, limit_words
from dialogs.view import View
from dialogs.visit import Desked, Visit

_MOST = 20


def digest_card(views: Sequence[View], late: Mapping[int, str], *, opened: int | None = None) -> Element:
    """The reminders, the nearest limit first. `late` says of a thread when its reminder should have come.

    `opened` is the thread whose own card has just been asked for.
    """
    ordered = sorted(views, key=lambda view: (view.thread.due_soft is None, view.thread.due_soft or 0, view.thread.id))
    every = [view.thread.id for view in ordered]
    title = digest_title(views)
    body: list[Element] = [parts.heading(title)]
    body.append(parts.line("Öppna en uppgift för att se den och göra det som återstår.", subtle=True))
    body += [_entry(view, late.get(view.thread.id, ""), every, view.thread.id == opened) for view in ordered]
    return parts.card(body, [parts.button("Mina öppna", "mine")], speak=f"{title}.")


def digest_title(views: Sequence[View]) -> str:
    return f"Påminnelse: {len(views)} uppgifter"


def digest_toast(views: Sequence[View]) -> str:
    """The notification says how many, and nothing of any of them."""
    return f"{digest_title(views)}. Öppna Stafett."


def _entry(view: View, late: str, every: Sequence[int], opened: bool) -> Element:
    """One thread: its reference and case, its neutral class, its limit, and the button that brings its own card."""
    thread = view.thread
    lines = [parts.line(f"{thread.ref} · {view.flow.matter} {thread.case_ref}", strong=True)]
    if thread.is_closed:
        lines.append(parts.line("Avslutat. Du behöver inte göra något.", subtle=True))
        return _framed(lines)
    said = ". ".join(part for part in (card_title(view, "still_open"), limit_words(view).strip()) if part)
    lines.append(parts.line(f"Försenat. {said}" if view.is_late() else said))
    if late:
        lines.append(parts.line(late, subtle=True))
    if opened:
        lines.append(parts.line("Kortet kommer längre ned i chatten.", subtle=True))
        return _framed(lines)
    data = {"thread": thread.id, "of": ",".join(map(str, every))}
    return _framed([*lines, {"type": "ActionSet", "actions": [parts.button("Öppna", "unfold", data)]}])


def _framed(items: Sequence[Element]) -> Element:
    return {"type": "Container", "style": "emphasis", "spacing": "Small", "items": list(items)}


def asked_of(data: Mapping[str, object]) -> list[int]:
    """The threads of the pressed card, in its order."""
    found = [int(one) for one in str(data.get("of") or "").split(",") if one.isdecimal() and len(one) < 10]
    return list(dict.fromkeys(found))[:_MOST]


def unfolded(visit: Visit, asked: View, others: Sequence[View]) -> Desked:
    """The card of one thread is posted below, and this one stays, with how everything stands now."""
    thread = asked.thread
    if not thread.is_closed:
        post_again(visit.tx, thread.id, thread.version, visit.person_id, visit.machine_now)
    return Desked(card=digest_card([asked, *others], {}, opened=thread.id))
