"""What `stafett profile new` asks: the questions, in Swedish, and how each answer is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dialogs.personal_number import has_personal_number
from reminders.clock_time import parse_hh_mm

_LONGEST = 500
_YES, _NO = frozenset({"ja", "j", "yes"}), frozenset({"nej", "n", "no"})


class Wrong(ValueError):
    """An answer that cannot be used. The message is Swedish and says what would do."""


class Ask(Protocol):
    """Puts a question and gives what was answered; an empty answer means the default."""

    def __call__(self, key: str, text: str, default: str) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Interview:
    """Puts questions one by one. With `again` a wrong answer is told and asked anew, else it is raised."""

    ask: Ask
    again: Callable[[str], None] | None = None

    def answer(self, key: str, text: str, default: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of the answer. Raises: Wrong, naming the key."""
        while True:
            given = self.ask(key, text, default).strip() or default
            try:
                return read(_safe(given))
            except Wrong as wrong:
                if self.again is None:
                    raise Wrong(f"{key}: {wrong}") from None
                self.again(str(wrong))


def _safe(given: str) -> str:
    if has_personal_number(given):
        raise Wrong("Skriv inte personnummer.")
    if len(given) > _LONGEST or any(ord(sign) < 32 for sign in given):
        raise Wrong(f"Skriv en rad med högst {_LONGEST} tecken.")
    return given


def text(given: str) -> str:
    return given


def must(given: str) -> str:
    if not given:
        raise Wrong("Här behövs ett svar.")
    return given


def clock(given: str) -> str:
    if parse_hh_mm(given) is None:
        raise Wrong('Skriv ett klockslag, till exempel "07:00".')
    return given


def clock_or_word(given: str) -> str:
    """A clock time, or the office's opening or closing, or the end of the day."""
    return given if given in ("open", "close", "end") else clock(given)


def yes(given: str) -> bool:
    if given.lower() not in _YES | _NO:
        raise Wrong("Svara ja eller nej.")
    return given.lower() in _YES


def whole(given: str) -> int:
    if not re.fullmatch(r"\d{1,5}", given, re.ASCII):
        raise Wrong("Skriv ett heltal, till exempel 5.")
    return int(given)


def day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Wrong("Skriv datumet som ÅÅÅÅ-MM-DD.") from None


def days(given: str) -> list[date]:
    return [found for one in listed(given) if (found := day(one)) is not None]


def months(given: str) -> list[int]:
    found = [whole(one) for one in listed(given)]
    if not all(1 <= one <= 12 for one in found):
        raise Wrong("Skriv månader 1 till 12 med komma emellan, till exempel 6, 7, 8.")
    return found


def listed(given: str) -> list[str]:
    return [one.strip() for one in given.split(",") if one.strip()]


def some_of(names: Mapping[str, str]) -> Callable[[str], list[str]]:
    """Reads «alla», «inga», or numbers and names with commas between; `names` are in the order they were shown."""
    known = list(names)

    def read(given: str) -> list[str]:
        if given.lower() in ("alla", "inga", ""):
            return known if given.lower() == "alla" else []
        found = [_numbered(one, known) for one in listed(given)]
        strange = [one for one in found if one not in names]
        if strange:
            raise Wrong(f"{', '.join(strange)} finns inte. Skriv nummer eller namn ur listan, alla eller inga.")
        return list(dict.fromkeys(found))

    return read


def _numbered(given: str, known: list[str]) -> str:
    is_number = re.fullmatch(r"\d{1,3}", given, re.ASCII) and 0 < int(given) <= len(known)
    return known[int(given) - 1] if is_number else given


def file_name(title: str) -> str:
    """«Östra Göinge» → «ostra_goinge»."""
    plain = title.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:32]
