"""The body of a request, read as far as it can be what it says it is.

Whoever is let in may still send anything: the size is bounded before it is read, the depth and the number of values
before anybody walks through them, and signs that no database keeps are taken out.
"""

import json
import re
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

MOST_BYTES = 256 * 1024  # Teams sends at most some 100 kB
_DEEPEST = 40  # objects and lists inside each other; Teams' own go to about ten
_MOST_VALUES = 10_000

# A NUL, and half of a pair: neither can be kept as text, and they can only come escaped.
_UNKEEPABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class Malformed(ValueError):
    """The body or the activity is not what its kind must be; the message names the field."""


async def json_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises: Malformed; web.HTTPRequestEntityTooLarge, where it can before reading."""
    if request.content_type != "application/json":
        raise Malformed("content type")
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES)
    try:
        raw = await request.read()
    except (web.RequestPayloadError, HttpProcessingError) as fault:  # packed otherwise than it says
        request.content.feed_eof()  # there is no more of it to wait for
        raise Malformed("encoding") from fault
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise Malformed("body") from fault
    if not isinstance(found, dict):
        raise Malformed("body")
    if len(raw) > _MOST_VALUES or raw.count(b"{") + raw.count(b"[") > _DEEPEST:  # else it cannot be
        _bounded(found)
    return _kept(found) if _UNKEEPABLE.search(raw) else found


def _no_number(_word: str) -> float:
    raise ValueError("not a number of JSON")  # NaN and Infinity pass every comparison


def _bounded(found: dict[str, Any]) -> None:
    """Raises: Malformed, when it is deeper or wider than anything Teams sends."""
    level: list[Any] = [found]
    count = 0
    for _ in range(_DEEPEST):
        values = [value for one in level for value in (one.values() if isinstance(one, dict) else one)]
        count += len(values)
        if count > _MOST_VALUES:
            raise Malformed("too many values")
        level = [value for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise Malformed("too deep")


def _kept(value: Any) -> Any:
    """The same with text that any database keeps. It is not deep: that has been seen to."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return {_kept(name): _kept(one) for name, one in value.items()} if isinstance(value, dict) else value
