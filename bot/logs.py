"""The log: one line for each event, without what people wrote, without names, and without secrets.

Our own lines carry ids and codes. Two things could carry more, and neither is trusted: the text of an exception, and
what a library has to say. Of an exception only its kind and its place are written, of a library's line only the
pattern, without what was put into it. What is left is searched for what looks like a secret or a personal number.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from dialogs.personal_number import without_personal_numbers

JSON, TEXT = "json", "text"
FORMATS = (JSON, TEXT)

_OURS = ("stafett", "bot", "cases", "dialogs", "reminders")
_QUIET = (
    "apscheduler", "asyncio", "alembic", "msal", "urllib3", "aiohttp", "sqlalchemy", "azure", "httpcore", "httpx",
    "microsoft_agents", "opentelemetry",
)  # fmt: skip
_HIDDEN = "[dolt]"
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels and no look-alikes: an error's id is read out on the telephone
_MOST_FRAMES = 12

_SECRETS = re.compile(
    r"(?i)\bBearer\s+[\w.~+/=-]+"  # a token in a header
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a token by itself
    r"|(?<=://)[^\s/@]+@"  # user and password in an address
    r"|(?<=[?&;])[\w.-]*(?:secret|password|token|sig|key|code)=[^\s&;]+"
    r"|-----BEGIN[^-]+-----[\s\S]*?(?:-----END[^-]+-----|\Z)"
)
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:18|19|20)?\d{6}[-+ ]\d{4}(?!\d)|(?<!\d)(?:18|19|20)\d{10}(?!\d)")

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(form: str = JSON, stream: TextIO | None = None, level: int = logging.INFO) -> logging.Handler:
    """Send every logger of the process to `stream` (standard error), as `json` or `text`; the handler comes back."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == JSON else TextLines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def error_id() -> str:
    """An id for one error: the person sees it, and it stands in the log."""
    return "F-" + "".join(secrets.choice(_LETTERS) for _ in range(6))


class JsonLines(JsonFormatter):
    """One JSON object a line: time (UTC), level, logger, event (the line's pattern), message, and ids given apart."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, {})
        given = {name: _plain(value) for name, value in log_data.items() if name not in ("message", "exc_info")}
        log_data.clear()
        log_data |= {
            "time": moment(record), "level": record.levelname, "logger": record.name, "event": pattern_of(record),
            "message": words_of(record), **(given if is_ours(record) else {}),
        }  # fmt: skip
        if record.exc_info:
            log_data["error"] = list(places(record.exc_info))

    def formatException(self, ei: Any) -> str:
        return " < ".join(places(ei))

    def formatStack(self, stack_info: str) -> str:
        return ""


class TextLines(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{moment(record)} {record.levelname} {record.name} {words_of(record)}"
        return f"{line} | {' < '.join(places(record.exc_info))}" if record.exc_info else line


def is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] in _OURS


def pattern_of(record: logging.LogRecord) -> str:
    """The line before anything was put into it: the same for every event of the kind."""
    pattern = str(record.msg)
    # A library may have put its values in already; those stand after the first line (asyncio) or after the first colon.
    return hide(pattern if is_ours(record) else pattern.splitlines()[0].partition(": ")[0] if pattern else "")


def words_of(record: logging.LogRecord) -> str:
    """What may be said of the event."""
    return hide(record.getMessage()) if is_ours(record) else pattern_of(record)


def hide(text: str) -> str:
    """The text without what looks like a secret or a personal number."""
    return _PERSONAL_NUMBER.sub(_HIDDEN, without_personal_numbers(_SECRETS.sub(_HIDDEN, text), _HIDDEN))


def places(fault: Any) -> Iterator[str]:
    """The kinds of an error and of what caused it, with where each was raised; never its text."""
    error: BaseException | None = fault[1] if fault else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        where = " ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in reversed(frames))
        yield f"{type(error).__name__} ({where})" if where else type(error).__name__
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def moment(record: logging.LogRecord) -> str:
    """When it happened, UTC, in ISO with milliseconds."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else hide(str(value))


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-2:])
