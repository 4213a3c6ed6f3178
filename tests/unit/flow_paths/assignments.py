"""Assignments, changes in decisions, and changed needs that can wait."""

from typing import Any

from flow_paths import replied

_ORDINARY = {"draft": [], "sent": ["sender send"], "discarded": ["sender withdraw"]} | replied(["sender send"])
_TO_HOME_CARE = {
    state: [step.replace("anna ", "olle ") for step in steps] for state, steps in _ORDINARY.items()
}  # fmt: skip
# Until the afternoon a receipt is waited for; then it is to be phoned.
_ASKED = ["sender send", "until 2026-11-16 14:30"]

SENDERS = {
    "changed_need": "karim",
    "client_contact": "karim",
    "time_deviation": "karim",
    "unclear_assignment": "karim",
    "decision_change_notice": "anna",
    "assignment_notice": "anna",
}
CASES = {"decision_change_notice": "NK-2077", "assignment_notice": "NK-2077"}
ANSWERS: dict[str, dict[str, Any]] = {
    "assignment_notice": {"execute_on": "2026-11-17", "phone_answered_by": "Olle Dahl"},
    "decision_change_notice": {"effective_date": "2026-11-20"},
}
PATHS = {
    "changed_need": _ORDINARY,
    "client_contact": _ORDINARY,
    "time_deviation": _ORDINARY,
    "unclear_assignment": _ORDINARY,
    "decision_change_notice": _TO_HOME_CARE,
    "assignment_notice": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "sent": ["sender send"],
        "received": ["sender send", "olle received"],
        "to_phone": _ASKED,
        "phoned": [*_ASKED, "sender phoned"],
        "misdirected": ["sender send", "olle misdirected"],
        "withdrawn": ["sender send", "sender withdraw"],
    },
}
