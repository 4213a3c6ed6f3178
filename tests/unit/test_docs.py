"""What the documents say holds: links lead somewhere, commands exist, examples run, and the diagrams are fresh."""

import re
import shlex
from collections.abc import Iterable
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
LONGEST_PAGES = 1_050  # words of a role's part: two printed pages
REFERENCE = HOUSE / "docs" / "reference.md"
INDEX = HOUSE / "docs" / "README.md"
DOCUMENTS = (*sorted(HOUSE.glob("*.md")), *sorted((HOUSE / "docs").rglob("*.md")))
LONGEST_README = 200  # lines
PICTURES = HOUSE / "docs" / "bilder"
MOST_PICTURE_BYTES = 1_200_000

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(make|stafett) (.+)")
_SETTING = re.compile(rf"\b{ENVIRONMENT}[A-Z_]*[A-Z]\b")
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


def called(document: Path) -> Iterable[tuple[str, ...]]:
    """Every call of make or stafett that a document shows, as words."""
    lines = [line for kind in ("sh", "console") for body in blocks(document, kind) for line in body.splitlines()]
    for line in lines + _INLINE.findall(_CODE.sub("", text_of(document))):
        found = _CALL.match(line.strip())
        if found:
            yield (found[1], *shlex.split(found[2], comments=True))


CALLED = {words: name_of(document) for document in DOCUMENTS for words in called(document)}
STAFETT = sorted({words[1:] for words in CALLED if words[0] == "stafett" and len(words) > 1})
MAKE = {words[1] for words in CALLED if words[0] == "make" and len(words) > 1}


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
    kept = {path.resolve() for path in PICTURES.rglob("*.png")}
    assert kept == shown
    assert sum(path.stat().st_size for path in kept) < MOST_PICTURE_BYTES


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_document_knows_a_machine_or_a_registry(document: Path) -> None:
    text = text_of(document)
    assert not _MACHINE.findall(text)
    assert not _ADDRESS.findall(text)
    assert set(re.findall(r"(\w+)://", text)) <= {"sqlite", "postgresql", "smtp", "smtps", "api"}


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(text_of(README).splitlines()) <= LONGEST_README


def test_every_page_is_listed_in_an_index() -> None:
    """A flow's page in that of the flows, the decisions by their folder, everything else in the one of all pages."""
    indexes = (INDEX, HOUSE / "docs" / "floden" / "README.md")
    found = [(one.parent, link[2].partition("#")[0]) for one in indexes for link in _LINK.findall(text_of(one))]
    listed = {(folder / file).resolve() for folder, file in found if file} | {INDEX}
    assert [name_of(one) for one in DOCUMENTS if one not in listed and one.parent not in listed] == []


def test_the_make_targets_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of(HOUSE / "Makefile"), re.MULTILINE))
    assert {"demo", "test", "run", "bench"} <= MAKE <= targets


@pytest.mark.parametrize("words", STAFETT, ids=" ".join)
def test_the_commands_of_the_documents_exist(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    options = [word for word in words if word.startswith("--")]
    before = words[: words.index(options[0])] if options else words
    with pytest.raises(SystemExit) as left:
        main([*before, "--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0 and "KOMMANDO" not in said, CALLED[("stafett", *words)]
    assert all(option in said for option in options), CALLED[("stafett", *words)]


def test_the_reference_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    every = set(re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE))
    assert len(every) > 20 and {words[1] for words in called(REFERENCE) if words[0] == "stafett"} == every


@pytest.mark.parametrize("block", blocks(REFERENCE, "console"), ids=lambda block: block.partition("\n")[0])
def test_what_the_reference_shows_is_what_is_said(
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


def test_the_settings_of_the_reference_are_all_there_are() -> None:
    rows = set(re.findall(rf"^\| `({ENVIRONMENT}[A-Z_]+)` \|", text_of(REFERENCE), re.MULTILINE))
    assert rows == {f"{ENVIRONMENT}{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_the_settings_of_the_documents_exist(document: Path) -> None:
    assert set(_SETTING.findall(text_of(document))) <= {
        f"{ENVIRONMENT}{name.upper()}" for name in Settings.model_fields
    }


def taught() -> list[Flow]:
    """The flows that the handbook teaches. A municipality's own has its page among the flows, and no lines here."""
    return [flow for flow in load_flows().values() if not flow.source.startswith(LOCAL)]


def handbook() -> str:
    """What the handbook says in all its parts, in one line."""
    return " ".join(" ".join(text_of(part) for part in HANDBOOK).split())


def test_the_handbook_is_a_page_for_all_and_a_page_for_each_role() -> None:
    common, *parts = HANDBOOK
    roles = {"chef", "forste", "gruppledare", "handlaggare", "hemgangsteam", "hemtjanst", "jour"}
    assert {part.stem for part in parts} == roles | {"insatser", "moten", "uppfoljning"}
    assert [name_of(part) for part in parts if len(text_of(part).split()) > LONGEST_PAGES] == []
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
    looked_up = {"Mer …", "Varför?", "Journaltext", "Journalfört", "Ta bort bocken", "Fortsätt ändå"}
    looked_up |= {one.button for one in LISTS.values()} | {"Dagen"}
    labels = looked_up | {
        move.label for flow in taught() for alternatives in flow.moves.values() for move in alternatives if move.label
    }
    assert {label for label in labels if label not in text} == set()
