"""`stafett flows`: the message flows there are, in words or with everything their tables say."""

import argparse
import json
from typing import Any

from bot.house import build_record
from bot.settings import Settings
from dialogs.flow_facts import facts


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("flows", help="flödena: frågor, lägen, övergångar, regler och källa")
    parser.add_argument("--json", action="store_true", help="svara i JSON, med allt som flödenas tabeller säger")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    record = build_record(Settings().profiles())
    if args.json:
        found = [facts(flow, record.profiles) for flow in record.flows.values()]
        print(json.dumps({"flows": found}, ensure_ascii=False, indent=2))
        return 0
    for flow in record.flows.values():
        print(f"{flow.name}: {flow.title} ({flow.source})")
    return 0
