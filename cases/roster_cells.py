"""Reading one row of the roster, cell by cell. What is wrong is noted with its place; an empty value takes its seat."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Column

from cases.roster_values import Faults
from reminders.localtime import to_utc

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UPN = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_MAILBOX = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_PHONE = re.compile(r"(?:\+|0)\d{6,14}")
_PHONE_FILL = re.compile(r"[ \-–‑]|\(0\)|[()]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}[:.]\d{2}([:.]\d{2})?")
_YEARS = range(1990, 2100)
_SHOWN = 60
D = TypeVar("D", bound=date)

NEVER = datetime.min.replace(tzinfo=UTC)  # stands for a time that could not be read


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row and where it stands. Every reader answers with an empty value when it has noted a fault."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    faults: Faults

    def refuse(self, column: str, message: str) -> None:
        self.faults.add(self.sheet, self.number, column, message)

    def text(self, column: str, width: int, *, needed: bool = True) -> str:
        """The cell on one line; `width` is the most characters it may have."""
        found = " ".join(self.cells.get(column, "").split())
        if not found and needed:
            self.refuse(column, "cellen är tom. Fyll i den.")
        elif not found.isprintable():
            self.refuse(column, "cellen har osynliga tecken. Skriv om den för hand.")
        elif len(found) > width:
            self.refuse(column, f"texten har {len(found)} tecken, högst {width} får plats. Korta den.")
        else:
            return found
        return ""

    def word(self, column: str, read: Callable[[str], str | None], known: str, *, needed: bool = True) -> str:
        """A word out of a fixed set, as its identifier."""
        written = self.text(column, 120, needed=needed)
        found = read(written) if written else ""
        if found is None:
            self.refuse(column, f"«{shown(written)}» känns inte igen. Skriv {known}.")
        return found or ""

    def phone(self, column: str, *, needed: bool = True) -> str:
        """A telephone number as it was written."""
        found = self.text(column, 30, needed=needed)
        if found and not _PHONE.fullmatch(_PHONE_FILL.sub("", found)):
            self.refuse(
                column,
                f"«{shown(found)}» ser inte ut som ett telefonnummer. Skriv ett enda nummer med riktnummer, som "
                "08-465 004 00 eller +46 8 465 004 00. I Excel: formatera cellen som text, annars försvinner nollan.",
            )
            return ""
        return found

    def uuid(self, column: str) -> str | None:
        """A directory id in lower case."""
        found = self.text(column, 120, needed=False).lower()
        if found and not _UUID.fullmatch(found):
            self.refuse(column, f"«{shown(found)}» är inget objekt-id. Kopiera det från katalogen (Entra ID).")
            return None
        return found or None

    def upn(self, column: str) -> str | None:
        """A sign-in name in lower case."""
        found = self.text(column, 120, needed=False).lower()
        if found and not _UPN.fullmatch(found):
            self.refuse(column, f"«{shown(found)}» är inget inloggningsnamn. Skriv det som namn@kommunen.se.")
            return None
        return found or None

    def mailbox(self, column: str) -> str | None:
        """An e-mail address in lower case, or None when the cell is empty."""
        found = self.text(column, 120, needed=False).lower()
        if found and not _MAILBOX.fullmatch(found):
            self.refuse(column, f"«{shown(found)}» är ingen e-postadress. Skriv en enda, som enheten@kommunen.se.")
            return None
        return found or None

    def day(self, column: str) -> date | None:
        """A date, or None when the cell is empty."""
        written = _MIDNIGHT.sub("", self.text(column, 40, needed=False))
        if not written:
            return None
        found = _parsed(written, _DATE, date.fromisoformat)
        if found is None:
            self.refuse(column, f"«{shown(written)}» är inget datum som finns. Skriv det som 2026-11-16.")
        return found

    def moment(self, column: str) -> datetime:
        """A local date and time as an instant; NEVER when it is missing or wrong."""
        written = self.text(column, 40)
        if not written:
            return NEVER
        found = _parsed(written, _MOMENT, lambda text: datetime.fromisoformat(text.replace(".", ":")))
        if found is None:
            self.refuse(
                column, f"«{shown(written)}» är ingen tid som finns. Skriv datum och klockslag som 2026-11-16 17:00."
            )
            return NEVER
        return to_utc(found)


def _parsed(text: str, shape: re.Pattern[str], parse: Callable[[str], D]) -> D | None:
    """The date or time, or None when it is misshapen, does not exist or has a year that must be a slip."""
    if not shape.fullmatch(text):
        return None
    try:
        found = parse(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def is_uuid(text: str) -> bool:
    return bool(_UUID.fullmatch(text.strip().lower()))


def is_upn(text: str) -> bool:
    return bool(_UPN.fullmatch(text))


def width_of(column: Column[Any]) -> int:
    """How many characters the record's column takes."""
    return int(column.type.length)  # type: ignore[attr-defined]


def shown(text: str) -> str:
    """A cell's text as a message repeats it. Cells with a personal number never come this far."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
