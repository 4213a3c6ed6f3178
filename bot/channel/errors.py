"""Why a call to Teams failed: one named error for each row of the channel's table of answers.

Each says whether trying again can help and carries a `code` fit for a log: a status and a known word, never content.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar


class ChannelError(Exception):
    """A call to the channel failed."""

    retryable: ClassVar[bool] = False

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Throttled(ChannelError):
    """The channel asks us to wait; `retry_after` is in seconds, None when it did not say how long."""

    retryable = True

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class Passing(ChannelError):
    """A passing fault (412, 502–504, time-out, broken connection): back off, try again. It may have had effect."""

    retryable = True


class Blocked(ChannelError):
    """The person has blocked the bot: stop until they write again."""


class NotInstalled(ChannelError):
    """The bot is not installed for the person or in the conversation."""


class DisabledByAdmin(ChannelError):
    """The organisation's policy has switched the bot off: alarm."""


class StaleAddress(ChannelError):
    """The conversation or the message no longer exists: drop the id and make a new one."""


class TooBig(ChannelError):
    """The message is larger than the channel takes."""


class Faulty(ChannelError):
    """The channel failed without saying why (500): alarm, and a few tries far apart. It may have had effect."""


class Refused(ChannelError):
    """The channel refused, or answered something unknown: no blind retry, alarm."""


_PASSING = frozenset({408, 412, 502, 503, 504})
WORDS: Mapping[str, type[ChannelError]] = {
    "BotNotInConversationRoster": NotInstalled,
    "ForbiddenOperationException": NotInstalled,
    "ForbiddenOperation": NotInstalled,
    "ConversationBlockedByUser": Blocked,
    "MessageWritesBlocked": Blocked,
    "BotDisabledByAdmin": DisabledByAdmin,
}
_PLAIN_WORD = re.compile(r"[A-Za-z]{1,60}\Z")


def failure(status: int, body: bytes, headers: Mapping[str, str], now: datetime) -> ChannelError:
    """The named error for an HTTP answer other than 200, 201 and 202.

    `now` (aware) turns a Retry-After that is a date into seconds.
    """
    text = body[:8192].decode("utf-8", "replace")
    code = f"{status} {_error_code(text)}".rstrip()
    if status == 429:
        return Throttled(code, retry_after(headers.get("Retry-After"), now))
    if status == 403:
        return _forbidden(text, code)
    if status == 404:
        return StaleAddress(code)
    if status == 413:
        return TooBig(code)
    if status in _PASSING:
        return Passing(code)
    return Faulty(code) if status >= 500 else Refused(code)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait according to a Retry-After header (a number or an HTTP date), None when absent or unreadable."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value.strip()):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def _forbidden(text: str, code: str) -> ChannelError:
    # The word stands in error.code, in a subCode, or inside a message that is itself JSON, depending on the service.
    for word, error in WORDS.items():
        if word in text:
            return error(f"403 {word}")
    return Refused(code)


def _error_code(text: str) -> str:
    try:
        error: Any = json.loads(text)["error"]["code"]
    except (ValueError, TypeError, KeyError):
        return ""
    return error if isinstance(error, str) and _PLAIN_WORD.match(error) else ""
