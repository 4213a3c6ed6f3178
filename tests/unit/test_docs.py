"""What the documents say holds: links lead somewhere, commands exist, examples run, and the diagrams are fresh."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.house import build_record
from bot.settings import ENVIRONMENT, Settings
from cases.flow import Flow
from dialogs.catalogue import load_flows
from dialogs.flow_pages import pages
from dialogs.lists_open import LISTS

HOUSE = Path(__file__).resolve().parents[2]
README = HOUSE / "README.md"
HANDBOOK = (HOUSE / "docs" / "handbok.md", *sorted((HOUSE / "docs" / "handbok").glob("*.md")))
LOCAL = "Lokal rutin"  # how the source of a municipality's own flow begins
LONGEST_HANDBOOK = 300  # lines: longer, and nobody reads it
DOCUMENTS = (README, *sorted((HOUSE / "docs").rglob("*.md")))
PICTURES = HOUSE / "docs" / "bilder"
MOST_PICTURE_BYTES = 600_000

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_MACHINE = re.compile(r"(?<![\w.)\]])/(?:home|root|work|tmp|usr|var|opt|etc|Users|mnt|srv)\b|\b[A-Z]:\\")
_ADDRESS = re.compile(r"\bhttps?://(?!localhost|127\.0\.0\.1)|index-url", re.I)


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return _INLINE.sub("", _CODE.sub("", text))


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return [body for found, body in _CODE.findall(text_of(path)) if found == language]


def anchors(path: Path) -> set[str]:
    """The anchors that a heading gets when the page is shown."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def commands() -> Iterator[list[str]]:
    """Every call of make or stafett that the README shows, as words."""
    lines = [line for kind in ("sh", "console") for body in blocks(README, kind) for line in body.splitlines()]
    for line in lines + _INLINE.findall(_CODE.sub("", text_of(README))):
        words = shlex.split(line.removeprefix("$ "))
        while words and re.fullmatch(r"[A-Z_]+=\S+", words[0]):
            words = words[1:]
        if len(words) > 1 and Path(words[0]).name in ("make", "stafett"):
            yield [Path(words[0]).name, *words[1:]]


STAFETT = [words[1:] for words in commands() if words[0] == "stafett"]
MAKE = [words[1] for words in commands() if words[0] == "make"]


def test_the_pages_of_the_flows_are_fresh() -> None:
    record = build_record()
    kept = {path.name: text_of(path) for path in (HOUSE / "docs" / "floden").iterdir()}
    assert kept == pages(record.flows, record.profiles), "run: stafett diagrams --out docs/floden"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    for _, _, target in _LINK.findall(without_code(text_of(document))):
        file, _, anchor = target.partition("#")
        found = document.parent / file if file else document
        assert found.resolve().is_relative_to(HOUSE) and found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_pictures_are_told_in_words(document: Path) -> None:
    for sign, words, target in _LINK.findall(without_code(text_of(document))):
        assert not sign or len(words) > 20, target


def test_every_picture_is_shown_and_they_are_small() -> None:
    shown = {
        (document.parent / target).resolve()
        for document in DOCUMENTS
        for sign, _, target in _LINK.findall(text_of(document))
        if sign
    }
    kept = {path.resolve() for path in PICTURES.iterdir()}
    assert kept == shown
    assert sum(path.stat().st_size for path in kept) < MOST_PICTURE_BYTES


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_document_knows_a_machine_or_a_registry(document: Path) -> None:
    text = text_of(document)
    assert not _MACHINE.findall(text)
    assert not _ADDRESS.findall(text)
    assert set(re.findall(r"(\w+)://", text)) <= {"sqlite", "postgresql", "smtp", "smtps"}


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^(\w+):", text_of(HOUSE / "Makefile"), re.MULTILINE))
    assert {"demo", "test", "run", "bench"} <= set(MAKE) <= targets


@pytest.mark.parametrize("words", STAFETT, ids=" ".join)
def test_the_commands_of_the_readme_exist(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    options = [word for word in words if word.startswith("--")]
    before = words[: words.index(options[0])] if options else words
    with pytest.raises(SystemExit) as left:
        main([*before, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert "KOMMANDO" not in said, "the help of the command itself"
    assert all(option in said for option in options)


def test_the_readme_shows_every_command() -> None:
    every = {"demo", "due", "roster", "serve", "manifest", "flows", "diagrams", "backup", "restore", "log", "outbox"}
    every |= {"hours", "export", "retention", "hold", "statistics"}
    assert {words[0] for words in STAFETT} == every


@pytest.mark.parametrize("block", blocks(README, "console"), ids=lambda block: block.partition("\n")[0])
def test_what_the_readme_shows_is_what_is_said(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for part in block.removeprefix("$ ").split("\n$ "):
        line, _, shown = part.partition("\n")
        words = shlex.split(line)
        if words[0] == "cat":
            (tmp_path / words[1]).write_text(shown, encoding="utf-8")
            continue
        main(words[1:])
        assert capsys.readouterr().out.strip() == shown.strip()


def test_the_settings_of_the_readme_are_all_there_are() -> None:
    rows = set(re.findall(rf"^\| `({ENVIRONMENT}[A-Z_]+)` \|", text_of(README), re.MULTILINE))
    assert rows == {f"{ENVIRONMENT}{name.upper()}" for name in Settings.model_fields}


def taught() -> list[Flow]:
    """The flows that the handbook teaches. A municipality's own has its page among the flows, and no lines here."""
    return [flow for flow in load_flows().values() if not flow.source.startswith(LOCAL)]


def handbook() -> str:
    """What the handbook says in all its parts, in one line."""
    return " ".join(" ".join(text_of(part) for part in HANDBOOK).split())


def test_the_handbook_is_a_page_for_all_and_a_page_for_each_role() -> None:
    common, *parts = HANDBOOK
    assert {part.stem for part in parts} == {"chef", "handlaggare", "hemgangsteam", "hemtjanst", "jour"}
    assert all(f"(handbok/{part.name})" in text_of(common) for part in parts)
    assert [name_of(part) for part in HANDBOOK if len(text_of(part).splitlines()) > LONGEST_HANDBOOK] == []


def test_the_handbook_names_every_flow_state_and_command() -> None:
    text = handbook()
    for flow in taught():
        assert flow.title in text
        assert not flow.senders or f"`{flow.commands[0]}`" in text
        reached = {move.to for alternatives in flow.moves.values() for move in alternatives}
        missing = {flow.states[state] for state in reached if flow.states[state] not in text}
        assert missing <= {"Utkastet är borttaget"}, "the table says of a draft when it goes away"


def test_the_handbook_names_every_button() -> None:
    text = handbook()
    looked_up = {"Mer …", "Visa regeln", "Journaltext", "Journalfört", "Ta bort bocken", "Fortsätt ändå"}
    looked_up |= {one.button for one in LISTS.values()} | {"Dagen"}
    labels = looked_up | {
        move.label for flow in taught() for alternatives in flow.moves.values() for move in alternatives if move.label
    }
    assert {label for label in labels if label not in text} == set()
