"""Fingerprints tell profiles apart by what they say, and deadlines by what they are worked out from."""

from pathlib import Path

import pytest

from reminders import profile_print
from reminders.errors import ProfileError
from reminders.profile import FOLDER, Profile, load_profile, profile_names


def own(folder: Path, text: str) -> Profile:
    (folder / "kommun.toml").write_text(f'extends = "norrkoping"\n{text}', encoding="utf-8")
    return load_profile("kommun", folder, only_time=True)


def test_the_same_files_have_the_same_prints_and_different_municipalities_different_ones() -> None:
    prints = {name: load_profile(name, only_time=True).prints for name in profile_names()}
    assert prints == {name: load_profile(name, only_time=True).prints for name in profile_names()}
    assert len({one.time for one in prints.values()}) == len({one.whole for one in prints.values()}) == len(prints)
    assert all(len(one.time) == len(one.whole) == 16 for one in prints.values())


def test_how_a_file_is_written_means_nothing(tmp_path: Path) -> None:
    plain = own(tmp_path, '[office]\nopen = "07:30"\nclose = "16:30"\n').prints
    assert own(tmp_path, '# kommentar\n[office]\nclose   = "16:30"\nopen = "07:30"\n').prints == plain


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ('[terms]\nclient = "den enskilde"', False),
        ('title = "Kommun"', False),
        ("[calendar]\nextra_closed_days = [2026-11-20]", True),
        ('[calendar.short_days]\n"2026-11-20" = "14:00"', True),
        ('[office]\nclose = "16:30"', True),
        ("[rules.feedback]\nn = 4", True),
        ('[rules.feedback]\nprompts = [{ step = "day3", off = true }]', True),
    ],
)
def test_what_changes_which(tmp_path: Path, text: str, times: bool) -> None:
    before, after = own(tmp_path, "").prints, own(tmp_path, text).prints
    assert after.whole != before.whole and (after.time != before.time) == times


def test_a_new_meaning_and_new_public_holidays_are_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = own(tmp_path, "").prints
    monkeypatch.setattr(profile_print, "SEMANTICS", profile_print.SEMANTICS + 1)
    second = own(tmp_path, "").prints
    monkeypatch.setattr(profile_print, "version", lambda _name: "next")
    third = own(tmp_path, "").prints
    assert len({first.time, second.time, third.time}) == len({first.whole, second.whole, third.whole}) == 3


def test_a_name_that_does_not_fit_the_record_is_refused(tmp_path: Path) -> None:
    name = "k" * 33
    (tmp_path / f"{name}.toml").write_text((FOLDER / "norrkoping.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(ProfileError, match="högst 32 tecken"):
        load_profile(name, tmp_path)
