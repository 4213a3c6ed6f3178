"""A month as it is given on the command line."""

import argparse
import re

from reminders.localtime import Month

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def month(text: str) -> Month:
    """«2026-11». Raises: argparse.ArgumentTypeError."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("skriv månaden som ÅÅÅÅ-MM")
    return Month(int(found[1]), int(found[2]))
