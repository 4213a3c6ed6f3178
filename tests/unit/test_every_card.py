"""What must hold of every card: how it is read aloud, that nothing is said by colour alone, that it can be read and
pressed on a phone, and that it speaks the municipality's own words. The cards are drawn once, in other words than the
standard's, and each claim is made of all of them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from cards import words_of
from every_card import OTHERS, Drawn, every_card, with_terms
from town import shipped

from dialogs import parts
from dialogs.parts import FALLBACK

STANDARD = re.compile(
    r"\b(?:brukar(?:e|en|na)s?|(?:bistånds)?handläggar\w*|hemtjänstens?|verksamhetssystemet)\b", re.IGNORECASE
)
# Citations are the routine's own words, as are the points of an agenda; people's titles stand in the roster.
QUOTED = re.compile(r"[«”][^»”]*[»”]|\u200b?\d\. [^|]*")
TITLED = re.compile(r"\b[A-ZÅÄÖ]\w+ [A-ZÅÄÖ]\w+, (?:förste )?biståndshandläggare")
MOST_BUTTONS = 6  # the seventh is folded away in Teams
LONGEST_BUTTON, LONGEST_TEXT = 45, 300  # signs: about two lines of a button, and seven lines, at 360 pixels
# The colours of Teams, from Microsoft's own host configurations of the sample cards: text and ground by style.
# (style of the ground, subtle) → (text, ground) in the light and in the dark theme
TEAMS = {
    ("default", False): (("#252424", "#ffffff"), ("#ffffff", "#2d2c2c")),
    ("default", True): (("#bf252424", "#ffffff"), ("#bfffffff", "#2d2c2c")),
    ("emphasis", False): (("#252424", "#f9f8f7"), ("#ffffff", "#292828")),
    ("emphasis", True): (("#bf252424", "#f9f8f7"), ("#bfffffff", "#292828")),
    ("attention", False): (("#252424", "#ffc5b2"), ("#201f1f", "#ffc5b2")),
    ("warning", False): (("#252424", "#ffe2b2"), ("#201f1f", "#ffe2b2")),
}
COLOURS = {"Attention": ("#c4314b", "#d74654"), "Good": ("#92c353", "#92c353"), "Warning": ("#f8d22a", "#f8d22a")}
LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> list[Drawn]:
    found = every_card(tmp_path_factory.mktemp("towns"), with_terms(shipped(), OTHERS))
    assert len(found) > 1_000
    return found


def elements(node: Any, style: str = "default") -> Iterator[tuple[dict[str, Any], str]]:
    """Every part of a card in the order in which it is read, with the style of the ground that it stands on."""
    if isinstance(node, list):
        for item in node:
            yield from elements(item, style)
    elif isinstance(node, dict):
        ground = node.get("style", style) if node.get("type") == "Container" else style
        if "type" in node:
            yield node, ground
        for key in ("body", "items", "inlines", "actions"):
            yield from elements(node.get(key), ground)


def kind_of(element: dict[str, Any]) -> str:
    return str(element["type"]).partition(".")[0]


def faults(cards: list[Drawn], wrong: Any) -> dict[str, Any]:
    """Where a claim fails, with what it found there."""
    return {one.where: found for one in cards if (found := wrong(one.card))}


# --- read aloud ---------------------------------------------------------------------------------------------------


def read_aloud(card: dict[str, Any]) -> list[tuple[str, str]]:
    """What a screen reader says, in order: the kind of each thing and its words."""
    said = []
    for element, _ in elements(card["body"]):
        kind = str(element["type"])
        if kind == "RichTextBlock":
            said.append(("text", "".join(run["text"] for run in element["inlines"])))
        elif kind == "TextBlock":
            said.append(("heading" if element.get("style") == "heading" else "text", element["text"]))
        elif kind.startswith("Input."):
            said.append(("question", element.get("label", "")))
    return said + [("button", one["title"]) for one, _ in elements(card.get("actions")) if kind_of(one) == "Action"]


def test_a_card_is_read_from_its_heading_over_who_and_when_to_its_buttons(cards: list[Drawn]) -> None:
    """The order of the first sending, said as it is read; and of every thread's card the same order of its parts."""
    said = read_aloud(next(one.card for one in cards if one.where.startswith("urgent_lasting sent")))
    print("\n".join(f"{kind}: {words}" for kind, words in said))  # noqa: T201 (to be read by whoever wonders)
    order = ("Ärende: ", "Från: ", "Till: ", "Beteckning: ", "Läge: ", "Ligger nu hos: ", "Svara senast: ")
    told = [words for kind, words in said if kind == "text"]
    places = [next((at for at, words in enumerate(told) if words.startswith(one)), None) for one in order]
    found = [one for one in places if one is not None]
    assert said[0][0] == "heading" and said[-1][0] == "button" and len(found) >= 4
    assert found == sorted(found)

    def out_of_order(card: dict[str, Any]) -> Any:
        kinds = [kind for kind, _ in read_aloud(card)]
        labels = [words.partition(":")[0] for kind, words in read_aloud(card) if kind == "text"]
        if "Beteckning" in labels and "Läge" in labels and labels.index("Läge") < labels.index("Beteckning"):
            return labels
        return "heading" in kinds[1:] and kinds

    assert faults(cards, out_of_order) == {}


