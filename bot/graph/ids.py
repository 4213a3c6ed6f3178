"""What the directory calls people and groups: anything else in an answer is no id, and is kept nowhere."""

import re

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def directory_id(told: object) -> str:
    """The id in small letters, or nothing where it is none."""
    return told.lower() if isinstance(told, str) and _ID.fullmatch(told) else ""
