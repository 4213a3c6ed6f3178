"""Ends and pauses, a death, wrong dates, and what has not been started."""

from typing import Any

_SENT = ["sender send"]
_BEGUN = {"draft": [], "discarded": ["sender withdraw"], "withdrawn": [*_SENT, "sender withdraw"]}
_BACK = {"misdirected": [*_SENT, "anna misdirected"]}
_LATE = [*_SENT, "anna confirm", "anna register"]
_CONFIRMED = {
    "sent": _SENT,
    "taken": [*_SENT, "anna take"],
    "confirmed": [*_SENT, "anna confirm"],
    "kept": [*_SENT, "anna keep"],
}
_CORRECTED = [*_SENT, "sender corrected"]
_REMOVING = [*_SENT, "sender never_performed"]

SENDERS = {
    "service_ended": "karim",
    "service_paused": "karim",
    "death_notice": "sara",
    "wrong_start_date": "karim",
    "not_started_report": "karim",
}
# What ended in October was to be registered by 4 November.
ANSWERS: dict[str, dict[str, Any]] = {
    "service_ended": {"last_performed_date": "2026-10-20"},
    "service_paused": {"from_date": "2026-10-20"},
    "death_notice": {"date_of_death": "2026-10-31", "in_time": "no"},
    "wrong_start_date": {
        "registered_start": "2026-11-02", "right_start": "2026-11-09", "registered_on": "2026-12-07",
    },
}  # fmt: skip
PATHS = {
    "service_ended": _BEGUN | _BACK | _CONFIRMED | {"billing_assessor": _LATE, "registered": [*_LATE, "anna billed"]},
    "service_paused": _BEGUN
    | _BACK
    | _CONFIRMED
    | {
        "billing_provider": _LATE,
        "billing_assessor": [*_LATE, "sender other_side"],
        "registered": [*_LATE, "sender billed"],
    },
    "death_notice": _BEGUN
    | _BACK
    | {
        "sent": _SENT,
        "received": [*_SENT, "anna read"],
        "billing_assessor": [*_SENT, "anna read", "anna registered"],
        "registered": [*_SENT, "anna read", "anna registered", "anna billed"],
    },
    "wrong_start_date": _BEGUN
    | {
        "correcting": _SENT,
        "assessor_corrects": [*_SENT, "until 2026-12-04 07:00"],
        "removing": _REMOVING,
        "misdirected": [*_REMOVING, "anna misdirected"],
        "billing_provider": _CORRECTED,
        "billing_assessor": [*_CORRECTED, "sender other_side"],
        "registered": [*_CORRECTED, "sender billed"],
    },
    "not_started_report": _BEGUN
    | _BACK
    | {
        "sent": _SENT,
        "asked": [*_SENT, "anna ask"],
        "to_start": [*_SENT, "anna start"],
        "decided": [*_SENT, "anna decide"],
        "started": [*_SENT, "sender started"],
    },
}
