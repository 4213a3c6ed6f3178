"""What a person is told when a turn fails: what is wrong, what to do, and an id that stands in the log as well."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError, OperationalError

from bot.channel.values import Answer, Incoming
from bot.logs import error_id, places

_LOG = logging.getLogger("stafett.turn")

_ASKED_BY_A_PERSON = frozenset({"text", "press", "open", "submit"})
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})
_NO_ROOM = frozenset({"53100", "53200"})  # PostgreSQL: disk full, out of memory

UNKNOWN = "Något gick fel hos oss. Inget har sparats eller ändrats. Försök igen, eller ring."
FULL = (
    "Stafett kan inte spara just nu, för lagringen är full. Inget har sparats eller ändrats. Är det bråttom: ring. "
    "Försök annars igen senare; driften behöver åtgärda felet."
)
AWAY = (
    "Stafett når inte sin databas just nu. Försök igen om en stund: det som redan är gjort görs inte två gånger. "
    "Är det bråttom: ring."
)

Handler = Callable[[Incoming], Awaitable[Answer]]


def guarded(inner: Handler) -> Handler:
    """The same handler, which always has an answer.

    When the connection to the database breaks, nobody knows whether the transaction got through, and the turn is
    handled once more: an activity is done once, so it is either done now or answered with how things stand.
    """

    async def handle(incoming: Incoming) -> Answer:
        try:
            try:
                return await inner(incoming)
            except DBAPIError as fault:
                if not _cut(fault):
                    raise
                return await inner(incoming)
        except Exception as fault:
            return _apology(incoming, fault)

    return handle


def said_of(fault: Exception) -> str:
    """What a person is told of a fault, in Swedish."""
    if isinstance(fault, DBAPIError) and _is_full(fault):
        return FULL
    if isinstance(fault, DBAPIError) and (_cut(fault) or isinstance(fault, OperationalError)):
        return AWAY
    return AWAY if isinstance(fault, TimeoutError) else UNKNOWN


def _apology(incoming: Incoming, fault: Exception) -> Answer:
    code = error_id()
    # The fault's own text may quote what somebody wrote, so only its kind and place are logged.
    where = next(places((type(fault), fault, fault.__traceback__)), "")
    extra = {"error_id": code, "kind": incoming.kind}
    _LOG.error("turn failed: %s %s %s", code, incoming.kind, where, extra=extra)
    if incoming.kind not in _ASKED_BY_A_PERSON:
        return Answer()
    return Answer(message=f"{said_of(fault)} Felkod: {code}.")


def _cut(fault: DBAPIError) -> bool:
    return fault.connection_invalidated


def _is_full(fault: DBAPIError) -> bool:
    code = getattr(fault.orig, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF in _FULL) or getattr(fault.orig, "sqlstate", None) in _NO_ROOM
