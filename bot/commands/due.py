"""`stafett due`: when is it due, by which rule, and why."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.settings import Settings
from reminders.batch import answer_batch, answer_one, local_text
from reminders.due import Due


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("due", help="räkna ut en frist")
    parser.add_argument("rule", nargs="?", help="regelns namn eller nummer, till exempel feedback eller D03")
    parser.add_argument("--since", help="lokal tid, datum eller månad: 2026-11-16T09:00, 2026-11-16, 2026-11")
    parser.add_argument("--profile", help="till exempel norrkoping")
    parser.add_argument("--json", action="store_true", help="svara i JSON")
    parser.add_argument("--batch", type=Path, metavar="FIL", help="en fråga per rad: regel;tid;profil")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    folder = Settings().profiles()
    if args.batch is not None:
        return _batch(args.batch, folder)
    if not (args.rule and args.since and args.profile):
        print("Ange regel, --since och --profile, eller --batch FIL.", file=sys.stderr)
        return 2
    answer = answer_one(args.rule, args.since, args.profile, folder)
    print(json.dumps(_plain(answer), ensure_ascii=False, indent=2) if args.json else _said(answer))
    return 0


def _batch(path: Path, folder: Path | None) -> int:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        print(f"{path}: filen går inte att läsa: {fault}", file=sys.stderr)
        return 1
    answers = answer_batch(text.splitlines(), folder)
    for line in answers:
        print(line)
    return 1 if answers.any_bad else 0


def _said(answer: Due) -> str:
    lines = [f"Regel: {answer.rule} ({answer.source})"]
    lines.append(f"Senast: {local_text(answer.soft)} (påminnelser följer den)")
    lines.append(f"Försenat efter: {local_text(answer.hard)}")
    lines += [
        f"Påminnelse: {local_text(prompt.at)} {prompt.step} till {', '.join(prompt.tell)}" for prompt in answer.prompts
    ]
    return "\n".join([*lines, f"Varför: {answer.why}"])


def _plain(answer: Due) -> dict[str, Any]:
    return {
        "rule": answer.rule,
        "source": answer.source,
        "soft": local_text(answer.soft),
        "hard": local_text(answer.hard),
        "soft_utc": answer.soft.isoformat() if answer.soft else None,
        "hard_utc": answer.hard.isoformat() if answer.hard else None,
        "prompts": [
            {"step": one.step, "at": local_text(one.at), "tell": list(one.tell), "text": one.text, "signal": one.signal}
            for one in answer.prompts
        ],
        "why": answer.why,
    }
