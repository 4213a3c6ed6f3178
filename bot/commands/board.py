"""`stafett board fetch`: Microsoft's script for tabs, which Tavlan signs people in with, fetched once from npm."""

import argparse
import shutil
from pathlib import Path
from typing import Any

from bot.board.assets import USUAL
from bot.demo.tools import npm_packages

CLIENT = Path(__file__).resolve().parent.parent / "board" / "client"
SCRIPT = Path("node_modules", "@microsoft", "teams-js")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("board", help="Tavlan, fliken i Teams")
    inner = parser.add_subparsers(required=True, metavar="VAD")
    fetch = inner.add_parser("fetch", help="hämta Teams eget skript med npm; utan det kan ingen logga in på Tavlan")
    fetch.add_argument("--out", type=Path, default=USUAL, metavar="FIL", help=f"var det läggs ({USUAL})")
    fetch.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Put the script and its licence where the server looks for it. Raises: ToolError."""
    found = npm_packages(CLIENT, args.out.resolve().parent / "npm", "Microsoft's script for tabs", print) / SCRIPT
    shutil.copyfile(found / "dist" / "umd" / "MicrosoftTeams.min.js", args.out)
    shutil.copyfile(found / "LICENSE", args.out.with_name("MicrosoftTeams.LICENSE"))
    print(f"{args.out} är på plats.")
    return 0
