"""Figures for Prometheus. They count events and never tell of a person, a case, a thread or a unit.

Every label takes its values from a list that stands here; what is not on the list counts as «other». A counter costs
about a microsecond, so that a turn does not notice.
"""

import platform
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from importlib import metadata
from time import perf_counter
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from sqlalchemy import Engine, event

from bot.channel.errors import ChannelError
from bot.channel.values import Address, Answer, Incoming
from cases.figures import Figures
from dialogs.parts import Element
from reminders.deadlines import DueRow

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter was born is of no use to us

OTHER = "other"
KINDS = ("text", "press", "open", "submit", "installed", "removed", "members")
ENDS = ("answered", "refused", "failed")
LANES = {0: "urgent", 1: "normal", 2: "bulk"}
CALLS = ("send", "update", "open_conversation")
OUTCOMES = (
    "ok", "Throttled", "Passing", "Blocked", "NotInstalled", "DisabledByAdmin", "StaleAddress", "TooBig", "Faulty",
    "Refused",
)  # fmt: skip
CODES = (
    "", "400", "401", "403", "404", "408", "412", "413", "429", "500", "502", "503", "504", "timeout", "connection",
    "token",
)  # fmt: skip
ERRANDS = ("mail", "list", "calendar", "install", "call")
GRAPH_OUTCOMES = ("away", "throttled", "refused", "gave_up")
ERRAND_OUTCOMES = ("done", "retried", "failed", "superseded")
DATABASE_ERRORS = (
    "OperationalError", "InterfaceError", "IntegrityError", "DataError", "ProgrammingError", "InternalError",
    "NotSupportedError",
)  # fmt: skip
LABELS: dict[str, Sequence[str]] = {
    "kind": (*KINDS, OTHER), "end": ENDS, "lane": (*LANES.values(), OTHER), "call": CALLS,
    "outcome": (*OUTCOMES, *ERRAND_OUTCOMES, *GRAPH_OUTCOMES, OTHER), "errand": (*ERRANDS, OTHER),
    "code": (*CODES, OTHER), "error": (*DATABASE_ERRORS, OTHER),
}  # fmt: skip

_TURN = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; Teams waits five to fifteen
_SEND = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0)
_LAG = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0, 86400.0)

Handler = Callable[[Incoming], Awaitable[Answer]]


