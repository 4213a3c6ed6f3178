"""Questions about one person's case."""

from flow_paths import replied

SENDERS = {"question": "karim"}
PATHS = {
    "question": {"draft": [], "sent": ["sender send"], "discarded": ["sender withdraw"]} | replied(["sender send"]),
}
