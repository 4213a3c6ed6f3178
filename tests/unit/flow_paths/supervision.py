"""Supervision every week in Katrineholm, and what comes of it. The meeting is on Friday 18 December 2026 at ten."""

from supervised import move_to_katrineholm

_CALLED = ["sender send"]
_BEGUN = [*_CALLED, "until 2026-12-18 10:00"]
_HELD = [*_BEGUN, "sender hold"]
SENDERS = {
    "supervision_series": "maria", "supervision_meeting": "maria", "supervision_change": "sara",
    "supervision_plan": "maria", "supervision_claim": "maria",
}  # fmt: skip
STAGED = dict.fromkeys(SENDERS, move_to_katrineholm)
PATHS = {
    "supervision_series": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "running": _CALLED,
        "ended": [*_CALLED, "until 2026-12-19 07:00"],
        "withdrawn": [*_CALLED, "sender withdraw"],
    },
    "supervision_meeting": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "gathering": [*_CALLED, "disa add"],
        "held": _HELD,
        "done": [*_HELD, "sara documented"],
        "not_held": [*_BEGUN, "ida not_held"],
        "called_off": [*_CALLED, "sender call_off"],
    },
    "supervision_change": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "sent": _CALLED,
        "misdirected": [*_CALLED, "anna misdirected"],
        "answered": [*_CALLED, "anna answer"],
        "withdrawn": [*_CALLED, "sender withdraw"],
    },
    "supervision_plan": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "sent": _CALLED,
        "misdirected": [*_CALLED, "fia misdirected"],
        "updated": [*_CALLED, "fia updated"],
        "withdrawn": [*_CALLED, "sender withdraw"],
    },
    "supervision_claim": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "to_claim": _CALLED,
        "claimed": [*_CALLED, "sender claim"],
        "not_claimed": [*_CALLED, "sender waive"],
    },
}
