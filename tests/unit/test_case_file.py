"""Taking out a case: what is in the file, for whom, and that nothing of it runs or is told to anybody else."""

import io
import json
import stat
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from disposed import SECRET, decided, ended, ticks
from sealed import seals
from sqlalchemy import update
from town import Town

from bot.cli import main
from bot.commands import export_case
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NUMBER = "19121212-1212"  # the Tax Agency's own test number


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with closing(decided(database)) as made:
        yield made


def take_out(town: Town, by: str, case: str = "NK-2041") -> bytes | None:
    account = f"{by}@exempel.invalid"
    return town.store.transaction(lambda tx: export_case.taken_out(tx, town.record, case, account, town.clock))


def opened(packed: bytes | None, folder: Path) -> tuple[dict[str, Any], str]:
    assert packed is not None
    (folder / "ut.zip").write_bytes(packed)
    with ZipFile(folder / "ut.zip") as archive:
        return json.loads(archive.read("arende.json")), archive.read("arende.html").decode()


class _Tags(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_everything_that_the_unit_has_is_there(town: Town, tmp_path: Path) -> None:
    number = ended(town)
    ticks(town, number, "MYND")
    town.anna._turn("open", {"verb": "view", "thread": number})
    facts, page = opened(take_out(town, "eva"), tmp_path)
    (thread,) = facts["threads"]
    assert {"question": "Fråga", "answer": SECRET} in thread["answers"]
    assert [one["what"] for one in thread["events"]][-1] == "Lämna återkoppling"
    assert thread["journaled"] == [
        {"unit": "Myndigheten äldreomsorg", "by": "Anna Berg", "at": "2026-11-16 09:00:00"}
    ]  # fmt: skip
    assert "läst innehållet" in {one["what"] for one in thread["account"] if one["by"] == "Anna Berg"}
    assert thread["limits"] and thread["deliveries"] and thread["seats"]
    for words in (SECRET, "Karim Aziz", "Anna Berg", "Journalfört", "Logg över åtkomst", thread["ref"]):
        assert words in page


def test_each_party_takes_out_what_that_party_has(town: Town) -> None:
    ended(town)
    town.olle.begins("question", "NK-2077", category="planning", question_text="Annat")
    town.olle.presses("Skicka")
    town.store.transaction(lambda tx: tx.execute(update(t.thread).where(t.thread.c.id == 2).values(case_ref="NK-2041")))
    refs = {who: _refs(take_out(town, who)) for who in ("eva", "maria", "birgitta")}
    one, two = town.thread(1).ref, town.thread(2).ref
    assert refs == {"eva": {one, two}, "maria": {one}, "birgitta": {two}}


def _refs(packed: bytes | None) -> set[str]:
    assert packed is not None
    with ZipFile(io.BytesIO(packed)) as archive:
        return {one["ref"] for one in json.loads(archive.read("arende.json"))["threads"]}


def test_who_does_not_answer_for_a_unit_gets_nothing(town: Town) -> None:
    ended(town)
    others = ("karim", "anna", "sara", "nils", "lena", "nobody")
    assert [take_out(town, by) for by in others] == [None] * len(others)
    denied = [row for row in town.rows(t.audit) if row.action == "denied"]
    assert [(row.reason, row.thread_id) for row in denied] == [("export_case", None)] * len(others)


def test_what_is_sealed_is_not_taken_out(town: Town) -> None:
    number = ended(town)
    assert take_out(town, "eva") is not None
    seals(town, "anna", number)
    assert take_out(town, "eva") is None


def test_what_somebody_typed_is_words_and_nothing_else(town: Town, tmp_path: Path) -> None:
    typed = '</td><script>alert(1)</script><img src=x onerror="alert(1)"> & <a href="javascript:x">'
    town.karim.begins("question", "NK-2041", category="planning", question_text=typed)
    town.karim.presses("Skicka")
    _, page = opened(take_out(town, "eva"), tmp_path)
    read = _Tags()
    read.feed(page)
    assert typed in read.text
    assert not read.tags & {"script", "img", "a", "iframe", "link"}
    assert read.attributes <= {"lang", "charset", "name", "content", "http-equiv", "scope"}


def test_however_the_reference_is_spelled_it_is_the_same_case(town: Town) -> None:
    ended(town)
    assert _refs(take_out(town, "eva", "nk 2041")) == _refs(take_out(town, "EVA", "NK2041")) == {town.thread(1).ref}


def test_the_file_is_its_owners_alone_and_never_written_over(town: Town, database: str, tmp_path: Path) -> None:
    ended(town)
    out = tmp_path / "ut.zip"
    args = ["export", "case", "NK-2041", "--by", "eva@exempel.invalid", "--out", str(out), "--database", database]
    assert main(args) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()
    assert main(args) == 1 and out.read_bytes() == before


def test_a_personal_number_is_refused_and_not_repeated(
    town: Town, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "ut.zip")
    for args in (
        ["export", "case", NUMBER, "--by", "eva@exempel.invalid", "--out", out],
        ["hold", NUMBER, "--by", "eva@exempel.invalid", "--reason", "tillsyn"],
    ):
        assert main([*args, "--database", database]) == 2
        said = capsys.readouterr()
        assert "1212" not in said.out + said.err and "personnummer" in said.err
    assert NUMBER not in repr([town.rows(one) for one in t.metadata.sorted_tables])
