"""What the database is told while something is done, by shape: the same statements say the same to whoever listens."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from town import Town

from cases import statements


@contextmanager
def statements_of(town: Town) -> Iterator[list[str]]:
    """Every statement of this town's meanwhile. How long a list is says nothing, and neither do the values."""
    seen: list[str] = []

    def core(_tx: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(_shape(statement))

    def quick(statement: str, _values: Any) -> None:
        seen.append(_shape(statement))

    event.listen(town.store.engine, "before_cursor_execute", core)
    statements.watchers.append(quick)
    try:
        yield seen
    finally:
        statements.watchers.remove(quick)
        event.remove(town.store.engine, "before_cursor_execute", core)


def _shape(statement: str) -> str:
    unnamed = re.sub(r"%\(\w+\)s(::\w+)*", "?", " ".join(statement.split()))
    return re.sub(r"\(\?(, \?)*\)", "(?)", unnamed)
