"""The batch: every line gets its answer, also the ones that cannot be read."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.cli import main
from reminders.batch import answer_batch, answer_one, parse_since
from reminders.errors import BadSince, UnknownProfile
from reminders.localtime import Month


def answers(*lines: str) -> tuple[list[str], bool]:
    """All answers, and whether one was bad."""
    batch = answer_batch(lines)
    return list(batch), batch.any_bad


def test_good_lines_are_answered_in_order_and_blank_ones_skipped() -> None:
    lines, bad = answers("\ufeffD03;2026-11-16T09:00;norrkoping\r\n", "  \n", "D02;2026-11-20T14:05;norrkoping")
    assert not bad
    assert lines == [
        "D03;2026-11-16T09:00;norrkoping;2026-11-23T17:00;2026-11-23T23:59",
        "D02;2026-11-20T14:05;norrkoping;2026-11-23T14:00;-",
    ]


def test_a_bad_line_is_answered_and_the_others_still_are() -> None:
    lines, bad = answers("D03;i går;norrkoping", "D03;2026-11-16;norrkoping")
    assert bad
    assert lines[0].startswith("D03;i går;norrkoping;error;Starten ska skrivas")
    assert lines[1] == "D03;2026-11-16;norrkoping;2026-11-23T17:00;2026-11-23T23:59"


@pytest.mark.parametrize(
    "line",
    [
        "D03",
        "D03;2026-11-16",
        "D03;2026-11-16;norrkoping;more",
        ";;",
        "D03;2026-11-31;norrkoping",
        "D03;2026-11-16T25:00;norrkoping",
        "D03;2026-11-16T09:00+01:00fold=1;norrkoping",
        "D03;2026-11-16;lund",
        "D03;2026-11-16;../norrkoping",
        "D29;2026-13;katrineholm",
        "D29;0000-00;katrineholm",
        "D12;2026-11-24T12:00;norrkoping",
        "D03;9999-12-31;norrkoping",
    ],
)
def test_a_bad_line_keeps_its_first_three_fields_and_has_five(line: str) -> None:
    (answer,), bad = answers(line)
    assert bad
    fields = answer.split(";")
    assert len(fields) == 5
    assert fields[:3] == [*line.split(";"), "", ""][:3]
    assert fields[3] == "error"
    assert fields[4].strip()


def test_clocks_that_are_moved_in_and_out() -> None:
    lines, bad = answers(
        "D17;2026-10-25T02:30;norrkoping",
        "D17;2026-10-25T02:30fold=1;norrkoping",
        "D17;2026-03-29T02:30;norrkoping",
        "D17;2026-10-25T01:30Z;norrkoping",
        "D17;2026-11-25T10:00fold=1;norrkoping",
    )
    assert not bad
    assert [one.rsplit(";", 1)[1] for one in lines] == [
        "2026-10-25T02:30",
        "2026-10-25T02:30fold=1",
        "2026-03-29T03:30",
        "2026-10-25T02:30fold=1",
        "2026-11-25T10:00",
    ]


def test_one_answer_has_reason_and_prompts() -> None:
    one = answer_one("D03", "2026-11-16T09:00", "norrkoping")
    assert one.rule == "feedback"
    assert one.source == "Norrköping 1.1"
    assert "inom 5 arbetsdagar" in one.why
    assert len(one.prompts) == 3
    with pytest.raises(UnknownProfile):
        answer_one("D03", "2026-11-16", "lund")


def test_a_start_is_a_time_a_date_or_a_month() -> None:
    assert parse_since("2026-11") == Month(2026, 11)
    assert parse_since("2026-11-16") == date(2026, 11, 16)
    assert parse_since("2026-11-16T09:00:30") == datetime.fromisoformat("2026-11-16T09:00:30")
    with pytest.raises(BadSince):
        parse_since("20261116")


def test_a_municipality_asks_by_its_own_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ekdala.toml").write_text('extends = "norrkoping"\ntitle = "Ekdala"\n[rules.feedback]\nn = 3\n')
    monkeypatch.setenv("STAFETT_ROUTINES", str(tmp_path))
    assert main(["due", "feedback", "--since", "2026-11-16", "--profile", "ekdala"]) == 0
    assert "Senast: 2026-11-19T17:00" in capsys.readouterr().out
    (tmp_path / "fragor").write_text("feedback;2026-11-16;ekdala\nfeedback;2026-11-16;lund\n")
    assert main(["due", "--batch", str(tmp_path / "fragor")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith(";2026-11-19T17:00;2026-11-19T23:59") and said[1].endswith("de som finns är ekdala.")
