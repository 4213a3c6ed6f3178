"""`stafett retention`: what may be disposed of now, what stays past its time and why, and disposing of it by hand.

For whoever runs Stafett: references, days and codes, never content.
"""

import argparse
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.settings import Settings
from cases import disposal, holds, retention
from cases.record import Record
from cases.retention import ACCOUNT, CONTENT, DRAFT, ROSTER, THREAD, Stays
from cases.thread import thread_ref
from reminders.localtime import to_local

OK, WAITS = 0, 1
_LISTED = 500

KINDS = {
    CONTENT: "innehåll i avslutade meddelanden", DRAFT: "utkast som har tagits bort",
    THREAD: "uppgifter om avslutade meddelanden", ACCOUNT: "rader i loggen över åtkomst",
    ROSTER: "uppgifter om den som har slutat",
}  # fmt: skip
WHY = {
    retention.NO_DECISION: "inget gallringsbeslut i profilen (privacy.retention_decision_ref)",
    retention.RESTORED: "databasen har nyss återställts; gallringen väntar en vecka",
    retention.HELD: "ärendet är undantaget från gallring (stafett hold)",
    retention.NOT_JOURNALED: "en enhet har inte sagt att det är journalfört",
    retention.RELATED: "ett annat meddelande hör ihop med det",
    retention.LAST: "det senaste numret sparas tills det finns ett nyare",
}


def add_parser(subparsers: Any) -> None:
    """Add `retention plan` and `retention run`."""
    top = subparsers.add_parser("retention", help="se vad som kan gallras, vad som sparas för länge, och gallra")
    actions = top.add_subparsers(required=True, metavar="{plan,run}")
    plan = actions.add_parser("plan", help="visa vad nästa gallring tar, och vad som ligger kvar och varför")
    plan.add_argument("--list", action="store_true", help="räkna upp det som ligger kvar, med beteckning")
    plan.set_defaults(func=_plan)
    run = actions.add_parser("run", help="gallra nu det som får gallras")
    run.set_defaults(func=_run)
    for one in (plan, run):
        one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")


def _plan(args: argparse.Namespace) -> int:
    record = build_record(Settings().profiles())
    with opened(args.database) as store:
        lines = store.transaction(lambda tx: plan_of(tx, record, Clock().care(), listed=args.list))
    print("\n".join(lines))
    return OK


def _run(args: argparse.Namespace) -> int:
    """Batch after batch; what has been done stands, should it be broken off."""
    logging.getLogger("stafett").setLevel(logging.WARNING)
    record = build_record(Settings().profiles())
    rows = 0
    with opened(args.database) as store:
        while went := store.transaction(lambda tx: disposal.batch(tx, record, Clock().care())):
            rows += went
        may = store.transaction(disposal.may_remove_log)
    print(f"Gallrat: {rows} rader." if rows else "Inget att gallra.")
    if may:
        return OK
    print(
        "Bara innehåll har gallrats: databasens roll får inte ta bort ur loggen. Kör kommandot med den roll som äger "
        "tabellerna för att gallra resten."
    )
    return WAITS


def plan_of(tx: Connection, record: Record, now: datetime, *, listed: bool) -> list[str]:
    """The dry run in Swedish, a line for each thing. Nothing is changed. `now` is care time (UTC)."""
    goes, stays, named = _heaps(tx, record, now)
    common = retention.common(tx, record, now)
    lines = ["Nästa gallring tar:", *(goes or ["  inga meddelanden"])]
    if common is not None:
        account, left = disposal.how_old(tx, common)
        lines.append(f"  loggen över åtkomst: {account} rader från före {_day(common.account)}")
        lines.append(f"  den som har slutat: {left} personer som slutade före {_day(common.roster)}")
    else:
        lines.append("  ur loggen och registret: inget, så länge inte varje profil i bruk har ett gallringsbeslut")
    lines += ["Ligger kvar fast tiden är ute:", *(stays or ["  inget"])]
    without = retention.without_profile(tx, record)
    if without:
        lines.append(f"  {without} avslutade meddelanden: deras profil finns inte längre, så ingen säger hur länge")
    held = holds.standing(tx)
    lines.append(f"Undantagna ärenden: {len(held)}")
    if listed:
        lines += [f"  {thread_ref(one.thread_id)}  avslutat {_day(one.closed_at)}  {WHY[one.why]}" for one in named]
    return lines


def _heaps(tx: Connection, record: Record, now: datetime) -> tuple[list[str], list[str], Sequence[Stays]]:
    goes: list[str] = []
    stays: list[str] = []
    named: list[Stays] = []
    for heap in retention.heaps(tx, record, now):
        number = retention.how_many(tx, heap)
        what = f"{heap.profile}, {KINDS[heap.kind]}"
        if number:
            goes.append(f"  {what}: {number} avslutade före {_day(heap.before)}, enligt {heap.decision_ref}")
        stays += [f"  {what}: {count}, {WHY[why]}" for why, count in retention.how_many_stay(tx, heap).items()]
        named += retention.kept(tx, heap, _LISTED)
    return goes, stays, named


def _day(moment: datetime) -> str:
    return f"{to_local(moment):%Y-%m-%d}"
