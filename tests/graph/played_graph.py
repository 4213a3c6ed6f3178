"""A world of the played Graph, served on loopback by a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from people import PEOPLE, aad
from town import SetClock

from bot.clock import Clock
from bot.demo.graph.app import serve
from bot.demo.graph.world import World
from bot.graph.client import Graph
from bot.graph.settings import GraphSettings

T = TypeVar("T")


class PlayedGraph:
    """`world` is changed by the test and `address` (without the version) asked by Stafett; stop it at the end."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.world = World(clock=lambda: self.clock.care())
        for number, (key, name, *_) in enumerate(PEOPLE, start=1):
            self.world.add(aad(number), f"{key}@exempel.invalid", name)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="played graph", daemon=True)
        self._thread.start()
        self._runner, self.address = self.do(serve(self.world))

    @property
    def settings(self) -> GraphSettings:
        """How Stafett is told of this Graph."""
        return GraphSettings.local(f"{self.address}/v1.0", self.world.token)

    def way(self, clock: Clock) -> Graph:
        """Stafett's way to it, to be closed by whoever opens it, in the loop that used it."""
        return Graph(self.settings, clock)

    def keep_time(self, clock: SetClock) -> None:
        """From now on it is as late here as there."""
        self.clock = clock

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the thread that serves."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def settle(self) -> None:
        """Until the service has told all that it had to tell of calls."""
        self.do(self.world.calls.settle())

    def stop(self) -> None:
        """Let go on what is held, and close."""
        self.world.faults.clear()
        self.do(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