def test_the_first_thing_is_one_heading_in_words(cards: list[Drawn]) -> None:
    def headless(card: dict[str, Any]) -> Any:
        first = card["body"][0]
        is_folded = len(card["body"]) == 1 and "actions" not in card  # an older card, which is no longer one
        return not is_folded and (first.get("style") != "heading" or not re.search(r"\w{2}", first["text"])) and first

    assert faults(cards, headless) == {}


def test_every_card_has_words_to_speak_and_for_an_old_client_and_they_are_its_neutral_first_ones(
    cards: list[Drawn],
) -> None:
    def silent(card: dict[str, Any]) -> Any:
        first = card["body"][0]["text"]
        return (card["lang"], card["fallbackText"]) != ("sv", FALLBACK) or not card["speak"].startswith(first)

    assert faults(cards, silent) == {}


def test_every_question_has_a_label_and_what_must_be_answered_says_what_is_missing(cards: list[Drawn]) -> None:
    def unlabelled(card: dict[str, Any]) -> Any:
        asked = [one for one, _ in elements(card["body"]) if kind_of(one) == "Input"]
        return [
            one["id"]
            for one in asked
            if not one.get("label") or (one.get("isRequired") and not one.get("errorMessage"))
        ]

    assert faults(cards, unlabelled) == {}


def test_a_fault_is_told_at_its_question_whose_label_says_that_it_is_to_be_mended(cards: list[Drawn]) -> None:
    refused = 0
    for one in cards:
        said = read_aloud(one.card)
        for before, (kind, words) in pairwise(said):
            if before[1] in ("Svara.", "Svara på frågan.", "Skriv ärendets nummer."):
                refused += 1
                assert words.startswith("Rätta: "), (one.where, kind, words)
    assert refused > 200


# --- seen and pressed ---------------------------------------------------------------------------------------------


def test_nothing_is_said_by_a_sign_or_a_picture_alone(cards: list[Drawn]) -> None:
    def signs(card: dict[str, Any]) -> Any:
        return re.findall("[\U0001f000-\U0001faff\u2600-\u27bf]", words_of(card)) or [
            one["type"] for one, _ in elements(card["body"]) if one["type"] in ("Image", "Media")
        ]

    assert faults(cards, signs) == {}


def channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(text: str, ground: str) -> float:
    """The contrast of two colours as WCAG 2.1 counts it; a text of eight digits begins with its opacity."""
    seen = int(text[1:3], 16) / 255 if len(text) == 9 else 1.0
    over, under = ([int(one[-6:][at : at + 2], 16) for at in (0, 2, 4)] for one in (text, ground))
    mixed = [round(a * seen + b * (1 - seen)) for a, b in zip(over, under, strict=True)]
    lights = [sum(w * channel(c) for w, c in zip((0.2126, 0.7152, 0.0722), one, strict=True)) for one in (mixed, under)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_contrast_is_counted_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_text_can_be_read_in_both_themes_of_teams(cards: list[Drawn]) -> None:
    met: set[tuple[str, str, bool]] = set()
    for one in cards:
        for element, ground in elements(one.card["body"]):
            if element["type"] in ("TextBlock", "RichTextBlock"):
                met.add((ground, element.get("color", ""), bool(element.get("isSubtle"))))
    assert len(met) > 3
    for ground, colour, subtle in met:
        for theme, (text, behind) in enumerate(TEAMS[ground, subtle]):
            text = COLOURS[colour][theme] if colour else text
            assert contrast(text, behind) >= LEAST_CONTRAST, (ground, colour, subtle, ("light", "dark")[theme])


def test_buttons_are_few_enough_to_be_seen_and_short_enough_to_be_hit(cards: list[Drawn]) -> None:
    """Their height is the client's own; what we decide is that each stands by itself, with its words on it."""

    def hard_to_press(card: dict[str, Any]) -> Any:
        rows = [card.get("actions", [])] + [one["actions"] for one, _ in elements(card["body"]) if "actions" in one]
        titles = [one["title"] for row in rows for one in row]
        return [row for row in rows if len(row) > MOST_BUTTONS] + [one for one in titles if len(one) > LONGEST_BUTTON]

    assert faults(cards, hard_to_press) == {}


def test_no_text_is_longer_than_a_small_screen(cards: list[Drawn]) -> None:
    def long(card: dict[str, Any]) -> Any:
        return [words for kind, words in read_aloud(card) if kind != "question" and len(words) > LONGEST_TEXT]

    assert faults(cards, long) == {}


def test_a_fault_in_a_card_is_found() -> None:
    """The claims can fail: a heading in Teams' colour for what is urgent would be too weak in the dark theme."""
    weak = [
        contrast(text, ground) for text, (_, ground) in zip(COLOURS["Attention"], TEAMS["default", False], strict=True)
    ]
    assert min(weak) < LEAST_CONTRAST < max(weak)
    assert parts.card([parts.line("Hej")])["speak"] == "Hej"


# --- the municipality's words -------------------------------------------------------------------------------------


def test_every_card_speaks_the_municipalitys_words(cards: list[Drawn]) -> None:
    def foreign(card: dict[str, Any]) -> Any:
        return [
            found for _, words in read_aloud(card) for found in STANDARD.findall(QUOTED.sub("", TITLED.sub("", words)))
        ]

    assert faults(cards, foreign) == {}
