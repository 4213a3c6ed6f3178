"""What the doctor has found, and what it looks at."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.channel.settings import ChannelSettings
from bot.clock import Clock
from bot.settings import Settings
from cases.record import Record
from cases.store import Store


class Level(StrEnum):
    """`fault`: something does not work, or soon will not. `warning`: it works, and should be looked at."""

    FAULT = "fel"
    WARNING = "varning"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, in Swedish: `check` names the part, `cure` says what to do. No secrets, no people."""

    check: str
    level: Level
    found: str
    cure: str

    def told(self) -> dict[str, str]:
        return {"check": self.check, "level": self.level.value, "found": self.found, "cure": self.cure}


@dataclass(frozen=True, kw_only=True)
class Patient:
    """An installation as far as it could be put together: what is None could not, and has been told of."""

    settings: Settings
    clock: Clock
    channel: ChannelSettings | None = None
    record: Record | None = None
    store: Store | None = None
    free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free  # bytes left on its disk
    package: Path | None = None  # a Teams package that has been uploaded, to be compared with the settings


@dataclass(kw_only=True)
class Looked:
    """What has been looked at, in order, and what was found there."""

    checks: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, check: str, found: Iterable[Finding]) -> None:
        if check not in self.checks:
            self.checks.append(check)
        self.findings += found

    def of(self, level: Level) -> list[Finding]:
        return [one for one in self.findings if one.level == level]


def fault(check: str, found: str, cure: str) -> Finding:
    return Finding(check=check, level=Level.FAULT, found=found, cure=cure)


def warning(check: str, found: str, cure: str) -> Finding:
    return Finding(check=check, level=Level.WARNING, found=found, cure=cure)


def split(check: str, text: str, otherwise: str) -> Finding:
    """A refusal of ours that says what is wrong in its first sentence and what to do in the rest."""
    found, _, cure = text.partition(". ")
    return fault(check, found.rstrip(".") + ".", cure or otherwise)
