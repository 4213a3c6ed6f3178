"""`stafett log`: a thread's whole story, for whoever must find out what happened. Ids, roles and codes; no content."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from cases import account, history
from cases.errors import UnknownThread
from cases.history import Entry, History
from cases.thread import number_of, thread_ref
from reminders.localtime import to_local

_BY = {"person": "person", "clock": "klockan", "delivery": "leveransen", "case": "annat i ärendet"}
_OUTCOMES = {
    "sent": "levererat till Teams", "undeliverable": "gick inte att leverera", "superseded": "behövdes inte längre",
    "set_aside": "undanlagt efter för många försök", "retry": "misslyckades, provas igen",
    "doubled": "kom fram en gång till",
}  # fmt: skip
_ENDED = {
    "armed": "löper", "fired": "klar", "disarmed": "avslutad", "lapsed": "gäller inte längre", "stopped": "väntar",
}  # fmt: skip
_RECEIPTS = {"read": "läst", "taken": "taget"}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("log", help="visa allt som har hänt med ett meddelande")
    parser.add_argument("thread", metavar="BETECKNING", help="till exempel ST-7F3KQ9, eller trådens nummer")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    number = number_of(args.thread)
    if number is None:
        sys.stderr.write("Skriv en beteckning, till exempel ST-7F3KQ9, eller trådens nummer.\n")
        return 2
    try:
        with opened(args.database) as store:
            found = store.transaction(lambda tx: _looked_up(tx, number))
    except UnknownThread:
        sys.stderr.write(f"Det finns inget meddelande {thread_ref(number)} i databasen.\n")
        return 1
    print(told(found))
    return 0


def _looked_up(tx: Connection, number: int) -> History:
    found = history.of(tx, number)
    account.note(
        tx, Clock().care(), person_id=None, action="view", outcome="listed", thread_id=number, reason="log",
        channel=account.COMMAND,
    )  # fmt: skip
    return found


def told(found: History) -> str:
    """The story in Swedish, a line for each thing that happened."""
    thread = found.thread
    closed = f", avslutat {_time(thread['closed_at'])}" if thread["closed_at"] else ""
    lines = [
        f"{thread_ref(thread['id'])} (tråd {thread['id']}), flöde {thread['flow']}, läge {thread['state']}{closed}"
    ]
    lines += [f"{_time(entry.at)}  {_LINES[entry.kind](entry, found)}" for entry in found.entries]
    return "\n".join(lines)


def _move(entry: Entry, found: History) -> str:
    facts = entry.facts
    who = _who(facts["person_id"], found) if facts["person_id"] else _BY[facts["by"]]
    state = f": {facts['from_state'] or 'ny'} → {facts['to_state']}" if facts["from_state"] != facts["to_state"] else ""
    planned = f" (skulle ske {_time(facts['due_at'])})" if facts["due_at"] else ""
    return f"{facts['signal']}{state}, av {who}{planned}"


def _armed(entry: Entry, found: History) -> str:
    facts = entry.facts
    limits = [f"senast {_time(facts['soft_at'])}"] if facts["soft_at"] else []
    limits += [f"försenat efter {_time(facts['hard_at'])}"] if facts["hard_at"] else []
    limits += [f"klockan ser på den {_time(facts['due_at'])}"] if facts["status"] == "armed" and facts["due_at"] else []
    limits += [f"skulle ha varit {_time(facts['original_due_at'])}"] if facts["original_due_at"] else []
    round_ = f", omgång {facts['round']}" if facts["round"] > 1 else ""
    name = f"frist {facts['step']} (regel {facts['rule']}{round_})"
    return f"{name}: {', '.join([*limits, _ENDED.get(facts['status'], facts['status'])])}"


def _seated(entry: Entry, found: History) -> str:
    facts = entry.facts
    who = f", person {facts['person_id']}" if facts["person_id"] else ""
    return f"plats: {facts['side']} {facts['role']}@{facts['unit_id']}{who}"


def _receipt(entry: Entry, found: History) -> str:
    return f"{_RECEIPTS[entry.facts['what']]} av {_who(entry.facts['person_id'], found)}"


def _queued(entry: Entry, found: History) -> str:
    planned = entry.facts["original_due_at"]
    why = f", klockans {_time(planned)}" if planned else ""
    return f"meddelande {_message(entry)} till {_who(entry.facts['person_id'], found)}: i kö{why}"


def _tried(entry: Entry, found: History) -> str:
    facts = entry.facts
    outcome = _OUTCOMES.get(facts["outcome"], facts["outcome"])
    what = f"{_kind(entry)} {_message(entry)} till {_who(facts['person_id'], found)}"
    return f"{what}: försök {facts['number']} {outcome} ({facts['code']})"


def _finished(entry: Entry, found: History) -> str:
    facts = entry.facts
    outcome = "ändrat i Teams" if (facts["kind"], facts["status"]) == ("update", "sent") else _OUTCOMES[facts["status"]]
    detail = facts["external_id"] or facts["failure"]
    tail = f" ({detail})" if detail else ""
    what = f"{_kind(entry)} {_message(entry)} till {_who(facts['person_id'], found)}"
    return f"{what}: {outcome}, försök {facts['attempts']}{tail}"


def _kind(entry: Entry) -> str:
    return "kortet" if entry.facts["kind"] == "update" else "meddelande"


def _message(entry: Entry) -> str:
    """The row's number and the key of what it said."""
    number = entry.facts.get("outbox_id") or entry.facts["id"]
    return f"{number} «{entry.facts['text']}»" if entry.facts["text"] else str(number)


def _who(person_id: int, found: History) -> str:
    seats = found.seats.get(person_id)
    return f"person {person_id} ({seats})" if seats else f"person {person_id}"


def _time(at: datetime) -> str:
    return f"{to_local(at):%Y-%m-%d %H:%M:%S}"


_LINES: dict[str, Callable[[Entry, History], str]] = {
    "move": _move, "armed": _armed, "seated": _seated, "receipt": _receipt, "queued": _queued, "tried": _tried,
    "finished": _finished,
}  # fmt: skip
