"""Stafett itself, whole: the house on a SQLite file, with drafts ready to send.

    python -m benchmarks.turn_stafett PORT METADATA_URL [DRAFTS [FOLDER]] [--sdk agents]

Door, token check, desk, record, outbox, waker and store are the ones that `stafett serve` builds, on a file with WAL
and synchronous=FULL. The bot's own token comes from a managed identity's endpoint on the far side, fetched once.
STAFETT_BENCH_UNPACED=1 lifts the outbox's own pace, which keeps within what Teams takes from a bot (40 posts a second):
without that the measured turns share the machine with their whole delivery, instead of leaving it for afterwards.
"""

import argparse
import asyncio
import os
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import get_args

from aiohttp import web

from benchmarks import town
from benchmarks.far import APP_ID, TENANT, identity_url, service_url
from benchmarks.many import fill
from bot import garbage
from bot.channel.settings import ChannelSettings, ManagedIdentity, SdkName
from bot.house import House, build_record
from bot.throttle import Throttle
from cases.lanes import Room
from cases.store import Store, sqlite_url

DRAFTS = 200
DATABASE = "stafett.sqlite"
UNPACED = "STAFETT_BENCH_UNPACED"


class Unpaced(Throttle):
    """A far side that takes whatever is sent."""

    def room(self, now: float) -> Room:
        """Enough."""
        return Room.of(1_000)

    def wait(self, conversation_id: str, now: float, *, urgent: bool) -> float:
        """Never."""
        return 0.0


def prepare(folder: Path, metadata: str, drafts: int, others: int = 0) -> None:
    """A file with the town and its drafts, and `others` open threads around them."""
    url, clock = sqlite_url(folder / DATABASE), town.clock_at(town.PREPARED)
    store, record = Store(url), build_record()
    store.migrate()
    store.transaction(lambda tx: town.settle(tx, drafts, service_url(metadata), clock.machine()))
    store.transaction(lambda tx: town.open_drafts(tx, record, drafts, clock.care()))
    store.close()
    if others:
        fill(url, others, now=clock.care(), service_url=service_url(metadata))


def built(folder: Path, metadata: str, drafts: int, sdk: SdkName = "botbuilder") -> House:
    """The house, on a file that has been prepared, now or before."""
    os.environ["IDENTITY_ENDPOINT"], os.environ["IDENTITY_HEADER"] = identity_url(metadata), "bench"
    settings = ChannelSettings(
        sdk=sdk,
        app_id=APP_ID,
        tenant_id=TENANT,
        credentials=ManagedIdentity(),
        service_hosts=frozenset({"127.0.0.1"}),
        openid_metadata=metadata,
        turns_per_minute=10**9,  # few people stand for many
    )
    if not (folder / DATABASE).exists():
        prepare(folder, metadata, drafts)
    clock = town.clock_at(town.SERVED)
    house = House.build(Store(sqlite_url(folder / DATABASE)), build_record(), settings, clock)
    if os.environ.get(UNPACED) == "1":
        house.outbox.paced_by(Unpaced(clock.steady()))
    return house


async def serve(house: House, port: int) -> None:
    """Serve on loopback until stopped."""
    runner = web.AppRunner(house.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def main(port: int, metadata: str, drafts: int, folder: str | None, sdk: SdkName) -> None:
    """Build the record, then serve."""
    with nullcontext(folder) if folder else tempfile.TemporaryDirectory() as place:
        asyncio.run(_run(port, metadata, drafts, Path(place), sdk))


async def _run(port: int, metadata: str, drafts: int, folder: Path, sdk: SdkName) -> None:
    house = built(folder, metadata, drafts, sdk)
    garbage.seldom()
    await serve(house, port)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stafett on a SQLite file, with drafts ready to send")
    parser.add_argument("port", type=int)
    parser.add_argument("metadata")
    parser.add_argument("drafts", type=int, nargs="?", default=DRAFTS)
    parser.add_argument("folder", nargs="?", help="where the database is put; by default a temporary folder")
    parser.add_argument("--sdk", choices=get_args(SdkName), default="botbuilder", help="which bot SDK carries turns")
    chosen = parser.parse_args()
    main(chosen.port, chosen.metadata, chosen.drafts, chosen.folder, chosen.sdk)
