"""The house itself: imports go one way, each room knows only its own libraries, and no file outgrows its purpose."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("reminders", "cases", "dialogs", "bot")
OUTSIDE = {
    "reminders": {"sqlalchemy", "apscheduler", "holidays"},
    "cases": {"sqlalchemy", "alembic", "psycopg"},
    "dialogs": {"sqlalchemy"},  # the type of the caller's transaction, nothing more
}
LONGEST = 310


def files(room: str) -> Iterator[Path]:
    yield from sorted(path for path in (HOUSE / room).rglob("*.py") if "node_modules" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_imports_go_one_way() -> None:
    """In a process of its own: the linter switches off every logger that it finds."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", OUTSIDE)
def test_a_room_knows_only_its_own_outside_libraries(room: str) -> None:
    found = {name.split(".")[0] for path in files(room) for name in imported(path)}
    assert found - set(ROOMS) - set(sys.stdlib_module_names) <= OUTSIDE[room]


def test_dialogs_take_only_the_transaction_from_sqlalchemy() -> None:
    for path in files("dialogs"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
                assert [alias.name for alias in node.names] == ["Connection"], path


@pytest.mark.parametrize(("library", "file"), [("apscheduler", "waker.py"), ("psycopg", "postgresql.py")])
def test_a_library_that_stands_in_one_file(library: str, file: str) -> None:
    users = {path.name for room in ROOMS for path in files(room) if any(library in name for name in imported(path))}
    assert users == {file}


def test_the_clock_is_read_in_one_file() -> None:
    readers = set()
    for room in ROOMS:
        for path in files(room):
            text = path.read_text(encoding="utf-8")
            if any(call in text for call in ("datetime.now(", "utcnow(", "time.time(", "date.today(")):
                readers.add(f"{room}/{path.name}")
    assert readers == {"bot/clock.py"}


@pytest.mark.parametrize("room", [*ROOMS, "tests", "benchmarks"])
def test_no_file_outgrows_its_purpose(room: str) -> None:
    long = {path.name: count for path in files(room) if (count := len(path.read_text().splitlines())) > LONGEST}
    assert not long
