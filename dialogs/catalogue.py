"""Finding the flows: every file of a folder that holds a `FLOW`."""

import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path

from cases.flow import GROUPS, Flow, Open, OpenEach, Relay
from dialogs.flow_check import check_flows

HERE = Path(__file__).parent / "flows"
WATCH = Path(__file__).parent / "watch"  # what Stafett sends by itself to see that it works; no routine knows it

# What may be done with a thread that has ended.
_AFTERWARDS = frozenset({"undeliverable", "reopen"})


class FlowError(Exception):
    """A flow file contradicts itself. The message names the file, the place and what is wrong, a line for each."""


def load_flows(folders: Iterable[Path] = (HERE,)) -> dict[str, Flow]:
    """The flows of these folders by name, in the order they are offered.

    Raises: FlowError.
    """
    found: dict[str, Flow] = {}
    files: dict[str, Flow] = {}
    for folder in folders:
        for path in sorted(folder.glob("[!_]*.py")):
            flow = _load(path)
            if flow.name in found:
                raise FlowError(f"{path.name}: flödet {flow.name} finns redan")
            _check(flow, path.name)
            found[flow.name] = files[path.name] = flow
    _check_openings(found)
    faults = check_flows(files)
    if faults:
        raise FlowError("\n".join(faults))
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _load(path: Path) -> Flow:
    name = f"dialogs.flows.{path.stem}"
    module = sys.modules.get(name)
    if module is None or path.parent != HERE:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise FlowError(f"{path.name}: kan inte läsas")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise FlowError(f"{path.name}{_line_of(error, path)}: {error}") from error
        sys.modules[name] = module
    flow = getattr(module, "FLOW", None)
    if not isinstance(flow, Flow):
        raise FlowError(f"{path.name}: filen saknar FLOW")
    return flow


def _line_of(error: Exception, path: Path) -> str:
    """Where in the file it went wrong, such as « rad 12»."""
    if isinstance(error, SyntaxError):
        return f" rad {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f" rad {lines[-1]}" if lines else ""


def _check_openings(flows: Mapping[str, Flow]) -> None:
    """A related thread is of a flow that there is, and is given answers to questions that it asks."""
    for flow in flows.values():
        actions = [action for moves in flow.moves.values() for move in moves for action in move.then]
        instead = [action.otherwise for action in actions if isinstance(action, Relay)]
        for action in (*actions, *instead):
            if not isinstance(action, Open | OpenEach | Relay):
                continue
            there = flows.get(action.flow)
            if there is None:
                raise FlowError(f"{flow.name}.py: flödet {action.flow} finns inte")
            unasked = set(action.copy) - {item.name for item in there.fields()}
            if unasked:
                raise FlowError(f"{flow.name}.py: {action.flow} frågar inte efter {', '.join(sorted(unasked))}")


def _check(flow: Flow, file: str) -> None:
    """Every state a move leads to is named, every state but the last ones leads somewhere, and the start exists."""
    if flow.group not in GROUPS:
        raise FlowError(f"{file}: gruppen {flow.group} finns inte; de som finns är {', '.join(GROUPS)}")
    targets = {move.to for alternatives in flow.moves.values() for move in alternatives}
    unnamed = targets - set(flow.states)
    if unnamed:
        raise FlowError(f"{file}: läget {', '.join(sorted(unnamed))} saknar ord i states")
    if ("", "open") not in flow.moves:
        raise FlowError(f'{file}: tabellen saknar ("", "open")')
    stuck = {state for state in targets - flow.last if not any(origin == state for origin, _ in flow.moves)}
    if stuck:
        raise FlowError(f"{file}: läget {', '.join(sorted(stuck))} leder ingenstans")
    onward = {state for state, signal in flow.moves if state in flow.last and signal not in _AFTERWARDS}
    if onward:
        raise FlowError(f"{file}: sluttillståndet {', '.join(sorted(onward))} har moves")
