"""What a walk leaves in Stafett itself: the log, the figures, every table but that of content, and what was sent."""

from collections.abc import Iterable, Iterator

from played_teams import Message
from sqlalchemy import Connection
from town import Town
from ways_out import IN_THE_CARD, Out, of_card

from bot.metrics import Metrics
from cases import figures
from cases import tables as t


def left_behind(town: Town, logged: str) -> Iterator[Out]:
    """What the walk has left where it is not content: the log, the figures, every table but that of content, and every
    message that has been sent."""
    yield Out(way="log line", text=logged)
    counted = town.store.transaction(lambda tx: figures.read(tx, town.clock.time, town.clock.time))
    yield Out(way="metric", text=Metrics().page(counted).decode())
    tables = [one.name for one in t.metadata.sorted_tables if one is not t.content]
    for name, rows in town.store.transaction(lambda tx: [(one, _rows(tx, one)) for one in tables]):
        yield Out(way=f"table {name}", text=rows)
    for resident in town.residents.values():
        yield from _sent(resident.chat())


def _rows(tx: Connection, table: str) -> str:
    return repr(tx.exec_driver_sql(f'SELECT * FROM "{table}"').all())


def _sent(messages: Iterable[Message]) -> Iterator[Out]:
    for message in messages:
        yield Out(way="summary", text=message.toast)
        yield from of_card(message.card, way="card", content=IN_THE_CARD)
        yield Out(way="kept in the chat", text=repr(message.stored), content=IN_THE_CARD)
