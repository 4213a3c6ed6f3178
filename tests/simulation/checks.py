"""What must hold whatever happens: read from the database by an eye of its own, and from Teams' account of its calls.

Nothing here asks Stafett. The flow tables are read as data; the rules' instants are the oracle's.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from ladder_oracle import ladder
from ladder_times import again

from cases.flow import Audience, By, Flow, Move, Say
from cases.ladder import basis_of
from cases.thread import thread_id
from reminders.localtime import to_utc
from simulation.loop import SimLoop
from simulation.teams import PlayedTeams
from simulation.watched import moment

_ALWAYS_SOMEBODY = frozenset({Audience.SENDER, Audience.RESPONSIBLE_ASSESSOR, Audience.COUNTERPART, Audience.OWNER})


class Violation(Exception):
    """Something that must never happen has happened. `code` names the invariant that does not hold."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code


@dataclass(kw_only=True)
class Seen:
    """A thread as its log tells it."""

    state: str = ""
    version: int = 0
    labels: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Checks:
    """`calm` says since when nothing has been the matter (loop time), None while something is; `bound` is how late
    anything may be then."""

    loop: SimLoop
    teams: PlayedTeams
    look: sqlite3.Connection
    flows: Mapping[str, Flow]
    profiles: Mapping[str, Any]
    conversation_of: Mapping[int, str]
    bound: timedelta
    calm: Callable[[], float | None]
    threads: dict[int, Seen] = field(default_factory=dict)
    flow_of: dict[int, tuple[str, str]] = field(default_factory=dict)
    instants: int = 0
    acknowledged: int = 0
    told: int = 0
    _log: int = 0
    _armed: int = 0
    _box: int = 0
    _unfinished: set[int] = field(default_factory=set)
    _said: set[tuple[Any, ...]] = field(default_factory=set)
    _acks: dict[int, tuple[set[str], int]] = field(default_factory=dict)

    def step(self) -> None:
        """Everything that is new since the last look. Raises Violation."""
        touched = self._new_log()
        self._new_deadlines()
        self._new_rows()
        self._finished()
        for one in touched:
            self._thread(one)
        self._nothing_overdue()

    # --- the log ------------------------------------------------------------------------------------------------------

    def _new_log(self) -> set[int]:
        touched: set[int] = set()
        for row in self.look.execute("SELECT * FROM log WHERE id > ? ORDER BY id", (self._log,)).fetchall():
            self._log = row["id"]
            touched.add(row["thread_id"])
            flow = self._flow(row["thread_id"])
            seen = self.threads.setdefault(row["thread_id"], Seen())
            what = f"thread {row['thread_id']} ({flow.name}) {row['from_state']} -{row['signal']}-> {row['to_state']}"
            self._demand("version", row["version"] > seen.version, f"{what}: {row['version']} after {seen.version}")
            self._demand("log-gap", row["from_state"] == seen.state, f"{what}: the thread stood in {seen.state}")
            self._demand("no-such-move", _is_move(flow, row), f"{what} by {row['by']}: no such move in the table")
            if row["by"] == "clock":
                self._fired(row, what)
            self._was_told(row, flow, what)
            seen.state, seen.version = row["to_state"], row["version"]
            seen.labels.add(flow.states[row["to_state"]])
        return touched

    def _fired(self, row: sqlite3.Row, what: str) -> None:
        at, due = _time(row["at"]), _time(row["due_at"])
        self._demand("early", at >= due, f"{what}: fired {at}, before its time {due}")
        calm = self.calm()
        step, _, rung = row["signal"].rpartition(".")
        query = "SELECT * FROM deadline WHERE thread_id = ? AND step = ? ORDER BY round"
        rounds = self.look.execute(query, (row["thread_id"], step)).fetchall()
        if calm is not None and self.loop.time() - calm > 2 * self.bound.total_seconds():
            late = at - max(due, _time(rounds[-1]["armed_at"]))
            self._demand("late", late <= self.bound, f"{what}: fired {at}, {late} late, though nothing was the matter")
        if any(one["attempts"] for one in rounds) or calm is None:
            return  # it was put off, or may have been
        expected = {at_ for one in rounds for at_ in self._ladder_of(one)}
        self.instants += 1
        is_daily = rung == "again" and again(moment(due - timedelta(days=1))) <= moment(due)
        what = f"{what}: was due {due}, which the oracle knows nothing of"
        self._demand("not-the-oracles", is_daily or moment(due) in expected, what)

    def _ladder_of(self, armed: sqlite3.Row) -> set[Any]:
        start = moment(_basis(armed["basis"]))
        return {rung.at for rung in ladder(armed["rule"], start, moment(_time(armed["armed_at"]))).rungs}

    def _was_told(self, row: sqlite3.Row, flow: Flow, what: str) -> None:
        """What was to be said in a change stands in the outbox: it was written with it, or not at all."""
        if not self._says(row, flow):
            return
        query = (
            "SELECT 1 FROM outbox WHERE thread_id = ? AND kind = 'message' AND (version = ? OR key LIKE 'm:%:once:%')"
        )
        found = self.look.execute(query, (row["thread_id"], row["version"])).fetchone()
        self._demand("not-in-outbox", found is not None, f"{what}: nothing that tells of it stands in the outbox")
        self.told += 1

    def _says(self, row: sqlite3.Row, flow: Flow) -> bool:
        if row["by"] == "clock":
            step, _, rung = row["signal"].rpartition(".")
            query = "SELECT rule FROM deadline WHERE thread_id = ? AND step = ? LIMIT 1"
            rule = self.look.execute(query, (row["thread_id"], step)).fetchone()["rule"]
            rungs = self.profiles[self.flow_of[row["thread_id"]][1]].rule(rule).ladder
            tells = next((one.tell for one in rungs if one.step == rung), ())
            return bool({"owner", "sender"} & set(tells))
        moves = [move for move in flow.moves.get((row["from_state"], row["signal"]), ()) if move.to == row["to_state"]]
        return row["by"] == "person" and bool(moves) and all(_tells_somebody(move) for move in moves)

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _thread(self, number: int) -> None:
        row = self.look.execute("SELECT * FROM thread WHERE id = ?", (number,)).fetchone()
        flow, seen = self._flow(number), self.threads[number]
        what = f"thread {number} is {row['state']}, {row['version']}; its log ends in {seen.state}, {seen.version}"
        self._demand("not-as-logged", row["state"] == seen.state and row["version"] >= seen.version, what)
        closed, ended = row["closed_at"] is not None, seen.state in flow.last
        self._demand("closed", closed == ended, f"thread {number} in {seen.state}: closed is {closed}")
        query = "SELECT count(*), count(due_at) FROM deadline WHERE thread_id = ? AND status = 'armed'"
        armed, waiting = self.look.execute(query, (number,)).fetchone()
        if closed:
            self._demand("closed", not armed, f"thread {number} is closed, and {armed} of its deadlines run")
        else:
            self._demand("no-owner", row["owner_party_id"] is not None, f"thread {number} in {seen.state}: no owner")
            self._demand("no-next-deadline", waiting > 0, f"thread {number} in {seen.state} has no next deadline")

    def _new_deadlines(self) -> None:
        for row in self.look.execute("SELECT * FROM deadline WHERE id > ? ORDER BY id", (self._armed,)).fetchall():
            self._armed = row["id"]
            wanted = ladder(row["rule"], moment(_basis(row["basis"])), moment(_time(row["armed_at"])))
            for name, found, right in (("soft", row["soft_at"], wanted.soft), ("hard", row["hard_at"], wanted.hard)):
                self.instants += 1
                is_same = (found is None and right is None) or (
                    found is not None and right is not None and moment(_time(found)) == right
                )
                what = f"thread {row['thread_id']} {row['step']}: {name} {found}, the oracle says"
                self._demand("not-the-oracles", is_same, f"{what} {right.printed() if right else 'nothing'}")

    def _nothing_overdue(self) -> None:
        calm = self.calm()
        if calm is None or self.loop.time() - calm < 2 * self.bound.total_seconds():
            return
        before = (self.loop.wall() - self.bound).strftime("%Y-%m-%d %H:%M:%S.%f")
        deadlines, messages = (
            "deadline WHERE status = 'armed' AND due_at",
            "outbox WHERE status = 'waiting' AND not_before",
        )
        for code, what in (("missed", deadlines), ("lies-still", messages)):
            row = self.look.execute(f"SELECT * FROM {what} < ? LIMIT 1", (before,)).fetchone()
            self._demand(code, row is None, str(dict(row or {})))

    # --- the outbox ---------------------------------------------------------------------------------------------------

    def _new_rows(self) -> None:
        for row in self.look.execute("SELECT * FROM outbox WHERE id > ? ORDER BY id", (self._box,)).fetchall():
            self._box = row["id"]
            self._unfinished.add(row["id"])
            if row["kind"] == "message" and row["original_due_at"] is not None:
                said = (row["thread_id"], row["person_id"], row["text"], row["original_due_at"])
                self._demand("said-twice", said not in self._said, f"said twice by one round: {dict(row)}")
                self._said.add(said)

    def _finished(self) -> None:
        waiting = {row["id"] for row in self.look.execute("SELECT id FROM outbox WHERE status = 'waiting'")}
        for one in sorted(self._unfinished - waiting):
            row = self.look.execute("SELECT * FROM outbox WHERE id = ?", (one,)).fetchone()
            self._unfinished.discard(one)
            if row["status"] == "sent":
                self._reached(row)
            elif row["status"] == "undeliverable":
                self._gave_up(row)

    def _reached(self, row: sqlite3.Row) -> None:
        got = self.teams.received(row["external_id"])
        self._demand("not-received", got, f"noted as sent, and Teams never got it: {dict(row)}")
        where = self.teams.conversation(row["external_id"])
        right = where == self.conversation_of[row["person_id"]]
        self._demand("somebody-else", right, f"sent to somebody else: {dict(row)} in {where}")

    def _gave_up(self, row: sqlite3.Row) -> None:
        refused = self.conversation_of[row["person_id"]] in self.teams.final
        self._demand("not-refused", refused, f"given up, though Teams never refused it for good: {dict(row)}")
        if row["kind"] != "message":
            return
        query = "SELECT 1 FROM log WHERE thread_id = ? AND signal = 'undeliverable'"
        told = self.look.execute(query, (row["thread_id"],)).fetchone()
        query = "SELECT 1 FROM outbox WHERE thread_id = ? AND version = ? AND text = ? AND id <> ?"
        shared = self.look.execute(query, (row["thread_id"], row["version"], row["text"], row["id"])).fetchone()
        ended = self.look.execute("SELECT closed_at FROM thread WHERE id = ?", (row["thread_id"],)).fetchone()[0]
        self._demand("nobody-told", bool(told or shared or ended), f"not delivered, and nobody was told: {dict(row)}")

    # --- what people have been told -----------------------------------------------------------------------------------

    def shown(self, reference: str, label: str, version: int) -> None:
        """Somebody has seen this on a card that their press was answered with: it stands in the record already."""
        number = thread_id(reference)
        assert number is not None
        labels, newest = self._acks.get(number, (set(), 0))
        self._acks[number] = (labels | {label}, max(newest, version))
        self.acknowledged += 1
        self._is_recorded(number, {label}, version)

    def _is_recorded(self, number: int, labels: set[str], version: int) -> None:
        row = self.look.execute("SELECT version FROM thread WHERE id = ?", (number,)).fetchone()
        what = f"thread {number}: somebody was shown {sorted(labels)}, version {version}"
        self._demand("told-not-recorded", row is not None, f"{what}, and there is no such thread")
        self._demand("told-not-recorded", row["version"] >= version, f"{what}, and the record has {row['version']}")
        states = self.look.execute("SELECT DISTINCT to_state FROM log WHERE thread_id = ?", (number,)).fetchall()
        recorded = {self._flow(number).states[one[0]] for one in states}
        self._demand("told-not-recorded", labels <= recorded, f"{what}, and the record has {sorted(recorded)}")

    def end(self) -> None:
        """When all has come to rest."""
        self.step()
        for number, (labels, version) in self._acks.items():
            self._is_recorded(number, labels, version)
        for number in self.threads:
            self._thread(number)
        broken = self.look.execute("PRAGMA integrity_check").fetchone()[0]
        self._demand("damaged", broken == "ok", f"the database is damaged: {broken}")

    def counts(self) -> dict[str, int]:
        """How much has been looked at."""
        return {
            "threads": len(self.threads), "log": self._log, "outbox": self._box, "acknowledged": self.acknowledged,
            "told": self.told, "instants": self.instants,
        }  # fmt: skip

    # --- pieces -------------------------------------------------------------------------------------------------------

    def _flow(self, number: int) -> Flow:
        if number not in self.flow_of:
            row = self.look.execute("SELECT flow, profile FROM thread WHERE id = ?", (number,)).fetchone()
            self.flow_of[number] = (row["flow"], row["profile"])
        return self.flows[self.flow_of[number][0]]

    def _demand(self, code: str, holds: bool, what: str) -> None:
        if not holds:
            raise Violation(code, what)


def _tells_somebody(move: Move) -> bool:
    return any(isinstance(action, Say) and action.to in _ALWAYS_SOMEBODY for action in move.then)


def _is_move(flow: Flow, row: sqlite3.Row) -> bool:
    """Whether the table has a way from the one state to the other by this signal; the clock may take several."""
    if row["by"] != "clock":
        wanted = {By.DELIVERY} if row["by"] == "delivery" else {By.SENDER, By.RECEIVER, By.INFORMED, By.COLLEAGUE}
        moves = flow.moves.get((row["from_state"], row["signal"]), ())
        return any(move.to == row["to_state"] and move.by & wanted for move in moves)
    reached = {row["from_state"]}
    for _ in range(4):
        reached |= {
            move.to
            for (state, _), moves in flow.moves.items()
            for move in moves
            if state in reached and By.CLOCK in move.by and state not in flow.last
        }
    return row["from_state"] not in flow.last and row["to_state"] in reached


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _basis(text: str) -> datetime:
    basis = basis_of(text)
    return basis if isinstance(basis, datetime) else to_utc(datetime.combine(basis, time()))
