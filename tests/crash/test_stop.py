"""SIGTERM while people press and messages are on their way: nothing is lost, nothing is doubled, and the exit is 0."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from cards import words_of
from chat import Chat
from recorder import Recorder
from town import instant

from cases.store import sqlite_url

HERE = Path(__file__).parent
NEW = "Brådskande: nytt meddelande"


class Served:
    """A process that serves, and a connector that keeps what it gets."""

    def __init__(self, path: Path, recorder: Recorder, session: aiohttp.ClientSession) -> None:
        self.path, self.recorder, self.session = path, recorder, session
        self.chats = [
            Chat(key=key, number=number, session=session, recorder=recorder)
            for key, number in (("sara", 1), ("karim", 2), ("maria", 3), ("anna", 6))
        ]
        self._offset = (instant("2026-11-16 09:00") - datetime.now(UTC)).total_seconds()
        self.process: subprocess.Popen[bytes] | None = None
        self._starts = 0

    async def up(self, lead: float = 0.0) -> None:
        self._starts += 1
        arguments = [sqlite_url(self.path), self.recorder.url, str(self._offset), str(lead)]
        command = [sys.executable, str(HERE / "stopping.py"), *arguments]
        self.process = await asyncio.to_thread(subprocess.Popen, command)
        for what in ("internal", "listening"):
            await self.recorder.until(lambda what=what: len(self.recorder.said(what)) == self._starts)
        for chat in self.chats:
            chat.server = f"http://127.0.0.1:{self.recorder.said('listening')[-1]}"

    @property
    def internal(self) -> str:
        return f"http://127.0.0.1:{self.recorder.said('internal')[-1]}"

    def told_to_stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    async def gone(self) -> int:
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, 60)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as reader:
            return reader.execute(query).fetchall()


@pytest.fixture
async def served(tmp_path: Path, settled: bytes) -> AsyncIterator[Served]:
    path = tmp_path / "stafett.sqlite"
    path.write_bytes(settled)
    recorder = Recorder()
    await recorder.start()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        made = Served(path, recorder, session)
        await made.up()
        for chat in made.chats:
            await chat.installs()
        yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    await recorder.stop()


async def test_under_load(served: Served) -> None:
    acknowledged = 0
    enough = asyncio.Event()

    async def goes_on(chat: Chat) -> None:
        nonlocal acknowledged
        while True:
            try:
                await chat.begins_urgent("NK-2041")
                card = await chat.presses("Skicka")
            except (aiohttp.ClientError, IndexError):  # nobody listens any more
                return
            except RuntimeError:  # another card has come in between: begin again
                continue
            if card is None:
                return
            assert "Läge: Skickat" in words_of(card)
            acknowledged += 1
            if acknowledged == 6:
                enough.set()

    loads = [asyncio.create_task(goes_on(chat)) for chat in served.chats[:3]]
    counting = asyncio.create_task(enough.wait())
    done, _ = await asyncio.wait({counting, *loads}, return_when=asyncio.FIRST_COMPLETED)
    assert done == {counting}, [task.exception() for task in done]
    served.told_to_stop()
    assert await served.gone() == 0
    await asyncio.gather(*loads)

    assert not served.path.with_name("stafett.sqlite-wal").exists(), "everything is in the file itself"
    ((sent,),) = served.rows("SELECT count(*) FROM log WHERE signal = 'send'")
    assert sent >= acknowledged, "what was acknowledged is on disk"
    assert served.rows("SELECT id FROM outbox WHERE status = 'waiting' AND claimed_until IS NOT NULL") == []
    new = len(served.recorder.posts("a:anna", NEW))
    assert served.rows("SELECT count(*) FROM outbox WHERE text = 'new' AND status = 'sent'") == [(new,)], (
        "every send has come back and been written down"
    )

    await served.up()
    for _ in range(3000):
        if served.rows("SELECT count(*) FROM outbox WHERE status = 'waiting' AND text = 'new'") == [(0,)]:
            break
        await asyncio.sleep(0.02)
    assert len(served.recorder.posts("a:anna", NEW)) == sent, "each arrives, and none twice"


async def test_a_send_that_is_out_is_waited_for(served: Served) -> None:
    """The connector keeps its answer. Meanwhile the process says that it is not ready, and takes nothing new."""
    sara = served.chats[0]
    served.recorder.hold = ("POST", "a:anna", "")
    await sara.begins_urgent("NK-2041")
    await sara.presses("Skicka")
    await served.recorder.until(lambda: served.recorder.held == 1)
    served.told_to_stop()
    for _ in range(500):
        async with served.session.get(f"{served.internal}/readyz") as answer:
            if answer.status == 503 and "stopping" in await answer.text():
                break
        await asyncio.sleep(0.02)
    else:
        raise AssertionError("it never said that it is stopping")
    assert served.process is not None and served.process.poll() is None, "it waits for the answer"
    served.told_to_stop()
    assert await served.gone() == 0, "a second signal waits for nothing more"
    ((status, claimed),) = served.rows("SELECT status, claimed_until FROM outbox WHERE text = 'new'")
    assert status == "waiting" and claimed is not None, "nobody knows whether it arrived: its lease runs on"

    await served.up(lead=61.0)
    await served.recorder.until(lambda: len(served.recorder.posts("a:anna", NEW)) == 2)
    assert await sara.presses_again() is not None
