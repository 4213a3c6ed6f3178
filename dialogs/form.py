"""Reading a form: what was typed becomes values, or an error beside the question. Nothing typed is lost or repeated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cases.fields import RosterChoice
from cases.flow import CaseList, Choice, Day, DayList, Field, Moment, Number, PerCase, SeatChoice, TextField, UnitChoice
from dialogs import case_lists, day_lists
from dialogs.personal_number import has_personal_number
from dialogs.swedish import day_text, full_day_text
from reminders.localtime import to_local, to_utc

REFUSED_NUMBER = (
    "Texten innehåller ett personnummer eller samordningsnummer. Ta bort det och skicka igen. "
    "Om du skrev det i chatten: radera ditt meddelande."
)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,](\d{1,6}))?")
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")
_LONGEST = 2_000  # signs in one answer: more than any question takes, and no more than a card can give back
_YEAR = timedelta(days=366)
_LATENESS = timedelta(minutes=5)  # a phone's clock may run ahead


Options = Mapping[str, Mapping[str, str]]  # question → code → what it is called


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
    fields: Sequence[Field], typed: Mapping[str, Any], now: datetime, options: Options | None = None
) -> Reading:
    """Read every field of a form. `now` is care time in UTC; `options` are those that the roster gives a question."""
    reading = Reading()
    for item in fields:
        _read_field(item, typed, now, (options or {}).get(item.name, {}), reading)
    for item in fields:
        answered = item.name in reading.values or item.name in reading.errors
        if not answered and item.demanded(reading.values):
            reading.errors[item.name] = f"Svara på frågan «{item.label}»."
    return reading


def _read_field(
    item: Field, typed: Mapping[str, Any], now: datetime, options: Mapping[str, str], reading: Reading
) -> None:
    names = _inputs(item, options)
    texts = {name: str(typed.get(name) or "").strip() for name in names}
    if any(has_personal_number(text) for text in texts.values()):
        reading.errors[item.name] = REFUSED_NUMBER
        return
    longest = max(map(len, texts.values()), default=0)
    reading.raw |= {name: text[:_LONGEST] for name, text in texts.items()}
    if longest > _LONGEST:  # a client keeps to the question's own limit; this has come by another way
        reading.errors[item.name] = f"Svaret är {longest} tecken. Korta det."
        return
    if not any(texts.values()):
        return
    try:
        reading.values[item.name] = _value(item, texts, now, options)
    except Unreadable as wrong:
        reading.errors[item.name] = str(wrong)


def _inputs(item: Field, options: Mapping[str, str]) -> tuple[str, ...]:
    """The inputs that a question is asked by."""
    if isinstance(item, Moment):
        return (f"{item.name}_date", f"{item.name}_time")
    if isinstance(item, PerCase):
        return tuple(case_lists.input_of(item, case) for case in options)
    return (item.name,)


class Unreadable(ValueError):
    """An answer that does not fit its question. The message says what would."""


def _value(item: Field, texts: Mapping[str, str], now: datetime, options: Mapping[str, str]) -> Any:
    if isinstance(item, Moment):
        return _moment(item, texts[f"{item.name}_date"], texts[f"{item.name}_time"], now)
    if isinstance(item, PerCase):
        return case_lists.chosen(item, texts)
    text = texts[item.name]
    if isinstance(item, CaseList):
        return _cases(item, text, options)
    if isinstance(item, DayList):
        return _days(item, text, now)
    if isinstance(item, Day):
        return _day(item, text, now)
    if isinstance(item, Choice):
        return _chosen(item, text)
    if isinstance(item, UnitChoice | SeatChoice | RosterChoice):
        return _one_of(text, list(options))
    if isinstance(item, Number):
        return _number(item, text)
    if isinstance(item, TextField) and len(text) > item.max:
        raise Unreadable(f"Texten är {len(text)} tecken. Korta den till högst {item.max}.")
    return text


def _days(item: DayList, text: str, now: datetime) -> str:
    days, fault = day_lists.listed(item, text, now)
    if fault:
        raise Unreadable(fault)
    return days


def _cases(item: CaseList, text: str, known: Mapping[str, str]) -> str:
    fault = case_lists.fault_of(item, text, known)
    if fault:
        raise Unreadable(fault)
    return case_lists.listed(text, known)


def _chosen(item: Choice, text: str) -> str:
    codes = [key for key, _ in item.options]
    if not item.multiple:
        return _one_of(text, codes)
    several = {_one_of(one.strip(), codes) for one in text.split(",") if one.strip()}
    return ",".join(code for code in codes if code in several)


def _number(item: Number, text: str) -> str:
    """An exact decimal string. A thousand may be written «1 000», and the unit after the number."""
    plain = "".join(text.removesuffix(item.suffix).split())
    found = _NUMBER.fullmatch(plain)
    if found is None or len(found[1] or "") > item.decimals:
        example = "12,5" if item.decimals else "12"
        raise Unreadable(f"Skriv ett tal, till exempel {example}.")
    number = Decimal(plain.replace(",", "."))
    if (item.least is not None and number < item.least) or (item.most is not None and number > item.most):
        raise Unreadable(f"Talet ska vara {_bounds(item)}.")
    return str(number)


def _bounds(item: Number) -> str:
    least = f"minst {number_text(str(item.least))}" if item.least is not None else ""
    most = f"högst {number_text(str(item.most))}" if item.most is not None else ""
    return " och ".join(filter(None, (least, most)))


def number_text(value: str) -> str:
    """A kept number as it is written in Swedish."""
    return value.replace(".", ",")


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
    _within(day, today, item.past, item.future, item.years)
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


def _within(day: date, today: date, past: bool, future: bool, years: int = 1) -> None:
    said = day_text(day) if day.year == today.year else full_day_text(day)  # another year is often a slip
    if not past and day < today:
        raise Unreadable(f"{said} har redan varit. Välj i dag eller senare.")
    if not future and day > today:
        raise Unreadable(f"{said} ligger framåt i tiden. Välj i dag eller tidigare.")
    if abs(day - today) > _YEAR * years:
        far = "ett år" if years == 1 else f"{years} år"
        raise Unreadable(f"Datumet ligger mer än {far} bort. Kontrollera årtalet.")
