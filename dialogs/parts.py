"""The few card elements Stafett uses, as plain dicts: layout that old mobile clients manage, and labelled inputs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cases.fields import RosterChoice
from cases.flow import CaseList, Choice, Day, DayList, Field, Moment, Number, PerCase, SeatChoice, TextField, UnitChoice
from dialogs import case_lists

Element = dict[str, Any]

_CASES = 1_000  # signs in the box where several cases are typed
_NO_NUMBER = "Aldrig personnummer"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
FALLBACK = "Stafett har ett meddelande. Uppdatera Teams för att se det, eller ring enligt rutinen."


def card(body: Sequence[Element], actions: Sequence[Element] = (), *, speak: str = "") -> Element:
    """A whole card, in Swedish. `speak` is what a screen reader hears first, as neutral as the first block: its text
    where nothing else is given. A client too old to draw the card shows a line without content instead."""
    made: Element = {
        "type": "AdaptiveCard", "$schema": SCHEMA, "version": VERSION, "lang": "sv", "fallbackText": FALLBACK,
        "speak": speak or body[0].get("text", FALLBACK), "body": list(body),
    }  # fmt: skip
    if actions:
        made["actions"] = list(actions)
    return made


def heading(text: str) -> Element:
    """The card's first block. Urgency stands in its words: Teams' red is too weak on the ground of its dark theme."""
    return {
        "type": "TextBlock", "text": plain(text), "weight": "Bolder", "size": "Medium", "wrap": True, "style": "heading"
    }  # fmt: skip


def line(text: str, *, strong: bool = False, subtle: bool = False, space: bool = False) -> Element:
    made: Element = {"type": "TextBlock", "text": plain(text), "wrap": True, "spacing": "Medium" if space else "Small"}
    if strong:
        made["weight"] = "Bolder"
    if subtle:
        made["isSubtle"] = True
    return made


def labelled(label: str, value: str) -> Element:
    """A label in bold above its value: one column, so that nothing is squeezed on a small phone."""
    runs = [
        {"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"},
        {"type": "TextRun", "text": bare(value)},
    ]
    return {"type": "RichTextBlock", "inlines": runs, "spacing": "Small"}


def notice(text: str, style: str = "warning") -> Element:
    """A framed line that must not be missed; the words carry the urgency, the colour only helps."""
    return {"type": "Container", "style": style, "spacing": "Medium", "items": [line(text, strong=True)]}


# Signs that cannot be seen, or turn the reading direction of what follows: what is read must be what was written.
_UNSEEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_DATE_WORDS = re.compile(r"\{(?=\{)")  # the client's own {{DATE(…)}} and {{TIME(…)}}
_ODD = re.compile(f"{_UNSEEN.pattern}|{_DATE_WORDS.pattern}")
_MARKS = re.compile(r"[\\*_`\[\]<>]")
_HARMLESS = str.maketrans({sign: f"\\{sign}" for sign in "\\*_"} | {"`": "'", "[": "(", "]": ")", "<": "‹", ">": "›"})
_NOTHING = "\u200b"  # takes no room, and is put where signs would together mean something to the client
_PERHAPS = re.compile(r"[&~:\n]|[wW]{3}\.|\A\s*[-+#=|\d]|\A    ")  # most text has none of them, and is spared the next
_MEANT = re.compile(
    r"(?m)^(?= *(?:[-+#=|]|\d{1,9}[.)](?:\s|$)|\t| {4}))"  # a list, a heading, a table, something indented
    r"|(?<=&)(?=#?\w{1,31};)"  # a named sign
    r"|(?<=~)(?=~)"
    r"|(?<=https)(?=:\S)|(?<=http)(?=:\S)|(?<=ftp)(?=:\S)|(?<=file)(?=:\S)|(?<=mailto)(?=:\S)|(?<=msteams)(?=:\S)"
    r"|(?<=tel)(?=:\S)|(?<=www)(?=\.\S)",  # an address that becomes a link by itself
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """Text for where a card shows no markdown: without unseen signs and the client's own words for dates."""
    return _DATE_WORDS.sub("{ ", _UNSEEN.sub("", text)) if _ODD.search(text) else text


def plain(text: str) -> str:
    """Text that a card shows as written: typed markdown, links and mentions are made harmless."""
    text = bare(text)
    if _PERHAPS.search(text):
        text = _MEANT.sub(_NOTHING, text)
    return text.translate(_HARMLESS) if _MARKS.search(text) else text


def without_inputs(button: Element) -> Element:
    """A button that brings nothing of what stands in the card's boxes."""
    button["associatedInputs"] = button["fallback"]["associatedInputs"] = "none"
    return button


