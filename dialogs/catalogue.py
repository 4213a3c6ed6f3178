"""Finding the flows: every file of a folder that holds a `FLOW`."""

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

from cases.flow import Flow

HERE = Path(__file__).parent / "flows"


class FlowError(Exception):
    """A flow file contradicts itself. The message names the file and what is wrong."""


def load_flows(folders: Iterable[Path] = (HERE,)) -> dict[str, Flow]:
    """The flows of these folders by name, in the order they are offered.

    Raises: FlowError.
    """
    found: dict[str, Flow] = {}
    for folder in folders:
        for path in sorted(folder.glob("[!_]*.py")):
            flow = _load(path)
            if flow.name in found:
                raise FlowError(f"{path.name}: flödet {flow.name} finns redan")
            _check(flow, path.name)
            found[flow.name] = flow
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _load(path: Path) -> Flow:
    name = f"dialogs.flows.{path.stem}"
    module = sys.modules.get(name)
    if module is None or path.parent != HERE:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise FlowError(f"{path.name}: kan inte läsas")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    flow = getattr(module, "FLOW", None)
    if not isinstance(flow, Flow):
        raise FlowError(f"{path.name}: filen saknar FLOW")
    return flow


def _check(flow: Flow, file: str) -> None:
    """Every state a move leads to is named, every state but the last ones leads somewhere, and the start exists."""
    targets = {move.to for alternatives in flow.moves.values() for move in alternatives}
    unnamed = targets - set(flow.states)
    if unnamed:
        raise FlowError(f"{file}: läget {', '.join(sorted(unnamed))} saknar ord i states")
    if ("", "open") not in flow.moves:
        raise FlowError(f'{file}: tabellen saknar ("", "open")')
    stuck = {state for state in targets - flow.last if not any(origin == state for origin, _ in flow.moves)}
    if stuck:
        raise FlowError(f"{file}: läget {', '.join(sorted(stuck))} leder ingenstans")
    onward = {state for state, signal in flow.moves if state in flow.last and signal != "undeliverable"}
    if onward:
        raise FlowError(f"{file}: sluttillståndet {', '.join(sorted(onward))} har moves")
