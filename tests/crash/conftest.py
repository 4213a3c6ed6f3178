"""A municipality on a SQLite file, and a server on it that can be killed and started again."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from chat import Chat
from databases import empty_database
from people import settle
from process import Crash
from recorder import Recorder
from town import instant

from cases.store import Store, sqlite_url

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with everybody in it."""
    path = tmp_path_factory.mktemp("crash") / "settled.sqlite"
    path.write_bytes(empty_database())
    store = Store(sqlite_url(path))
    store.transaction(settle)
    store.close()
    return path.read_bytes()


@pytest.fixture(scope="session")
def starter() -> Iterator[subprocess.Popen[bytes]]:
    """The program that starts servers."""
    command, pipe = [sys.executable, str(HERE / "server.py")], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=HERE.parent.parent) as program:
        assert program.stdout is not None and program.stdout.readline() == b"ready\n"
        yield program


@pytest.fixture
async def crash(tmp_path: Path, settled: bytes, starter: subprocess.Popen[bytes]) -> AsyncIterator[Crash]:
    """Nothing runs yet; it is Monday 16 November 2026, 09.00."""
    path = tmp_path / "stafett.sqlite"
    path.write_bytes(settled)
    recorder = Recorder()
    await recorder.start()
    offset = (instant("2026-11-16 09:00") - datetime.now(UTC)).total_seconds()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        sara, anna = (
            Chat(key=key, number=number, session=session, recorder=recorder)
            for key, number in (("sara", 1), ("anna", 6))
        )
        town = Crash(path=path, starter=starter, recorder=recorder, sara=sara, anna=anna, care_offset=offset)
        yield town
        if town.pid is not None:
            await town.kill()
    await recorder.stop()
