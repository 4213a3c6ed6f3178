"""Each flow as a state diagram and a list of questions, written from its table: the page cannot disagree with it."""

from collections.abc import Mapping

from cases.flow import Arm, By, Flow, Move, Say

_WHO = {
    By.SENDER: "avsändaren",
    By.RECEIVER: "mottagaren",
    By.INFORMED: "nästa i tur",
    By.CLOCK: "klockan",
    By.DELIVERY: "leveransen",
}


def page(flows: Mapping[str, Flow]) -> str:
    """The whole page, in Swedish markdown with Mermaid diagrams."""
    head = "# Flödena\n\nSidan skrivs av `stafett diagrams` ur flödenas egna tabeller. Ändra flödet, inte sidan.\n"
    return head + "".join(_flow(flow) for flow in flows.values())


def _flow(flow: Flow) -> str:
    questions = "".join(
        f"- {item.label}{' (känsligt, står aldrig i en avisering)' if item.sensitive else ''}\n" for item in flow.form
    )
    rules = sorted(
        {
            f"`{action.rule}`"
            for moves in flow.moves.values()
            for move in moves
            for action in move.then
            if isinstance(action, Arm)
        }
    )
    return (
        f"\n## {flow.title}\n\n`{flow.name}` · {flow.source}\n\n{flow.intro}\n\n**Frågor**\n\n{questions}\n"
        f"**Frister:** {', '.join(rules)}\n\n```mermaid\nstateDiagram-v2\n{_diagram(flow)}```\n"
    )


def _diagram(flow: Flow) -> str:
    lines = [f"    {state} : {words}\n" for state, words in flow.states.items() if _is_used(flow, state)]
    for (state, signal), moves in flow.moves.items():
        if signal == "undeliverable":  # the same in every open state; it would hide the rest
            continue
        lines += [f"    {state or '[*]'} --> {move.to} : {_label(signal, move)}\n" for move in moves]
    lines += [f"    {state} --> [*]\n" for state in flow.states if state in flow.last and _is_used(flow, state)]
    return "".join(dict.fromkeys(lines))


def _is_used(flow: Flow, state: str) -> bool:
    return any(move.to == state for moves in flow.moves.values() for move in moves)


def _label(signal: str, move: Move) -> str:
    who = "/".join(_WHO[one] for one in sorted(move.by))
    told = ", ".join(dict.fromkeys(action.to.value for action in move.then if isinstance(action, Say)))
    return f"{move.label or signal} ({who})" + (f" → {told}" if told else "")
