"""The `stafett` command."""

import argparse
import sys
from collections.abc import Sequence

from bot import numbers
from bot.channel.settings import SettingsError
from bot.commands import (
    audit,
    backup,
    board,
    database,
    diagrams,
    doctor,
    due,
    explain,
    export,
    flows,
    hold,
    hours,
    log,
    manifest,
    outbox,
    profile,
    retention,
    roster,
    serve,
    statistics,
    whatif,
)
from bot.demo import command as demo
from bot.demo.tools import ToolError
from cases.database import DatabaseUnusable
from dialogs.catalogue import FlowError
from reminders.errors import ProfileError, RuleError

_COMMANDS = (
    serve, doctor, board, demo, due, explain, roster, log, outbox, backup, database, audit, retention, hold, manifest,
    flows, export, statistics, hours, diagrams, profile, whatif,
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. What a user can mend is said in one line, without a traceback."""
    if numbers.any_in(sys.argv[1:] if argv is None else argv):  # before anything could repeat it
        sys.stderr.write(f"{numbers.REFUSED}\n")
        return 2
    parser = argparse.ArgumentParser(
        prog="stafett", description="Meddelanden mellan hemtjänst och biståndshandläggare."
    )
    subparsers = parser.add_subparsers(required=True, metavar="KOMMANDO")
    for command in _COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    try:
        return int(args.func(args))
    except (SettingsError, ProfileError, RuleError, FlowError, ToolError, DatabaseUnusable) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
