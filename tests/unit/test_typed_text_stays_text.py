"""What somebody types is read as it was written, wherever it comes out: it is never markup, a link, a mention, a date,
a formula, a header or a line of its own. One corpus, held against every way out."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flow_walk import PATHS, SENDERS, led_to
from icalendar import Calendar
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from privacy_town import keeping_content, messages
from town import Town

from bot.commands.export_meeting import write_page
from bot.commands.export_not_started import write_csv
from bot.excel import write_sheet
from bot.graph.ics import file_of
from cases.flow import TextField
from cases.meeting import MeetingNow
from cases.meeting_kinds import kinds
from dialogs import parts
from dialogs.case_file import page
from dialogs.forms import Reading, read_case_ref
from dialogs.sheets import Sheet

CORPUS = (
    "*fet* _kursiv_ **mycket** `kod` ~~struket~~",
    "[Logga in](https://elakt.example/inloggning)",
    "[Ring](tel:112) [Chatta](msteams:/l/chat) ![bild](https://elakt.example/b.png)",
    "https://elakt.example/a www.elakt.example mailto:a@elakt.example ftp://elakt.example",
    "<at>Anna Berg</at> <script>alert(1)</script> <img src=x onerror=alert(1)>",
    "</td></tr><h1>Rubrik</h1> \" onmouseover=\"x ' &lt;b&gt; &#91;a&#93;(https://elakt.example) &amp;",
    "{{DATE(2026-11-23T08:00:00Z,SHORT)}} {{TIME(2026-11-23T08:00:00Z)}} {{{x}}} ${person.name}",
    "- punkt\n* punkt\n+ punkt\n1. ett\n2) två\n# Rubrik\n> citat",
    "=HYPERLINK(\"https://elakt.example\";\"Klicka\")",
    "+46 70-1740605\n-1+1\n@SUM(1)\t=1+1",
    "Rubrik\n===\nRubrik\n---\n\n    kod\n\n\tkod\n***\n~~~\nkod",
    "| a | b |\n|---|---|\n| 1 | 2 |\na | b\n-|-\n1 | 2",
    "  =1+1", "\t=1+1", "\r=1+1", "\uff1d1+1", "|cmd", "%0A=1", "\ufeff=1+1",
    "text\r\nATTENDEE:mailto:a@elakt.example\r\nEND:VEVENT\rX:1\u2028Y:2",
    "text\r\nBcc: a@elakt.example\r\n\r\n<html>",
    "\u202etxet dn\u00e4v\u202c \u2066a\u2069 dolt\u200b ord \x1b[31mrött\x07 \x85",
    "\"; DROP TABLE thread; -- ; ',\" \\ \\* \\n",
)  # fmt: skip
WHOLE = "\n".join(CORPUS)

# What a client makes more of than text, in a block that it reads as markdown; a sign after a backslash is only a sign.
_LIVE = re.compile(
    r"(?<!\\)(?:\\\\)*[*_]|[`\[\]<>]|~~|^ *(?:[-+#=|]|\d+[.)]\s)|^(?:\t| {4})|&#?\w+;|\{\{"
    r"|\b(?:https?|ftp|mailto|msteams|tel|file):\S|\bwww\.\S",
    re.MULTILINE | re.IGNORECASE,
)
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def live(text: str) -> list[str]:
    return _LIVE.findall(text) + _UNSEEN.findall(text)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of a card."""
    if isinstance(node, list):
        for one in node:
            yield from nodes(one)
    elif isinstance(node, dict):
        yield node
        for one in node.values():
            yield from nodes(one)


def is_only_text(card: dict[str, Any]) -> None:
    """Nothing in the card does anything but what Stafett meant by it."""
    for node in nodes(card):
        kind = node.get("type", "")
        if kind == "TextBlock":
            assert live(node["text"]) == [], node["text"]
        elif kind == "TextRun":  # no markdown there, but dates and unseen signs
            assert "{{" not in node["text"] and _UNSEEN.findall(node["text"]) == [], node["text"]
            assert set(node) <= {"type", "text", "weight"}
        elif kind.startswith("Action."):
            assert live(node.get("title", "")) == [], node
        elif kind == "Input.ChoiceSet" and node.get("style") == "expanded":  # whose choices are read as markdown
            assert [choice for choice in node["choices"] if live(choice["title"])] == []
    json.dumps(card).encode("utf-8")


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_the_pieces_of_a_card_show_it_as_written(text: str) -> None:
    """What a reader of markdown, not ours, makes of it is one paragraph with every sign that can be seen."""
    made = [parts.heading(text), parts.line(text), parts.labelled("Svar", text), parts.notice(text)]
    is_only_text(parts.card(made))
    shown = made[1]["text"]
    kept = re.sub(r"\{(?=\{)", "{ ", _UNSEEN.sub("", text).replace("\u200b", ""))
    kept = kept.translate(str.maketrans("`[]<>", "'()‹›"))
    assert re.sub(r"\\(.)", r"\1", shown.replace("\u200b", "")) == kept
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(shown)
    inside = [one for token in tokens for one in token.children or ()]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {one.type for one in inside} <= {"text", "text_special", "softbreak", "hardbreak"}, [
        one.type for one in inside
    ]


