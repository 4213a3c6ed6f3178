"""`stafett serve`: the bot itself. It refuses to start without credentials; for trying things out there is the demo."""

import argparse
import logging
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.house import House, build_record
from bot.settings import Settings
from cases.store import Store


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help="starta boten")
    parser.set_defaults(func=run)


def run(_args: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = Settings()
    channel = settings.channel()
    record = build_record()
    store = Store(settings.database_url)
    store.migrate()
    house = House.build(store, record, channel, Clock())
    web.run_app(house.app(), host=settings.host, port=settings.port, access_log=None, print=None)
    return 0
