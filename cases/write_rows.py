"""Which columns of the record a change may touch, and what takes them out of a snapshot."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

THREAD_FACTS = ("state", "version", "marks", "due_step", "due_soft", "due_hard", "closed_at")
PARTY_FACTS = (
    "side", "role", "unit_id", "person_id", "because", "read_at", "read_by", "taken_at", "taken_by",
)  # fmt: skip
ARMED_FACTS = (
    "rung", "said", "said_at", "due_at", "original_due_at", "soft_at", "hard_at", "status", "profile_print", "fault",
)  # fmt: skip
NEW_ARMED_FACTS = ("step", "round", "rule", "basis", "armed_at", *ARMED_FACTS)


def _facts(names: Sequence[str]) -> Callable[[object], dict[str, Any]]:
    """What takes these out of a snapshot, by name: a single look at all of them."""
    read = attrgetter(*names)
    return lambda of: dict(zip(names, read(of), strict=True))


thread_facts, party_facts = _facts(THREAD_FACTS), _facts(PARTY_FACTS)
armed_facts, new_armed_facts = _facts(ARMED_FACTS), _facts(NEW_ARMED_FACTS)
