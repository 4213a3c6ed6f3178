"""The table of faults for those who run Stafett names a test on every row, and every fault that is tested."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS.parent / "docs" / "fel.md"

_NAME = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def _tests_in(*folders: str) -> set[str]:
    files = (path for folder in folders for path in (TESTS / folder).glob("test_*.py"))
    return {name for path in files for name in _NAME.findall(path.read_text(encoding="utf-8"))}


def test_every_row_is_a_test_that_exists() -> None:
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if re.match(r"\| (?!Fel |---)", line)]
    named = {row: re.findall(r"`(test_\w+)`", row) for row in rows}
    assert len(rows) > 20 and [row for row, tests in named.items() if len(tests) != 1] == []
    assert {name for tests in named.values() for name in tests} - _tests_in(
        "faults", "crash", "stories", "unit"
    ) == set()


def test_every_fault_that_is_tested_stands_in_the_table() -> None:
    said = set(re.findall(r"`(test_\w+)`", TABLE.read_text(encoding="utf-8")))
    assert (
        _tests_in("faults")
        - said
        - {"test_every_row_is_a_test_that_exists"}
        - {"test_every_fault_that_is_tested_stands_in_the_table"}
        == set()
    )
