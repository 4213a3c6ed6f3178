"""An SDK's types are known in one package each, so that one can replace the other without touching another room."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest

from bot.channel.settings import SettingsError
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
HOMES = {
    Path("bot/channel/sdk_botbuilder"): {"botbuilder", "botframework", "msrest"},
    Path("bot/channel/sdk_agents"): {"microsoft_agents"},
    Path("bot/channel"): {"msal"},
}


def _users(libraries: set[str]) -> Iterator[Path]:
    """The folders of ours with a module that imports one of these."""
    imported = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(libraries)})\b", re.MULTILINE)
    for room in ("bot", "dialogs", "cases", "reminders"):
        for file in (ROOT / room).rglob("*.py"):
            if imported.search(file.read_text(encoding="utf-8")):
                yield file.relative_to(ROOT).parent


def test_each_sdk_is_imported_in_its_own_package_alone() -> None:
    for home, libraries in HOMES.items():
        assert set(_users(libraries)) == {home}


def test_neither_sdk_is_loaded_before_it_is_chosen() -> None:
    """The door names both; it must import neither when it is itself imported."""
    sdks = sorted(name for home in HOMES if home.name.startswith("sdk_") for name in HOMES[home])
    told = f"import sys, bot.channel.door; print([name for name in {sdks} if name in sys.modules])"
    found = run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def test_the_setting_names_the_sdk_and_another_name_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, told in (("APP_ID", "a"), ("TENANT_ID", "t"), ("APP_PASSWORD", "s")):
        monkeypatch.setenv(f"STAFETT_{name}", told)
    assert Settings().channel().sdk == "botbuilder"
    monkeypatch.setenv("STAFETT_SDK", "agents")
    assert Settings().channel().sdk == "agents"
    monkeypatch.setenv("STAFETT_SDK", "teams")
    with pytest.raises(SettingsError, match="STAFETT_SDK"):
        Settings()
