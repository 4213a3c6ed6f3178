"""What can be set to go wrong in the played Graph, and for how long."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DOWN = (503, "ServiceUnavailable", "The service is temporarily unavailable.")


@dataclass(kw_only=True, eq=False)
class Fault:
    """One thing that goes wrong: an answer that is an error (`status`), a line that is cut, or a wait.

    `call` is the beginning of a call's name, as «POST /users/{id}/events»; empty is every call. `times` is how often,
    None for as long as it is set. With `acts` the request has its effect, and only the answer is lost.
    """

    call: str = ""
    status: int = 0
    code: str = ""
    after: int | None = None  # seconds, as Retry-After
    cuts: bool = False
    acts: bool = False
    times: int | None = None
    until: datetime | None = None  # care time
    gate: threading.Event | None = None  # the request waits here until somebody opens
    reached: threading.Event = field(default_factory=threading.Event)  # set when it has struck for the first time

    def concerns(self, call: str, now: datetime) -> bool:
        if self.until is not None and now >= self.until:
            return False
        return self.times != 0 and call.startswith(self.call)


@dataclass(eq=False)
class Faults:
    """All that goes wrong just now. `clock` is care time."""

    clock: Callable[[], datetime]
    active: list[Fault] = field(default_factory=list)

    def down(self, how_long: timedelta | None = None, *, call: str = "", hard: bool = False) -> Fault:
        """Graph is away for so long by care time, or until `clear`: 503, or no line at all (`hard`)."""
        until = None if how_long is None else self.clock() + how_long
        status, code, _ = DOWN
        return self._set(Fault(call=call, until=until, cuts=hard, status=0 if hard else status, code=code))

    def fail(self, status: int = 500, *, call: str = "", times: int | None = 1, acts: bool = False) -> Fault:
        """So many calls get an answer that is an error."""
        code = {500: "InternalServerError", 504: "GatewayTimeout"}.get(status, "UnknownError")
        return self._set(Fault(call=call, status=status, code=code, times=times, acts=acts))

    def throttle(self, after: int = 1, *, call: str = "", times: int | None = 1) -> Fault:
        """So many calls are told to come back in `after` seconds (429)."""
        return self._set(Fault(call=call, status=429, code="ApplicationThrottled", after=after, times=times))

    def cut(self, *, call: str = "", times: int | None = 1, acts: bool = False) -> Fault:
        """The line is cut, before the request has had its effect or, with `acts`, after."""
        return self._set(Fault(call=call, cuts=True, times=times, acts=acts))

    def hold(self, *, call: str = "", times: int | None = 1) -> Fault:
        """Requests wait until `release` of what this returns: slow, without a clock."""
        return self._set(Fault(call=call, gate=threading.Event(), times=times))

    def release(self, fault: Fault) -> None:
        """Let go on what was held."""
        if fault.gate is not None:
            fault.gate.set()
        self.active = [one for one in self.active if one is not fault]

    def clear(self) -> None:
        """All is well again; what was held goes on."""
        for fault in list(self.active):
            self.release(fault)

    def strike(self, call: str) -> list[Fault]:
        """What goes wrong with this call; each counts it."""
        struck = [fault for fault in self.active if fault.concerns(call, self.clock())]
        for fault in struck:
            fault.reached.set()
            if fault.times is not None:
                fault.times -= 1
        return struck

    def _set(self, fault: Fault) -> Fault:
        self.active.append(fault)
        return fault
