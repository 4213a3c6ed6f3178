"""The threat model names a test for every measure, and the test is there."""

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
MODEL = (HOUSE / "docs" / "hotmodell.md").read_text(encoding="utf-8")


def measures() -> list[tuple[str, str, str]]:
    """Each threat by its letter, with the cell that names its tests."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in MODEL.splitlines()]
    return [(row[0], row[1], row[3]) for row in rows if len(row) == 4 and row[0] in set("STRIDE")]


def test_every_threat_has_a_measure_that_is_tried() -> None:
    found = measures()
    assert len(found) > 25 and {kind for kind, _, _ in found} == set("STRIDE")
    files = {path.name: path.read_text(encoding="utf-8") for path in (HOUSE / "tests").rglob("test_*.py")}
    functions = {name for text in files.values() for name in re.findall(r"def (test_\w+)\(", text)}
    for _, threat, tried in found:
        names = re.findall(r"(?:\w+/)*(test_\w+(?:\.py)?)", tried)
        assert names or "`stafett" in tried or ".md" in tried, threat
        assert [name for name in names if name not in files and name not in functions] == [], threat
