"""Reading a card as a person does: its words, its buttons, and what its questions hold."""

from typing import Any


def words_of(node: Any) -> str:
    """Every word a card shows, and none of its plumbing."""
    if isinstance(node, list):
        return " ".join(filter(None, (words_of(item) for item in node)))
    if not isinstance(node, dict):
        return ""
    own = [str(node[key]) for key in ("text", "title", "label", "placeholder") if key in node]
    if node.get("type", "").startswith("Input.") and node.get("value"):
        own.append(str(node["value"]))
    return " ".join(
        own
        + [words_of(node[key]) for key in ("body", "items", "inlines", "actions", "choices", "columns") if key in node]
    ).strip()


def actions_of(node: Any) -> list[dict[str, Any]]:
    """Every button of a card."""
    if isinstance(node, list):
        return [action for item in node for action in actions_of(item)]
    if not isinstance(node, dict):
        return []
    own = [node] if node.get("type", "").startswith("Action.") else []
    return own + [action for key in ("body", "items", "actions") for action in actions_of(node.get(key))]


def inputs_of(card: Any) -> dict[str, str]:
    """What the card's questions hold before anybody types."""
    found: dict[str, str] = {}
    nodes = [card]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            if node.get("type", "").startswith("Input."):
                found[node["id"]] = node.get("value", "")
            nodes += [node[key] for key in ("body", "items") if key in node]
    return found
