"""What supervision opens by itself: each week's meeting ahead of time, and the month's claim when the month is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2s
from typing import Any, Protocol

from sqlalchemy import Connection

from cases import load
from cases.meeting_kinds import kinds
from cases.record import Opening, Record, Scene
from cases.series_answers import OPENED, opened_day, weeks_of
from cases.series_rows import join, running
from cases.supervisions import Held, held_in
from cases.thread import CLOCK, Signal, ThreadNow
from dialogs.supervision import CLAIM, KIND, MANAGERS
from reminders.errors import RuleNotInProfile
from reminders.localtime import Month, at, to_local
from reminders.profile import Profile
from reminders.rules import due
from reminders.series import Occurrence

_MONTHS_BACK = 3  # a meeting noted as held after its month's claim was sent is claimed as well, so long after
_CLAIM_OPENS = time(9)


class Step(Protocol):
    """One thing to open, in a transaction of its own. `key` names it in the log."""

    @property
    def key(self) -> str: ...

    def take(self, tx: Connection, record: Record, now: datetime, machine_now: datetime) -> bool:
        """Open it, if it is still to be; whether anything was done."""


def steps(tx: Connection, scene: Scene, now: datetime) -> list[Step]:
    """Everything that is due at this instant of care time."""
    return [*_weeks(tx, scene, now), *_claims(tx, scene, now)]


# --- each week's meeting -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OpenWeek:
    """Open the thread of one occurrence of a series."""

    thread_id: int
    occurrence: Occurrence

    @property
    def key(self) -> str:
        return f"week {self.occurrence.day} of series {self.thread_id}"

    def take(self, tx: Connection, record: Record, now: datetime, machine_now: datetime) -> bool:
        """The series' own thread is locked and says how far it has come: each week is opened once."""
        series = load.one(tx, self.thread_id, lock=True)
        starts = self.occurrence.starts
        if series.is_closed or starts is None or self.occurrence.day <= opened_day(series.values):
            return False
        values = {OPENED: self.occurrence.day.isoformat(), "opened_starts": starts.isoformat()}
        signal = _from_stafett(series, "open_week", values)
        record.signal_on(tx, series, record.scene(tx), signal, now, machine_now)
        join(tx, series, load.one(tx, series.related[-1]), self.occurrence.original, now)
        return True


def _weeks(tx: Connection, scene: Scene, now: datetime) -> list[Step]:
    found: list[Step] = []
    for series in load.threads(tx, running(tx, KIND)).values():
        profile = scene.profile(series)
        weeks = weeks_of(series, kinds(profile)[KIND].minutes, profile.calendar)
        ahead = [one for one in weeks if one.day > opened_day(series.values) and one.starts is not None]
        begins = [one for one in ahead if _opens(one, profile) <= now]
        found += [OpenWeek(thread_id=series.id, occurrence=one) for one in begins]
    return found


def _opens(one: Occurrence, profile: Profile) -> datetime:
    """When the cases of a meeting begin to be gathered: by the rule, else at once."""
    try:
        soft = due("supervision_opening", one.starts or one.original, profile).soft
    except RuleNotInProfile:
        soft = None
    return soft or one.original - timedelta(days=7)


