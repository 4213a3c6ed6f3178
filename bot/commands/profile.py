"""`stafett profile`: make a municipality's profile from questions, look one through, and show what it says."""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.clock import Clock
from bot.house import build_record
from bot.numbers import refuse_in
from bot.profiles import faults, new, shown
from bot.profiles.questions import Interview, Wrong
from bot.profiles.templates import templates
from bot.settings import Settings
from cases.record import Record
from reminders.errors import ProfileError
from reminders.localtime import to_local
from reminders.profile import Profile

OK, REFUSED, WRONG = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("profile", help="gör, kontrollera och visa en kommuns profil")
    actions = parser.add_subparsers(required=True, metavar="VAD")
    make = actions.add_parser("new", help="gör en profil av frågor och svar")
    make.add_argument("--answers", type=Path, metavar="FIL.toml", help="svaren ur en fil i stället för frågor")
    make.add_argument("--out", type=Path, metavar="FIL.toml", help="ny fil (annars kommunens namn, där du står)")
    make.set_defaults(func=make_new)
    check = actions.add_parser("check", help="alla fel i en profil, och vad som är Stafetts eget förval")
    check.add_argument("files", nargs="+", type=Path, metavar="FIL.toml")
    check.add_argument("--json", action="store_true", help="svara i JSON")
    check.set_defaults(func=check_files)
    show = actions.add_parser("show", help="vad en profil säger, regel för regel")
    show.add_argument("profile", metavar="PROFIL", help="namnet på en profil i bruk, eller en fil")
    show.add_argument(
        "--rule", default="", metavar="REGEL", help="bara den här regeln, till exempel feedback eller D03"
    )
    show.add_argument("--json", action="store_true", help="svara i JSON")
    show.set_defaults(func=show_one)


def make_new(args: argparse.Namespace) -> int:
    """Ask, write a file that passes, and say what is left to think of; the exit code."""
    record = build_record(Settings().profiles())
    try:
        interview = _interview(args.answers)
        answers = new.asked(interview, record.flows, templates())
        if isinstance(interview.ask, FromFile):
            interview.ask.done()
    except Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return WRONG
    except EOFError:
        sys.stderr.write("\nSvaren tog slut. Inget är skrivet.\n")
        return WRONG
    text = new.written(answers)
    out = args.out or Path(f"{answers.name}.toml")
    if out.suffix != ".toml" or not out.stem or out.stem.startswith("_"):
        sys.stderr.write("Filen ska heta som kommunen och sluta på .toml, till exempel lund.toml.\n")
        return WRONG
    with TemporaryDirectory() as folder:
        trial = Path(folder) / out.name
        trial.write_text(text, encoding="utf-8")
        found = faults.checked(trial, record.flows, to_local(Clock().care()).date())
    if found.faults:
        raise ProfileError(found.faults)
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as fault:
        sys.stderr.write(f"{out} kunde inte skrivas: {fault.strerror}.\n")
        return REFUSED
    print(f"{out} är klar: {len(answers.flows)} flöden. Tänk på:")
    print("\n".join(f"  {one}" for one in found.warnings))
    print(f"Jämför med en annan profil: stafett whatif --profile {out} --against norrkoping")
    return OK


def _interview(file: Path | None) -> Interview:
    """Answers out of a file, or asked for. Raises: Wrong."""
    if file is None:
        return Interview(ask=_typed, again=print)
    refuse_in(file, Wrong)
    try:
        given = _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Wrong(f"{file}: filen går inte att läsa: {fault}") from None
    return Interview(ask=FromFile(given=given))


def _typed(key: str, text: str, default: str) -> str:
    return input(f"{text}{f' [{default}]' if default else ''}: ")


@dataclass(kw_only=True)
class FromFile:
    """Answers out of a file. What is not there has its default; what nobody asked for is a slip."""

    given: Mapping[str, str]
    _asked: set[str] = field(default_factory=set)

    def __call__(self, key: str, text: str, default: str) -> str:
        self._asked.add(key)
        return self.given.get(key, "")

    def done(self) -> None:
        """Raises: Wrong, naming the keys that are no questions."""
        strange = sorted(self.given.keys() - self._asked)
        if strange:
            asked = ", ".join(sorted(self._asked))
            raise Wrong(f"{', '.join(strange)}: okänd nyckel. Det som frågas om med de här flödena är {asked}.")


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Tables as dotted keys, and every value as somebody would have typed it."""
    found: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{key}.")
        elif isinstance(value, bool):
            found[f"{path}{key}"] = "ja" if value else "nej"
        else:
            found[f"{path}{key}"] = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return found


def check_files(args: argparse.Namespace) -> int:
    """Print every fault and every warning of each file; the exit code is 1 where there is a fault."""
    record = build_record()
    today = to_local(Clock().care()).date()
    found = [faults.checked(file, record.flows, today) for file in args.files]
    if args.json:
        told = [{"file": str(one.file), "faults": one.faults, "warnings": one.warnings} for one in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_checked(one) for one in found))
    return REFUSED if any(one.faults for one in found) else OK


def _checked(one: faults.Checked) -> str:
    head = f"{one.file}: {len(one.faults)} fel" if one.faults else f"{one.file}: inga fel"
    lines = [f"  Fel: {fault}" for fault in one.faults] + [f"  Tänk på: {warning}" for warning in one.warnings]
    return "\n".join([head, *lines])


def show_one(args: argparse.Namespace) -> int:
    """Print what the profile says. Raises: ProfileError, RuleError."""
    record = build_record(Settings().profiles())
    profile = _named(args.profile, record)
    if args.json:
        print(json.dumps(shown.plain(profile), ensure_ascii=False, indent=2))
    else:
        print(shown.page(profile, record.flows, args.rule))
    return OK


def _named(given: str, record: Record) -> Profile:
    return record.profiles[given] if given in record.profiles else faults.read(Path(given), record.flows)
