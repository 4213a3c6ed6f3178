"""`python -m chaos`: a long run by hand. Ends with 1 when something was lost, doubled or wrong."""

import argparse
import asyncio
import sys

from chaos.account import Account
from chaos.plants import PLANTS
from chaos.play import run
from chaos.run import Options

TELL_EVERY = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description="Kill Stafett at moments drawn from a seed, and count.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--replicas", type=int, choices=(1, 2), default=1)
    parser.add_argument("--plant", choices=["", *sorted(PLANTS)], default="", help="an error to plant in every server")
    given = parser.parse_args()
    if given.database == "sqlite" and given.replicas > 1:
        parser.error("one SQLite file has one process; take --database postgres")
    account = asyncio.run(run(Options(**vars(given), progress=tell)))
    sys.stdout.write(f"{account}\n")
    return 1 if account.wrong else 0


def tell(account: Account) -> None:
    """Now and then a line, so that a long run is seen to go on."""
    if account.kills % TELL_EVERY == 0:
        sys.stderr.write(f"{account.kills} kills, {account.wrong} findings so far\n")


if __name__ == "__main__":
    sys.exit(main())
