"""`stafett serve`: the bot itself. It refuses to start without credentials; for trying things out there is the demo."""

import argparse
import asyncio
from typing import Any

from bot import garbage, logs
from bot.channel.settings import SettingsError
from bot.clock import Clock
from bot.graph.client import Graph
from bot.house import House, build_record
from bot.one_process import alone_with
from bot.replicas import Role
from bot.server import serve
from bot.settings import ENVIRONMENT, Settings
from cases.database import sqlite_file
from cases.store import Store


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help="starta boten")
    parser.add_argument(
        "--role", choices=list(Role), default=Role.ALL, type=Role,
        help="web svarar Teams, worker bevakar frister och skickar, all gör båda (flera processer kräver PostgreSQL)",
    )  # fmt: skip
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    settings = Settings()
    logs.configure(settings.log_format)
    channel = settings.channel()
    profiles, mail, asked = settings.profiles(), settings.mail(), settings.graph_door(channel)
    groups, on_call, heartbeat = settings.groups(), settings.on_call(), settings.heartbeats()
    record = build_record(profiles)
    store = Store(settings.database_url)
    _refuse_alone(args.role, store)
    with alone_with(sqlite_file(store.url)):
        store.migrate()
        clock = Clock()
        graph = Graph(asked, clock) if asked is not None else None
        house = House.build(
            store, record, channel, clock, profiles=profiles, role=args.role, mail=mail, graph=graph, groups=groups,
            public=settings.public(), on_call=on_call, heartbeat=heartbeat, board=settings.board(),
        )  # fmt: skip
        garbage.seldom()
        asyncio.run(serve(house, settings.host, settings.port, settings.internal_host, settings.internal_port))
    return 0


def _refuse_alone(role: Role, store: Store) -> None:
    if role is not Role.ALL and not store.shared:
        raise SettingsError(
            f"--role {role} kräver PostgreSQL: en SQLite-fil bärs av en enda process. Starta utan --role, eller ange "
            f"{ENVIRONMENT}DATABASE_URL=postgresql://ANVÄNDARE:LÖSENORD@VÄRD/DATABAS."
        )
