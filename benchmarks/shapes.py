"""Threads to be copied: each is led through the real record in a little town, so that every row of it is the engine's.

One care unit and one authority unit of twenty seats each. People are numbered by seat, so that a copy in another unit
is the same rows with other numbers. What was said has been delivered, and everybody has the card.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select, update

from benchmarks import town
from cases import cards, load
from cases import tables as t
from cases.record import Opening, Record
from cases.store import Store
from cases.thread import Actor, Signal
from reminders.deadlines import DueRow
from reminders.due import Prompt
from reminders.localtime import at, to_local
from reminders.rules import due

CARE_UNIT, AUTHORITY_UNIT = "HT-0", "MYND-0"
TABLES = (t.thread, t.party, t.content, t.deadline, t.log, t.card, t.outbox, t.audit)
_LEADS, _WORKERS, _ASSESSORS = (1, 2), range(3, town.WORKERS), range(1, town.ASSESSORS)
_NEED = {"need_category": "toilet", "noticed_by_role": "care_worker"}
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

# The night has counted what has ended, as in every record that has been served for a while.
_COUNTED = update(t.deadline).where(t.deadline.c.ended_at.is_not(None)).values(counted_at=t.deadline.c.ended_at)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One thread of the little town: its rows by table, and the seat of its assessor."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    assessor_seat: int


Led = Callable[["Stage", datetime], int]


class Stage:
    """The little town, and the moves that lead a thread to where it is to stand. Times are care time, UTC."""

    def __init__(self, record: Record, seed: int = 1) -> None:
        self._record, self._rng = record, Random(seed)
        self._store = Store("sqlite://")
        self._store.migrate()
        self._store.transaction(_settle)
        self._sender = self._assessor = 0

    def close(self) -> None:
        self._store.close()

    def shape(self, led: Led, when: datetime) -> Shape:
        """A thread led to a state; what `when` means is the way's own."""
        self._assessor = self._rng.choice(_ASSESSORS)
        number = led(self, when)

        def work(tx: Connection) -> Shape:
            tx.execute(_COUNTED)
            return Shape(rows=_rows_of(tx, number), assessor_seat=self._assessor)

        return self._store.transaction(work)

    # --- moves --------------------------------------------------------------------------------------------------

    def opened(self, flow: str, when: datetime, **values: str) -> int:
        """A draft, with its card in its sender's chat."""
        self._sender = town.worker_id(0, self._rng.choice(_LEADS if flow == "question" else _WORKERS))
        opening = Opening(
            flow=flow, sender_id=self._sender, sender_unit_id=CARE_UNIT, case_ref=_case(self._assessor), values=values
        )

        def work(tx: Connection) -> int:
            thread = self._record.open(tx, opening, when, when)
            cards.shown(tx, thread.id, self._sender, town.conversation_of(self._sender), "draft-card", 1, when)
            return thread.id

        return self._store.transaction(work)

    def sends(self, number: int, when: datetime, name: str = "send") -> None:
        self._signal(number, name, self._sender, when)

    def takes(self, number: int, when: datetime) -> None:
        self._signal(number, "take", assessor_id(self._assessor), when)

    def waits(self, number: int, until: datetime) -> None:
        """Time goes by, and what falls due before then is fired at its own time."""
        while self._store.transaction(lambda tx: self._fire_first(tx, number, until)):
            pass

    def untaken(self, when: datetime, is_due: Callable[[Prompt], bool]) -> int:
        """An urgent message sent so long ago that the first such rung of its ladder is due at `when`."""
        prompts = due("urgent_untaken", when, self._record.profiles[town.PROFILE]).prompts
        ago = next(prompt.at for prompt in prompts if is_due(prompt)) - when
        number = lasting_sent(self, when - ago)
        self.waits(number, when)
        return number

    def _signal(self, number: int, name: str, who: int, when: datetime) -> None:
        signal = Signal(thread_id=number, name=name, by=Actor.person(who))

        def work(tx: Connection) -> None:
            self._record.signal(tx, [signal], when, when)
            _deliver(tx, when)

        self._store.transaction(work)

    def _fire_first(self, tx: Connection, number: int, until: datetime) -> bool:
        armed = load.one(tx, number).deadlines.values()
        waiting = [one for one in armed if one.status == "armed" and one.due_at is not None and one.due_at < until]
        for one in sorted(waiting, key=lambda one: one.due_at or until)[:1]:
            assert one.id is not None and one.due_at is not None
            row = DueRow(id=one.id, thread_id=number, step=one.step, due_at=one.due_at, attempts=0)
            self._record.fire(tx, [row], one.due_at, one.due_at)
            _deliver(tx, one.due_at)
        return bool(waiting)


# --- the ways: threads that wait, each begun at `when` ---------------------------------------------------------------


