"""Looking a case up, by its reference and by nothing else (förordning 2001:637, 15 §): no search in what is written.

The answer is the same for a case that does not exist and for one that is not this person's, and every look is noted.
"""

from collections.abc import Mapping
from typing import Any

from cases import account, lists, load
from dialogs import parts
from dialogs.form import Reading
from dialogs.forms import CASE_REF, read_case_ref
from dialogs.lists_rows import PAGE, Listed, outlined, row
from dialogs.parts import Element
from dialogs.visit import Desked, Visit

_WORDS = ("sök ", "sok ")
_MOST = 500  # threads of one case, of which a person turns the pages


def asked_for(typed: str) -> tuple[str, bool]:
    """The case reference that a typed message may mean, and whether the person said that it is one."""
    text = " ".join(typed.split())
    for word in _WORDS:
        if text.lower().startswith(word):
            return text[len(word) :], True
    is_like_one = " " not in text and any(sign.isdecimal() for sign in text) and not text.lower().startswith("st-")
    return (text, False) if is_like_one else ("", False)


def search(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """A page of what the person may see of a case. `case_ref` is what was typed; it is written nowhere unless known."""
    reading = Reading()
    ref = read_case_ref(data, reading)
    if not reading.ok:
        return Desked(card=_card(reading.errors[CASE_REF], []))
    page = _page(data)
    return Desked(card=_answer(visit, ref, page, found_in(visit, ref, page)))


def found_in(visit: Visit, ref: str, page: int = 0) -> Listed:
    """A page of those of the case's threads, open ones first, that this person may see. What is not theirs leaves no
    trace, not even a page that would hold it."""
    mine = outlined(visit, lists.of_case(visit.tx, _ways(ref), most=_MOST))
    shown = mine[page * PAGE : (page + 1) * PAGE]
    load.complete(visit.tx, [view.thread for view in shown])
    return Listed(views=shown, more=len(mine) > (page + 1) * PAGE)


def _answer(visit: Visit, ref: str, page: int, found: Listed) -> Element:
    _note(visit, ref, found)
    if not found.views:
        return _card("Det finns inget meddelande om det ärendet som du kan se. Kontrollera ärendenumret.", [])
    turning = [_turn("Nästa sida", ref, page + 1)] if found.more else []
    turning += [_turn("Förra sidan", ref, page - 1)] if page else []
    return _card(f"Ärende {found.views[0].thread.case_ref}", [row(view, holder=True) for view in found.views], turning)


def _note(visit: Visit, ref: str, found: Listed) -> None:
    """Who looked for which case: each thread that was listed, or the reference of a case that was not theirs."""
    if found.views:
        account.note_each(
            visit.tx, visit.now, [view.thread for view in found.views], person_id=visit.person_id, action="search",
            outcome="listed", directory=visit.scene.directory,
        )  # fmt: skip
        return
    known = lists.known_case(visit.tx, _ways(ref)) or ""
    visit.note("search", "nothing", case_ref=known)


def _ways(ref: str) -> list[str]:
    """A reference typed on a phone may have come out in small letters."""
    return list(dict.fromkeys((ref, ref.upper(), ref.lower())))


def _card(text: str, rows: list[Element], turning: list[Element] | None = None) -> Element:
    body = [parts.heading("Sökning"), parts.line(text), *rows]
    return parts.card(body, [*(turning or []), parts.button("Till start", "start")])


def _turn(label: str, ref: str, page: int) -> Element:
    return parts.button(label, "search", {CASE_REF: ref, "page": page})


def _page(data: Mapping[str, Any]) -> int:
    typed = str(data.get("page") or "0")
    return min(int(typed), _MOST // PAGE) if typed.isdecimal() else 0