def test_the_check_sees_what_a_client_or_a_spreadsheet_would_make_something_of() -> None:
    assert [text for text in CORPUS if not live(text) and not _RUNS.match(text)] == [CORPUS[-1]], "which is for files"


# --- cards, dialogs, notices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", ["question", "unclear_assignment", "changed_need", "information_meeting"])
def test_no_card_dialog_or_notice_makes_anything_of_it(tmp_path: Path, flow: str) -> None:
    """The flows are led as far as they go, by people who type the whole corpus in every text they are asked for."""
    town = Town(tmp_path, record=keeping_content())
    content = {item.name: WHOLE for item in town.record.flows[flow].form if isinstance(item, TextField)}
    states = PATHS[flow]
    number = led_to(town, flow, max(states, key=lambda state: len(states[state])), content=content)
    assert not content or WHOLE in town.thread(number).values.values()
    sender = town.residents[SENDERS[flow]]
    looked = [sender._turn("open", {"verb": verb, "thread": number}).card for verb in ("view", "journal", "questions")]
    for card in [*looked, *(message.card for _, message in messages(town))]:
        if card is not None:
            is_only_text(card)
    assert not [message.toast for _, message in messages(town) if live(message.toast) or "elakt" in message.toast]
    town.close()


# --- files ---------------------------------------------------------------------------------------------------------

SHEET = Sheet(title="Prov", headings=("Nummer", *CORPUS[:2]), rows=tuple((text, text, None) for text in CORPUS))
_RUNS = re.compile(r"[\s\u200b\ufeff]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")


def test_no_cell_of_an_excel_file_is_a_formula_or_a_link(tmp_path: Path) -> None:
    write_sheet(tmp_path / "prov.xlsx", SHEET)
    page = load_workbook(tmp_path / "prov.xlsx").active
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) == 3 + 2 * len(CORPUS)
    assert {cell.data_type for cell in cells} == {"s"} and not [cell for cell in cells if cell.hyperlink]
    assert [cell.value for cell in cells if _RUNS.match(cell.value)] == []


def test_no_cell_of_a_csv_is_a_formula_and_none_breaks_out_of_its_column(tmp_path: Path) -> None:
    write_csv(tmp_path / "prov.csv", SHEET)
    with (tmp_path / "prov.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [len(row) for row in rows] == [3] * (1 + len(CORPUS))
    assert [cell for row in rows for cell in row if _RUNS.match(cell)] == []


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(text: str) -> Tags:
    found = Tags()
    found.feed(text)
    found.close()
    return found


def test_a_page_has_no_tag_but_its_own(tmp_path: Path) -> None:
    write_page(tmp_path / "prov.html", SHEET)
    found = read_page((tmp_path / "prov.html").read_text("utf-8"))
    assert {tag for tag, _ in found.tags} <= {"html", "head", "meta", "title", "body", "main", "h1", "h2", "p"}
    assert "<script>alert(1)</script>" in found.text


def test_a_case_that_is_taken_out_has_no_tag_but_its_own() -> None:
    answers = [{"question": text, "answer": text} for text in CORPUS]
    lists = ("seats", "events", "limits", "deliveries", "calls", "journaled", "account", "meetings")
    thread: dict[str, Any] = dict.fromkeys(
        ("ref", "about", "source", "state", "opened_at", "closed_at", "sender"), WHOLE
    )
    thread |= {"answers": answers, **{name: [] for name in lists}}
    found = read_page(page({"case_ref": WHOLE, "made_at": "2026-11-23", "made_for": WHOLE, "threads": [thread]}))
    own = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "section", "table", "thead"}
    assert {tag for tag, _ in found.tags} <= own | {"tbody", "tr", "th", "td"}
    assert not [names for tag, names in found.tags if tag not in ("meta", "html", "th") and names]


def test_a_calendar_file_has_no_line_but_its_own() -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    kind = next(iter(kinds(keeping_content().profiles["norrkoping"]).values()))
    plain = _meeting("Rum 4", now)
    names = [line.partition(":")[0] for line in _lines(file_of(plain, kind, now))]
    for text in CORPUS:
        made = file_of(_meeting(text, now), kind, now)
        assert [line.partition(":")[0] for line in _lines(made)] == names, text
        (event,) = Calendar.from_ical(made).walk("VEVENT")
        assert "ATTENDEE" not in event


def _meeting(place: str, now: datetime) -> MeetingNow:
    return MeetingNow(
        id=1, slot="main", kind="assistance_meeting", organizer_id=1, starts_at=now, ends_at=now + timedelta(hours=1),
        mode="on_site", place=place,
    )  # fmt: skip


def _lines(made: bytes) -> list[str]:
    """The lines of the file as a calendar reads them: folded ones put together, and no other sign ends a line."""
    return made.decode("utf-8").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_no_reference_of_a_case_carries_more_than_a_reference() -> None:
    """It is the one thing typed that stands in e-mail and in the titles of files."""
    for text in CORPUS:
        reading = Reading()
        read_case_ref({"case_ref": text}, reading)
        assert reading.errors, text


def test_a_header_of_a_letter_cannot_be_broken_out_of() -> None:
    for text in CORPUS:
        letter = EmailMessage(policy=SMTP)
        try:
            letter["Subject"] = text
        except ValueError:
            continue
        letter.set_content("Text")
        read = message_from_bytes(letter.as_bytes(), policy=default)
        assert set(read.keys()) == {"Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}, text
