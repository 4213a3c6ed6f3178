"""A property that is worked out once: as `functools.cached_property` is from Python 3.12 on, without the lock that it
takes in 3.11 whenever one is looked at for the first time. A card looks at twenty of them."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class kept(Generic[T]):
    """Worked out at the first look and then an attribute of the object, also of a frozen one; no look costs a call."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self._name = work, ""
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, of: None, owner: type) -> Self: ...
    @overload
    def __get__(self, of: object, owner: type) -> T: ...
    def __get__(self, of: object | None, owner: type) -> "Self | T":
        if of is None:
            return self
        found = of.__dict__[self._name] = self._work(of)
        return found
