"""Bytes chosen by Atheris after what they reach. Import nothing of the house before `guide` does: it counts the ways
through what is imported inside it. Atheris is not part of the environment; `make fuzz-setup` puts it there."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

LONGEST = 400  # bytes of one input
# What is followed: to follow the whole house would take minutes before the first input.
_FOLLOWED = {
    "door": ["bot.channel", "bot.turn", "dialogs.desk", "dialogs.form", "dialogs.forms", "dialogs.personal_number"],
    "roster_csv": ["bot.roster_files", "cases.roster_check", "cases.roster_cells"],
    "roster_xlsx": ["bot.roster_files", "cases.roster_check", "cases.roster_cells"],
    "hours": ["bot.roster_files", "cases.hours_check", "bot.commands.hours"],
    "profile": ["reminders.profile", "reminders.profile_schema", "reminders.rule_spec", "dialogs.sections"],
    "group_map": ["cases.group_map", "bot.numbers"],
    "calendar_file": ["bot.graph.ics"],
}


def guide(what: str, runs: int, seed: int, kept: Path) -> int:
    """Run until something is found or `runs` inputs have been tried; what is found is left in `kept`. Never returns
    where Atheris ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=_FOLLOWED[what]):
        from fuzz import fuzzed_door, fuzzed_files

    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        one: Callable[[bytes], object]
        if what == "door":
            door = fuzzed_door.opened(Path(folder), fuzzed_door.new_keys(), seed)

            def one(data: bytes) -> object:
                return door.play([data])
        else:
            files = fuzzed_files.Files(Path(folder))

            def one(data: bytes) -> object:
                return fuzzed_files.play(files, what, data)

        options = [
            f"-runs={runs}",
            f"-seed={seed}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={kept}/",
            "-len_control=0",
        ]
        atheris.Setup([sys.argv[0], *options], one)
        atheris.Fuzz()
    return 0
