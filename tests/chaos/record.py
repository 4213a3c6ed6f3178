"""Every table that matters in the end, by thread."""

from collections import defaultdict
from dataclasses import dataclass, field

from chaos.books import Books, Row


@dataclass(kw_only=True)
class Record:
    """What the database holds when everything has come to rest."""

    threads: dict[int, Row]
    log: dict[int, list[Row]]
    outbox: list[Row]
    errands: list[Row]
    parties: dict[int, list[Row]]
    deadlines: dict[int, list[Row]]
    content: dict[int, list[Row]]
    cards: list[Row]
    by_case: dict[str, list[int]] = field(default_factory=dict)
    refreshed: dict[int, set[int]] = field(default_factory=dict)  # versions that the outbox knows of

    @classmethod
    def read(cls, books: Books) -> "Record":
        threads = {row["id"]: row for row in books.rows("SELECT * FROM thread ORDER BY id")}
        record = cls(
            threads=threads, outbox=books.rows("SELECT * FROM outbox ORDER BY id"),
            errands=books.rows("SELECT * FROM errand ORDER BY id"),
            cards=books.rows("SELECT * FROM card ORDER BY thread_id, person_id"),
            log=_by_thread(books.rows("SELECT * FROM log ORDER BY version, id")),
            parties=_by_thread(books.rows("SELECT * FROM party ORDER BY id")),
            deadlines=_by_thread(books.rows("SELECT * FROM deadline ORDER BY id")),
            content=_by_thread(books.rows("SELECT * FROM content ORDER BY seq")),
        )  # fmt: skip
        for number, thread in threads.items():
            record.by_case.setdefault(thread["case_ref"], []).append(number)
        for row in record.outbox:
            record.refreshed.setdefault(row["thread_id"], set()).add(row["version"])
        return record

    def state_at(self, thread: int, version: int) -> str:
        """Where the thread stood in this version."""
        steps = [row for row in self.log.get(thread, ()) if row["version"] <= version]
        return str(steps[-1]["to_state"]) if steps else ""


def _by_thread(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["thread_id"]].append(row)
    return found
