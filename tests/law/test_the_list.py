"""The table of the requirements is whole: a row and a core for each, and nothing named is missing."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
TABLE = HOUSE / "docs" / "lagkrav.md"
IDS = [f"L{number:02}" for number in range(1, 19)]
_ROW = re.compile(r"^\| (L\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_NAMED = re.compile(r"`([^`]+)`")
_ON_ONE = "indirect"  # how a module or a test keeps to one kind of database


def rows() -> dict[str, tuple[str, str, str]]:
    """Id → what is demanded, how it is met, and its tests."""
    return {found[1]: (found[2], found[3], found[4]) for found in _ROW.finditer(TABLE.read_text(encoding="utf-8"))}


def functions_of(module: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_requirement_has_one_row() -> None:
    assert [found[1] for found in _ROW.finditer(TABLE.read_text(encoding="utf-8"))] == IDS


@pytest.mark.parametrize("which", IDS)
def test_its_core_is_there_and_runs_on_both_databases(which: str) -> None:
    told = _NAMED.findall(rows()[which][2])
    modules = sorted((HOUSE / "tests" / "law").glob(f"test_{which.lower()}_*.py"))
    assert [f"law/{one.name}" for one in modules] == told[:1], "one module, and it is named first"
    functions = functions_of(modules[0])
    found = [one for one in functions if one.name.startswith("test_")]
    assert found and all(one.name.startswith(f"test_{which.lower()}_") for one in found)
    assert any({"town", "database"} & {each.arg for each in one.args.args} for one in functions), "in a real database"
    assert _ON_ONE not in modules[0].read_text(encoding="utf-8"), "and not in one kind alone"


@pytest.mark.parametrize("which", IDS)
def test_what_the_row_names_is_there(which: str) -> None:
    demanded, met, tests = rows()[which]
    assert demanded and met
    for name in _NAMED.findall(tests):
        assert (HOUSE / "tests" / name).exists(), name
    for name in _NAMED.findall(met):
        if "/" in name:
            assert (HOUSE / name).exists(), name


def test_every_module_of_the_room_is_a_requirements() -> None:
    others = {one.name for one in (HOUSE / "tests" / "law").glob("test_l*.py")}
    assert {name[5:8].upper() for name in others} == set(IDS) and len(others) == len(IDS)
