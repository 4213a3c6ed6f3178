"""The SDK's types are known in one room only, so that its successor can replace it without touching another."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SDK = {"botbuilder", "botframework", "msrest", "msal"}


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_only_the_channel_door_imports_the_sdk() -> None:
    rooms = ("bot", "dialogs", "cases", "reminders")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    users = {file.relative_to(ROOT) for file in files if SDK & set(_imports(file))}
    assert users
    assert {file.parent for file in users} == {Path("bot/channel")}


def test_what_passes_through_the_door_is_plain() -> None:
    for name in ("values", "errors", "settings", "render", "parse"):
        assert not SDK & set(_imports(ROOT / "bot" / "channel" / f"{name}.py"))
