"""The promise, held against what the database holds in the end: nothing lost, nothing doubled, no wrong state.

Written from what people were told and what the connector took. Of Stafett it knows the tables' columns and the Swedish
words of the states, nothing else.
"""

from collections import Counter
from datetime import datetime

from chaos.account import DOUBLED, LOST, WRONG, Account
from chaos.acknowledged import cards, presses, told
from chaos.books import Books, Row, instant
from chaos.delivered import doubles, lists, messages
from chaos.people import Load
from chaos.record import Record
from chaos.recorder import IN_FLIGHT, WITHHELD, Recorder


def check(account: Account, books: Books, recorder: Recorder, load: Load, now: datetime) -> None:
    """Count everything, and note what is wrong. `now` is care time at the end."""
    record = Record.read(books)
    _count(account, record, recorder, load)
    if account.acknowledged < account.kills or not account.posts:
        account.note(WRONG, "so little was done that the run proves nothing")
    for what in books.soundness():
        account.note(WRONG, what)
    threads(account, record, now)
    messages(account, record, recorder)
    lists(account, record, recorder, now)
    doubles(account, record, recorder)
    told(account, record, [*load.told, *(post.told for post in recorder.posts if post.told is not None)])
    presses(account, record, load.presses)
    cards(account, record, recorder)


def _count(account: Account, record: Record, recorder: Recorder, load: Load) -> None:
    account.acknowledged = len(load.told)
    account.posts = sum(post.is_row for post in recorder.posts)
    account.changes = sum(post.method == "PUT" for post in recorder.posts)
    account.threads = len(record.threads)
    account.given_up = sum(row["status"] in ("undeliverable", "set_aside") for row in record.outbox)
    account.fired = sum(row["by"] == "clock" for rows in record.log.values() for row in rows)
    account.in_flight = sum(post.is_row and post.fate == IN_FLIGHT for post in recorder.posts)
    account.withheld = sum(post.is_row and post.fate == WITHHELD for post in recorder.posts)


def threads(account: Account, record: Record, now: datetime) -> None:
    """Every thread's history holds together, and every open one has an owner and a time."""
    for number, thread in record.threads.items():
        for what in (*_history(record, number, thread), *_hands(record, number, thread)):
            account.note(WRONG, f"thread {number}: {what}")
        for what in _clock(record, number, thread, now):
            account.note(LOST, f"thread {number}: {what}")
    for case, numbers in record.by_case.items():
        if len(numbers) > 1:
            account.note(DOUBLED, f"one form has opened threads {numbers} ({case})")


def _history(record: Record, number: int, thread: Row) -> list[str]:
    wrong, state, version = [], "", 0
    steps = record.log.get(number, [])
    for step in steps:
        if step["from_state"] != state:
            wrong.append(f"version {step['version']} goes from «{step['from_state']}», it stood in «{state}»")
        if step["version"] <= version:
            wrong.append(f"version {step['version']} comes after {version}")
        state, version = step["to_state"], step["version"]
    if state != thread["state"] or version > thread["version"]:
        wrong.append(f"stands in «{thread['state']}» version {thread['version']}, the log ends in «{state}» {version}")
    known = {step["version"] for step in steps} | {
        row["version"] for row in record.outbox if row["thread_id"] == number
    }
    missing = set(range(1, thread["version"] + 1)) - known
    if missing:
        wrong.append(f"nothing tells of versions {sorted(missing)}")
    fired = Counter((step["signal"], str(step["due_at"])) for step in steps if step["by"] == "clock")
    rounds = Counter(row["step"] for row in record.deadlines.get(number, ()))
    for (signal, due), n in fired.items():
        if n > rounds[signal.partition(".")[0]]:
            wrong.append(f"the clock's {signal} due {due} was given {n} times")
    early = [step for step in steps if step["due_at"] is not None and instant(step["at"]) < instant(step["due_at"])]  # type: ignore[operator]
    return wrong + [f"the clock's {step['signal']} came before its time" for step in early]


def _hands(record: Record, number: int, thread: Row) -> list[str]:
    if thread["closed_at"] is not None:
        return []
    owners = [party for party in record.parties.get(number, []) if party["id"] == thread["owner_party_id"]]
    if len(owners) != 1:
        return [f"open with {len(owners)} owners"]
    if thread["state"] == "taken" and owners[0]["taken_by"] is None:
        return ["taken, and its owner has not taken it"]
    return []


def _clock(record: Record, number: int, thread: Row, now: datetime) -> list[str]:
    armed = [row for row in record.deadlines.get(number, []) if row["status"] == "armed"]
    if thread["closed_at"] is not None:
        return [f"ended, and {row['step']} is still armed" for row in armed]
    late = [row for row in armed if (due := instant(row["due_at"])) is not None and due <= now]
    wrong = [f"{row['step']} was due {row['due_at']} and has not fired" for row in late]
    if not any(row["due_at"] is not None for row in armed):
        wrong.append(f"open in «{thread['state']}» with nothing to come")
    return wrong
