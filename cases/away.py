"""Who is away, as a transaction reads it. Presence is never asked for: it says nothing of absence (Norrköping 1.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from cases import tables_absence as t

AUTOSVAR, CALENDAR, ROSTER = "autosvar", "calendar", "roster"
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A period in UTC; the end is exclusive, None until further notice."""

    starts_at: datetime
    ends_at: datetime | None
    source: str

    def covers(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Absences:
    """Everybody's absence at one version of the roster. `asked` are those that a source is asked about, `unknown` those
    of them that it has not answered about lately."""

    periods: Mapping[int, tuple[Absence, ...]] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()

    def of(self, person_id: int, now: datetime) -> Absence | None:
        """The absence that lasts now (care time), the longest of several; None when none is known."""
        lasting = [one for one in self.periods.get(person_id, ()) if one.covers(now)]
        return max(lasting, key=lambda one: one.ends_at or _ALWAYS, default=None)

    def is_away(self, person_id: int, now: datetime) -> bool:
        return self.of(person_id, now) is not None

    def is_known(self, person_id: int, now: datetime) -> bool:
        """Whether a source has told whether they are away now."""
        return self.is_away(person_id, now) or (person_id in self.asked and person_id not in self.unknown)

    def may_be_missed(self, person_id: int, now: datetime) -> bool:
        """Whether what is urgent should not wait for this person alone: they are away, or the source that should know
        does not answer. Of whom no source is asked about this says nothing."""
        return self.is_away(person_id, now) or person_id in self.unknown


def read(tx: Connection) -> Absences:
    """Every period, and who is asked about."""
    periods: dict[int, tuple[Absence, ...]] = {}
    row = t.absence.c
    for who, starts_at, ends_at, source in tx.execute(
        select(row.person_id, row.starts_at, row.ends_at, row.source).order_by(row.starts_at, row.id)
    ):
        periods[who] = (*periods.get(who, ()), Absence(starts_at=starts_at, ends_at=ends_at, source=source))
    checks = tx.execute(select(t.absence_check.c.person_id, t.absence_check.c.known)).all()
    return Absences(
        periods=periods,
        asked=frozenset(one.person_id for one in checks),
        unknown=frozenset(one.person_id for one in checks if not one.known),
    )