class Metrics:
    """The figures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self._turns = Counter("stafett_turns", "Activities handled", ["kind", "end"], **own)
        self._turn_seconds = Histogram("stafett_turn_seconds", "Time of a turn", buckets=_TURN, **own)
        self._calls = Counter("stafett_calls", "Calls to Teams' connector", ["call", "outcome", "code"], **own)
        self._call_seconds = Histogram("stafett_call_seconds", "Time of a call to Teams", buckets=_SEND, **own)
        self._commits = Counter("stafett_commits", "Transactions committed", **own)
        self._database_errors = Counter("stafett_database_errors", "Statements the database failed", ["error"], **own)
        self._fired = Counter("stafett_deadlines_fired", "Deadlines fired", **own)
        self._put_off = Counter("stafett_deadlines_put_off", "Deadlines put off after a fault of ours", **own)
        self._lag = Histogram("stafett_deadline_lag_seconds", "From due to fired", buckets=_LAG, **own)
        self._looks = Counter("stafett_waker_looks", "Looks for due deadlines", **own)
        self._waiting = Gauge("stafett_outbox_waiting", "Rows waiting to be sent", ["lane"], **own)
        self._overdue = Gauge("stafett_outbox_overdue_seconds", "How long a row has been free to go", ["lane"], **own)
        self._oldest = Gauge("stafett_outbox_oldest_seconds", "Age of the oldest waiting row", ["lane"], **own)
        self._aside = Gauge("stafett_outbox_set_aside", "Rows that Stafett has given up for a human to look at", **own)
        self._errands = Counter("stafett_errands", "Tries of errands", ["errand", "outcome"], **own)
        self._errands_due = Gauge("stafett_errands_due", "Errands that should have been done", ["errand"], **own)
        self._errands_oldest = Gauge(
            "stafett_errands_oldest_seconds", "How long the oldest has waited", ["errand"], **own
        )
        self._errands_aside = Gauge("stafett_errands_set_aside", "Errands that Stafett has given up", **own)
        self._graph = Counter("stafett_graph_calls", "Calls to Microsoft Graph", ["outcome", "code"], **own)
        self._graph_seconds = Histogram("stafett_graph_call_seconds", "Time of a call to Graph", buckets=_SEND, **own)
        self._late = Gauge("stafett_deadlines_late_seconds", "How long a deadline has been due and not fired", **own)
        self._retried = Gauge("stafett_deadlines_retried", "Deadlines that wait for another try", **own)
        self._roster = Gauge("stafett_roster_version", "The roster's version in the record", **own)
        self._beat = Gauge("stafett_heartbeat_timestamp_seconds", "When a heartbeat last came all the way", **own)
        self._beat_longest = Gauge("stafett_heartbeat_longest_seconds", "How long there may be none (0: off)", **own)
        build = Gauge("stafett_build", "What runs", ["version", "python", "database"], **own)
        self._build = build
        self._ends = {
            (kind, end): self._turns.labels(kind=kind, end=end) for kind in LABELS["kind"] for end in ENDS
        }  # fmt: skip

    # --- watching -----------------------------------------------------------------------------------------------

    def handler(self, inner: Handler) -> Handler:
        """The same handler, counted and timed."""

        async def handle(incoming: Incoming) -> Answer:
            began, end = perf_counter(), "failed"
            try:
                answer = await inner(incoming)
                end = "refused" if answer.message is not None else "answered"
                return answer
            finally:
                self._turn_seconds.observe(perf_counter() - began)
                self._ends[(incoming.kind if incoming.kind in KINDS else OTHER, end)].inc()

        return handle

    def channel(self, inner: Any) -> "CountedChannel":
        """The same channel for the outbox, counted and timed."""
        return CountedChannel(inner, self)

    def engine(self, engine: Engine) -> None:
        """Count what the database does from now on."""
        self._build.labels(
            version=metadata.version("stafett"), python=platform.python_version(), database=engine.dialect.name
        ).set(1)

        def committed(_connection: Any) -> None:
            self._commits.inc()

        def failed(context: Any) -> None:
            name = type(context.sqlalchemy_exception).__name__
            self._database_errors.labels(error=name if name in DATABASE_ERRORS else OTHER).inc()

        event.listen(engine, "commit", committed)
        event.listen(engine, "handle_error", failed)

    def expects_heartbeat(self, longest: timedelta) -> None:
        """Heartbeats are sent, and there may be none for so long."""
        self._beat_longest.set(longest.total_seconds())

    def fired(self, rows: Sequence[DueRow], now: datetime) -> None:
        """These rows have been fired; `now` is care time, as their due time is."""
        self._fired.inc(len(rows))
        for row in rows:
            self._lag.observe(max((now - row.due_at).total_seconds(), 0.0))

    def put_off(self) -> None:
        self._put_off.inc()

    def looked(self) -> None:
        self._looks.inc()

    def called(self, call: str, seconds: float, fault: BaseException | None) -> None:
        """A call to Teams has come back, or has not."""
        outcome = "ok" if fault is None else type(fault).__name__
        self._calls.labels(
            call=call, outcome=outcome if outcome in OUTCOMES else OTHER, code=code_of(fault)
        ).inc()  # fmt: skip
        self._call_seconds.observe(seconds)

    def errand(self, kind: str, outcome: str) -> None:
        """An errand has been tried."""
        self._errands.labels(errand=kind if kind in ERRANDS else OTHER, outcome=outcome).inc()

    def asked_graph(self, outcome: str, code: str, seconds: float) -> None:
        """A call to Graph has come back, or has not."""
        word = code.split(" ")[0]
        self._graph.labels(outcome=outcome, code=word if word in CODES else OTHER).inc()
        self._graph_seconds.observe(seconds)

    # --- showing ------------------------------------------------------------------------------------------------

    def page(self, figures: Figures | None) -> bytes:
        """Everything in Prometheus' text format; `figures` are what the record held a moment ago."""
        if figures is not None:
            for number, lane in LANES.items():
                found = figures.lanes.get(number)
                self._waiting.labels(lane=lane).set(found.waiting if found else 0)
                self._overdue.labels(lane=lane).set(found.overdue if found else 0)
                self._oldest.labels(lane=lane).set(found.oldest if found else 0)
            for kind in ERRANDS:
                due = figures.errands.get(kind)
                self._errands_due.labels(errand=kind).set(due.waiting if due else 0)
                self._errands_oldest.labels(errand=kind).set(due.oldest if due else 0)
            self._errands_aside.set(figures.errands_aside)
            self._aside.set(figures.set_aside)
            self._late.set(figures.late)
            self._retried.set(figures.retried)
            self._roster.set(figures.roster_version)
            self._beat.set(figures.heartbeat.timestamp() if figures.heartbeat else 0)
        return generate_latest(self.registry)


def code_of(fault: BaseException | None) -> str:
    """A fault's status or first word, if it is one we know: what the far side writes is not ours to bound."""
    if fault is None:
        return ""
    word = fault.code.split(" ")[0] if isinstance(fault, ChannelError) else OTHER
    return word if word in CODES else OTHER


class CountedChannel:
    """A channel that counts each call by what came of it."""

    def __init__(self, inner: Any, metrics: Metrics) -> None:
        self._inner, self._metrics = inner, metrics

    async def send(self, address: Address, card: Element, *, summary: str, alert: bool) -> str:
        sent: str = await self._counted("send", self._inner.send(address, card, summary=summary, alert=alert))
        return sent

    async def update(self, address: Address, activity_id: str, card: Element, *, summary: str) -> None:
        await self._counted("update", self._inner.update(address, activity_id, card, summary=summary))

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        opened: Address = await self._counted(
            "open_conversation", self._inner.open_conversation(service_url, tenant_id, member_id)
        )
        return opened

    async def _counted(self, call: str, work: Awaitable[Any]) -> Any:
        began, fault = perf_counter(), None
        try:
            return await work
        except BaseException as found:
            fault = found
            raise
        finally:
            self._metrics.called(call, perf_counter() - began, fault)
