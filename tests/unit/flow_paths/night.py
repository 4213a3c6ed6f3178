"""What the jour does, and somebody new by day. The night before Monday 16 November 2026."""

from datetime import UTC

from people import on_call
from town import Town, instant


def _nils_is_on_call(town: Town) -> None:
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-13 17:00"), instant("2026-11-26 07:00"))
    )


_AT_NIGHT = instant("2026-11-16 02:00").astimezone(UTC).isoformat()
_SENT = ["sender send"]
_KNOWN = {
    "to_phone": ["anna decide"],
    "order_due": ["anna decide", "anna phoned"],
    "decided": ["anna decide", "anna phoned", "anna order_sent"],
    "assessing": ["anna decide", "anna phoned", "anna order_sent", "anna reopen"],
}
SENDERS = {"on_call_grant": "nils", "on_call_extended_help": "nils", "urgent_new_case": "karim"}
STAGED = {"on_call_grant": _nils_is_on_call, "on_call_extended_help": _nils_is_on_call}
ANSWERS = {
    "on_call_grant": {"granted_at": _AT_NIGHT, "help_start": "2026-11-16", "phone_answered_by": "gruppledare"},
    "on_call_extended_help": {"extra_help_start": _AT_NIGHT},
    "urgent_new_case": {"phone_answered_by": "gruppledare"},
}
PATHS = {
    "on_call_grant": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "valid": _SENT,
        "withdrawn": [*_SENT, "sender withdraw"],
        "accepted": [*_SENT, "anna take"],
        "responsibility_transferred": [*_SENT, "until 2026-11-16 12:00"],
        "with_assessor": [*_SENT, "anna take", "until 2026-11-16 12:00"],
    }
    | {state: [*_SENT, *steps] for state, steps in _KNOWN.items()},
    "on_call_extended_help": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "with_unit": _SENT,
        "not_relayed": [*_SENT, "until 2026-11-16 13:00"],
        "relayed": [*_SENT, "karim relay"],
        "need_ended": [*_SENT, "karim ended"],
        "withdrawn": [*_SENT, "sender withdraw"],
    },
    "urgent_new_case": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "sent": _SENT,
        "escalated": [*_SENT, "until 2026-11-16 09:20"],
        "taken": [*_SENT, "anna take"],
        "misdirected": [*_SENT, "anna misdirected"],
        "withdrawn": [*_SENT, "sender withdraw"],
    }
    | {state: [*_SENT, *steps] for state, steps in _KNOWN.items()},
}
