"""Deadlines for the command line: one rule, or many lines `rule;since;profile`.

`since` is a local date-time (`2026-11-16T09:00`, `2026-10-25T02:30fold=1` in the second pass of the doubled hour, or
with an offset), a date (00:00) or a month (`2026-10`). Answers are `rule;since;profile;soft;hard` in local minutes,
`-` for none; a bad line is answered `rule;since;profile;error;MESSAGE` and the others still get their answers.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from reminders.due import Due
from reminders.errors import BadSince, ProfileError, RuleError
from reminders.localtime import Month, is_doubled, to_local
from reminders.profile import time_profile
from reminders.rules import due, moments

FOLD_MARK = "fold=1"

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?(fold=[01])?", re.ASCII)
_FORMS = "Starten ska skrivas 2026-11-16T09:00, 2026-11-16 eller 2026-11"


def parse_since(text: str) -> datetime | date | Month:
    """A start out of text; raises `BadSince` that says which forms there are."""
    try:
        if month := _MONTH.fullmatch(text):
            return Month(int(month[1]), int(month[2]))
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if (found := _TIME.fullmatch(text)) and not (found[2] and found[3]):
            local = datetime.fromisoformat(found[1] + (found[2] or ""))
            return local.replace(fold=1) if found[3] == FOLD_MARK else local
    except ValueError:
        raise BadSince(f"Tiden {text} finns inte i kalendern. {_FORMS}.") from None
    raise BadSince(f"{_FORMS}.")


def local_text(instant: datetime | None) -> str:
    """An instant as local `YYYY-MM-DDTHH:MM`, `fold=1` right after it in the second pass, `-` for none."""
    if instant is None:
        return "-"
    local = to_local(instant)
    marked = FOLD_MARK if local.fold and is_doubled(local) else ""
    return f"{local:%Y-%m-%dT%H:%M}{marked}"


def answer_one(rule: str, since_text: str, profile_name: str, folder: Path | None = None) -> Due:
    """One deadline with its prompts and why, by a profile of the folder (left out: those shipped).

    Raises: RuleError, ProfileError, both with a Swedish message.
    """
    return due(rule.strip(), parse_since(since_text.strip()), time_profile(profile_name.strip(), folder))


def answer_batch(lines: Iterable[str], folder: Path | None = None) -> "BatchAnswers":
    """The answers of a batch, one per line that is not blank, in order and made as they are asked for."""
    return BatchAnswers(lines, folder)


class BatchAnswers(Iterator[str]):
    """Answer lines without line ends. When all are read, `any_bad` tells whether some line got an error."""

    def __init__(self, lines: Iterable[str], folder: Path | None = None) -> None:
        self._lines, self._folder = iter(lines), folder
        self.any_bad = False

    def __next__(self) -> str:
        for line in self._lines:
            # A byte order mark is what some editors put first in a file.
            text = line.removeprefix("\ufeff").rstrip("\r\n")
            if text.strip():
                return self._answer(text)
        raise StopIteration

    def _answer(self, text: str) -> str:
        fields = text.split(";")
        given = ";".join((*fields, "", "")[:3])
        try:
            return f"{given};{_computed(fields, self._folder)}"
        except (RuleError, ProfileError) as wrong:
            self.any_bad = True
            return f"{given};error;{_one_field(str(wrong))}"


def _computed(fields: list[str], folder: Path | None) -> str:
    if len(fields) != 3:
        raise BadSince(f"Raden ska ha tre fält, regel, start och profil, men har {len(fields)}.")
    rule, since, profile = (one.strip() for one in fields)
    found = moments(rule, parse_since(since), time_profile(profile, folder))
    return f"{local_text(found.soft)};{local_text(found.hard)}"


def _one_field(message: str) -> str:
    return " ".join(message.replace(";", ",").split())
