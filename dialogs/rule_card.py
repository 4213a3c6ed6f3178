"""«Varför?»: why this is due then. The routine's words, how the time was counted, which days were skipped and why, and
what in it is our reading; for every deadline of the thread, those that have ended too."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import deadline_ends
from dialogs import parts
from dialogs.explained import Explained, explained, late_text
from dialogs.parts import Element
from dialogs.swedish import moment_text
from dialogs.terms import Terms
from dialogs.view import View
from dialogs.visit import Desked, Visit

WHY = "Varför?"
_MOST_ENDED = 6  # a card that tells of more is longer than a phone's patience; the command tells of all


def show(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """Every deadline of the thread. The desk has asked the policy whether this person may look it up."""
    thread = view.thread
    ran = deadline_ends.of_threads(visit.tx, {thread.id: (view.flow, thread.closed_at)})[thread.id]
    return Desked(card=rule_card(view, explained(ran, view.flow, view.profile, view.now)))


def rule_card(view: View, told: Sequence[Explained]) -> Element:
    """A card of its own, with the way back to the thread's. What its card shows comes first and whole."""
    shown = None if view.thread.is_closed else view.running()
    running = [one for one in told if one.runs and not view.thread.is_closed]
    first = next((one for one in running if shown is not None and one.armed.id == shown.id), None)
    body = [parts.heading("Varför den här tiden?")]
    if first is None:
        body.append(parts.line("Ingen tid löper på meddelandet nu."))
    else:
        body += _whole(first, view.limit() or "utan gräns", view.terms)
    others = [one for one in running if one is not first]
    body += _section("Löper också", [_brief(one) for one in others])
    ended = [one for one in told if one not in running]
    body += _section("Har löpt", [_brief(one) for one in ended[:_MOST_ENDED]])
    return parts.card(body, [parts.button("Till meddelandet", "show", {"thread": view.thread.id})])


def _section(title: str, told: Sequence[list[Element]]) -> list[Element]:
    return [parts.line(title, strong=True, space=True), *(line for one in told for line in one)] if told else []


def _whole(one: Explained, limit: str, terms: Terms) -> list[Element]:
    made = [parts.labelled(one.label, limit), parts.line(one.why, space=True)]
    if one.rule is None:
        return made
    made += _quoted(one)
    made.append(parts.line("Så är det räknat", strong=True, space=True))
    made += [parts.line(text) for text in one.counted]
    if one.armed.soft_at is not None:
        made.append(parts.labelled("Stafett påminner efter", moment_text(one.armed.soft_at)))
    made.append(parts.labelled("Kallas försenat efter", late_text(one.armed.hard_at)))
    made += _section("Påminnelser", [[parts.line(reminder.text)] for reminder in one.reminders])
    if one.reading:
        made += [parts.line("Vad som är Stafetts läsning", strong=True, space=True), parts.line(terms.put(one.reading))]
    return made


def _quoted(one: Explained) -> list[Element]:
    quote = one.rule.quote if one.rule is not None else ""
    said = [parts.line(f"Rutinen: ”{quote}”")] if quote else []
    if one.source:
        return [*said, parts.labelled("Källa", one.source)]
    if quote:  # the duty is the routine's, the time of the reminder is not
        return [*said, parts.line("När du påminns står inte i någon rutin. Det är Stafetts eget förval.", subtle=True)]
    return [parts.line("Det här står inte i någon rutin. Det är Stafetts eget förval.", subtle=True)]


def _brief(one: Explained) -> list[Element]:
    """A deadline beside the one that the card shows: its limit, what came of it, and whose word it is."""
    whose = f"Källa: {one.source}." if one.source else "Stafetts eget förval."
    return [parts.labelled(one.label, one.limit), parts.line(f"{one.outcome} {whose}", subtle=True)]
