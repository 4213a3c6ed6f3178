"""Right after a death: which sends were in flight, and whether the record knew of them beforehand."""

from time import monotonic

from chaos.account import WRONG, Account
from chaos.books import Books, quoted
from chaos.recorder import ANSWERED, IN_FLIGHT, WITHHELD, Post, Recorder
from chaos.roster import NUMBERS

# An answer that has come is on disk within this time, also on a busy machine.
_SECONDS_TO_RECORD = 8.0


def examine(books: Books, recorder: Recorder, replica: str, account: Account) -> None:
    """Settle the fate of everything this process had sent."""
    open_ = [post for post in recorder.posts[recorder.settled.get(replica, 0) :] if _is_open(post, replica)]
    recorder.settled[replica] = len(recorder.posts)
    if not open_:
        return
    ids = quoted([post.activity_id for post in open_])
    known = {
        row["external_id"]
        for table in ("outbox", "errand")
        for row in books.rows(f"SELECT external_id FROM {table} WHERE external_id IN ({ids})")
    }
    for post in open_:
        if post.activity_id in known:
            continue
        if _came_too_late(books, post):
            post.fate = WITHHELD
            continue
        if post.fate == ANSWERED and monotonic() - post.at > _SECONDS_TO_RECORD:
            account.note(WRONG, f"{post.activity_id} to {post.conversation} was answered and never written down")
            continue
        post.fate = IN_FLIGHT
        if not _is_claimed(books, post):
            account.note(WRONG, f"{post.activity_id} to {post.conversation} was sent without a claim on disk")


def _is_open(post: Post, replica: str) -> bool:
    return (post.is_row or post.is_list) and post.replica == replica and post.fate != WITHHELD


def _came_too_late(books: Books, post: Post) -> bool:
    """Whether the sender had given up waiting for the answer, and had noted it; it may have tried again since."""
    if post.is_list:
        return bool(books.rows(f"{_lists_to(post)} AND claimed_until IS NULL AND failure LIKE 'timeout%'"))
    timed_out = "EXISTS (SELECT 1 FROM attempt a WHERE a.outbox_id = o.id AND a.code LIKE 'timeout%')"
    return bool(books.rows(f"{_rows_about(post)} AND o.claimed_until IS NULL AND {timed_out}"))


def _is_claimed(books: Books, post: Post) -> bool:
    """Whether the record held a lease on a message to this person about this case, or on a list to them, when its
    sender died."""
    if post.is_list:
        return bool(books.rows(f"{_lists_to(post)} AND status = 'waiting' AND claimed_until IS NOT NULL"))
    return bool(books.rows(f"{_rows_about(post)} AND o.status = 'waiting' AND o.claimed_until IS NOT NULL"))


def _lists_to(post: Post) -> str:
    return f"SELECT id FROM errand WHERE kind = 'list' AND person_id = {NUMBERS[post.conversation[2:]]}"


def _rows_about(post: Post) -> str:
    return (
        "SELECT o.id FROM outbox o JOIN thread t ON t.id = o.thread_id"
        f" WHERE o.person_id = {NUMBERS[post.conversation[2:]]} AND t.case_ref IN ({quoted(sorted(post.cases))})"
    )
