"""A flow as a state diagram, drawn from its table."""

from cases.flow import By, Flow, Move, Say

_WHO = {
    By.SENDER: "avsändaren",
    By.RECEIVER: "mottagaren",
    By.INFORMED: "den informerade",
    By.COLLEAGUE: "en kollega",
    By.CLOCK: "klockan",
    By.CALENDAR: "kalendern",
    By.DELIVERY: "leveransen",
}


def diagram(flow: Flow) -> str:
    """The flow's states in Mermaid, and the moves that lead from one to another. Those that stay stand in `staying`."""
    lines = [f"    {state} : {words}\n" for state, words in flow.states.items() if _is_used(flow, state)]
    ways: dict[tuple[str, str], list[str]] = {}
    for (state, signal), moves in flow.moves.items():
        for move in moves:
            if move.to != state and signal != "undeliverable":
                ways.setdefault((state or "[*]", move.to), []).append(_label(signal, move))
    lines += [f"    {begin} --> {end} : {' · '.join(dict.fromkeys(said))}\n" for (begin, end), said in ways.items()]
    lines += [f"    {state} --> [*]\n" for state in flow.states if state in flow.last and _is_used(flow, state)]
    return "stateDiagram-v2\n" + "".join(lines)


def staying(flow: Flow) -> dict[str, list[str]]:
    """What people can do in each state that leaves the thread there: receipts, changes, other hands."""
    found: dict[str, list[str]] = {}
    for (state, signal), moves in flow.moves.items():
        said = [_label(signal, move) for move in moves if move.to == state and move.label]
        found.setdefault(state, []).extend(said)
    return {state: list(dict.fromkeys(said)) for state, said in found.items() if said}


def _is_used(flow: Flow, state: str) -> bool:
    return any(move.to == state for moves in flow.moves.values() for move in moves)


def _label(signal: str, move: Move) -> str:
    who = "/".join(_WHO[one] for one in sorted(move.by))
    told = ", ".join(dict.fromkeys(action.to.value for action in move.then if isinstance(action, Say)))
    return f"{move.label or signal} ({who})" + (f" → {told}" if told else "")
