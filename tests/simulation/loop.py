"""An event loop whose time jumps to the next timer when nothing is ready, and whose processes can freeze and die.

Everything runs in one thread in one order, so that the same seed is the same run. What belongs to a process of
Stafett runs in that process's context; people and Teams run in none, and go on when it is gone.
"""

import asyncio
import contextvars
import heapq
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import time_machine

T = TypeVar("T")
PROCESS: contextvars.ContextVar["Process | None"] = contextvars.ContextVar("process", default=None)


class Quiet(Exception):
    """Nothing is ready and nothing is waited for: the run would never end."""


class LineCut(Exception):
    """Whoever was served has been cut off: the process died, or the line did. What was done is not known."""


class Process:
    """What belongs together and dies together. Frozen, it does nothing until it thaws; dead, it never does again."""

    def __init__(self, loop: "SimLoop", name: str, died: Callable[["Process"], None] | None = None) -> None:
        self.loop, self.name, self._died = loop, name, died
        self.dead = False
        self.frozen = False
        self.held: list[asyncio.Handle] = []
        self.tasks: dict[asyncio.Task[Any], None] = {}  # in order: a set's order is no seed's
        self.served: dict[asyncio.Future[Any], None] = {}
        self._context = contextvars.copy_context()
        self._context.run(PROCESS.set, self)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task of this process."""
        return self.loop.create_task(work, context=self._context)

    def serve(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """The same, for somebody outside, who learns of its end, or that the line was cut."""
        answer: asyncio.Future[T] = self.loop.create_future()
        self.served[answer] = None
        task = self.start(work)

        def told(done: asyncio.Task[T]) -> None:
            self.served.pop(answer, None)
            if answer.done():
                return
            if done.cancelled():
                answer.set_exception(LineCut())
            elif (error := done.exception()) is not None:
                answer.set_exception(error)
            else:
                answer.set_result(done.result())

        task.add_done_callback(told, context=contextvars.Context())
        return answer

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more, and those it served are cut off."""
        if self.dead:
            return
        self.dead = True
        if self._died is not None:
            self.loop.call_soon(self._died, self, context=contextvars.Context())
        for answer in list(self.served):
            if not answer.done():
                answer.set_exception(LineCut())
        self.served.clear()

    def bury(self) -> None:
        """Let go of what the dead process had in memory. Nothing of it can reach the record or Teams any more."""
        for task in list(self.tasks):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with suppress(Exception):
                self._context.run(task.get_coro().close)
        self.tasks.clear()
        self.held.clear()

    def thaw(self) -> None:
        self.frozen = False
        self.loop.take_back(self.held)
        self.held = []


class SimLoop(asyncio.BaseEventLoop):
    """`start` is the wall clock at the beginning (UTC). `step` is called before each step of a process."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._now = 0.0
        self._wall = start.timestamp()
        self.step: Callable[[Process], None] = lambda _process: None
        self.steps = 0
        self._travel = time_machine.travel(start, tick=False)
        self._clock = self._travel.start()
        self.set_task_factory(self._task)  # type: ignore[arg-type]
        self.set_exception_handler(lambda _loop, context: self.complaints.append(context))
        self.complaints: list[dict[str, Any]] = []

    def time(self) -> float:
        return self._now

    def wall(self) -> datetime:
        """What the machine's clock shows."""
        return datetime.fromtimestamp(self._wall + self._now, UTC)

    def set_wall(self, by: timedelta) -> None:
        """Somebody sets the machine's clock; timers run on."""
        self._wall += by.total_seconds()
        self._clock.move_to(self._wall + self._now)

    def close(self) -> None:
        self._travel.stop()
        super().close()

    def take_back(self, handles: list[asyncio.Handle]) -> None:
        self._ready.extend(handles)  # type: ignore[attr-defined]

    def _task(self, loop: "SimLoop", coro: Coroutine[Any, Any, T], **more: Any) -> asyncio.Task[T]:
        task = asyncio.Task(coro, loop=loop, **more)
        context = more.get("context")
        process = context.get(PROCESS) if context is not None else PROCESS.get()
        if process is not None:
            process.tasks[task] = None
            task.add_done_callback(lambda done: process.tasks.pop(done, None))
        return task

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        """A thread's work is done at once, in its turn: threads would race."""
        if executor is not None:
            return asyncio.wrap_future(executor.submit(func, *args), loop=self)
        answer: asyncio.Future[T] = self.create_future()

        def work() -> None:
            try:
                found = func(*args)
            except Exception as error:
                answer.set_exception(error)
            else:
                answer.set_result(found)

        self.call_soon(work)
        return answer

    # --- what a loop with a selector does, without one ----------------------------------------------------------------

    def _write_to_self(self) -> None:
        """Nobody sleeps."""

    def _process_events(self, event_list: object) -> None:
        """There are no sockets."""

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        while scheduled and scheduled[0]._cancelled:
            heapq.heappop(scheduled)._scheduled = False
        if not ready:
            if not scheduled:
                raise Quiet
            if scheduled[0]._when > self._now:
                self._now = scheduled[0]._when
                self._clock.move_to(self._wall + self._now)
        while scheduled and scheduled[0]._when <= self._now:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                self._run_handle(handle)

    def _run_handle(self, handle: Any) -> None:
        process = handle._context.get(PROCESS)
        if process is not None:
            if process.dead:
                return
            if process.frozen:
                process.held.append(handle)
                return
            self.steps += 1
            self.step(process)
            if process.dead:
                return
        handle._run()
