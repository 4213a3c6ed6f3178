"""What cannot wait, by day."""

from flow_paths import replied

SENDERS = {"urgent_lasting": "sara", "urgent_limited": "sara"}
_DAY4 = ["sender send", "until 2026-11-19 07:00"]
PATHS = {
    "urgent_lasting": {"draft": [], "sent": ["sender send"], "discarded": ["sender withdraw"]}
    | replied(["sender send"]),
    "urgent_limited": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "within_three_days": ["sender send"],
        "need_ended": ["sender send", "sender ended"],
        "day_four_due": _DAY4,
        "notified": [*_DAY4, "sender remains"],
    }
    | replied([*_DAY4, "sender remains"]),
}
