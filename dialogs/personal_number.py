"""Finding personnummer and samordningsnummer in what people write, so that they are refused and never repeated."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

# Ten or twelve digits that stand alone, however they are spaced.
_SPACED = re.compile(r"(?<!\d)(?:\d[\s.]*){6,8}[-+\u2010-\u2015\u2212\s]*(?:\d[\s.]*){3}\d(?!\d)")
# A date, perhaps with its parts joined by signs, and four digits in a row that begin no other date: found also right
# after other numbers.
_DATED = re.compile(
    r"(?<!\d)(?=((?:18|19|20)?\d\d[-\u2010-\u2015\u2212./\s]?\d\d[-\u2010-\u2015\u2212./\s]?\d\d[-+\u2010-\u2015\u2212./_:\s]{0,3}\d{4})(?!\d|-\d\d-\d\d))"
)
# A date and four digits with any two signs between them, also among other numbers.
_BLOCKS = re.compile(r"(?<!\d)(?:\d\d)?\d{6}(?:[^\w\n]|_){0,2}\d{4}(?!\d)")
# Digits with at most two signs between them, to the last one: nothing is tried twice.
_RUN = re.compile(r"(?<!\d)\d++(?:(?:[^\w\n]|_){1,2}\d++)++")
_DIGITS = re.compile(r"\d+")
_TIME = re.compile(r"(?<!\d)(?:[01]\d|2[0-4])[.:][0-5]\d$")
_HOURS_OF_A_DAY = re.compile(r"20[2-9]\d\D\d\d\D\d\d\D{1,2}(?:[01]\d|2[0-4])\D[0-5]\d$")
_PHONE = re.compile(r"0\d{2,3}\D|0\d\D{1,2}\d{3}\D")
_LONGEST_RUN = 12 + 11 * 2  # twelve digits with two signs between each
_NOT_DIGIT = re.compile(r"\D")
_TEN_DIGITS = re.compile(r"(?:\d\D*){9}\d")
# Space is one space, however much of it: the patterns look at each sign a bounded number of times.
_SPACE = re.compile(r"[\s.]{2,}")
# A date of birth and four signs, some of them letters: what a person without a number is given meanwhile. The forms
# vary by system, so this is a guess.
_TEMPORARY = re.compile(r"(?<![\w-])(?:18|19|20)?(\d{6})[-+]?(?=[A-ZÅÄÖ\d]{4}(?![\w-]))(?=\d*[A-ZÅÄÖ])(?=[A-ZÅÄÖ]*\d)")


def has_personal_number(text: str) -> bool:
    """Whether the text holds a valid personnummer or samordningsnummer (day + 60), with or without century."""
    if text.isascii() and _TEN_DIGITS.search(text) is None:  # most texts, told by one look
        return False
    return any(_is_number_of(found) for found in _candidates(_folded(text)))


def has_temporary_number(text: str) -> bool:
    """Whether the text seems to hold a temporary number (reservnummer), in which letters stand for digits."""
    return any(_is_date(found[1]) for found in _TEMPORARY.finditer(_folded(text)))


def without_personal_numbers(text: str, instead: str) -> str:
    """The text with what is a personal number replaced; as it was when there is none."""
    if not has_personal_number(text):
        return text
    folded = _folded(text)
    for found in sorted({one for one in _candidates(folded) if _is_number_of(one)}, key=len, reverse=True):
        folded = folded.replace(found, instead)
    return folded


def _folded(text: str) -> str:
    """Wide digits become ordinary ones, and signs that cannot be seen are left out."""
    if text.isascii():
        return _SPACE.sub(" ", text)
    plain = unicodedata.normalize("NFKC", text)
    return _SPACE.sub(" ", "".join(sign for sign in plain if unicodedata.category(sign) != "Cf"))


def _candidates(text: str) -> Iterator[str]:
    for found in _SPACED.finditer(text):
        yield found.group()
    for found in _DATED.finditer(text):
        yield found.group(1)
    for found in _BLOCKS.finditer(text):
        yield found.group()
    for found in _RUN.finditer(text):
        if _may_be_one(found.group()):
            yield found.group()


def _may_be_one(run: str) -> bool:
    """Whether digits spread out by signs are ten or twelve, and not a list, a telephone or a day with a time."""
    if len(run) > _LONGEST_RUN or sum(map(len, _DIGITS.findall(run))) not in (10, 12) or "," in run:
        return False
    return not (_TIME.search(run) or _HOURS_OF_A_DAY.match(run) or _PHONE.match(run))


def _is_number_of(found: str) -> bool:
    return _is_personal_number(_NOT_DIGIT.sub("", found))


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
