"""Who works here: the little municipality of the stories, with so many cases that no two messages share one."""

from dataclasses import dataclass
from random import Random

from people import PEOPLE, UNITS, settle
from sqlalchemy import Connection, insert

from cases import tables as t

CASES = 4000
PROVIDERS = ("HT-NORR", "HT-SODER")
ASSESSORS = ("anna", "johan")
UNKNOWN_SHARE = 0.04  # of the references are not in the register
NAMES = {key: name for key, name, *_ in PEOPLE}
NUMBERS = {key: number for number, (key, *_) in enumerate(PEOPLE, start=1)}
UNIT_OF = {key: unit for key, _, _, _, unit in PEOPLE}


def furnish(tx: Connection) -> None:
    """Put everybody and every case in the record."""
    settle(tx)
    numbers = [
        {
            "case_ref": ref(number), "unit_id": PROVIDERS[number % 2],
            "responsible_id": NUMBERS[ASSESSORS[number // 2 % 2]] if number % 17 else None,
        }
        for number in range(CASES)
    ]  # fmt: skip
    tx.execute(insert(t.care_case), numbers)


def ref(number: int) -> str:
    return f"KN-{10_000 + number}"


@dataclass(kw_only=True)
class Cases:
    """Hands out case references, each once, so that a card tells which message it is about."""

    rng: Random
    used: int = 0

    def fresh(self) -> str:
        self.used += 1
        if self.rng.random() < UNKNOWN_SHARE:
            return f"XX-{10_000 + self.used}"
        return ref(self.used % CASES) if self.used < CASES else f"XX-{10_000 + self.used}"


__all__ = ["NAMES", "NUMBERS", "PEOPLE", "UNITS", "UNIT_OF", "Cases", "furnish"]
