"""Why a call to Graph failed: what may pass, and what will not. Codes carry a status and a known word, no content."""

import logging
import re
from datetime import datetime
from typing import Any

from bot.channel.errors import retry_after

_LOG = logging.getLogger("stafett.graph")

_PLAIN_WORD = re.compile(r"[A-Za-z_]{1,60}\Z")
_PASSING = frozenset({401, 408, 425, 500, 502, 503, 504})
# What is answered with 404 where it is the whole mailbox that is not there: that says nothing of what stood in it.
_NO_MAILBOX = frozenset(
    {"ErrorInvalidUser", "ErrorNonExistentMailbox", "MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"}
)


class GraphAway(Exception):
    """May pass: Graph is away, slow, throttled or does not let the app in just now.

    `after` is in seconds, None when nobody has said how long. Except for «429» and «open» it may have had effect.
    """

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class GraphRefused(Exception):
    """Will not pass by itself: a permission that is missing, something that is not there, a request that is wrong.

    `existing` is the id of the event that was made before with the same transactionId and other content.
    """

    def __init__(self, code: str, status: int = 0, existing: str | None = None) -> None:
        super().__init__(code)
        self.code, self.status, self.existing = code, status, existing

    @property
    def is_gone(self) -> bool:
        """Whether what was asked about is not there, or no longer. A mailbox that is gone has called nothing off."""
        return self.status in (404, 410) and self.code.rpartition(" ")[2] not in _NO_MAILBOX


def named(fault: Exception, now: datetime) -> GraphAway | GraphRefused:
    """The named error for whatever the SDK raised. `now` (aware) turns a Retry-After that is a date into seconds."""
    status = getattr(fault, "response_status_code", None)
    if isinstance(status, int) and status:
        return _of_answer(status, fault, now)
    if isinstance(fault, TimeoutError) or "Timeout" in type(fault).__name__:
        return GraphAway("timeout")
    module = type(fault).__module__.split(".")[0]
    if module in ("httpx", "httpcore", "ssl", "builtins") and _is_line(fault):
        return GraphAway("connection")
    if module in ("azure", "msal"):
        return GraphAway("token")
    _LOG.error("a request to Graph failed by a fault of our own: %s", type(fault).__name__)
    return GraphRefused(type(fault).__name__[:40])


def _is_line(fault: Exception) -> bool:
    from httpx import TransportError  # loaded already: this came of it

    return isinstance(fault, TransportError | OSError)


def _of_answer(status: int, fault: Any, now: datetime) -> GraphAway | GraphRefused:
    code = f"{status} {_word(fault)}".rstrip()
    if status == 429 or status in _PASSING:
        headers = {str(name).lower(): str(value) for name, value in (fault.response_headers or {}).items()}
        after = retry_after(headers.get("retry-after"), now)
        return GraphAway(code, 1.0 if status == 429 and after is None else after)
    more = getattr(getattr(fault, "error", None), "additional_data", None) or {}
    existing = more.get("@event.existingEventId")
    return GraphRefused(code, status, existing if isinstance(existing, str) else None)


def _word(fault: Any) -> str:
    word = getattr(getattr(fault, "error", None), "code", None)
    return word if isinstance(word, str) and _PLAIN_WORD.match(word) else ""
