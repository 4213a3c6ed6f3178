"""`stafett manifest build`: the Teams app package, with ids and domain from the settings."""

import argparse
import sys
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.teams_package import TeamsPackageError, build_package


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("manifest", help="Teams-paketet")
    inner = parser.add_subparsers(required=True, metavar="VAD")
    build = inner.add_parser("build", help="bygg paketet")
    build.add_argument("--out", type=Path, required=True, metavar="FIL.zip")
    build.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    settings = Settings()
    try:
        build_package(
            args.out, app_id=settings.teams_app_id or settings.app_id, bot_id=settings.app_id, domain=settings.domain
        )
    except TeamsPackageError as fault:
        print(f"{fault} (STAFETT_APP_ID, STAFETT_TEAMS_APP_ID, STAFETT_DOMAIN)", file=sys.stderr)
        return 1
    print(f"{args.out} är klar att ladda upp i Teams administrationscenter.")
    return 0
