"""A run from an empty record to its account: the stage, the people, the end."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp
from time import monotonic

import aiohttp
from postgres import own_postgres

from cases.store import Store, sqlite_url
from chaos.account import Account
from chaos.books import Books
from chaos.checks import check
from chaos.people import KIND, Load, Person
from chaos.recorder import Recorder
from chaos.replica import Replica
from chaos.roster import Cases, furnish
from chaos.run import STOCKHOLM, Options, Run

SLOW = 0.6  # seconds that a slow answer takes, within the senders' time-out
PACE = 0.04  # seconds between what one person does


async def run(options: Options) -> Account:
    """One run from an empty record to its account."""
    folder = Path(mkdtemp(prefix="stafett-chaos-"))
    with database(options.database, folder) as url:
        store = Store(url)
        store.transaction(furnish)
        store.close()
        rng = Random(options.seed)
        recorder = Recorder(rng=Random(rng.random()), slow=SLOW)
        await recorder.start()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
            replicas = [await Replica.made(name) for name in "AB"[: options.replicas]]
            load = Load(
                recorder=recorder, session=session, cases=Cases(rng=Random(rng.random())),
                now=lambda: going.care().astimezone(STOCKHOLM),
            )  # fmt: skip
            account = Account(seed=options.seed, database=options.database, replicas=options.replicas)
            going = Run(
                options=options, folder=folder, url=url, recorder=recorder, load=load, replicas=replicas, rng=rng,
                account=account, books=Books(url),
            )  # fmt: skip
            await _live(going)
        await recorder.stop()
    if account.wrong:
        account.kept = str(folder)
    else:
        rmtree(folder)
    return account


async def _live(going: Run) -> None:
    rng, load = going.rng, going.load
    begun = monotonic()
    people = [
        asyncio.create_task(Person(key=key, load=load, rng=Random(rng.random()), pace=PACE).lives()) for key in KIND
    ]
    try:
        await going.kills()
        going.account.seconds = monotonic() - begun
        load.going = False
        await going.all_up()
        await asyncio.wait(people, timeout=60)
        for person in people:
            if person.done():
                person.result()
        await going.quiet()
        check(going.account, going.books, going.recorder, load, going.care())
    finally:
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        for replica in going.replicas:
            await replica.close()
        going.books.close()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database with every migration run, that waits for the disk."""
    if kind == "sqlite":
        url = sqlite_url(folder / "stafett.sqlite")
        store = Store(url)
        store.migrate()
        store.close()
        yield url
        return
    with own_postgres(durable=True) as server:
        yield server.create()
