"""How each flow is led to each of its states: a file here for a group of flows.

A file has `PATHS` (flow → state → steps) and `SENDERS` (flow → who sends it), and where they are needed `CASES`
(flow → another case than NK-2041), `ANSWERS` (flow → answers that differ from the likely ones) and `STAGED` (flow →
function of the town, called before anything else). A step is «who signal», «until TIME» for what the clock does, or
«open» for a new thread. `sender` is whoever sends the flow. `REPLY` and `GIVEN_BACK` are what flows with the common
moves have in common, after whatever sends them.
"""

REPLY = {
    "escalated": ["until 2026-11-24 09:00"],
    "taken": ["anna take"],
    "answered": ["anna answer"],
    "withdrawn": ["sender withdraw"],
    "misdirected": ["anna misdirected"],
}


def replied(sent: list[str]) -> dict[str, list[str]]:
    """The states that follow on sending, for a flow whose receiver is Anna and answers as all do."""
    return {state: [*sent, *steps] for state, steps in REPLY.items()}
