"""Laying profile files on top of each other, remembering which file each value came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The merged tables, and the file that each key was last set in."""

    values: Mapping[str, Any]
    origin: Mapping[Path, str]


def merge(files: Iterable[tuple[str, Mapping[str, Any]]]) -> Merged:
    """Merge (file name, tables), the most general first."""
    values: dict[str, Any] = {}
    origin: dict[Path, str] = {}
    for file, tables in files:
        _lay(values, tables, (), origin, file)
    return Merged(values=values, origin=origin)


def _lay(under: dict[str, Any], over: Mapping[str, Any], path: Path, origin: dict[Path, str], file: str) -> None:
    for key, value in over.items():
        here = (*path, key)
        origin[here] = file
        if isinstance(value, dict):
            if not isinstance(under.get(key), dict):
                under[key] = {}
            _lay(under[key], value, here, origin, file)
        elif _is_ladder(here, value):
            under[key] = _by_step(under.get(key), value, here, origin, file)
        else:
            under[key] = value


def _is_ladder(path: Path, value: object) -> bool:
    in_rules = len(path) == 3 and path[0] == "rules" and path[2] == "prompts"
    return in_rules and isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _by_step(under: object, over: list[dict[str, Any]], path: Path, origin: dict[Path, str], file: str) -> list[Any]:
    """Prompts with the same step are replaced whole, in their place; new ones come last."""
    found = [one for one in under if isinstance(one, dict)] if isinstance(under, list) else []
    places = {one["step"]: place for place, one in enumerate(found) if isinstance(one.get("step"), str)}
    for one in over:
        step = one.get("step")
        origin[(*path, str(step))] = file
        # A step told twice in one file is kept twice, so that the reader can complain of it.
        place = places.pop(step, None) if isinstance(step, str) else None
        if place is None:
            found.append(one)
        else:
            found[place] = one
    return found
