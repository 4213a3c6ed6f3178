"""Finding personnummer and samordningsnummer in what people write, so that they are refused and never repeated."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

# Ten or twelve digits that stand alone, however they are spaced.
_SPACED = re.compile(r"(?<!\d)(?:\d[\s.]*){6,8}[-+\u2010-\u2015\s]*(?:\d[\s.]*){3}\d(?!\d)")
# A date, perhaps with its parts joined by signs, and four digits in a row: found also right after other numbers.
_DATED = re.compile(
    r"(?<!\d)(?=((?:18|19|20)?\d\d[-\u2010-\u2015./\s]?\d\d[-\u2010-\u2015./\s]?\d\d[-+\u2010-\u2015./_:\s]{0,3}\d{4})(?!\d))"
)
_NOT_DIGIT = re.compile(r"\D")


def has_personal_number(text: str) -> bool:
    """Whether the text holds a valid personnummer or samordningsnummer (day + 60), with or without century."""
    return any(_is_personal_number(_NOT_DIGIT.sub("", found)) for found in _candidates(_folded(text)))


def _folded(text: str) -> str:
    """Wide digits become ordinary ones, and signs that cannot be seen are left out."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def _candidates(text: str) -> Iterator[str]:
    for found in _SPACED.finditer(text):
        yield found.group()
    for found in _DATED.finditer(text):
        yield found.group(1)


def _is_personal_number(digits: str) -> bool:
    if len(digits) == 12 and digits[:2] in ("18", "19", "20"):
        digits = digits[2:]
    return len(digits) == 10 and _is_date(digits[:6]) and _luhn(digits)


def _is_date(six: str) -> bool:
    year, month, day = int(six[:2]), int(six[2:4]), int(six[4:])
    day -= 60 if day > 60 else 0
    try:
        date(2000 + year, month, day)
    except ValueError:
        # 29 February exists in some century for this two-digit year only when it is a leap year in either.
        return (month, day) == (2, 29) and year % 4 == 0
    return True


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, digits)):
        product = digit * (2 - place % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0
