"""A municipality that keeps its own profile, and changes it while Stafett runs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from town import Town

from bot.house import build_record
from bot.routines import Routines
from reminders.profile import FOLDER

_BASIS = "_boken"  # Norrköping's routine as it is shipped; the municipality's own file only says what is different


@dataclass(kw_only=True)
class Municipality:
    """A town whose profile `norrkoping` lies in a folder of its own."""

    folder: Path
    town: Town
    routines: Routines

    @classmethod
    def of(cls, database: str, folder: Path, local: str, own: str = "") -> "Municipality":
        """It opens at this time, with these lines in its own file."""
        folder.mkdir()
        shutil.copyfile(FOLDER / "norrkoping.toml", folder / f"{_BASIS}.toml")
        write(folder, own)
        town = Town(database, local, build_record(folder))
        made = cls(folder=folder, town=town, routines=watching(town, folder))
        made.looks()
        return made

    def decides(self, own: str) -> None:
        """Write the municipality's own lines, in place of those before; Stafett looks, and what is due is said."""
        write(self.folder, own)
        self.looks()
        self.town.settle()

    def restarts(self) -> None:
        """Another process takes over, and looks."""
        self.routines = watching(self.town, self.folder)
        self.looks()

    def looks(self) -> None:
        self.town.do(self.routines.look())


def write(folder: Path, own: str) -> None:
    """Put the municipality's own lines in its file."""
    (folder / "norrkoping.toml").write_text(f'extends = "{_BASIS}"\n{own}\n', encoding="utf-8")


def watching(town: Town, folder: Path) -> Routines:
    """What a server has that watches the folder, with a file taken for written at once."""
    routines = Routines(town.store, town.record, town.clock, changed=lambda: None, folder=folder)
    routines.written = 0.0
    return routines


def closed(*days: str) -> str:
    return f"[calendar]\nextra_closed_days = [{', '.join(days)}]"


def short(day: str, clock: str) -> str:
    return f'[calendar.short_days]\n"{day}" = "{clock}"'