def lasting_draft(stage: Stage, when: datetime) -> int:
    """An urgent message that nobody has sent yet."""
    return stage.opened("urgent_lasting", when, extra_help_start=(when - _HOUR).isoformat(), **_NEED)


def lasting_sent(stage: Stage, when: datetime) -> int:
    """An urgent message that lies with its receiver."""
    number = lasting_draft(stage, when - _MINUTE)
    stage.sends(number, when)
    return number


def lasting_taken(stage: Stage, when: datetime) -> int:
    """An urgent message that somebody has taken and not yet answered."""
    number = lasting_sent(stage, when)
    stage.takes(number, when + _MINUTE)
    return number


def limited_counting(stage: Stage, when: datetime) -> int:
    """A need that may pass within three days."""
    number = stage.opened("urgent_limited", when, day1=to_local(when).date().isoformat(), **_NEED)
    stage.sends(number, when + _MINUTE)
    return number


def question_sent(stage: Stage, when: datetime) -> int:
    """A question that lies with its receiver."""
    number = stage.opened("question", when - _MINUTE, category="planning", question_text="kan vänta")
    stage.sends(number, when)
    return number


def question_taken(stage: Stage, when: datetime) -> int:
    """A question that somebody has taken and not yet answered."""
    number = question_sent(stage, when)
    stage.takes(number, when + _MINUTE)
    return number


WAITING: tuple[Led, ...] = (
    lasting_draft, lasting_sent, lasting_sent, lasting_taken, limited_counting, question_sent, question_taken,
)  # fmt: skip

# --- the ways: threads with a rung due at `when`, in office hours --------------------------------------------------


def remind_due(stage: Stage, when: datetime) -> int:
    """Sent and untaken: the receiver is reminded for the first time."""
    return stage.untaken(when, lambda prompt: prompt.text == "untaken_remind")


def phone_due(stage: Stage, when: datetime) -> int:
    """Untaken for longer: the sender is asked to ring."""
    return stage.untaken(when, lambda prompt: prompt.text == "untaken_phone")


def escalation_due(stage: Stage, when: datetime) -> int:
    """Untaken for so long that the thread moves, and the next in line is told."""
    return stage.untaken(when, lambda prompt: prompt.signal == "escalate")


def draft_due(stage: Stage, when: datetime) -> int:
    """Half an hour unsent: the sender is reminded."""
    return lasting_draft(stage, when - 30 * _MINUTE)


DUE: tuple[Led, ...] = (remind_due, remind_due, phone_due, escalation_due, draft_due)


def office_moment(day: datetime, rng: Random) -> datetime:
    """Some minute of a day's office hours."""
    local = to_local(day)
    return at(local.date(), local.time().replace(hour=rng.randrange(8, 15), minute=rng.randrange(60), second=0))


# --- pieces --------------------------------------------------------------------------------------------------------


def assessor_id(seat: int) -> int:
    """The one authority unit of the little town follows upon its one care unit."""
    return town.WORKERS + 1 + seat


def _case(assessor_seat: int) -> str:
    return f"P-{assessor_seat}"


def _settle(tx: Connection) -> None:
    tx.execute(insert(t.unit), [town.unit_row(AUTHORITY_UNIT, "authority_unit", None)])
    tx.execute(insert(t.unit), [town.unit_row(CARE_UNIT, "home_care", AUTHORITY_UNIT)])
    staff = [(town.worker_id(0, seat), CARE_UNIT, town.care_role(seat)) for seat in range(town.WORKERS)]
    staff += [(assessor_id(seat), AUTHORITY_UNIT, town.authority_role(seat)) for seat in range(town.ASSESSORS)]
    tx.execute(insert(t.person), [town.person_row(who, role) for who, _, role in staff])
    tx.execute(insert(t.role), [{"person_id": who, "unit_id": unit, "role": role} for who, unit, role in staff])
    known = [
        {"case_ref": _case(seat), "unit_id": CARE_UNIT, "responsible_id": assessor_id(seat)} for seat in _ASSESSORS
    ]
    tx.execute(insert(t.care_case), known)


def _deliver(tx: Connection, when: datetime) -> None:
    """What waits has been sent, and the cards are in the chats."""
    box = t.outbox.c
    for row in tx.execute(select(t.outbox).where(box.status == "waiting").order_by(box.id)).all():
        sent = {"status": "sent", "attempts": 1, "finished_at": when, "external_id": f"message-{row.version}"}
        tx.execute(update(t.outbox).where(box.id == row.id).values(sent))
        conversation = town.conversation_of(row.person_id)
        cards.shown(tx, row.thread_id, row.person_id, conversation, f"message-{row.version}", row.version, when)


def _rows_of(tx: Connection, number: int) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table in TABLES:
        key = table.c.id if table is t.thread else table.c.thread_id
        order = list(table.primary_key.columns)
        found[table.name] = [
            dict(row._mapping) for row in tx.execute(select(table).where(key == number).order_by(*order))
        ]
    return found
