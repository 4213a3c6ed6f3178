"""The biståndsmöte and what comes of it, in Östhammar. The meeting is on Friday 18 December 2026 at ten."""

from osthammar_town import move_to_osthammar

_CALLED = ["sender send"]
_LISTED = [*_CALLED, "sender send_list"]
_BEGUN = [*_LISTED, "until 2026-12-18 10:00"]
_OPEN = ["sender send"]
SENDERS = {"assistance_meeting": "anna", "meeting_adjustment": "anna"}
STAGED = {"assistance_meeting": move_to_osthammar, "meeting_adjustment": move_to_osthammar}
ANSWERS = {
    "assistance_meeting": {
        "receiving_unit": "HT-NORR", "cases": "NK-2041,NK-2042", "added": "NK-2090",
        "outcomes": "NK-2041:adjust,NK-2042:no_action",
    },
}  # fmt: skip
PATHS = {
    "assistance_meeting": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "planned": _CALLED,
        "listed": _LISTED,
        "ready": [*_LISTED, "maria nothing", "disa nothing", "ylva nothing", "ivar add"],
        "begun": _BEGUN,
        "held": [*_BEGUN, "sender outcomes"],
        "documented": [*_BEGUN, "sender outcomes", "maria documented"],
        "done": [*_BEGUN, "sender outcomes", "until 2026-12-21 09:00", "maria documented"],
        "called_off": [*_LISTED, "sender call_off"],
    },
    "meeting_adjustment": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "open": _OPEN,
        "misdirected": [*_OPEN, "maria misdirected"],
        "adjusted": [*_OPEN, "sender adjusted"],
        "unchanged": [*_OPEN, "sender unchanged"],
        "lapsed": [*_OPEN, "until 2026-11-30 09:00"],
        "done": [*_OPEN, "sender adjusted", "maria planned"],
        "stands": [*_OPEN, "sender unchanged", "maria noted"],
        "withdrawn": [*_OPEN, "sender withdraw"],
    },
}
