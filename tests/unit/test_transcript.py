"""The demo's story in the terminal: the same house, for a machine without node."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.demo.transcript import play
from reminders.localtime import to_utc


def test_the_story_is_told_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert play(tmp_path / "story", to_utc(datetime(2026, 11, 16, 9))) == 0  # noqa: DTZ001 (local on purpose)
    told = capsys.readouterr().out
    for words in (
        "Sara Lind trycker: send",
        "Taget av Anna Berg",
        "Åtgärd: Hembesök bokas",
        "Dag 4: svara om behovet kvarstår",
        "Ingen har tagit meddelandet. Du är nästa i tur.",
    ):
        assert words in told
