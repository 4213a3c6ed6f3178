"""What is open, what is due first at the top: for me, for my unit, in my cases; and what is not journaled. In pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cases import journal, lists
from cases.lists import Page, Reader
from cases.policy import Act, OfUnit, decide
from cases.route import AUTHORITY
from dialogs import parts, start
from dialogs.lists_rows import open_button, outlined, paged, reader, row
from dialogs.parts import Element
from dialogs.view import View
from dialogs.visit import Desked, Visit
from reminders.errors import RuleError

_FIRST = 3  # on the start card
_AT_A_TIME = 50  # looked at together, to find a page of those that are the person's to see
_MOST_UNREAD = 500
_MOST_PAGES = 200
_ASSESSORS = frozenset({"needs_assessor", "lead_needs_assessor"})

Find = Callable[[Visit, Reader, int], Page]


@dataclass(frozen=True, kw_only=True)
class Open:
    """One list: its name on the button, its heading, what is said when it is empty, and how it is found."""

    button: str
    title: str
    empty: str
    find: Find
    draw: Callable[[View], Element] = row


def _found(ask: Callable[..., Page]) -> Find:
    return lambda visit, of, skip: ask(visit.tx, of, skip=skip, most=_AT_A_TIME)


def _not_journaled(visit: Visit, of: Reader, skip: int) -> Page:
    return journal.not_journaled(visit.tx, of, journal.looks_from(visit.tx, visit.now), skip=skip, most=_AT_A_TIME)


def _with_holder(view: View) -> Element:
    return row(view, holder=True)


def _to_journal(view: View) -> Element:
    """A row that leads to the journal text at once."""
    made = row(view)
    made["items"][-1] = open_button(view)
    data = {"thread": view.thread.id}
    dialog = view.privacy.keeps_content and not view.inline
    button = parts.dialog_button("Journaltext", data | {"verb": "journal"}) if dialog else None
    made["items"][-1]["actions"].append(button or parts.button("Journaltext", "journal", data))
    return made


LISTS: Mapping[str, Open] = {
    "mine": Open(button="Mina öppna", title="Mina öppna", empty=start.NOTHING_OPEN, find=_found(lists.mine)),
    "unit": Open(
        button="Enheten", title="Öppet i enheten", empty="Din enhet har inget öppet just nu.",
        find=_found(lists.of_units), draw=_with_holder,
    ),
    "cases": Open(
        button="Mina ärenden", title="Öppet i mina ärenden", empty="Inget är öppet i dina ärenden just nu.",
        find=_found(lists.of_cases), draw=_with_holder,
    ),
    "journal": Open(
        button="Ej journalfört", title="Avslutat men inte journalfört",
        empty="Allt som har avslutats de senaste 90 dagarna är journalfört.", find=_not_journaled, draw=_to_journal,
    ),
}  # fmt: skip


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """A page of a list. `list` names it, `page` counts from 0; card data is never trusted."""
    name = str(data.get("list") or "mine")
    return Desked(card=list_card(visit, name if name in LISTS else "mine", _page(data)))


def list_card(visit: Visit, name: str, page: int = 0, *, lead: str = "") -> Element:
    """The card of a list. `lead` is a line above it, such as why it comes now."""
    one = LISTS[name]
    found = paged(visit, partial(one.find, visit, reader(visit)), page)
    body = [parts.heading(one.title)]
    if lead:
        body.append(parts.line(lead))
    body += [one.draw(view) for view in found.views] or [parts.line(one.empty, space=True)]
    return parts.card(body, [*_turning(name, page, found.more), *_others(visit, name), _TO_START])


def has_any(visit: Visit, name: str) -> bool:
    """Whether a list has anything that this person may see."""
    return bool(paged(visit, partial(LISTS[name].find, visit, reader(visit)), size=1).views)


def start_desked(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The start card."""
    of = reader(visit)
    waiting = paged(visit, partial(LISTS["mine"].find, visit, of), size=_FIRST)
    return Desked(
        card=start.start_card(
            start.Desktop(
                held=visit.held(), terms=visit.terms, flows=visit.startable(), unread=_unread(visit, of),
                waiting=[row(view) for view in waiting.views], lists=[_button("mine"), *_others(visit, "mine")],
            )
        )
    )  # fmt: skip


# --- pieces ------------------------------------------------------------------------------------------------------

_TO_START = parts.button("Till start", "start")


def _page(data: Mapping[str, Any]) -> int:
    typed = str(data.get("page") or "0")
    return min(int(typed), _MOST_PAGES) if typed.isdecimal() else 0


def _turning(name: str, page: int, more: bool) -> list[Element]:
    made = [parts.button("Nästa sida", "list", {"list": name, "page": page + 1})] if more else []
    return made + ([parts.button("Förra sidan", "list", {"list": name, "page": page - 1})] if page else [])


def _others(visit: Visit, name: str) -> list[Element]:
    """The other lists that this person has."""
    roles = {one.role for one in visit.held()}
    has = {"mine": True, "unit": True, "cases": bool(roles & _ASSESSORS), "journal": True}
    made = [_button(other) for other in LISTS if has[other] and other != name]
    return made + ([parts.button("Dagen", "day")] if leads(visit) else [])


def leads(visit: Visit) -> list[str]:
    """The units whose day this person follows."""
    units = dict.fromkeys(one.unit_id for one in visit.held())
    return [unit_id for unit_id in units if decide(visit.who, Act.LEAD, OfUnit(unit_id=unit_id))]


def _button(name: str) -> Element:
    return parts.button(LISTS[name].button, "list", {"list": name})


def _unread(visit: Visit, of: Reader) -> list[str]:
    """How much is unread and when it is to be read; never what it is (Norrköping 1.1, `D01` and `D02`)."""
    count = len(outlined(visit, lists.unread(visit.tx, of, most=_MOST_UNREAD)))
    if not count:
        return []
    at_authority = any(one.unit_kind == AUTHORITY for one in visit.held())
    return [f"{count} {'oläst' if count == 1 else 'olästa'}.", _reading_time(visit, at_authority)]


def _reading_time(visit: Visit, at_authority: bool) -> str:
    """The routine's own words on when messages are read, where it has any."""
    for one in visit.held():
        try:
            rule = visit.scene.profile_of_unit(one.unit_id).rule("message_read" if at_authority else "mailbox_window")
        except RuleError:
            continue
        return f"{visit.terms.put(rule.why)} ({rule.source})"
    return ""
