"""Towns for the privacy tests: the shipped profile in pointer mode, and a copy of it that keeps content."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cards import words_of
from played_teams import Message
from resident import Resident
from sqlalchemy import select
from town import Town

from bot.channel.values import Answer
from bot.house import build_record
from cases import tables as t
from cases.record import Record
from reminders.profile import FOLDER

REFS = {"decision_ref": "VON 2026/0001", "dpia_ref": "VON 2026/0002", "retention_decision_ref": "VON 2026/0003"}


def profiles(folder: Path, mode: str, refs: dict[str, str], *beside: str) -> Path:
    """A copy of the profiles in which Norrköping has this mode, and those `beside` it."""
    shutil.copytree(FOLDER, folder / "rutiner")
    lines = [f'mode = "{mode}"', *(f'{name} = "{value}"' for name, value in refs.items())]
    for name in ("norrkoping", *beside):
        file = folder / "rutiner" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n[privacy]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder / "rutiner"


@cache
def keeping_content() -> Record:
    """The record of municipalities in mode «visa»."""
    folder = Path(mkdtemp())
    try:
        return build_record(profiles(folder, "visa", REFS, "katrineholm"))
    finally:
        shutil.rmtree(folder)


def outside_content(town: Town) -> str:
    """Everything that stands in the record, but for the table of content."""
    return town.store.transaction(
        lambda tx: "\n".join(
            repr(tuple(row))
            for table in t.metadata.sorted_tables
            if table is not t.content
            for row in tx.execute(select(table))
        )
    )


def in_content(town: Town) -> str:
    return repr([tuple(row) for row in town.rows(t.content)])


def messages(town: Town) -> list[tuple[Resident, Message]]:
    return [(one, message) for one in town.residents.values() for message in one.chat()]


def first_block(card: dict[str, Any]) -> str:
    return words_of(card["body"][0])


def opens_dialog(town: Town, who: str, number: int) -> Answer:
    """Press «Visa» in a client that has dialogs."""
    return town.residents[who]._turn("open", {"verb": "view", "thread": number})
