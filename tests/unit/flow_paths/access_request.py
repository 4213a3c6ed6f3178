"""A request for access: Sara asks to be planner in her own unit, and her manager approves it."""

SENDERS = {"access_request": "sara"}
ANSWERS = {
    "access_request": {
        "access_for": "1", "access_unit": "HT-NORR", "access_role": "planner", "access_until": "2026-12-31",
    }
}  # fmt: skip
_SENT = ["sender send"]
PATHS = {
    "access_request": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "requested": _SENT,
        "granted": [*_SENT, "maria approve"],
        "declined": [*_SENT, "maria decline"],
        "withdrawn": [*_SENT, "sender withdraw"],
        "lapsed": [*_SENT, "until 2026-12-02 09:00"],
        "ended": [*_SENT, "maria approve", "maria end_access"],
    }
}
