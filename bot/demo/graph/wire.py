"""How Graph writes what it says: times, errors and options, as the documentation has them."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from multidict import CIMultiDictProxy

Json = dict[str, Any]

STOCKHOLM = "Europe/Stockholm"
# Outlook answers to its own names too; both have Sweden's clock.
_WINDOWS = {"W. Europe Standard Time": STOCKHOLM, "Central European Standard Time": STOCKHOLM}
_PREFER = re.compile(r'([\w.-]+)\s*=\s*"?([^",;]+)"?')


class Refusal(Exception):
    """An answer that is an error. `code` and `text` stand in the body as Graph writes them."""

    def __init__(
        self, status: int, code: str, text: str, *, after: int | None = None, more: Json | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.text, self.after, self.more = status, code, text, after, more or {}

    @property
    def body(self) -> Json:
        return {"error": {"code": self.code, "message": self.text, **self.more}}

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.after is None else {"Retry-After": str(self.after)}


def invalid(text: str, code: str = "ErrorInvalidRequest") -> Refusal:
    """What was asked is wrong, and will be wrong the next time too."""
    return Refusal(400, code, text)


def missing() -> Refusal:
    """There is nothing, or no longer anything, by that id."""
    return Refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def zone(name: str) -> ZoneInfo:
    """The zone by its IANA or Windows name. Raises: Refusal."""
    try:
        return ZoneInfo(_WINDOWS.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(f"The time zone '{name}' is not supported.", "TimeZoneNotSupportedException") from None


def wall(value: Any) -> datetime:
    """The wall clock, with its zone, of a dateTimeTimeZone. Raises: Refusal."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise invalid("A dateTimeTimeZone with dateTime and timeZone is required.", "ErrorPropertyValidationFailure")
    found = moment(value["dateTime"], naive=True)
    return found.replace(tzinfo=zone(str(value.get("timeZone") or "UTC")))


def moment(text: str, *, naive: bool = False) -> datetime:
    """A time in ISO 8601, UTC when it names no zone; `naive` drops a zone that it names. Raises: Refusal."""
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        raise invalid(f"'{text}' is not a date and time.", "ErrorInvalidParameter") from None
    if naive:
        return found.replace(tzinfo=None)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def shown(at: datetime, zone_name: str = "UTC") -> Json:
    """A moment as a dateTimeTimeZone, with the seven decimals that Graph writes."""
    local = at.astimezone(zone(zone_name))
    return {"dateTime": local.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": zone_name}


def stamp(at: datetime) -> str:
    """A moment in UTC as a DateTimeOffset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def preferences(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """What the request prefers, by name in small letters, in one header or in several."""
    wishes = ", ".join(headers.getall("Prefer", []))
    return {name.lower(): value.strip() for name, value in _PREFER.findall(wishes)}


def given(body: Json, name: str) -> Any:
    """A parameter of an action. The SDK writes some of them with a capital letter, as the metadata has them."""
    return body.get(name, body.get(name[:1].upper() + name[1:]))
