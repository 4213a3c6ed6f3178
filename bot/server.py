"""Serving, and stopping without leaving anything behind.

At SIGTERM the process first says that it is not ready, then takes no new connections, finishes the turns under way,
lets the sends that have left come back and be written down, and closes the record. What does not come back in time
keeps its lease: another process, or the next start, takes it up when the lease has run out.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.house import House
from bot.probes import internal_app

_LOG = logging.getLogger("stafett.server")

GRACE = 20.0  # seconds, above the longest call to Teams
_TURNS = 10.0  # of these, at most so many for turns under way: Teams waits no longer


async def serve(
    house: House, host: str, port: int, internal_host: str, internal_port: int, *, grace: float = GRACE,
    started: Callable[[int, int], None] = lambda _public, _internal: None,
) -> None:  # fmt: skip
    """Serve until SIGTERM or SIGINT; a second signal waits for nothing more. `started` is told both ports."""
    told = Told()
    house.routines.obey_hangup()
    inside = web.AppRunner(internal_app(house.health, house.metrics), access_log=None, shutdown_timeout=1.0)
    public = web.AppRunner(house.app(), access_log=None, shutdown_timeout=min(_TURNS, grace / 2))
    await public.setup()
    try:
        await inside.setup()
        await web.TCPSite(inside, internal_host, internal_port).start()
        await web.TCPSite(public, host, port).start()
        ports = public.addresses[0][1], inside.addresses[0][1]
        _LOG.info("serving on port %s, for operators on port %s", *ports)
        started(*ports)
        await told.once.wait()
        house.health.stopping = True
        _LOG.info("told to stop")
    finally:
        house.health.stopping = True
        await _within(grace, public.cleanup(), told)
        await inside.cleanup()
        house.store.close()
    _LOG.info("stopped")


class Told:
    """What the process has been told by signals."""

    def __init__(self) -> None:
        self.once, self.twice = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._signal)

    def _signal(self) -> None:
        (self.twice if self.once.is_set() else self.once).set()


async def _within(grace: float, work: Coroutine[Any, Any, None], told: Told) -> None:
    """Do the work, for so many seconds at most, and not beyond a second signal."""
    task, hurry = asyncio.create_task(work), asyncio.create_task(told.twice.wait())
    await asyncio.wait({task, hurry}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if not task.done():
        _LOG.warning("stopping without waiting any longer: what was out keeps its lease")
        task.cancel()
    with suppress(asyncio.CancelledError):
        await task
