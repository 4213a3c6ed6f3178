"""`stafett demo`: the whole house on this machine, with windows of Microsoft's own client, and a clock one can move."""

import argparse
import asyncio
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import aiohttp

from bot.channel.settings import SdkName
from bot.demo.stage import Stage, StageError
from bot.demo.tales import TALES, USUAL
from bot.demo.tools import ToolError, ensure_client, find_node
from bot.demo.town import USUAL as USUAL_PROFILE
from bot.demo.transcript import play
from reminders.localtime import to_utc
from reminders.profile import profile_names

FOLDER = Path(".stafett/demo")
WINDOWS = ("sara", "anna", "eva", "maria")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="prova Stafett på den här datorn")
    parser.add_argument("--windows", nargs="+", default=WINDOWS, metavar="NAMN", help="vilka som får ett fönster")
    parser.add_argument("--port", type=int, default=3978, help="botens port; fönster och kalendrar får portarna efter")
    parser.add_argument("--start", type=datetime.fromisoformat, metavar="TID", help="demoklockans start, lokal tid")
    parser.add_argument("--profile", choices=profile_names(), default=USUAL_PROFILE, help="vilken kommuns rutin")
    parser.add_argument("--pekare", action="store_true", help="inget innehåll i Stafett, som rutinen börjar")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="var demons databas och fönster ligger")
    parser.add_argument("--sdk", choices=get_args(SdkName), default="botbuilder", help="vilket SDK som bär samtalen")
    parser.add_argument("--transcript", action="store_true", help="spela upp berättelsen i terminalen i stället")
    told = "; ".join(f"{name}: {tale.title}" for name, tale in TALES.items())
    parser.add_argument("--story", choices=tuple(TALES), default=USUAL, help=f"vilken berättelse ({told})")
    parser.set_defaults(func=run)
    inner = parser.add_subparsers(metavar="VAD")
    clock = inner.add_parser("clock", help="flytta demoklockan: +1d, +2h, +30m, next")
    clock.add_argument("move")
    clock.set_defaults(func=move_clock)


def run(args: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    start = None if args.start is None else to_utc(args.start)
    tale = TALES[args.story]
    if args.transcript:
        return play(args.folder, start or tale.start, tale.tell, tale.profile, calendars=tale.meets)
    client: Path | None = None
    try:
        if find_node() is None:
            raise ToolError("node saknas")
        client = ensure_client(print)
    except ToolError as fault:
        print(f"Fönstren kan inte startas: {fault}\nBoten startar ändå, och berättelsen spelas upp här i terminalen.\n")
        folder = args.folder / "transcript"
        play(folder, start or tale.start, tale.tell, tale.profile, calendars=tale.meets)
    try:
        stage = Stage(
            args.folder, args.port, tuple(args.windows), client, profile=args.profile, shows=not args.pekare,
            sdk=args.sdk,
        )  # fmt: skip
        asyncio.run(stage.run(start))
    except StageError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def move_clock(args: argparse.Namespace) -> int:
    """Ask the running demo to move care time. Leases, back-off and tokens keep to the machine's own time."""
    try:
        address = (args.folder / "address").read_text(encoding="utf-8").strip()
    except OSError:
        print("Ingen demo är igång här. Starta den med: make demo", file=sys.stderr)
        return 1
    try:
        said = asyncio.run(_post(f"{address}/demo/clock", args.move))
    except aiohttp.ClientError:
        print("Demon svarar inte. Starta den med: make demo", file=sys.stderr)
        return 1
    print(said[1])
    return 0 if said[0] == 200 else 1


async def _post(url: str, move: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.post(url, json={"move": move}) as answer:
        return answer.status, await answer.text()
