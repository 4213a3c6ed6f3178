"""Addresses at which the calendar file of a meeting is fetched, one for each person and signed so that none can be
guessed.

Whoever has the address gets what stands in the invitation, which is neutral: a subject, a time and a place, as long as
the person whose address it is has a part in the meeting. The key is the record's own; it is made at the first start and
goes with the record in a backup.
"""

import base64
import hmac
import secrets
from hashlib import blake2b

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from cases import tables as t

_KEY = "calendar_link_key"
_SETTING = t.setting.c
_SIGNED = 15  # bytes; with the two numbers' six each they fill their letters to the last bit
_NUMBER = 6


def key(tx: Connection) -> bytes:
    """The key of this record, made when there is none yet."""
    found = _found(tx)
    if found is None:
        try:
            with tx.begin_nested():
                tx.execute(insert(t.setting).values(key=_KEY, value=secrets.token_hex(32)))
        except IntegrityError:  # another process was first
            pass
        found = _found(tx)
    return bytes.fromhex(str(found))


def token(secret: bytes, meeting_id: int, person_id: int) -> str:
    """What stands in the address of a meeting's calendar file for one person."""
    numbers = meeting_id.to_bytes(_NUMBER, "big") + person_id.to_bytes(_NUMBER, "big")
    return base64.urlsafe_b64encode(numbers + _signature(secret, numbers)).decode()


def told(secret: bytes, given: str) -> tuple[int, int] | None:
    """The meeting that such an address is about, and the person whose it is; None when we never gave it."""
    try:
        raw = base64.urlsafe_b64decode(given.encode("ascii"))
    except ValueError:
        return None
    numbers, signature = raw[: 2 * _NUMBER], raw[2 * _NUMBER :]
    if len(raw) != 2 * _NUMBER + _SIGNED or not hmac.compare_digest(signature, _signature(secret, numbers)):
        return None
    return int.from_bytes(numbers[:_NUMBER], "big"), int.from_bytes(numbers[_NUMBER:], "big")


def _signature(secret: bytes, numbers: bytes) -> bytes:
    return blake2b(numbers, key=secret, digest_size=_SIGNED).digest()


def _found(tx: Connection) -> str | None:
    found: str | None = tx.scalar(select(_SETTING.value).where(_SETTING.key == _KEY))
    return found
