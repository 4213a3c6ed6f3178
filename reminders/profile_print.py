"""A profile's fingerprints: short hashes of what it says after all files have been laid on top of each other.

`whole` changes with every value. `time` changes only with what a deadline is worked out from (calendar, office hours,
rules), with the public holidays that are known, and with what this code means by a rule; every armed deadline carries
the one it was worked out by, so those that have to be worked out anew are found without reading a profile.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib.metadata import version
from typing import Any

# To be raised when the arithmetic of a rule, or the climbing of a ladder, comes to mean something else.
SEMANTICS = 1
_TIME = ("calendar", "office", "rules")
_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Fingerprints:
    """Sixteen hexadecimal digits each."""

    whole: str
    time: str


def fingerprints(name: str, values: Mapping[str, Any]) -> Fingerprints:
    """The fingerprints of merged tables. The order of keys means nothing, the order of prompts does."""
    about = {"name": name, "semantics": SEMANTICS, "holidays": version("holidays")}
    return Fingerprints(
        whole=_hash(about | {"values": values}),
        time=_hash(about | {"values": {key: values[key] for key in _TIME if key in values}}),
    )


def _hash(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def _plain(value: object) -> str:
    """TOML's own dates and clock times as text; nothing else comes from a profile."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"a profile holds no {type(value).__name__}")
