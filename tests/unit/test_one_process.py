"""One process at a time on a SQLite file, tried with real processes; and a process's part in the whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster_sheets import sheets, write_csv
from sqlalchemy import make_url

from bot.cli import main
from bot.demo.stage import Stage
from bot.one_process import alone_with
from cases.database import DatabaseUnusable, sqlite_file
from cases.store import Store, sqlite_url

HOLD = """
import sys
from pathlib import Path
from bot.one_process import alone_with
with alone_with(Path(sys.argv[1])):
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stafett.sqlite"
    store = Store(sqlite_url(path))
    store.migrate()
    store.close()
    return path


@pytest.fixture
def holder(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file."""
    command, pipe = [sys.executable, "-c", HOLD, str(file)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        yield process
        process.kill()


@pytest.fixture
def served(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that a server needs."""
    for name, value in {
        "DATABASE_URL": sqlite_url(file),
        "APP_ID": "app",
        "TENANT_ID": "t",
        "APP_PASSWORD": "p",
    }.items():
        monkeypatch.setenv(f"STAFETT_{name}", value)


@pytest.mark.usefixtures("served")
def test_a_second_server_on_the_file_is_refused(
    file: Path, holder: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        f"{file} används redan av en Stafett som är igång (process {holder.pid}). Avsluta den först."
    )
    assert len(said.splitlines()) == 1


def test_the_hold_ends_with_the_process_however_it_ends(file: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(DatabaseUnusable), alone_with(file):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with alone_with(file):
        assert Path(f"{file}.lock").read_text(encoding="utf-8") == f"{os.getpid()}\n"


def test_the_same_file_by_another_name_is_the_same_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "link.sqlite").symlink_to(file)
    assert sqlite_file(make_url(sqlite_url(tmp_path / "link.sqlite"))) == file


@pytest.mark.usefixtures("served", "holder")
def test_a_command_beside_a_running_server_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_csv(tmp_path / "in", sheets())
    assert main(["roster", "import", str(folder)]) == 0
    assert "Klart:" in capsys.readouterr().out


async def test_a_second_demo_does_not_remove_the_record_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "stafett.sqlite").touch()
    with alone_with(folder), pytest.raises(DatabaseUnusable, match="används redan"):
        await Stage(folder, 1, ["sara"], None).run(None)
    assert (folder / "stafett.sqlite").exists()


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("role", ["web", "worker"])
def test_half_a_server_needs_postgresql(role: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--role", role]) == 1
    assert capsys.readouterr().err.startswith(f"--role {role} kräver PostgreSQL")


def test_a_role_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--role", "chef"])
    assert "chef" in capsys.readouterr().err


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////finns/inte/stafett.sqlite", "Mappen /finns/inte finns inte."),
        ("mysql://u:hemligt@h/x", "Stafett känner inte till databasen mysql."),
        ("postgresql://u:hemligt@127.0.0.1:1/x", "Databasen på 127.0.0.1:1 går inte att använda"),
    ],
)
def test_a_database_that_cannot_be_used_stops_the_start_in_one_line(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAFETT_DATABASE_URL", url)
    assert main(["serve"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert "hemligt" not in told
