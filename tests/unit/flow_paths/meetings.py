"""The meetings that the assessors call: of a follow-up, of samverkansledningen, and for information."""

SENDERS = {"follow_up_meeting": "anna", "collaboration_meeting": "eva", "information_meeting": "eva"}
_SENT = ["sender send"]
_BEGUN = [*_SENT, "until 2026-12-18 10:00"]
# What the meeting is about is for those who are called to read, and the questions are about no person.
ANSWERS = {
    "follow_up_meeting": {"takes_part": "no"},
    "information_meeting": {"points": "Ersättningsmodellen"},
}
PATHS = {
    "follow_up_meeting": {
        "draft": [],
        "discarded": ["until 2026-12-18 10:00"],
        "booked": _SENT,
        "held": [*_SENT, "until 2026-12-21 09:00"],
        "invited": [*_SENT, "sender also"],
        "called_off": [*_SENT, "sender call_off"],
    },
    "collaboration_meeting": {
        "draft": [],
        "discarded": ["until 2026-12-18 10:00"],
        "invited": _SENT,
        "begun": _BEGUN,
        "held": [*_BEGUN, "sender held"],
        "not_held": [*_BEGUN, "sender missed"],
        "called_off": [*_SENT, "sender call_off"],
    },
    "information_meeting": {
        "draft": [],
        "discarded": ["until 2026-12-18 10:00"],
        "invited": _SENT,
        "begun": _BEGUN,
        "held": [*_BEGUN, "sender held"],
        "published": [*_BEGUN, "sender held", "sender publish"],
        "called_off": [*_SENT, "sender call_off"],
    },
}
