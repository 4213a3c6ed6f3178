"""What a card tells whoever looks at it: which case, how it stands, and in which version of the thread."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cards import actions_of, words_of

Json = dict[str, Any]

# The references that `roster` hands out, and those that a matter about no case gets.
CASE = re.compile(r"\b(?:(?:KN|XX)-\d{5}|MÖTE-\w{6})\b")
TOO_LATE = "Läget har ändrats sedan kortet visades."


@dataclass(frozen=True, kw_only=True)
class Told:
    """One card's claim about one case. `version` is what its buttons carry; a card without buttons has none."""

    case_ref: str
    state: str
    version: int | None
    late: bool  # it says that the press came too late
    words: str


def told_by(card: Json) -> Told | None:
    """The claim, or None when the card shows no single thread: a start card, a list or a form."""
    facts = dict(labelled(card))
    about = facts.get("Ärende") or facts.get("Möte", "")
    if "Läge" not in facts or not CASE.fullmatch(about):
        return None
    versions = [action["data"]["version"] for action in actions_of(card) if "version" in action.get("data", {})]
    words = words_of(card)
    return Told(
        case_ref=about, state=facts["Läge"], version=max(versions, default=None), late=TOO_LATE in words,
        words=words,
    )  # fmt: skip


def labelled(node: Any) -> Iterator[tuple[str, str]]:
    """Every «label: value» of a card."""
    for one in nodes(node):
        if one.get("type") == "RichTextBlock" and len(one.get("inlines", ())) == 2:
            label, value = (str(run.get("text", "")) for run in one["inlines"])
            yield label.removesuffix(": "), value


def nodes(node: Any) -> Iterator[Json]:
    """Every element of a card, outermost first."""
    if isinstance(node, list):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, dict):
        yield node
        for key in ("body", "items", "actions", "columns"):
            yield from nodes(node.get(key))


def questions(card: Json) -> list[Json]:
    return [one for one in nodes(card) if str(one.get("type", "")).startswith("Input.")]
