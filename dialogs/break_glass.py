"""«nöd ST-…»: reading a colleague's thread in an emergency, with a reason, for a while, and never unseen.

The question is the same for every reference that can be written. Only when a reason has been given is it looked up, and
a thread that is not there is answered as one that this person may not open. What is opened is shown as the
municipality's mode has it, can only be read, stands in the account, and the unit's manager is told of it the day after.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cases import break_glass, load
from cases.errors import UnknownThread
from cases.policy import Act, Grant, decide
from cases.thread import thread_id, thread_ref
from dialogs import lists_watch, parts
from dialogs.access_section import Access
from dialogs.form import read_form
from dialogs.glass_words import GLASS_REASON
from dialogs.parts import Element
from dialogs.swedish import clock_text
from dialogs.thread_card import cleared_card, thread_card, to_read_card
from dialogs.view import View
from dialogs.visit import Desked, Visit

WORDS = ("nöd", "nod")
ASK, OPEN, READ, CLOSE = "glass", "glass_open", "glass_read", "glass_close"
_TO_START = parts.button("Till start", "start")


def verbs(*, inline: bool) -> dict[str, Any]:
    """The buttons of it. `inline` is the demo, whose client has no dialogs."""
    return {ASK: ask, OPEN: partial(_open, inline), READ: partial(_read, inline), CLOSE: partial(_close, inline)}


def typed(visit: Visit, text: str) -> Desked | None:
    """The answer to «nöd» and a reference; None for what is not about it."""
    word, _, rest = " ".join(text.split()).partition(" ")
    if word.lower() not in WORDS:
        return None
    number = thread_id(rest)
    return ask(visit, {"of": thread_ref(number)}) if number is not None else ask(visit, {})


def ask(visit: Visit, data: Mapping[str, Any], error: str = "") -> Desked:
    """The question why; the same whatever the reference."""
    number = _number(data)
    body = [parts.heading("Nödåtkomst")]
    if number is None:
        body.append(parts.line("Skriv «nöd» och meddelandets beteckning, till exempel nöd ST-7F3KQ9."))
        return Desked(card=parts.card(body, [_TO_START]))
    body += [
        parts.labelled("Beteckning", thread_ref(number)),
        parts.line("Ring först den som har meddelandet. Öppna bara om någon behöver hjälp och det inte kan vänta."),
        parts.notice("Skälet loggas. Enhetens chef får veta nästa arbetsdag vem som läste, vad och varför."),
        *parts.inputs((GLASS_REASON,), {}, {GLASS_REASON.name: error} if error else {}, {}),
    ]
    open_it = parts.button("Öppna för läsning", OPEN, {"of": thread_ref(number)})
    return Desked(card=parts.card(body, [open_it, _TO_START]))


def _open(inline: bool, visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The reason has been given: the thread, to be read. Raises: UnknownThread."""
    reading = read_form((GLASS_REASON,), data, visit.now)
    if not reading.ok:
        return ask(visit, data, reading.errors[GLASS_REASON.name])
    view = _view(visit, data, inline=inline)
    if view is not None and view.relations:  # what is theirs needs no glass broken
        return _own(visit, view)
    verdict = view.may(Act.BREAK_GLASS) if view is not None else None
    if view is None or not verdict:
        return _refused(visit, view)
    section: Access = view.profile.section("access")
    reason = str(reading.values[GLASS_REASON.name])
    grant = break_glass.open_for(
        visit.tx, visit.person_id, view.thread.id, verdict.unit_id, reason, visit.now, section.glass
    )
    visit.note("open", "done", thread=view.thread, signal="break_glass", reason=reason)
    lists_watch.tell(visit.tx, visit.scene, verdict.unit_id, visit.person_id, visit.now)
    load.complete(visit.tx, [view.thread])
    return _lent(visit, view, grant)


def _read(inline: bool, visit: Visit, data: Mapping[str, Any]) -> Desked:
    """«Visa», while it may be read; outside a dialog the card without its content. Raises: UnknownThread."""
    view = _view(visit, data, inline=inline)
    grant = break_glass.grant_of(visit.tx, visit.person_id, _number(data) or 0, visit.now)
    if view is not None and view.relations:
        return _own(visit, view)
    if view is None or grant is None or not view.may(Act.BREAK_GLASS):
        return _refused(visit, view)
    load.complete(visit.tx, [view.thread])  # the mode may hang on an answer
    what = replace(view.scene.what(view.thread, view.privacy.mode), grant=grant)
    if (visit.dialog or inline) and decide(visit.who, Act.READ, what):
        visit.note("view", "shown", thread=view.thread, reason="break_glass")
        view = replace(view, reveal=True)
    return _lent(visit, view, grant)


def _close(inline: bool, visit: Visit, data: Mapping[str, Any]) -> Desked:
    """«Stäng»: the card is emptied at once, also in the chat itself. Raises: UnknownThread."""
    view = _view(visit, data, inline=inline)
    grant = break_glass.grant_of(visit.tx, visit.person_id, _number(data) or 0, visit.now)
    if view is None or grant is None:
        return _refused(visit, view)
    lent = (view.thread.id, view.thread.version, visit.machine_now)
    return Desked(card=cleared_card(view.thread.ref), lent=lent)


# --- pieces ------------------------------------------------------------------------------------------------------


def _view(visit: Visit, data: Mapping[str, Any], *, inline: bool) -> View | None:
    """The thread with its seats alone: whose it is, before anything else is read."""
    number = _number(data) or 0
    found = load.outlines(visit.tx, [number]).get(number)
    if found is None:
        return None
    return View(
        thread=found, flow=visit.flow_of(found), scene=visit.scene, viewer=visit.person_id, now=visit.now,
        inline=inline, lent=True,
    )  # fmt: skip


def _own(visit: Visit, view: View) -> Desked:
    view = replace(view, lent=False)
    load.complete(visit.tx, [view.thread])
    return Desked(card=thread_card(view), thread_id=view.thread.id, version=view.thread.version)


def _refused(visit: Visit, view: View | None) -> Desked:
    """The account tells that it was tried. Raises: UnknownThread."""
    thread = view.thread if view is not None else None
    why = "unknown" if thread is None else "no_relation"
    visit.note("denied", "refused", thread=thread, signal="break_glass", reason=why, stranger=True)
    raise UnknownThread


def _lent(visit: Visit, view: View, grant: Grant) -> Desked:
    """The card, which is emptied in the chat when the time is out: content never lies there."""
    until = visit.machine_now + (grant.until - visit.now)
    return Desked(card=_card(view, grant), lent=(view.thread.id, view.thread.version, until))


def _card(view: View, grant: Grant) -> Element:
    """What may be read, and until when; nothing can be done with it."""
    told = f"Du läser till kl. {clock_text(grant.until)}. Skälet är loggat, och enhetens chef får veta det."
    data = {"of": view.thread.ref}
    actions = [parts.button("Stäng", CLOSE, data)]
    if view.privacy.keeps_content and not view.tells_content and view.answers(sensitive=True):
        dialog = parts.dialog_button("Visa", {"verb": READ, **data})
        actions.insert(0, parts.button("Visa", READ, data) if view.inline else dialog)
    return to_read_card(view, "Nödåtkomst", told, actions)


def _number(data: Mapping[str, Any]) -> int | None:
    return thread_id(str(data.get("of") or ""))
