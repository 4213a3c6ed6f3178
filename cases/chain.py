"""How rows of the account hang together: each carries the hash of the one before it in its chain.

Chains are short and many, one for each thread and one for each person outside threads, so that nobody waits for
anybody else's. What is written here is the form of every hash there is: it can be added to, and never changed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from json import JSONEncoder
from json.encoder import encode_basestring_ascii
from typing import Any

START = "0" * 64  # stands before the first row of a chain, and before the first anchor

# What a row's hash is of, in this order.
FIELDS = (
    "chain", "seq", "at", "person_id", "role", "unit_id", "action", "thread_id", "case_ref", "flow", "channel",
    "signal", "outcome", "reason", "about_id", "prev",
)  # fmt: skip

_encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode
_quoted: Callable[[str], str] = encode_basestring_ascii

Head = tuple[str, int, str]  # chain, seq, hash


def chain_of(thread_id: int | None, person_id: int | None, action: str) -> str:
    """The chain that a row belongs to."""
    if thread_id is not None:
        return f"t:{thread_id}"
    return f"p:{person_id}" if person_id is not None else action


def digest(row: Mapping[str, Any]) -> str:
    """The hash of a row of the account: SHA-256 of its fields as a JSON list, its time in UTC."""
    at, person, thread, about = row["at"], row["person_id"], row["thread_id"], row["about_id"]
    when = (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ", "microseconds")
    text = (  # written by hand: it stands in every press, and this costs a third of what an encoder does
        f'[{_quoted(row["chain"])},{row["seq"]},"{when}",{"null" if person is None else person},{_quoted(row["role"])},'
        f"{_quoted(row['unit_id'])},{_quoted(row['action'])},{'null' if thread is None else thread},"
        f"{_quoted(row['case_ref'])},{_quoted(row['flow'])},{_quoted(row['channel'])},{_quoted(row['signal'])},"
        f'{_quoted(row["outcome"])},{_quoted(row["reason"])},{"null" if about is None else about},"{row["prev"]}"]'
    )
    return sha256(text.encode()).hexdigest()


def digest_of_heads(facts: Iterable[Any], heads: Iterable[Head]) -> str:
    """The hash of an anchor, or of a cut: its own facts, then its heads sorted by chain and number, a line for each."""
    found = sha256(_encode(list(facts)).encode())
    for head in sorted(heads):
        found.update(b"\n" + _encode(list(head)).encode())
    return found.hexdigest()


def instant(at: datetime) -> str:
    """A time as it stands in what is hashed: UTC, to the microsecond."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(" ", "microseconds")