def button(label: str, verb: str, data: Mapping[str, Any] | None = None, *, primary: bool = False) -> Element:
    """Action.Execute, with Action.Submit for clients that do not know it: both bring the same data."""
    payload = {"verb": verb, **(data or {})}
    style = {"style": "positive"} if primary else {}
    return {
        "type": "Action.Execute",
        "title": label,
        "verb": verb,
        "data": payload,
        **style,
        "fallback": {"type": "Action.Submit", "title": label, "data": payload, **style},
    }


def dialog_button(label: str, data: Mapping[str, Any]) -> Element:
    """Open a Teams dialog: what it shows never lies in the chat."""
    return {
        "type": "Action.Submit",
        "title": label,
        "data": {"msteams": {"type": "task/fetch"}, "verb": "view", **data},
    }


def inputs(
    fields: Sequence[Field],
    raw: Mapping[str, str],
    errors: Mapping[str, str],
    options: Mapping[str, Mapping[str, str]],
) -> list[Element]:
    """The questions of a form, filled in with what was typed. An error stands right above its question, whose label
    says that it is to be mended: a card has no other way to tell a screen reader which field a fault belongs to.

    `options` are those that the roster gives a question, code → name.
    """
    made: list[Element] = []
    for item in fields:
        if item.name in errors:
            made.append(notice(errors[item.name], "attention"))
        made += _input(item, raw, options.get(item.name, {}), mend=item.name in errors)
        if item.help:
            made.append(line(item.help, subtle=True))
    return made


def to_mend(label: str) -> str:
    """The label of a question whose answer was refused."""
    return f"Rätta: {label}"


def _input(item: Field, raw: Mapping[str, str], options: Mapping[str, str], *, mend: bool = False) -> list[Element]:
    label = item.label if item.required else f"{item.label} (frivilligt)"
    label = to_mend(label) if mend else label
    base: Element = {"id": item.name, "label": label, "value": raw.get(item.name, "")}
    if item.always:
        base |= {"isRequired": True, "errorMessage": f"Svara på frågan: {item.label}"}
    if isinstance(item, Moment):
        return _moment_inputs(item, label, raw)
    if isinstance(item, PerCase):
        return _case_inputs(item, label, options, raw)
    if isinstance(item, DayList):
        return [{"type": "Input.Text", "maxLength": 12 * item.most, "placeholder": "ÅÅÅÅ-MM-DD", **base}]
    if isinstance(item, CaseList):
        return [{"type": "Input.Text", "isMultiline": True, "maxLength": _CASES, "placeholder": _NO_NUMBER, **base}]
    if isinstance(item, Day):
        return [{"type": "Input.Date", "placeholder": "Välj datum", **base}]
    if isinstance(item, Choice):
        many = {"isMultiSelect": True} if item.multiple else {}
        choices = _choices(dict(item.options))
        return [{"type": "Input.ChoiceSet", "style": "expanded", **base, **many, "choices": choices}]
    if isinstance(item, UnitChoice | SeatChoice | RosterChoice):
        return [{"type": "Input.ChoiceSet", "style": "compact", **base, "choices": _choices(options)}]
    if isinstance(item, Number):
        return [{"type": "Input.Text", "maxLength": 20, "placeholder": item.suffix or "Tal", **base}]
    limit = item.max if isinstance(item, TextField) else 100
    return [{"type": "Input.Text", "isMultiline": limit > 100, "maxLength": limit, **base}]


def _case_inputs(
    item: PerCase, label: str, cases: Mapping[str, str], raw: Mapping[str, str]
) -> list[Element]:  # fmt: skip
    """One small choice for each case, under the question."""
    choices = _choices({"": "Inget än", **dict(item.options)})
    names = [(case, case_lists.input_of(item, case)) for case in cases]
    return [
        line(label, strong=True),
        *(
            {
                "type": "Input.ChoiceSet", "id": name, "label": case, "style": "compact", "choices": choices,
                "value": raw.get(name, ""),
            }
            for case, name in names
        ),
    ]  # fmt: skip


def _moment_inputs(item: Moment, label: str, raw: Mapping[str, str]) -> list[Element]:
    day, clock = f"{item.name}_date", f"{item.name}_time"
    must = {"isRequired": item.always, "errorMessage": f"Svara på frågan: {item.label}"}
    return [
        {
            "type": "Input.Date",
            "id": day,
            "label": f"{label} Datum",
            "value": raw.get(day, ""),
            "placeholder": "Välj datum",
            **must,
        },
        {
            "type": "Input.Time",
            "id": clock,
            "label": "Klockslag",
            "value": raw.get(clock, ""),
            "placeholder": "Välj tid",
            **must,
        },
    ]


def _choices(options: Mapping[str, str]) -> list[Element]:
    return [{"title": title, "value": value} for value, title in options.items()]
