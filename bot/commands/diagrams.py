"""`stafett diagrams`: the pages of `docs/floden/`, one for each flow, written from the flows' own tables."""

import argparse
from pathlib import Path
from typing import Any

from bot.house import build_record
from dialogs.flow_pages import MADE_BY, pages


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("diagrams", help="skriv en sida för varje flöde, med dess lägen")
    parser.add_argument("--out", type=Path, required=True, metavar="MAPP")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    record = build_record()
    found = pages(record.flows, record.profiles)
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.out.glob("*.md"):
        if path.name not in found and MADE_BY in path.read_text(encoding="utf-8"):  # of a flow that is gone
            path.unlink()
    for name, text in found.items():
        (args.out / name).write_text(text, encoding="utf-8")
    return 0
