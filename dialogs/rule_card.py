"""«Visa regeln»: why this is due then. The routine's words, how the time was counted, and what in it is our reading."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.ladder import basis_of
from cases.thread import Armed
from dialogs import parts
from dialogs.limit_labels import limit_label
from dialogs.parts import Element
from dialogs.rule_words import counted
from dialogs.swedish import moment_text
from dialogs.thread_card import OWN_DEFAULT
from dialogs.view import View
from dialogs.visit import Desked, Visit
from reminders.errors import RuleError
from reminders.localtime import to_local
from reminders.rule_kinds import Start
from reminders.rule_spec import Rule


def show(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """The rule of the deadline that the thread's card shows."""
    return Desked(card=rule_card(view))


def rule_card(view: View) -> Element:
    """A card of its own, with the way back to the thread's."""
    armed = view.running()
    body = [parts.heading("Regeln för tiden")]
    if armed is None or view.thread.is_closed:
        body.append(parts.line("Ingen tid löper på meddelandet nu."))
    else:
        body += _told(view, armed)
    return parts.card(body, [parts.button("Till meddelandet", "show", {"thread": view.thread.id})])


def _told(view: View, armed: Armed) -> list[Element]:
    why, source = view.why(armed)
    made = [parts.labelled(limit_label(armed.step), view.limit() or "utan gräns"), parts.line(why, space=True)]
    rule = _rule(view, armed)
    if rule is None:
        return made
    made += _quoted(rule, source)
    made.append(parts.line("Så är det räknat", strong=True, space=True))
    made += [parts.line(text) for text in counted(rule.kind, Start.of(basis_of(armed.basis)), view.profile.calendar)]
    made += _limits(armed)
    reading = _reading(rule)
    if reading:
        made += [parts.line("Vad som är Stafetts läsning", strong=True, space=True), parts.line(reading)]
    return made


def _rule(view: View, armed: Armed) -> Rule | None:
    """The rule as the profile has it now; None where it is gone and the time stands as it was."""
    try:
        return view.profile.rule(armed.rule)
    except RuleError:
        return None


def _quoted(rule: Rule, source: str) -> list[Element]:
    if rule.own_default or source == OWN_DEFAULT:
        if rule.quote:  # the duty is the routine's, the time of the reminder is not
            told = parts.line("När du påminns står inte i någon rutin. Det är Stafetts eget förval.", subtle=True)
            return [parts.line(f"Rutinen: ”{rule.quote}”"), told]
        return [parts.line("Det här står inte i någon rutin. Det är Stafetts eget förval.", subtle=True)]
    made = [parts.line(f"Rutinen: ”{rule.quote}”")] if rule.quote else []
    return [*made, parts.labelled("Källa", source)]


def _limits(armed: Armed) -> list[Element]:
    made = []
    if armed.soft_at is not None:
        made.append(parts.labelled("Stafett påminner efter", _said(armed.soft_at)))
    late = _said(armed.hard_at) if armed.hard_at is not None else "aldrig, rutinen sätter ingen gräns"
    made.append(parts.labelled("Kallas försenat efter", late))
    return made


def _said(instant: datetime) -> str:
    local = to_local(instant)
    return f"{moment_text(instant).split(' kl.')[0]}, dagens slut" if local.hour == 23 else moment_text(instant)


def _reading(rule: Rule) -> str:
    """Where the routine's words can be read in more than one way, which reading is used."""
    if rule.own_default:
        return rule.reading
    return rule.reading or "Rutinens ord är tydliga här. Påminnelsernas klockslag är Stafetts eget förval."
