"""The one way in which Stafett asks Graph: within its limits, within a time, and with two kinds of answer when not.

The SDK's own repeating is off: it sleeps on the event loop and repeats what is not safe to repeat. Here only what Graph
refused because of its limits is asked once more, when the pause is short; all else is for whoever asked to decide,
which for what must be done is the errands' leases and pauses.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.clock import Clock
from bot.graph.errors import GraphAway, GraphRefused, named
from bot.graph.limits import Breaker, Limits
from bot.graph.settings import GraphSettings

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

    from bot.graph.connect import Line

T = TypeVar("T")

_LOG = logging.getLogger("stafett.graph")
_SHORT = 2.0  # seconds: a pause that Graph asks for and that is waited for on the spot


class Graph:
    """Graph, for those who ask. `told` is given the outcome, the code and the seconds of every call."""

    def __init__(
        self, settings: GraphSettings, clock: Clock, *,
        told: Callable[[str, str, float], None] = lambda _outcome, _code, _seconds: None,
    ) -> None:  # fmt: skip
        self.settings, self.told = settings, told
        self._clock, self._steady = clock, clock.steady
        self._breaker, self._limits = Breaker(), Limits()
        self._line: Line | None = None
        self._opening = asyncio.Lock()
        self._unusable = False

    @property
    def available(self) -> bool:
        """False while Graph is taken to be away: whoever cannot wait need not ask."""
        return not self._breaker.is_open

    def is_up(self) -> bool:
        """For health: whether Graph answers and the SDK could be loaded."""
        return self.available and not self._unusable

    @property
    def client(self) -> "GraphServiceClient":
        """The SDK's client, for the calls that `call` makes. Raises RuntimeError before it is warm."""
        if self._line is None:
            raise RuntimeError("ask through call(), which loads the SDK first")
        return self._line.client

    def own(self, link: str | None) -> str | None:
        """A link to what follows, as Graph has told it. One that leads elsewhere is neither kept nor followed.

        Raises: GraphRefused.
        """
        if link and not link.startswith(f"{self.settings.base_url}/"):
            _LOG.error("Graph told a link that does not lead to Graph")
            raise GraphRefused("strange_link")
        return link or None

    async def call(self, mailbox: str | None, make: Callable[[], Awaitable[T]]) -> T:
        """Make one request; `mailbox` is whose it is about, when it is about a mailbox. `make` may be called twice, the
        second time only when the first had no effect.

        Raises: GraphAway for what may pass, GraphRefused for what will not.
        """
        try:
            return await self._one(mailbox, make)
        except GraphAway as fault:
            if fault.after is None or fault.after > _SHORT or not fault.code.startswith("429"):
                raise
            await asyncio.sleep(fault.after)
        return await self._one(mailbox, make, waited=True)

    async def _one(self, mailbox: str | None, make: Callable[[], Awaitable[T]], *, waited: bool = False) -> T:
        await self.warm()
        async with self._limits.place(mailbox):
            now = self._steady()
            if not waited and (pause := self._limits.wait(mailbox, now)) > 0:
                raise GraphAway("429", pause)
            if (pause := self._breaker.enter(now)) > 0:
                raise GraphAway("open", pause)
            good: bool | None = None
            outcome, code = "gave_up", ""
            try:
                async with asyncio.timeout(self.settings.timeout):
                    answer = await make()
                good, outcome = True, "ok"
                return answer
            except Exception as error:
                fault = named(error, self._clock.machine())
                good, outcome, code = self._judge(fault, mailbox), _outcome(fault), fault.code
                raise fault from None  # the SDK's own text may quote an address or a name
            finally:
                self._breaker.leave(self._steady(), good=good)
                self.told(outcome, code, self._steady() - now)

    def _judge(self, fault: GraphAway | GraphRefused, mailbox: str | None) -> bool:
        """Whether Graph answered at all. A pause that it asks for is held for whoever comes next."""
        if isinstance(fault, GraphRefused):
            return True
        if fault.code.startswith("429"):
            self._limits.hold(mailbox, self._steady() + (fault.after or 0.0))
            return True
        if not self._breaker.is_open:
            _LOG.warning("Graph is away or does not let us in: %s", fault.code)
        return False

    def divide(self, replicas: int) -> None:
        """So many processes share what Graph lets the app ask at once."""
        self._limits.replicas = max(replicas, 1)

    async def warm(self) -> None:
        """Load the SDK, which takes seconds, off the event loop; the first to ask waits for it. Raises: GraphAway."""
        if self._line is None:
            async with self._opening:
                if self._line is None:
                    self._line = await asyncio.to_thread(_open, self.settings)
                    self._unusable = False

    async def prepare(self) -> None:
        """Load the SDK and get a token while nobody waits; what goes wrong is logged and shown in health."""
        try:
            await self.warm()
            if self._line is not None:
                await self._line.let_in()
        except Exception as fault:  # the first call finds out again
            self._unusable = self._line is None
            _LOG.error("Graph cannot be asked yet: %s", type(fault).__name__)

    async def close(self) -> None:
        """Close the line to Graph; a later call opens another."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()


def _open(settings: GraphSettings) -> "Line":
    from bot.graph.connect import Line  # here, and in this thread, the SDK is loaded

    return Line(settings)


def _outcome(fault: GraphAway | GraphRefused) -> str:
    if isinstance(fault, GraphRefused):
        return "refused"
    return "throttled" if fault.code.startswith("429") else "away"
