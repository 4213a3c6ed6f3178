"""Putting something else in the place of a name for a while, and failing loudly when the name is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def swapped(owner: Any, name: str, value: Any) -> Iterator[Any]:
    """`owner.name` is `value` inside; the old value is given. Raises AttributeError where there is none to replace."""
    was = owner.__dict__[name] if name in getattr(owner, "__dict__", {}) else _missing(owner, name)
    setattr(owner, name, value)
    try:
        yield was
    finally:
        setattr(owner, name, was)


def _missing(owner: Any, name: str) -> Any:
    raise AttributeError(f"{owner!r} has no {name} of its own: what is put in its place must be aimed anew")
