"""What the spellings of one case reference have in common, and which of them a table has.

It is worked out here and nowhere else: the databases fold letters and signs each in their own way.
"""

from collections.abc import Collection
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Connection, select

_LONGEST = 40  # signs, as the columns of keys hold; one sign may stand for several


def key_of(case_ref: str) -> str:
    """What two spellings of one case reference have in common: letters and digits, in capitals and of usual width."""
    folded = case_ref if case_ref.isascii() else normalize("NFKC", normalize("NFKC", case_ref).casefold())
    return "".join(sign for sign in folded.upper() if sign.isalnum())[:_LONGEST]


def spellings(tx: Connection, column: ColumnElement[Any], keys: Collection[str]) -> list[str]:
    """How a column of references spells these cases (`key_of`). It is read through: what asks is rare."""
    if not keys:
        return []
    return sorted(ref for ref in tx.scalars(select(column).distinct()) if key_of(ref) in keys)
