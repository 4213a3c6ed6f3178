"""What looks by itself now and then: one loop for all of them, which no fault of theirs can end."""

import asyncio
import logging
from abc import ABC, abstractmethod


class Looks(ABC):
    """Looks every `every` seconds, and at once when it is nudged. `name` is its task's, for health.

    A look that fails is told in `log` by the line `failed`, which has a place for the kind of fault; the next look goes
    on from what is on disk.
    """

    def __init__(self, name: str, *, every: float, log: logging.Logger, failed: str) -> None:
        self.every = every
        self._name, self._log, self._failed = name, log, failed
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    @abstractmethod
    async def look(self) -> object:
        """Do now what there is to do."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    def nudge(self) -> None:
        """Something has happened, or care time has been moved: look now."""
        self._wake.set()

    async def stop(self) -> None:
        """Stop between two looks: what has been found is on disk, and the next start goes on from there."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self.look()
            except Exception as fault:
                self._log.error(self._failed, type(fault).__name__)
            try:
                async with asyncio.timeout(self.every):
                    await self._wake.wait()
            except TimeoutError:
                continue
