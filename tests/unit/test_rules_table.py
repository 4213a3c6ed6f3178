"""The table of `docs/regler.md`: every rule that a routine gives us to carry, and the flow, test and card that does.

A rule that nothing carries has a reason there. M is a message, R a time or reminder, G a guard, F a form or question,
S a meeting.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dialogs.catalogue import load_flows

HOUSE = Path(__file__).resolve().parents[2]
PAGE = HOUSE / "docs" / "regler.md"
NOBODY = "–"
LOCAL = "Lokal rutin"  # how the source of a municipality's own flow begins
SHORTEST_REASON = 20  # letters

# Norrköping, «Överenskommet arbetssätt», and Stockholm, «Förbättrat arbetssätt».
RULES = """
KAT-03:S KAT-04:SR KAT-05:S KAT-06:G KAT-07:F KAT-08:R KAT-10:S KAT-11:SR KAT-12:S KAT-13:SR KAT-14:F KAT-16:M KAT-17:R
NKA-010:M NKA-011:R NKA-012:G NKA-013:F NKA-014:M NKA-015:M NKA-016:R NKA-017:R NKA-018:F NKA-020:G NKA-021:RG
NKA-022:G NKA-023:G NKA-025:M NKA-026:G NKA-031:M NKA-032:R NKA-043:R NKA-045:G NKA-050:M NKA-051:RF NKA-060:M
NKA-061:M NKA-062:G NKA-063:M NKA-064:M NKA-071:M NKA-072:R NKA-073:RG NKA-074:M NKA-075:M NKA-076:G NKA-077:R
NKA-078:R NKA-079:G NKA-080:G NKA-081:M NKA-082:R NKA-083:G NKA-091:M NKA-093:R NKA-094:R NKA-095:R NKA-096:R
NKA-102:R NKA-103:R NKA-110:MR NKA-113:F NKA-114:F NKA-115:F NKA-116:F NKA-117:F NKA-118:M NKA-119:M NKA-120:R
NKA-121:R NKA-122:R NKA-131:F NKA-132:MR NKA-133:R NKA-134:M NKA-141:F NKA-142:MR NKA-143:MR NKA-144:R
NKA-145:M NKA-146:G NKA-150:M NKA-151:M NKA-152:RG NKA-153:R NKA-154:MG NKA-155:R NKA-156:R NKA-164:M
NKA-166:R NKA-167:MR NKA-168:M NKA-169:R NKA-171:M NKA-172:MG NKA-173:MR NKA-174:R NKA-175:R NKA-177:M
NKA-178:M NKA-181:R NKA-182:R NKA-183:M NKA-185:F NKA-186:M NKA-187:M NKA-189:R NKA-190:R NKA-191:M NKA-192:F
NKA-194:F NKA-195:F NKA-196:F NKA-197:F NKA-198:R NKA-199:F NKA-202:R NKA-203:R NKA-204:F NKA-206:G NKA-208:R
NKA-210:F NKA-211:F NKA-212:R NKA-213:R NKA-220:S NKA-221:F NKB-02:F NKB-15:G NKB-16:G NKB-20:R NKB-21:G
NKB-22:G NKB-36:F STH-10:R STH-13:R STH-20:R STH-23:R STH-24:M STH-26:R STH-27:R
"""
# Östhammar, «Rutin för biståndsmöten».
OSTHAMMAR = """
OST-03:S OST-05:SR OST-06:R OST-07:R OST-08:S OST-09:R OST-10:R OST-11:S OST-13:S OST-14:S OST-15:MR OST-16:MR
OST-17:R OST-18:S OST-19:R OST-20:R OST-21:R OST-22:S
"""

_QUOTED, _NAMED = re.compile(r"«([^»]+)»"), re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. `bearers` are flows and files, `tests` are «file::function» or «file::Class::function»."""

    id: str
    mark: str
    says: str
    bearers: tuple[str, ...]
    tests: tuple[str, ...]
    card: str


@cache
def rows() -> tuple[Row, ...]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| [A-Z]{3}-\d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return tuple(
        Row(id=id_, mark=mark, says=says, bearers=_names(bearers), tests=_names(tests), card=card)
        for id_, mark, _section, says, bearers, tests, card in cells
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(_NAMED.findall(cell))


@cache
def functions_of(file: str) -> frozenset[str]:
    """The tests in a file of `tests`; none when there is no such file."""
    path = HOUSE / "tests" / file
    if not path.is_file():
        return frozenset()
    body = ast.parse(path.read_text(encoding="utf-8")).body
    inside = [(f"{one.name}::", part) for one in body if isinstance(one, ast.ClassDef) for part in one.body]
    return frozenset(
        f"{where}{one.name}"
        for where, one in [*inside, *(("", one) for one in body)]
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_")
    )


@cache
def words_of_the_house() -> str:
    """Everything that people may read on a card."""
    folders = ((HOUSE / "dialogs", "*.py"), (HOUSE / "rutiner", "*.toml"))
    return "\n".join(path.read_text(encoding="utf-8") for folder, kind in folders for path in folder.rglob(kind))


def test_every_rule_stands_there_once_and_in_order() -> None:
    every = re.findall(r"([A-Z]{3})-(\d+):([MRGFS]+)", RULES + OSTHAMMAR)
    expected = [(f"{house}-{number}", mark) for house, number, mark in every]
    assert len(expected) == 140 + 18
    assert [(row.id, row.mark) for row in rows()] == expected


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_rule_is_carried_or_there_is_a_reason(row: Row) -> None:
    assert len(row.says) > SHORTEST_REASON
    if not row.bearers:
        assert not row.tests and len(row.card) >= SHORTEST_REASON, "nothing carries it, so say why"
        return
    flows = load_flows()
    for name in row.bearers:
        assert name in flows or (HOUSE / name).is_file(), name
    assert row.tests, "what is carried is shown by a test"
    for name in row.tests:
        file, _, function = name.partition("::")
        assert function in functions_of(file), name
    shown = _QUOTED.findall(row.card)
    assert shown, "what people see of it"
    for words in shown:
        assert words in words_of_the_house(), words


def test_the_tests_of_a_rule_are_about_its_flows() -> None:
    """One of them names the flow, by its name or by what it is called on the start card."""
    flows = load_flows()
    for row in rows():
        told = "".join((HOUSE / "tests" / name.partition("::")[0]).read_text(encoding="utf-8") for name in row.tests)
        for name in row.bearers:
            assert name not in flows or name in told or flows[name].title in told, f"{row.id}: {name}"


def test_every_flow_carries_some_rule() -> None:
    """But a municipality's own, whose rules are not these routines'."""
    ours = {name for name, flow in load_flows().items() if not flow.source.startswith(LOCAL)}
    assert ours == {name for row in rows() for name in row.bearers} & ours
