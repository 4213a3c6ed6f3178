"""Personal numbers where people do not type into a form: on the command line, in file names and in files of settings.

The number itself is never repeated: what is told is where it stands.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from dialogs.personal_number import has_personal_number
from reminders.errors import ProfileError
from reminders.profile import FOLDER

REFUSED = (
    "Kommandot innehåller ett personnummer eller samordningsnummer. Inget har gjorts. Skriv ärendets nummer i stället, "
    "och rensa kommandot ur historiken."
)
# Copies and logs are named after the moment they were made, which one time in ten looks like a number.
_IS_FILE = re.compile(r"/|\\|\.[A-Za-z0-9]{1,7}$")
_MOMENT = re.compile(r"(?<!\d)20[2-9]\d[-.]?[01]\d[-.]?[0-3]\d[-_T. ]?[0-2]\d[.:]?[0-5]\d(?:[.:]?[0-5]\d)?(?!\d)")

Refuse = Callable[[str], Exception]


def any_in(given: Iterable[str]) -> bool:
    """Whether any of these arguments, file names among them, holds a personal number."""
    return any(has_personal_number(_MOMENT.sub(" ", one) if _IS_FILE.search(one) else one) for one in given)


def refuse_in(file: Path, refuse: Refuse) -> None:
    """Raises: what `refuse` makes of a sentence, when a line of this text file holds a personal number, a comment's
    too. A file that cannot be read is left to whoever reads it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(lines, start=1):
        if has_personal_number(line):
            raise refuse(f"{file.name}: rad {number}: innehåller ett personnummer. Ta bort det.")


def refuse_in_profiles(folder: Path | None, name: str = "*") -> None:
    """Look through a folder of profiles, or one of them. Raises: ProfileError, naming the file and the line."""
    for file in sorted((folder or FOLDER).glob(f"{name}.toml")):
        refuse_in(file, lambda told: ProfileError((told,)))
