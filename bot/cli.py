"""The `stafett` command."""

import argparse
import sys
from collections.abc import Sequence

from bot.channel.settings import SettingsError
from bot.commands import backup, diagrams, due, export, flows, hours, log, manifest, outbox, roster, serve
from bot.demo import command as demo
from bot.demo.tools import ToolError
from cases.database import DatabaseUnusable
from dialogs.catalogue import FlowError
from reminders.errors import ProfileError, RuleError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. What a user can mend is said in one line, without a traceback."""
    parser = argparse.ArgumentParser(
        prog="stafett", description="Meddelanden mellan hemtjänst och biståndshandläggare."
    )
    subparsers = parser.add_subparsers(required=True, metavar="KOMMANDO")
    for command in (serve, demo, due, roster, log, outbox, backup, manifest, flows, export, hours, diagrams):
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