# --- each month's claim ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Open the claim of a unit's month, or tell the open one of a new sum."""

    unit_id: str
    month: Month
    held: Sequence[Held]

    @property
    def key(self) -> str:
        return f"claim {self.month} of {self.unit_id}"

    def take(self, tx: Connection, record: Record, now: datetime, machine_now: datetime) -> bool:
        stands = self._stands(tx, lock=True)
        if stands is None:
            return False
        if stands.claim is None:
            return self._open(tx, record, stands, now, machine_now)
        signal = _from_stafett(stands.claim, "recount", self._values(stands.minutes))
        record.signal_on(tx, stands.claim, record.scene(tx), signal, now, machine_now)
        return True

    def is_due(self, tx: Connection) -> bool:
        """Whether there is anything to claim that no claim says yet."""
        return self._stands(tx, lock=False) is not None

    def _stands(self, tx: Connection, *, lock: bool) -> "_Stands | None":
        """The claim to open or to tell. What is noted after a claim was sent becomes a further claim."""
        minutes = sum(one.minutes for one in self.held if one.is_held)
        for number in range(1, 10):
            known = load.opened_by_key(tx, self._opening_key(number))
            if known is None:
                return _Stands(number=number, claim=None, minutes=minutes) if minutes > 0 else None
            claim = load.one(tx, known, lock=lock)
            if not claim.is_closed:
                said = {name: claim.values.get(name) for name in self._values(0)}
                is_new = minutes > 0 and said != self._values(minutes)
                return _Stands(number=number, claim=claim, minutes=minutes) if is_new else None
            minutes -= int(claim.values["minutes"])
        return None

    def _opening_key(self, number: int) -> str:
        return f"claim:{blake2s(f'{self.unit_id}:{self.month}:{number}'.encode(), digest_size=12).hexdigest()}"

    def _open(self, tx: Connection, record: Record, stands: "_Stands", now: datetime, machine_now: datetime) -> bool:
        sender = self._manager(record.scene(tx))
        opening = Opening(
            flow=CLAIM, sender_id=sender, sender_unit_id=self.unit_id, case_ref="",
            values=self._values(stands.minutes), key=self._opening_key(stands.number),
        )  # fmt: skip
        claim = record.open(tx, opening, now, machine_now)
        record.signal(tx, [_from_stafett(claim, "send")], now, machine_now)
        return True

    def _values(self, minutes: int) -> dict[str, Any]:
        unsettled = sum(one.is_open for one in self.held)
        last = self.month.plus(1).day(1) - timedelta(days=1)
        return {
            "month_end": last.isoformat(), "minutes": str(minutes), "hours": hours_text(minutes),
            "unsettled": str(unsettled),
        }  # fmt: skip

    def _manager(self, scene: Scene) -> int:
        """Whoever has convened the last of them and still leads the unit, else who does now. Where nobody does it is
        opened in the old one's name all the same: then the unit is told."""
        leads = scene.directory.holders(self.unit_id, *sorted(MANAGERS, reverse=True))
        convened = [one.organizer_id for one in self.held if one.organizer_id in leads]
        return next(iter((*reversed(convened), *leads)), self.held[-1].organizer_id)


@dataclass(frozen=True, kw_only=True)
class _Stands:
    """The number of a unit's claim for a month, the claim if it is open, and the minutes that it is to say."""

    number: int
    claim: ThreadNow | None
    minutes: int


def _from_stafett(thread: ThreadNow, name: str, values: Mapping[str, Any] | None = None) -> Signal:
    """What time brings without a deadline of its own: the log says the clock, which acts in the sender's name."""
    return Signal(
        thread_id=thread.id, name=name, by=CLOCK, values=dict(values or {}), on_behalf=thread.sender_id
    )  # fmt: skip


def hours_text(minutes: int) -> str:
    """Minutes as hours with at most two decimals, exact where they can be: 150 is "2.5"."""
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize()
    return f"{hours:f}"


def _claims(tx: Connection, scene: Scene, now: datetime) -> list[Step]:
    """The months that are over and whose first workday after has begun (own default: 09:00)."""
    this = Month.of(to_local(now).date())
    months = [this.plus(-back) for back in range(_MONTHS_BACK, 0, -1)]
    first, after = at(months[0].day(1), time(0)), at(this.day(1), time(0))
    of: dict[tuple[str, Month], list[Held]] = {}
    for one in held_in(tx, KIND, first, after):
        of.setdefault((one.unit_id, Month.of(to_local(one.starts_at).date())), []).append(one)
    found = [
        Claim(unit_id=unit_id, month=month, held=tuple(held))
        for (unit_id, month), held in sorted(of.items(), key=lambda item: (item[0][1], item[0][0]))
        if unit_id in scene.directory.units and _may_be_claimed(scene.profile_of_unit(unit_id), month, now)
    ]
    return [one for one in found if one.is_due(tx)]


def _may_be_claimed(profile: Profile, month: Month, now: datetime) -> bool:
    if "supervision_claim" not in profile.rules:
        return False
    day = profile.calendar.first_workday_on_or_after(month.plus(1).day(1))
    return now >= at(day, _CLAIM_OPENS)
