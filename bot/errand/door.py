"""What a way out of one kind of errand must offer, and how it says that something went wrong."""

from typing import Any, Protocol

from sqlalchemy import Connection

from cases.errands import Errand


class Later(Exception):
    """The errand may succeed later. With `after` it has only been put off by so many seconds, because the far side or
    our own limit asks for it: that is no try."""

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class Never(Exception):
    """The errand cannot succeed as it is: the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Door(Protocol):
    """The way out of one kind of errand. The key of an errand is the same at every try: tell it to the far side."""

    @property
    def kind(self) -> str: ...

    def ready(self, tx: Connection, errand: Errand) -> Any | None:
        """What goes out, made as things stand now; None when nobody wants it any longer. Raises: Later, Never."""

    async def do(self, errand: Errand, ready: Any) -> str:
        """Do it; what the far side calls it. Raises: Later, Never."""

    def done(self, tx: Connection, errand: Errand) -> None:
        """It is done: in the transaction that writes it down."""

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """It is given up or set aside: tell somebody, in the transaction that writes it down."""
