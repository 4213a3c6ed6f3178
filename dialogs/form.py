"""Reading a form: what was typed becomes values, or an error beside the question. Nothing typed is lost or repeated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cases.flow import Choice, Day, Field, Moment, TextField, UnitChoice
from dialogs.personal_number import has_personal_number
from dialogs.swedish import day_text
from reminders.localtime import to_local, to_utc

REFUSED_NUMBER = (
    "Texten innehåller ett personnummer eller samordningsnummer. Ta bort det och skicka igen. "
    "Om du skrev det i chatten: radera ditt meddelande."
)
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")
_FURTHEST = timedelta(days=366)
_LATENESS = timedelta(minutes=5)  # a phone's clock may run ahead


@dataclass(kw_only=True)
class Reading:
    """What came of a form: values ready for the record, and errors by question."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)  # what was typed, to fill the form in again

    @property
    def ok(self) -> bool:
        return not self.errors


def read_form(
    fields: Sequence[Field], typed: Mapping[str, Any], now: datetime, units: Mapping[str, str] | None = None
) -> Reading:
    """Read every field of a form. `now` is care time in UTC; `units` maps ids to names for unit choices."""
    reading = Reading()
    for item in fields:
        _read_field(item, typed, now, units or {}, reading)
    return reading


def _read_field(
    item: Field, typed: Mapping[str, Any], now: datetime, units: Mapping[str, str], reading: Reading
) -> None:
    names = (f"{item.name}_date", f"{item.name}_time") if isinstance(item, Moment) else (item.name,)
    texts = {name: str(typed.get(name) or "").strip() for name in names}
    if any(has_personal_number(text) for text in texts.values()):
        reading.errors[item.name] = REFUSED_NUMBER
        return
    reading.raw |= texts
    if not any(texts.values()):
        if item.required:
            reading.errors[item.name] = f"Svara på frågan «{item.label}»."
        return
    try:
        reading.values[item.name] = _value(item, texts, now, units)
    except Unreadable as wrong:
        reading.errors[item.name] = str(wrong)


class Unreadable(ValueError):
    """An answer that does not fit its question. The message says what would."""


def _value(item: Field, texts: Mapping[str, str], now: datetime, units: Mapping[str, str]) -> Any:
    if isinstance(item, Moment):
        return _moment(item, texts[f"{item.name}_date"], texts[f"{item.name}_time"], now)
    text = texts[item.name]
    if isinstance(item, Day):
        return _day(item, text, now)
    if isinstance(item, Choice):
        return _one_of(text, [key for key, _ in item.options])
    if isinstance(item, UnitChoice):
        return _one_of(text, list(units))
    if isinstance(item, TextField) and len(text) > item.max:
        raise Unreadable(f"Texten är {len(text)} tecken. Korta den till högst {item.max}.")
    return text


def _one_of(text: str, allowed: list[str]) -> str:
    if text not in allowed:
        raise Unreadable("Välj ett av alternativen.")
    return text


def _day(item: Day, text: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise Unreadable("Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-23.") from None
    today = to_local(now).date()
    _within(day, today, item.past, item.future)
    return day.isoformat()


def _moment(item: Moment, day_typed: str, time_typed: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(day_typed[:10])
    except ValueError:
        raise Unreadable("Välj ett datum, till exempel 2026-11-23.") from None
    instant = to_utc(datetime.combine(day, _clock(time_typed)))
    _within(day, to_local(now).date(), item.past, item.future)
    if not item.future and instant > now + _LATENESS:
        raise Unreadable("Tiden ligger framåt i tiden. Välj när det faktiskt började.")
    if not item.past and instant < now - _LATENESS:
        raise Unreadable("Tiden har redan varit. Välj en tid framåt.")
    return instant.astimezone(UTC).isoformat()


def _clock(typed: str) -> time:
    """Clients send 7:30, people write 7.30 or 0730."""
    found = _CLOCK.fullmatch(typed)
    try:
        return time(int(found[1]), int(found[2])) if found else time.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        raise Unreadable("Välj ett klockslag, till exempel 19:30.") from None


def _within(day: date, today: date, past: bool, future: bool) -> None:
    if not past and day < today:
        raise Unreadable(f"{day_text(day)} har redan varit. Välj i dag eller senare.")
    if not future and day > today:
        raise Unreadable(f"{day_text(day)} ligger framåt i tiden. Välj i dag eller tidigare.")
    if abs(day - today) > _FURTHEST:
        raise Unreadable("Datumet ligger mer än ett år bort. Kontrollera årtalet.")
