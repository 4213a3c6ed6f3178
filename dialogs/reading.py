"""What people look up: the buttons and the typed words that only read, and change no thread.

`VERBS` are about no thread in particular. `ABOUT` are about one, which the desk has found to be this person's to see.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cases.policy import Act
from cases.thread import thread_id
from dialogs import (
    break_glass,
    calendar_card,
    guides,
    journal,
    lists_case,
    lists_day,
    lists_not_started,
    lists_on_time,
    lists_open,
    lists_pass,
    lists_review,
    menu,
    more_card,
    questions,
    rule_card,
    sealing,
    start,
)
from dialogs.forms import CASE_REF
from dialogs.view import View
from dialogs.visit import Desked, Visit

Verb = Callable[[Visit, Mapping[str, Any]], Desked]
About = Callable[[Visit, View, Mapping[str, Any]], Desked]


def _help(visit: Visit, data: Mapping[str, Any]) -> Desked:
    return Desked(card=start.help_card(visit.startable(), visit.terms, guides.known_to(visit).values()))


def _group(visit: Visit, data: Mapping[str, Any]) -> Desked:
    return Desked(card=menu.group_card(str(data.get("group") or ""), visit.startable()))


def _list(name: str) -> Verb:
    return partial(_named, name)


def _named(name: str, visit: Visit, data: Mapping[str, Any]) -> Desked:
    return lists_open.show(visit, {"list": name})


VERBS: Mapping[str, Verb] = {
    "start": lists_open.start_desked, "mine": _list("mine"), "help": _help, "group": _group, "list": lists_open.show,
    "search": lists_case.search, "day": lists_day.show, "not_started": lists_not_started.show, "pass": lists_pass.show,
    "on_time": lists_on_time.show,
    calendar_card.SHOW: calendar_card.show, calendar_card.MAKE: calendar_card.make,
    calendar_card.END: calendar_card.end,
    lists_review.REVIEW: lists_review.show, lists_review.DONE: lists_review.done,
}  # fmt: skip
ABOUT: Mapping[str, About] = {
    "rule": rule_card.show, "journal": journal.journal_card, "journaled": journal.tick, "unjournaled": journal.untick,
    "more": more_card.more, "guide": guides.about, "questions": questions.show,
    sealing.ASK: sealing.ask,
}  # fmt: skip
ACTS: Mapping[str, Act] = dict.fromkeys(("journal", "journaled", "unjournaled"), Act.JOURNAL)
REVEALS = frozenset({"journal"})  # in a dialog, where the profile keeps content

TYPED: Mapping[str, Verb] = {
    **dict.fromkeys(start.HELP, _help),
    **dict.fromkeys(("mina", "lista", "mina öppna"), _list("mine")),
    **dict.fromkeys(("enheten", "min enhet"), _list("unit")),
    **dict.fromkeys(("mina ärenden", "mina arenden"), _list("cases")),
    **dict.fromkeys(("journal", "journalfört", "ej journalfört"), _list("journal")),
    **dict.fromkeys(("dagen", "dag"), lists_day.show),
    **dict.fromkeys(("jour", "passet", "jourlista"), lists_pass.show),
    **dict.fromkeys(lists_not_started.TYPED, lists_not_started.show),
    **dict.fromkeys(lists_on_time.TYPED, lists_on_time.show),
    **dict.fromkeys(calendar_card.WORDS, calendar_card.show),
    **dict.fromkeys(break_glass.WORDS, break_glass.ask),
    **dict.fromkeys(lists_review.TYPED, lists_review.show),
}


def typed(visit: Visit, text: str) -> Desked | None:
    """The answer to a typed word or case reference, or None where it is neither."""
    verb = TYPED.get(" ".join(text.lower().split()))
    if verb is not None:
        return verb(visit, {})
    known = break_glass.typed(visit, text) or guides.typed(visit, text)
    if known is not None:
        return known
    ref, said_so = lists_case.asked_for(text)
    if not ref:
        return None
    if not said_so and thread_id(ref) is not None and not lists_case.found_in(visit, ref).views:
        return None  # a message's reference, written without its «ST-»
    return lists_case.search(visit, {CASE_REF: ref})
