"""What is played at night and whose rota is read: faults are told at the start, with what is wanted."""

import io
import wave
from pathlib import Path

import pytest

from bot.channel.settings import SettingsError
from bot.graph import prompt
from bot.graph.call_route import Said, read
from bot.settings import Settings
from dialogs.on_call_section import read_night_call, read_on_call
from reminders.profile_schema import Complain

TEAM = "19e5c3d2-0000-4000-8000-1f0a2b3c4d5e"


def sound(file: Path, *, channels: int = 1, rate: int = 16_000, seconds: float = 1.0) -> Path:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"\0\0" * channels * int(rate * seconds))
    return file


def test_the_tones_are_what_graph_can_play() -> None:
    with wave.open(io.BytesIO(prompt.read(None))) as made:
        assert (made.getnchannels(), made.getsampwidth(), made.getframerate()) == (1, 2, 16_000)
        assert 2.0 < made.getnframes() / 16_000 < 4.0
        assert max(made.readframes(8_000)) > 0


def test_a_recording_of_ones_own_is_played(tmp_path: Path) -> None:
    file = sound(tmp_path / "prompt.wav")
    assert prompt.read(file) == file.read_bytes()


def test_what_graph_cannot_play_stops_the_start(tmp_path: Path) -> None:
    text = tmp_path / "prompt.txt"
    text.write_text("hej", encoding="utf-8")
    odd = (
        sound(tmp_path / "a.wav", channels=2),
        sound(tmp_path / "b.wav", rate=8_000),
        sound(tmp_path / "c.wav", seconds=40),
    )
    for file in (tmp_path / "none.wav", text, *odd):
        with pytest.raises(SettingsError, match="STAFETT_CALL_PROMPT"):
            prompt.read(file)


def test_the_units_of_shifts_are_read(tmp_path: Path) -> None:
    found = Settings(shifts=f"HT-NORR={TEAM}, HT-SODER = {TEAM}", shifts_word=" Jour ").on_call()
    assert found.shifts.teams == {"HT-NORR": TEAM, "HT-SODER": TEAM} and found.shifts.word == "Jour"
    assert Settings().on_call().shifts.teams == {}
    for wrong in ("HT-NORR", f"={TEAM}", "HT-NORR=jour"):
        with pytest.raises(SettingsError, match="STAFETT_SHIFTS"):
            Settings(shifts=wrong).on_call()


def test_the_profile_says_what_is_wrong() -> None:
    faults: list[str] = []
    complain = Complain(faults=faults, origin={}, file="x.toml", path=("on_call",))
    read_on_call({"gap_first_days": 2, "gap_again_days": 5}, complain)
    assert "gap_again_days" in faults[0]
    faults.clear()
    read_night_call({"on": "ja", "ring_seconds": 3}, complain)
    own = read_night_call({}, complain)
    assert len(faults) == 2 and not own.on and own.again_minutes == 30, "off by default"
    read_night_call({"again_minutes": 2}, complain)
    assert "again_minutes" in faults[2]


def test_what_graph_tells_of_a_call_is_read_and_the_rest_passed_over() -> None:
    def told(data: object, change: str = "updated", at: str = "/communications/calls/c1") -> dict[str, object]:
        return {"value": [{"changeType": change, "resourceUrl": at, "resourceData": data}]}

    assert list(read(told({"state": "established"}))) == [Said(what="established", call_id="c1")]
    assert list(read(told({"state": "established"}, at="/app/calls/c1"))) == [Said(what="established", call_id="c1")]
    pressed = {"state": "established", "toneInfo": {"tone": "tone1"}}
    assert list(read(told(pressed))) == [Said(what="tone", call_id="c1")]
    for over in (told({"state": "terminated"}), told({}, "deleted")):
        assert list(read(over)) == [Said(what="over", call_id="c1")]
    other = ({"toneInfo": {"tone": "pound"}}, {"state": "establishing"}, {})
    for nothing in (
        *(told(one) for one in other),
        told({"status": "completed"}, "deleted", "/communications/calls/c1/operations/o1"),
    ):
        assert list(read(nothing)) == []
