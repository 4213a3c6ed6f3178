"""The cookie by which a signed-in person is known until it runs out: their number and a time, signed; nothing else.

It is read by no script, sent only over https, and kept by the browser for Stafett inside Teams alone (partitioned).
What the person may see is asked of the roster and the policy at each page, so a role that ends, ends here at once.
"""

import base64
import hmac
from datetime import datetime, timedelta

NAME = "__Host-tavlan"
LASTS = timedelta(hours=1)
_NUMBER = 6  # bytes
_SIGNATURE = 32


def made(key: bytes, person_id: int, now: datetime) -> str:
    """The cookie's value for this person from `now` (machine time, aware)."""
    told = _bytes(person_id) + _bytes(int((now + LASTS).timestamp()))
    return base64.urlsafe_b64encode(told + _signed(key, told)).decode()


def read(key: bytes, value: str, now: datetime) -> int | None:
    """Whose cookie it is; None when we never gave it, or it has run out."""
    try:
        raw = base64.b64decode(value.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        return None
    told, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
    if len(told) != 2 * _NUMBER or not hmac.compare_digest(signature, _signed(key, told)):
        return None
    until = int.from_bytes(told[_NUMBER:], "big")
    return int.from_bytes(told[:_NUMBER], "big") if now.timestamp() < until else None


def header(value: str) -> str:
    """The whole `Set-Cookie`, written out: Python's own writer does not know `Partitioned` before 3.14."""
    age = int(LASTS.total_seconds())
    return f"{NAME}={value}; Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=None; Partitioned"


def _bytes(number: int) -> bytes:
    return number.to_bytes(_NUMBER, "big")


def _signed(key: bytes, told: bytes) -> bytes:
    return hmac.digest(key, told, "sha256")
