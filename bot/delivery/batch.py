"""Taking rows out of the outbox and making them ready to send, all in one transaction."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.channel.values import Address
from bot.clock import Clock
from bot.delivery.jobs import Job, Told, address_of
from bot.setbacks import Setbacks
from bot.throttle import Throttle
from cases import bundle, cards, outbox, people
from cases.cards import CardRow
from cases.lanes import Room
from cases.outbox import Row
from cases.people import Reach
from cases.record import Record
from dialogs.delivery_section import Delivery
from dialogs.painter import Painter

_LOG = logging.getLogger("stafett.outbox")

_LOST_TOO_OFTEN = 5  # leases that ran out without an answer: sending the row may be what ends the process


class Batches:
    """`inline` is the demo's: content inline in the card. `not_now` are people whose conversation Teams holds closed,
    until when on the steady clock."""

    def __init__(self, record: Record, clock: Clock, throttle: Throttle, setbacks: Setbacks, *, inline: bool) -> None:
        self._record, self._clock, self._inline = record, clock, inline
        self.throttle, self._setbacks = throttle, setbacks
        self._not_now: dict[int, float] = {}
        self._turn = 0
        self._offset = clock.offset

    def _delivery(self, profile: str) -> Delivery:
        section: Delivery = self._record.profiles[profile].section("delivery")
        return section

    def _most(self) -> dict[str, int]:
        """How many reminders go together, by profile; a profile may change while we run."""
        return {name: self._delivery(name).bundle_most for name in self._record.profiles}

    def not_now(self) -> dict[int, float]:
        """Who cannot be sent to at present, and until when (steady clock)."""
        now = self._clock.steady()
        for who in [who for who, until in list(self._not_now.items()) if until <= now]:
            self._not_now.pop(who, None)
        return dict(self._not_now)

    def hold(self, person_id: int, seconds: float) -> None:
        """Leave this person's rows where they are for a while."""
        self._not_now[person_id] = max(self._not_now.get(person_id, 0.0), self._clock.steady() + seconds)

    def take(
        self, tx: Connection, room: Room, lease: timedelta, under_way: Collection[int], *, careful: bool = False
    ) -> tuple[int, list[Job]]:
        """Claim rows and draw their cards; how many rows were claimed, and what is ready to be sent. Whoever is being
        sent to by this process, `under_way`, is let alone even when the lease is over.

        When this fails it is to be done again, carefully: each row by itself, so that a bad one stops no other.
        """
        ready_at = self._clock.steady()  # before the lease begins: it ends no earlier than we think
        now = self._clock.shared(tx)
        if self._offset != self._clock.offset:
            outbox.unhold(tx, now)
        chosen = outbox.choose(tx, now, room, turn=self._turn, not_now={*self.not_now(), *under_way})
        if chosen:
            chosen = outbox.lease_out(tx, [*chosen, *bundle.companions(tx, chosen, now, self._most())], now, lease)
        old = bundle.outdated(tx, chosen)
        self._supersede(tx, [row for row in chosen if row.id in old])
        groups = _by_person([row for row in chosen if row.id not in old and not self._is_poison(tx, row)])
        jobs = self._carefully(tx, groups, ready_at) if careful else self._prepared(tx, groups, ready_at)
        self._offset = self._clock.offset
        self._turn += len(groups)
        return len(chosen), jobs

    def _is_poison(self, tx: Connection, row: Row) -> bool:
        if row.lost < _LOST_TOO_OFTEN:
            return False
        self._setbacks.set_aside(tx, row, "lease_lost")
        return True

    # --- drawing ------------------------------------------------------------------------------------------------

    def _prepared(self, tx: Connection, groups: Sequence[list[Row]], ready_at: float) -> list[Job]:
        rows = [row for group in groups for row in group]
        if not rows:
            return []
        drawn = _Drawn(tx, rows, Painter(tx, self._record, rows, self._clock.care(), inline=self._inline))
        return [job for group in groups for job in self._jobs_of(tx, group, drawn, ready_at)]

    def _carefully(self, tx: Connection, groups: Sequence[list[Row]], ready_at: float) -> list[Job]:
        jobs = []
        for row in [row for group in groups for row in group]:
            try:
                with tx.begin_nested():
                    jobs += self._prepared(tx, [[row]], ready_at)
            except Exception:
                _LOG.exception("outbox row %s cannot be drawn", row.id)
                self._setbacks.broken(tx, row, "undrawable")
        taken: set[int] = set()
        kept = []
        for job in jobs:  # one send at a time to each person
            if job.first.person_id in taken:
                self._give_back(tx, job)
            else:
                taken.add(job.first.person_id)
                kept.append(job)
        return kept

    def _give_back(self, tx: Connection, job: Job) -> None:
        for told in job.told:
            outbox.put_back(tx, told.row, self._clock.machine(), told.row.failure or "", tried=False)

    def _jobs_of(self, tx: Connection, group: Sequence[Row], drawn: "_Drawn", ready_at: float) -> list[Job]:
        """One job for a person's rows, or none: what is no longer wanted ends here, and what must wait waits."""
        wanted = [row for row in group if self._may_go(tx, row, drawn)]
        if not wanted:
            return []
        first = wanted[0]
        reach = drawn.reached.get(first.person_id)
        if reach is not None:
            wait = self.throttle.wait(reach.conversation_id, self._clock.steady(), urgent=first.urgent)
            if wait > 0:
                self._paced(tx, wanted, wait)
                return []
        together = drawn.painter.paint_together(wanted) if len(wanted) > 1 else None
        address = address_of(reach) if reach else None
        if together is not None:
            painted, rows = together
            self._supersede(tx, [row for row in wanted if row not in rows])
            told = tuple(Told(row=row, version=drawn.painter.version(row.thread_id)) for row in rows)
            return [Job(told=told, painted=painted, address=address, ready_at=ready_at)]
        return self._single(tx, wanted, drawn, address, ready_at)

    def _single(
        self, tx: Connection, wanted: Sequence[Row], drawn: "_Drawn", address: Address | None, ready_at: float
    ) -> list[Job]:
        """The one row that its thread still wants told: of several that were to go together no more are left."""
        jobs: list[Job] = []
        for row in wanted:
            painted = drawn.painter.paint(row)
            if painted is None:
                self._supersede(tx, [row])
                continue
            card = drawn.card(row)
            jobs.append(
                Job(
                    told=(Told(row=row, version=painted.version),), painted=painted, address=address,
                    ready_at=ready_at, activity_id=row.external_id if row.folds else card.activity_id if card else None,
                    typing=card is not None and card.is_busy(self._clock.machine()),
                )
            )  # fmt: skip
        return jobs

    def _may_go(self, tx: Connection, row: Row, drawn: "_Drawn") -> bool:
        """Whether the row is still wanted, and nothing but Teams' limits holds it."""
        now, card = self._clock.machine(), drawn.card(row)
        if row.folds:
            return True
        if row.kind == "update" and (card is None or card.shown_version >= row.version):
            self._supersede(tx, [row])
            return False
        if row.kind == "update" and card is not None and card.busy_until is not None and card.is_busy(now):
            outbox.put_back(tx, row, card.busy_until, "busy", tried=False, notes=row.notes)
            return False
        until = drawn.painter.held_until(row)
        if until is not None:
            outbox.put_back(tx, row, self._clock.machine_of(until), outbox.QUIET, tried=False, notes=row.notes)
        return until is None

    def _paced(self, tx: Connection, rows: Iterable[Row], seconds: float) -> None:
        when = self._clock.machine() + timedelta(seconds=seconds)
        for row in rows:
            outbox.put_back(tx, row, when, "paced", tried=False, notes=row.notes)
            self.hold(row.person_id, seconds)

    def _supersede(self, tx: Connection, rows: Iterable[Row]) -> None:
        for row in rows:
            outbox.finish(tx, row, outbox.SUPERSEDED, self._clock.machine(), failure=row.failure)


class _Drawn:
    """What a batch is drawn from: read once."""

    def __init__(self, tx: Connection, rows: Sequence[Row], painter: Painter) -> None:
        self.painter = painter
        self._cards: Mapping[tuple[int, int], CardRow] = cards.cards_of(tx, {row.thread_id for row in rows})
        self.reached: Mapping[int, Reach] = people.reaches(tx, {row.person_id for row in rows})

    def card(self, row: Row) -> CardRow | None:
        return self._cards.get((row.thread_id, row.person_id))


def _by_person(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each person together, in the order the people were chosen."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.person_id, []).append(row)
    return list(groups.values())
