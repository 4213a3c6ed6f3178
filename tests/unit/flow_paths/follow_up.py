"""Before a follow-up, and the follow-up itself."""

SENDERS = {"pre_followup_report": "anna", "follow_up": "anna"}
_SENT = ["sender send"]
_PLANNED = [*_SENT, "sender plan"]
_BEGUN = [*_SENT, "until 2026-12-18 10:00"]
PATHS = {
    "pre_followup_report": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "sent": _SENT,
        "started": [*_SENT, "karim take"],
        "unanswered_at_start": _BEGUN,
        "answered": [*_SENT, "karim answer"],
        "replaced_by_contact": [*_SENT, "karim contact"],
        "misdirected": [*_SENT, "karim misdirected"],
        "decided": [*_SENT, "karim answer", "sender decide"],
        "without_report": [*_SENT, "sender without"],
        "withdrawn": [*_SENT, "sender withdraw"],
    },
    "follow_up": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "to_plan": _SENT,
        "planned": _PLANNED,
        "held": [*_SENT, "sender hold"],
        "done": [*_PLANNED, "sender hold", "sender register"],
        "withdrawn": [*_SENT, "sender withdraw"],
    },
}
