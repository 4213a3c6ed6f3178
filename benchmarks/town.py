"""The invented town of the durable turn: units of ordinary size, a case for each draft, and drafts ready to send.

Everything is worked out from a draft's number, so that driver and server agree without talking to each other.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from benchmarks.far import APP_ID, TENANT
from bot.clock import Clock
from cases import tables as t
from cases.record import Opening, Record

CARE_UNITS, WORKERS = 20, 20  # of which one manager and two team leads
AUTHORITIES, ASSESSORS = 10, 20  # of which one lead
_MANAGERS, _LEADS = 1, 2
_SENDERS = WORKERS - _MANAGERS - _LEADS
_RESPONSIBLE = ASSESSORS - 1
FLOW, PROFILE = "urgent_lasting", "norrkoping"
# A Monday in office hours (care time): what a press sets going depends on when it is made. Nothing is due in between.
PREPARED = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
SERVED = PREPARED + timedelta(minutes=5)
SENDERS, RESPONSIBLE = CARE_UNITS * _SENDERS, CARE_UNITS * _RESPONSIBLE  # drafts until everybody has had a turn


def clock_at(care: datetime) -> Clock:
    """A clock on which care time is `care` (UTC) now, and goes on from there."""
    clock = Clock()
    clock.offset = care - clock.machine()
    return clock


def worker_id(unit: int, seat: int) -> int:
    """The person in a seat of a home care unit."""
    return 1 + unit * WORKERS + seat


def assessor_id(unit: int, seat: int) -> int:
    """The person in a seat of an authority unit."""
    return 1 + CARE_UNITS * WORKERS + unit * ASSESSORS + seat


def thread_of(number: int) -> int:
    """The thread of a draft: they are opened in order in an empty record."""
    return number + 1


def sender_of(number: int) -> int:
    """Who wrote the draft: all care workers in turn, unit by unit."""
    return worker_id(_unit_of(number), _MANAGERS + _LEADS + number // CARE_UNITS % _SENDERS)


def assessor_of(number: int) -> int:
    """Who answers for the draft's case: all assessors in turn."""
    return assessor_id(_authority_of(_unit_of(number)), 1 + number // CARE_UNITS % _RESPONSIBLE)


def case_of(number: int) -> str:
    """The draft's case reference."""
    return f"BM-{10000 + number}"


def draft_card(number: int) -> str:
    """The activity id of the sender's card of the draft."""
    return f"draft-card-{number}"


def aad(person_id: int) -> str:
    """A person's directory id."""
    return f"00000000-0000-4000-8000-{person_id:012d}"


def channel_id(person_id: int) -> str:
    """A person's id in the channel."""
    return f"29:person-{person_id}"


def conversation_of(person_id: int) -> str:
    """A person's own chat with the bot."""
    return f"a:person-{person_id}"


def settle(tx: Connection, drafts: int, service_url: str, now: datetime) -> None:
    """Put units, people, conversations and cases in the record."""
    care = [f"HT-{unit}" for unit in range(CARE_UNITS)]
    authority = [f"MYND-{unit}" for unit in range(AUTHORITIES)]
    tx.execute(insert(t.unit), [unit_row(key, "authority_unit", None) for key in authority])
    tx.execute(
        insert(t.unit), [unit_row(key, "home_care", authority[_authority_of(unit)]) for unit, key in enumerate(care)]
    )
    staff = [(worker_id(u, s), care[u], care_role(s)) for u in range(CARE_UNITS) for s in range(WORKERS)]
    staff += [
        (assessor_id(u, s), authority[u], authority_role(s)) for u in range(AUTHORITIES) for s in range(ASSESSORS)
    ]
    tx.execute(insert(t.person), [person_row(who, role) for who, _, role in staff])
    tx.execute(insert(t.role), [{"person_id": who, "unit_id": unit, "role": role} for who, unit, role in staff])
    tx.execute(insert(t.conversation), [conversation_row(who, service_url, now) for who, _, _ in staff])
    tx.execute(
        insert(t.care_case),
        [
            {
                "case_ref": case_of(number), "unit_id": care[_unit_of(number)], "responsible_id": assessor_of(number),
                "decision_date": date(2026, 9, 1),
            }
            for number in range(drafts)
        ],
    )  # fmt: skip


def open_drafts(tx: Connection, record: Record, drafts: int, now: datetime) -> None:
    """Open the drafts through the record, and note the card that each sender has of theirs.

    Raises RuntimeError when the record numbers them otherwise than `thread_of`.
    """
    values = {
        "need_category": "toilet",
        "extra_help_start": (now - timedelta(hours=1)).isoformat(),
        "noticed_by_role": "care_worker",
    }
    for number in range(drafts):
        opening = Opening(
            flow=FLOW, sender_id=sender_of(number), sender_unit_id=f"HT-{_unit_of(number)}", case_ref=case_of(number),
            values=values, key=f"form-{number}",
        )  # fmt: skip
        thread = record.open(tx, opening, now, now)
        if thread.id != thread_of(number):
            raise RuntimeError("the record was not empty")
    tx.execute(insert(t.card), [_card(number, now) for number in range(drafts)])


def _unit_of(number: int) -> int:
    return number % CARE_UNITS


def _authority_of(unit: int) -> int:
    return unit % AUTHORITIES


def care_role(seat: int) -> str:
    """The role of a seat in a home care unit."""
    if seat < _MANAGERS:
        return "unit_manager"
    return "team_lead" if seat < _MANAGERS + _LEADS else "care_worker"


def authority_role(seat: int) -> str:
    """The role of a seat in an authority unit."""
    return "lead_needs_assessor" if seat == 0 else "needs_assessor"


def unit_row(key: str, kind: str, authority: str | None) -> dict[str, Any]:
    """A unit as the roster has it."""
    return {
        "id": key, "name": f"Enhet {key}", "kind": kind, "profile": PROFILE, "provider_kind": "egen_regi",
        "authority_unit_id": authority, "phone": "08-465 004 01", "on_call_phone": "070-174 06 05",
        "last_resort_role": "växeln", "last_resort_phone": "08-465 004 99",
    }  # fmt: skip


def person_row(person_id: int, role: str) -> dict[str, Any]:
    """A person as the roster has them, bound to the channel."""
    return {
        "id": person_id, "aad_object_id": aad(person_id), "upn": f"p{person_id}@exempel.invalid",
        "channel_user_id": channel_id(person_id), "name": f"Person {person_id}", "title": role.replace("_", " "),
        "phone": "", "active": True,
    }  # fmt: skip


def conversation_row(person_id: int, service_url: str, now: datetime) -> dict[str, Any]:
    """A person's own chat with the bot."""
    return {
        "person_id": person_id, "conversation_id": conversation_of(person_id), "service_url": service_url,
        "tenant_id": TENANT, "bot_id": f"28:{APP_ID}", "locale": "sv-SE", "status": "open", "seen_at": now,
    }  # fmt: skip


def _card(number: int, now: datetime) -> dict[str, Any]:
    return {
        "thread_id": thread_of(number), "person_id": sender_of(number), "activity_id": draft_card(number),
        "conversation_id": conversation_of(sender_of(number)), "shown_version": 1, "delivered_at": now,
    }  # fmt: skip
