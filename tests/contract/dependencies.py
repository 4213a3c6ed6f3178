"""What Stafett stands on: every locked package with its version and licence, read from what is installed here.

Run as a program it prints the list.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
LOCK = HOUSE / "requirements.lock"

# Licences under which a package may be used, changed or not, in a service that a municipality runs.
ALLOWED = frozenset(
    {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0"}
)  # fmt: skip
# Used as they come, as libraries of their own that anybody may replace: that is what this licence asks for.
REPLACEABLE = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}

_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_SPELLED = {
    "apache 2.0": "Apache-2.0", "apache-2.0": "Apache-2.0", "bsd 2-clause license": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause", "isc": "ISC", "mit": "MIT", "mit license": "MIT", "psf-2.0": "PSF-2.0",
    "mpl-2.0": "MPL-2.0",
}  # fmt: skip
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]+\])?==(\S+?)(?:\s*;\s*(.+?))?\s*\\?$")


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A package of the lock file. With a `marker` only some machines need it."""

    name: str
    version: str
    marker: str
    hashes: int


def named(name: str) -> str:
    """The name as every tool compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, Locked]:
    """The packages of a lock file by name. Raises: ValueError for a line that pins nothing."""
    found: dict[str, Locked] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        first, *rest = entry.splitlines()
        pinned = _PINNED.match(first)
        if pinned is None:
            raise ValueError(f"nothing pinned: {first}")
        hashes = sum(line.strip().startswith("--hash=sha256:") for line in rest)
        one = Locked(name=named(pinned[1]), version=pinned[2], marker=pinned[3] or "", hashes=hashes)
        found[one.name] = one
    return found


def installed() -> dict[str, metadata.Distribution]:
    """Every package of this environment by name."""
    return {named(one.metadata["Name"]): one for one in metadata.distributions()}


def licence(package: metadata.Distribution) -> str:
    """The package's licence as an SPDX expression; what it says itself, "" when that is nothing we know."""
    told = package.metadata
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    spelled = _SPELLED.get(str(told.get("License") or "").strip().lower())
    if spelled:
        return spelled
    lines = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License :: ")]
    return " OR ".join(_CLASSIFIERS[line] for line in lines if line in _CLASSIFIERS)


def is_allowed(name: str, expression: str) -> bool:
    """Whether one of the licences offered lets the package be used; where several hold together, all must."""
    if REPLACEABLE.get(name) == expression:
        return True
    offered = [one.strip(" ()") for one in expression.split(" OR ")]
    return any(all(part.strip(" ()") in ALLOWED for part in one.split(" AND ")) for one in offered)


def declared() -> tuple[set[str], set[str]]:
    """What pyproject.toml names: for running, and for development."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first = re.compile(r"[A-Za-z0-9][\w.-]*")
    names = [
        {named(found[0]) for line in lines if (found := first.match(line))}
        for lines in (project["dependencies"], project["optional-dependencies"]["dev"])
    ]
    return names[0], names[1]


def _listed() -> str:
    here, runs = installed(), declared()[0]
    rows = [
        f"{one.name:<36}{one.version:<20}{licence(here[one.name]) if one.name in here else '(inte här)':<28}"
        f"{'körning' if one.name in runs else ''}".rstrip()
        for one in locked(LOCK.read_text(encoding="utf-8")).values()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(_listed() + "\n")
