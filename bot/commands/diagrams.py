"""`stafett diagrams`: the state diagrams of `docs/floden.md`, drawn from the flows' own tables."""

import argparse
from pathlib import Path
from typing import Any

from dialogs.catalogue import load_flows
from dialogs.diagrams import page


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("diagrams", help="rita flödenas tillstånd")
    parser.add_argument("--out", type=Path, required=True, metavar="FIL.md")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    args.out.write_text(page(load_flows()), encoding="utf-8")
    return 0
