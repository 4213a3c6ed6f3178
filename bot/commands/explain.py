"""`stafett explain`: why a thread's deadlines are when they are, rule by rule and day by day. No names, no content."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.settings import Settings
from cases import account, deadline_ends, load, people
from cases.policy import Act, Who, decide
from cases.record import Record, Scene
from cases.thread import ThreadNow, number_of, thread_ref
from dialogs.explained import Explained, begins_text, explained, late_text
from dialogs.swedish import moment_text
from reminders.batch import local_text

OK, REFUSED, WRONG = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("explain", help="förklara ett meddelandes frister: regel, avsnitt och dag för dag")
    parser.add_argument("thread", metavar="BETECKNING", help="till exempel ST-7F3KQ9, eller trådens nummer")
    parser.add_argument("--by", metavar="KONTO", help="svara som till den här personen, om den får se meddelandet")
    parser.add_argument("--json", action="store_true", help="svara i JSON")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print the reasons, or say that there is no such thread; the exit code."""
    number = number_of(args.thread)
    if number is None:
        sys.stderr.write("Skriv en beteckning, till exempel ST-7F3KQ9, eller trådens nummer.\n")
        return WRONG
    record = build_record(Settings().profiles())
    with opened(args.database) as store:
        found = store.transaction(lambda tx: looked_up(tx, record, number, args.by, Clock()))
    if found is None:
        sys.stderr.write(f"Det finns inget meddelande {thread_ref(number)} att förklara.\n")
        return REFUSED
    if args.json:
        told = {"thread": thread_ref(number), "deadlines": [_plain(one) for one in found]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(page(number, found))
    return OK


def looked_up(tx: Connection, record: Record, number: int, by: str | None, clock: Clock) -> list[Explained] | None:
    """What there is to say, with a line in the account; None where there is no such thread, or not for this person."""
    scene, now = record.scene(tx), clock.care()
    person_id = people.with_upn(tx, by) if by else None
    thread = load.threads(tx, [number]).get(number)
    if thread is None or not _may(scene, thread, by, person_id, now):
        account.note(
            tx, now, person_id=person_id, action="denied", outcome="refused", reason="explain", channel=account.COMMAND
        )
        return None
    account.note(
        tx, now, person_id=person_id, action="view", outcome="listed", thread_id=number, reason="explain",
        channel=account.COMMAND,
    )  # fmt: skip
    flow = record.flows[thread.flow]
    ran = deadline_ends.of_threads(tx, {number: (flow, thread.closed_at)})[number]
    return explained(ran, flow, scene.profile(thread), now)


def _may(scene: Scene, thread: ThreadNow, by: str | None, person_id: int | None, now: datetime) -> bool:
    """Whoever runs the command in nobody's name sees rules and times of what is not sealed, as in `stafett log`; for a
    named person the policy says."""
    if by is None:
        return not thread.is_sealed
    if person_id is None:
        return False
    who = Who(person_id=person_id, directory=scene.directory, now=now)
    return decide(who, Act.ASK, scene.what(thread)).allowed


def page(number: int, found: Sequence[Explained]) -> str:
    """All of it in Swedish, a paragraph for each deadline."""
    if not found:
        return f"{thread_ref(number)} har inte haft någon frist."
    return "\n\n".join([f"{thread_ref(number)} (tråd {number})", *("\n".join(_paragraph(one)) for one in found)])


def _paragraph(one: Explained) -> list[str]:
    armed, rule = one.armed, one.rule
    again = f", omgång {armed.round}" if armed.round > 1 else ""
    number = f", {rule.id}" if rule is not None and rule.id else ""
    lines = [f"{one.label}: {one.limit} ({armed.step}{again})", f"  {one.outcome}"]
    lines.append(f"  Regel: {armed.rule}{number}. Källa: {one.source or 'ingen rutin, Stafetts eget förval'}")
    lines += [f"  Varför: {one.why}"]
    lines += [f"  Rutinen: ”{rule.quote}”"] if rule is not None and rule.quote else []
    lines += [f"  Räknat från: {begins_text(armed)}. Startade {moment_text(armed.armed_at)}."]
    lines += [f"  {text}" for text in one.counted]
    lines += ["  Räknat efter kommunens profil som den var då. Regeln här över är dagens."] if one.is_older else []
    lines += [f"  Stafett påminner efter: {moment_text(armed.soft_at)}"] if armed.soft_at else []
    lines += [f"  Kallas försenat efter: {late_text(armed.hard_at)}"]
    lines += [f"  Stafetts läsning: {one.reading}"] if one.reading else []
    return lines + [f"  Påminnelse: {reminder.text}" for reminder in one.reminders]


def _plain(one: Explained) -> dict[str, Any]:
    armed, rule = one.armed, one.rule
    return {
        "step": armed.step, "round": armed.round, "label": one.label, "runs": one.runs, "outcome": one.outcome,
        "rule": armed.rule, "number": rule.id if rule else None, "source": one.source,
        "own_default": one.rule is not None and not one.source, "why": one.why, "quote": rule.quote if rule else "",
        "reading": one.reading, "since": armed.basis, "armed_at": local_text(armed.armed_at),
        "soft": local_text(armed.soft_at), "hard": local_text(armed.hard_at), "counted": list(one.counted),
        "older_profile": one.is_older,
        "reminders": [
            {"first": local_text(each.first), "last": local_text(each.last), "to": each.to, "state": each.state}
            for each in one.reminders
        ],
    }  # fmt: skip
