"""Stafett as it is served, on loopback without tokens, for a test that stops it. Arguments: database, where to tell."""

import asyncio
import sys
from datetime import timedelta

from server import LeadingClock, tell

from bot import logs
from bot.channel.settings import ChannelSettings
from bot.house import House, build_record
from bot.server import serve
from cases.store import Store


def main(database: str, recorder: str, care_offset: str, lead: str) -> None:
    logs.configure("json")
    clock = LeadingClock(timedelta(seconds=float(care_offset)), timedelta(seconds=float(lead)))

    async def run() -> None:
        house = House.build(Store(database), build_record(), ChannelSettings(demo=True), clock)
        loop = asyncio.get_running_loop()

        def started(public: int, internal: int) -> None:
            for what, port in (("internal", internal), ("listening", public)):
                loop.run_in_executor(None, tell, recorder, what, port)

        await serve(house, "127.0.0.1", 0, "127.0.0.1", 0, started=started)

    asyncio.run(run())


if __name__ == "__main__":
    main(*sys.argv[1:])
