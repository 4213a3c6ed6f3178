"""What a free text should not say: names, telephones, addresses, door codes. Whoever writes is warned, never refused.

A personal number is another matter and is refused (`dialogs.personal_number`). Here it is a guess, and whoever knows
better sends the text all the same; what they had written is kept either way.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.directory import Directory
from cases.flow import Field, TextField
from dialogs import parts
from dialogs.given_names import GIVEN_NAMES
from dialogs.parts import Element
from dialogs.personal_number import has_temporary_number
from dialogs.terms import Terms

DESPITE = "despite_words"  # the button's word that the warning has been read
BACK = "back"  # the button's word that the answers are to be changed

_UPPER, _LOWER = "A-ZÅÄÖÉÜ", "a-zåäöéü"
# A number with an area code, or +46: 8 to 11 digits. Times from and to, and dates, have other shapes.
_PHONE = re.compile(r"(?<![\w+.-])(?:\+|00)?[ (]*\d(?:[ ()–-]{0,3}\d){6,13}(?![\w.]?\d)")
_HOURS = re.compile(r"[0-2]\d[0-5]\d ?[-–] ?[0-2]\d[0-5]\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ROAD = re.compile(
    rf"(?i:\b[{_LOWER}]{{2,}}(?:gatan|vägen|gränd|stigen|torget|backen|allén|esplanaden|plan)|\b[{_LOWER}]+ gata)"
    r" \d{1,3}(?: ?[A-Za-z](?!\w))?(?! ?(?:gånger|minuter|dagar|timmar|km|m)\b)"
)
_POSTAL = re.compile(rf"(?<![\d-])[1-9]\d{{2}} \d{{2}}(?: |, )[{_UPPER}][{_LOWER}]{{2,}}")
_FLAT = re.compile(r"(?i:\blgh|\blägenhet)\.?(?: ?nr\.?| nummer)? ?\d{2,4}\b")
_CODE = re.compile(
    r"(?i:\b(?:port|dörr|entré|lås|larm|nyckel|hiss|grind)?kod(?:en|erna)?\b(?! ?(?:enligt|i ))[^\d.!?\n]{0,25}\d{3,8})"
)
_KEY = re.compile(r"(?i:\bnyckeln?(?: \w+){0,3} (?:under|bakom|ovanpå|i brevlåda|i krukan|i nyckelskåp))")
_CAPITAL = rf"[{_UPPER}][{_LOWER}]+"
_NAME = re.compile(rf"(?<![\w@.-])({_CAPITAL})(?:-{_CAPITAL})?(?!\w)(?=(?: ({_CAPITAL}))?)")
_INTRODUCED = re.compile(rf"\b(?:heter|hette|kallas|[Ff]ru|[Hh]err) ({_CAPITAL})")

_TOLD = {
    "name": "ett namn",
    "phone": "ett telefonnummer",
    "mail": "en e-postadress",
    "address": "en adress",
    "code": "en kod eller var en nyckel finns",
    "temporary": "ett reservnummer",
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is no secret: the names of the staff whom the sender works with, and telephones of staff and units."""

    names: frozenset[str]
    phones: frozenset[str]

    @classmethod
    def of(cls, directory: Directory, units: Collection[str]) -> "Known":
        """`units` are those on either side; elsewhere there is somebody of every name."""
        held = {who for (unit, _role), people in directory.roles.items() if unit in units for who in people}
        names = [directory.people[who].name.casefold() for who in held if who in directory.people]
        told = [
            phone
            for unit in directory.units.values()
            for phone in (unit.phone, unit.on_call_phone, unit.last_resort_phone)
        ]
        told += [one.phone for one in directory.people.values()]
        given = {name.split()[0] for name in names if name}
        return cls(names=frozenset({*names, *given}), phones=frozenset(_national(one) for one in told if one))


def kinds_in(text: str, known: Callable[[], Known]) -> list[str]:
    """What the text seems to hold: name, phone, mail, address, code, temporary. `known` is asked only when needed."""
    found: list[str] = []
    if any(one.casefold() not in known().names for one in _names(text)):
        found.append("name")
    if any(_national(one) not in known().phones for one in _phones(text)):
        found.append("phone")
    shapes = {"mail": (_MAIL,), "address": (_ROAD, _POSTAL, _FLAT), "code": (_CODE, _KEY)}
    found += [kind for kind, patterns in shapes.items() if any(one.search(text) for one in patterns)]
    return found + (["temporary"] if has_temporary_number(text) else [])


def unread(
    fields: Iterable[Field], values: Mapping[str, Any], data: Mapping[str, Any], directory: Directory,
    units: Callable[[], Collection[str]],
) -> list[str]:  # fmt: skip
    """A line for each free text that seems to hold what it should not, unless the warning has been read and passed.

    `units` are those on either side: their staff may be named. It is asked only when there is a name.
    """
    if data.get(DESPITE):
        return []
    kept: list[Known] = []

    def known() -> Known:
        if not kept:
            kept.append(Known.of(directory, units()))
        return kept[0]

    found = []
    for item in fields:
        text = values.get(item.name)
        kinds = kinds_in(str(text), known) if isinstance(item, TextField) and text else []
        if kinds:
            found.append(f"«{item.short or item.label}»: det ser ut som {_listed([_TOLD[one] for one in kinds])}.")
    return found


def card(said: Sequence[str], terms: Terms, label: str, verb: str, data: Mapping[str, Any]) -> Element:
    """The warning. `label` is the button that goes on all the same; `data` is what had been answered."""
    on = {name: value for name, value in data.items() if name not in ("verb", BACK)}
    body = [
        parts.heading("Läs det här först"),
        *(parts.notice(one) for one in said),
        parts.line(
            "Skriv inte namn, telefonnummer, adress eller kod till en enskild i Stafett. Skriv det i "
            f"{terms.case_system}, eller ring."
        ),
    ]
    actions = [
        parts.button("Ändra", verb, {**on, BACK: 1}, primary=True),
        parts.button(label, verb, {**on, DESPITE: 1}),
    ]
    return parts.card(body, actions)


# --- pieces ------------------------------------------------------------------------------------------------------


def _names(text: str) -> list[str]:
    """Given names, with the family name that follows; and whoever is introduced as «fru» or by «heter»."""
    found = []
    for one in _NAME.finditer(text):
        given, family = one[1] if one[1] in GIVEN_NAMES else one[1].removesuffix("s"), one[2]
        if given in GIVEN_NAMES:
            found.append(f"{given} {family}" if family else given)
    return found + _INTRODUCED.findall(text)


def _phones(text: str) -> list[str]:
    found = [one.group() for one in _PHONE.finditer(text) if not _HOURS.fullmatch(one.group().strip())]
    return [one for one in found if _is_phone(_national(one))]


def _is_phone(digits: str) -> bool:
    return 8 <= len(digits) <= 11 and digits[0] == "0" and digits[1] != "0"


def _national(text: str) -> str:
    """The digits of a number as it is dialled in the country."""
    plain = text.replace("(0)", "")
    digits = "".join(sign for sign in plain if sign.isdigit())
    if plain.strip().startswith("+46"):
        return "0" + digits[2:]
    return "0" + digits[4:] if digits.startswith("0046") else digits


def _listed(words: Collection[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} och {last}" if first else last
