"""Writing down what came of something that has been done outside, also when the database is away for a while."""

import asyncio
from collections.abc import Callable
from random import Random

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from cases.store import Store

AGAIN = 1.0  # seconds until what could not be written down is written again


async def write_down(
    store: Store, work: Callable[[Connection], object], rng: Random, *, keep_on: Callable[[str], bool]
) -> None:
    """Do the work in a transaction, again and again while the database is away and `keep_on` says so.

    `keep_on` is told the name of the fault each time. Raises that fault when it says no, and any other fault at once.
    """
    while True:
        try:
            await store.run(work)
            return
        except (SQLAlchemyError, OSError) as fault:
            if not keep_on(type(fault).__name__):
                raise
        await asyncio.sleep(AGAIN * rng.uniform(0.75, 1.25))
