"""One process at a time on a SQLite file. The system lets go of the lock when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cases.database import DatabaseUnusable


@contextmanager
def alone_with(file: Path | None) -> Iterator[None]:
    """Hold the file, or the folder, for ourselves; None needs no holding. Commands that only visit do not ask.

    Raises: DatabaseUnusable, naming the process that holds it.
    """
    if file is None:
        yield
        return
    if not file.parent.is_dir():
        yield  # whoever opens it says so
        return
    try:
        lock = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as fault:
        raise DatabaseUnusable(
            f"{file}.lock går inte att skapa: {fault.strerror}. Ge Stafett rätt att skriva i mappen."
        ) from fault
    try:
        _take(lock, file)
        yield
    finally:
        os.close(lock)


def _take(lock: int, file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "okänd"
        raise DatabaseUnusable(
            f"{file} används redan av en Stafett som är igång (process {holder}). Avsluta den först. "
            "Flera processer samtidigt kräver PostgreSQL."
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
