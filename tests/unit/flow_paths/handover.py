"""What hemgångsteamet hands over."""

SENDERS = {"handover_simplified": "lena", "handover_ordinary": "lena"}
_HANDOVER = {
    "planned": [],
    "notified": ["sender send"],
    "received": ["sender send", "anna read", "olle read"],
    "completed": ["sender send", "anna complete"],
    "cancelled": ["sender send", "sender withdraw"],
    "misdirected": ["sender send", "anna misdirected"],
    "discarded": ["sender withdraw"],
    "short_notice": ["until 2026-12-17 18:00", "open", "sender send"],
}
PATHS = {
    "handover_simplified": {
        state: [step for step in steps if step != "olle read"] for state, steps in _HANDOVER.items()
    },
    "handover_ordinary": _HANDOVER,
}
