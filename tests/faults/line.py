"""A line to the database that can be cut: a TCP proxy on loopback, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


class Line:
    """Everything goes through to `host:port`, until the line is cut. `port` is where to connect instead."""

    def __init__(self, host: str, port: int) -> None:
        self._far = host, port
        self._whole = True
        self._cut_at: bytes | None = None
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self.cut()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Every connection breaks, and new ones break at once."""

        def now() -> None:
            self._whole = False
            self.cuts += 1
            for writer in list(self._writers):
                writer.transport.abort()

        self._do(now)

    def mend(self) -> None:
        self._whole = True

    def cut_once_at(self, sign: bytes) -> None:
        """The next request that holds `sign` reaches the database, but its answer never comes back."""
        self._cut_at = sign

    def _do(self, work: Callable[[], None]) -> None:
        async def done() -> None:
            work()

        asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._far)
        self._writers |= {writer, far_writer}
        try:
            async with asyncio.TaskGroup() as both:
                answers = both.create_task(self._answers(far_reader, writer))
                both.create_task(self._requests(reader, far_writer, answers))
        finally:
            for end in (writer, far_writer):
                end.transport.abort()
                self._writers.discard(end)

    async def _answers(self, far: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await far.read(65536):
                near.write(data)
                await near.drain()
        near.transport.abort()

    async def _requests(
        self, near: asyncio.StreamReader, far: asyncio.StreamWriter, answers: "asyncio.Task[None]"
    ) -> None:
        with suppress(OSError):
            while data := await near.read(65536):
                sign = self._cut_at
                if sign is not None and sign in data:
                    self._cut_at = None
                    self.cuts += 1
                    answers.cancel()  # no answer is passed on from here
                    far.write(data)
                    await far.drain()
                    far.write_eof()  # the database ends the line when it has done what it was asked to
                    break
                far.write(data)
                await far.drain()
        if not answers.cancelled() and not answers.cancelling():
            far.transport.abort()
            answers.cancel()
