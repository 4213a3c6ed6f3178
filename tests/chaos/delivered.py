"""The outbox against the connector: what counts as sent has arrived, once, and nobody was forgotten."""

from collections import defaultdict
from datetime import datetime

from chaos.account import DOUBLED, LOST, WRONG, Account
from chaos.books import Row, instant
from chaos.record import Record
from chaos.recorder import IN_FLIGHT, WITHHELD, Post, Recorder
from chaos.roster import NUMBERS

# What somebody must be told of, by the signal that a person gave. A limited need is not told before the fourth day.
_TOLD_TO_OTHERS = frozenset({"send", "remains", "answer", "complete", "reschedule"})
# Other flows may be somebody's own task: there it is those with a receiver that must be told of.
_SILENT = frozenset({("urgent_limited", "send")})
_ALWAYS = frozenset({"urgent_lasting", "urgent_limited", "question", "handover_simplified", "handover_ordinary"})
_FATES = frozenset({"sent", "undeliverable", "superseded", "set_aside"})
_GIVEN_UP = frozenset({"undeliverable", "set_aside"})


def messages(account: Account, record: Record, recorder: Recorder) -> None:
    """Every row of the outbox came to an end that the connector can confirm."""
    shown: dict[str, list[Post]] = defaultdict(list)
    for post in recorder.posts:
        shown[post.activity_id].append(post)
    moved = {number: steps[-1]["version"] for number, steps in record.log.items()}
    steps = {(number, step["version"]) for number, rows in record.log.items() for step in rows}
    for row in record.outbox:
        thread = record.threads.get(row["thread_id"])
        of = f"outbox row {row['id']} ({row['kind']} «{row['text']}» of thread {row['thread_id']})"
        if thread is None or row["version"] > thread["version"]:
            account.note(WRONG, f"{of} tells of version {row['version']}, which never was")
        elif row["kind"] == "message" and row["text"] and (row["thread_id"], row["version"]) not in steps:
            account.note(WRONG, f"{of} tells of version {row['version']}, which no signal made")
        elif what := _end_of(row, thread, shown.get(row["external_id"] or "", []), recorder, moved[row["thread_id"]]):
            account.note(LOST, f"{of} {what}")
    _nobody_told(account, record)


def lists(account: Account, record: Record, recorder: Recorder, now: datetime) -> None:
    """Every errand whose time has come (care time, UTC) came to an end, and a list that counts as sent has arrived."""
    taken = {post.activity_id: post for post in recorder.posts if post.is_list}
    for row in record.errands:
        of = f"errand {row['id']} ({row['kind']} «{row['what']}»)"
        due = instant(row["not_before"])
        if row["status"] == "waiting" and due is not None and due <= now:
            account.note(LOST, f"{of} is still waiting")
        elif row["kind"] == "list" and row["status"] == "sent":
            post = taken.get(row["external_id"] or "")
            if post is None:
                account.note(LOST, f"{of} counts as sent, and the connector has never seen it")
            elif NUMBERS[post.conversation[2:]] != row["person_id"]:
                account.note(LOST, f"{of} went to {post.conversation}")


def _end_of(row: Row, thread: Row, posts: list[Post], recorder: Recorder, moved: int) -> str:
    """What is wrong with how a row ended; `moved` is the version of the thread's latest signal."""
    if row["status"] not in _FATES:
        return f"is still {row['status']}"
    if row["status"] == "sent":
        return _unconfirmed(row, thread, posts)
    if row["status"] in _GIVEN_UP:
        return "" if row["failure"] else "is given up without a reason"
    if row["kind"] != "message" or moved > row["version"]:
        return ""
    needless = row["text"] == "withdrawn" and not _has_heard(row, thread, recorder)
    return "" if needless else "gave way to nothing newer"


def _unconfirmed(row: Row, thread: Row, posts: list[Post]) -> str:
    """An update has been confirmed by any edit of its message, a message by the post that brought it."""
    if not posts or (row["kind"] == "message" and posts[0].method != "POST"):
        return "counts as sent, and the connector has never seen it"
    if NUMBERS[posts[0].conversation[2:]] != row["person_id"]:
        return f"went to {posts[0].conversation}"
    if row["text"] == "folded":  # gives way to a newer card, and says nothing of the case
        return ""
    about = posts[:1] if row["kind"] == "message" else posts
    return "" if any(thread["case_ref"] in post.cases for post in about) else "was sent as a card about something else"


def _has_heard(row: Row, thread: Row, recorder: Recorder) -> bool:
    """Whether the person has ever got a message about the case: what nobody has seen need not be called back."""
    return any(
        post.is_row and thread["case_ref"] in post.cases and NUMBERS[post.conversation[2:]] == row["person_id"]
        for post in recorder.posts
    )


def _nobody_told(account: Account, record: Record) -> None:
    told = {(row["thread_id"], row["version"]) for row in record.outbox if row["kind"] == "message"}
    for number, steps in record.log.items():
        flow = record.threads[number]["flow"]
        receivers = [party for party in record.parties.get(number, ()) if party["side"] == "receiver"]
        for step in steps:
            must = step["signal"] in _TOLD_TO_OTHERS and (flow, step["signal"]) not in _SILENT
            # Who has come in later had no part in it then.
            must = must and (
                flow in _ALWAYS or any(instant(one["added_at"]) <= instant(step["at"]) for one in receivers)
            )
            if must and (number, step["version"]) not in told:
                who = [(party["side"], party["role"], party["person_id"]) for party in record.parties.get(number, ())]
                what = f"nobody was to be told of «{step['signal']}» by {step['person_id']} of {who}"
                account.note(LOST, f"thread {number} ({flow}): {what}")


def doubles(account: Account, record: Record, recorder: Recorder) -> None:
    """Messages that no row stands for came twice. They may, if nobody could know that the first one had arrived."""
    standing = {row["external_id"] for row in (*record.outbox, *record.errands)}
    groups: dict[tuple[object, ...], list[Post]] = defaultdict(list)
    for post in recorder.posts:
        if post.is_row or post.is_list:
            groups[post.group].append(post)
    for group in groups.values():
        extra = [post for post in group if post.activity_id not in standing]
        # Of two sends of one row the record keeps one id; which one, depends on who wrote last.
        spare = sum(post.activity_id in standing and post.fate in (IN_FLIGHT, WITHHELD) for post in group)
        again = len(group) > len(extra)
        for post in extra:
            if post.fate == IN_FLIGHT:
                account.doubled_in_flight += again
            elif post.fate == WITHHELD:
                account.doubled_withheld += again
            elif spare:
                spare -= 1
                account.doubled_in_flight += 1
            else:
                account.note(DOUBLED, f"{post.activity_id} to {post.conversation}: «{post.toast}» {sorted(post.cases)}")
