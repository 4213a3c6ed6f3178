"""A leak planted in each way out is found by the very check that the ways are held to."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flow_walk import SECRET, led_to
from test_secrecy_paths import keeps_content
from town import Town
from ways_behind import left_behind
from ways_out import PRIVATE, leaks, leaving

Leak = Callable[[Any], Any]  # what the sound code gives → the same with the secret in it


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with closing(Town(tmp_path, record=keeps_content())) as made:
        yield made


_LINE = {"type": "TextBlock", "text": SECRET}


def _in_text(text: str) -> str:
    return f"{text} {SECRET}"


def _in_list(made: list[Any]) -> list[Any]:
    return [*made, _LINE]


def _in_body(card: dict[str, Any]) -> dict[str, Any]:
    return {**card, "body": [*card["body"], _LINE]}


def _first(card: dict[str, Any]) -> dict[str, Any]:
    return {**card, "body": [_LINE, *card["body"]]}


def _spoken(card: dict[str, Any]) -> dict[str, Any]:
    return {**card, "speak": SECRET}


def _in_buttons(made: list[Any]) -> list[Any]:
    return [*made, {"type": "Action.Execute", "title": SECRET}]


def _with_link(made: list[Any]) -> list[Any]:
    return [*made, {"type": "Action.OpenUrl", "title": "Läs mer", "url": f"https://stafett.invalid/?om={SECRET}"}]


def _in_activity(activity: dict[str, Any]) -> dict[str, Any]:
    return {**activity, "text": SECRET}


def _in_words(words: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    return words[0], (*words[1], SECRET)


def _in_sheet(sheet: Any) -> Any:
    return (sheet, SECRET)


def _in_zip(_packed: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("a.txt", SECRET)
    return out.getvalue()


def _marked(marks: list[str]) -> list[str]:
    return [*marks, SECRET]


def _logged(anything: Any) -> Any:
    logging.getLogger("stafett.record").info("moved: %s", SECRET)
    return anything


def _in_page(page: bytes) -> bytes:
    return page + SECRET.encode()


def _anything(_: Any) -> str:
    return "chatt"


def _never(_: Any) -> bool:
    return False


# Way out → where the leak is planted, and how.
PLANTS: dict[str, tuple[str, str, Leak]] = {
    "summary": ("dialogs.thread_card", "limit_words", _in_text),
    "first block": ("dialogs.thread_card", "card_title", _in_text),
    "speak": ("dialogs.thread_card", "thread_card", _spoken),
    "card": ("dialogs.thread_card", "_facts", _in_list),
    "button": ("dialogs.thread_card", "more_button", _in_buttons),
    "address": ("dialogs.thread_card", "more_button", _with_link),
    "notification": ("bot.channel.render", "card_activity", _in_activity),
    "digest": ("dialogs.digest_card", "digest_card", _in_body),
    "folded card": ("dialogs.thread_card", "superseded_card", _in_body),
    "answer": ("dialogs.desk", "thread_card", _in_body),
    "form": ("dialogs.disclosure", "is_for_dialog", _never),
    "form in a dialog": ("cases.modes", "cap_of", _anything),
    "dialog": ("cases.modes", "cap_of", _anything),
    "list": ("dialogs.lists_open", "list_card", _in_body),
    "search": ("dialogs.lists_case", "_answer", _in_body),
    "e-mail": ("dialogs.pointer", "title_of", _in_text),
    "error": ("cases.errors", "RecordError.__str__", _in_text),
    "export": ("bot.commands.export", "board_sheet", _in_sheet),
    "export of a case": ("bot.commands.export_case", "_packed", _in_zip),
    "call": ("bot.graph.call_door", "Ringing.__repr__", _in_text),
    "metric": ("bot.metrics", "Metrics.page", _in_page),
    "log line": ("cases.record", "write", _logged),
    "table audit": ("cases.account", "_seat", _in_text),
    "table thread": ("cases.opening", "_first_marks", _marked),
}
MEETINGS: dict[str, tuple[str, str, Leak]] = {
    "invitation": ("bot.graph.calendar_plan", "words", _in_words),
    ".ics": ("bot.graph.ics", "words", _in_words),
    "address": ("cases.calendar_link", "token", _in_text),
}
PLANTED = [("urgent_lasting", "draft", way, *plant) for way, plant in PLANTS.items()] + [
    ("follow_up_meeting", "invited", way, *plant) for way, plant in MEETINGS.items()
]


@pytest.mark.parametrize(("flow", "state"), [("urgent_lasting", "draft"), ("follow_up_meeting", "invited")])
def test_without_a_leak_none_is_found(flow: str, state: str, town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        number = led_to(town, flow, state, content={})
    assert all_leaks(town, number, caplog.text) == set()


@pytest.mark.parametrize(("flow", "state", "way", "module", "name", "leak"), PLANTED, ids=[one[2] for one in PLANTED])
def test_a_planted_leak_is_found(
    flow: str, state: str, way: str, module: str, name: str, leak: Leak, town: Town,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    plant(monkeypatch, module, name, leak)
    with caplog.at_level(logging.DEBUG):
        number = led_to(town, flow, state, content={})
    assert way in {found for found, _ in all_leaks(town, number, caplog.text)}


def plant(monkeypatch: pytest.MonkeyPatch, module: str, name: str, leak: Leak) -> None:
    """Let a function of Stafett give what it gives, and the secret as well."""
    *of, last = name.split(".")
    place: Any = import_module(module)
    for one in of:
        place = getattr(place, one)
    sound = getattr(place, last)
    monkeypatch.setattr(place, last, lambda *given, **named: leak(sound(*given, **named)))


def all_leaks(town: Town, number: int, logged: str) -> set[tuple[str, str]]:
    """What the check finds by every way."""
    found = leaks(left_behind(town, logged), "visa", [SECRET])
    asked = ("visa", f"visa {PRIVATE}")
    for mode, outs in leaving(town, number, answers=asked, all_of=asked).items():
        found |= leaks(outs, mode, [SECRET])
    return found
