"""The Teams package against the schema that Microsoft publishes, and against Teams' own rules for icons."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from bot.demo.tools import ensure_client
from bot.teams_package import TeamsPackageError, build_package

APP_ID = "3f2b8c1e-5d4a-4e6f-9b7a-0c1d2e3f4a5b"
BOT_ID = "8d1e6a52-7c3b-4f0d-a2e9-5b4c3d2e1f00"
DOMAIN = "stafett.kommun.example"
SCHEMAS = Path("node_modules", "@microsoft", "app-manifest", "build", "json-schemas", "teams", "v1.29")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("package") / "stafett.zip"
    build_package(out, app_id=APP_ID, bot_id=BOT_ID, domain=DOMAIN)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def schemas() -> Path:
    return ensure_client() / SCHEMAS


@pytest.mark.parametrize(
    ("name", "schema"),
    [("manifest.json", "MicrosoftTeams.schema.json"), ("en.json", "MicrosoftTeams.Localization.schema.json")],
)
def test_follows_microsofts_schema(package: dict[str, bytes], schemas: Path, name: str, schema: str) -> None:
    rules = json.loads((schemas / schema).read_text(encoding="utf-8"))
    faults = [
        f"{list(fault.path)}: {fault.message}" for fault in Draft4Validator(rules).iter_errors(read(package, name))
    ]
    assert faults == []


def test_the_schema_check_finds_faults(package: dict[str, bytes], schemas: Path) -> None:
    rules = json.loads((schemas / "MicrosoftTeams.schema.json").read_text(encoding="utf-8"))
    broken = read(package, "manifest.json")
    broken["name"]["short"] = "x" * 31
    broken["bots"][0]["botId"] = "not an id"
    assert len(list(Draft4Validator(rules).iter_errors(broken))) == 2


def test_everything_lies_at_the_root(package: dict[str, bytes]) -> None:
    assert set(package) == {"manifest.json", "en.json", "color.png", "outline.png"}


def test_the_manifest_names_only_files_in_the_package(package: dict[str, bytes]) -> None:
    manifest = read(package, "manifest.json")
    named = {
        *manifest["icons"].values(),
        *(more["file"] for more in manifest["localizationInfo"]["additionalLanguages"]),
    }
    assert named <= set(package)


def test_ids_and_domain_are_filled_in_everywhere(package: dict[str, bytes]) -> None:
    manifest = read(package, "manifest.json")
    assert (manifest["id"], manifest["bots"][0]["botId"], manifest["validDomains"]) == (APP_ID, BOT_ID, [DOMAIN])
    assert {manifest["developer"][key].split("/")[2] for key in manifest["developer"] if key.endswith("Url")} == {
        DOMAIN
    }
    (tab,) = [one for one in manifest["staticTabs"] if "contentUrl" in one]
    assert tab["contentUrl"] == f"https://{DOMAIN}/tavlan/oppna?theme={{theme}}", "which Teams itself fills in"
    assert "{" not in "".join(one for one in texts(manifest) if one != tab["contentUrl"])


def test_english_covers_every_text_and_no_other(package: dict[str, bytes]) -> None:
    manifest, english = read(package, "manifest.json"), read(package, "en.json")
    wanted = {"name.short", "name.full", "description.short", "description.full"}
    for number, commands in enumerate(manifest["bots"][0]["commandLists"]):
        for place in range(len(commands["commands"])):
            # A command is what the bot understands, so its title stays Swedish.
            wanted.add(f"bots[0].commandLists[{number}].commands[{place}].description")
    for place in range(len(manifest["composeExtensions"][0]["commands"])):
        wanted |= {f"composeExtensions[0].commands[{place}].{text}" for text in ("title", "description")}
    for place in range(len(manifest["activities"]["activityTypes"])):
        wanted |= {f"activities.activityTypes[{place}].{text}" for text in ("description", "templateText")}
    wanted |= {f"staticTabs[{place}].name" for place, tab in enumerate(manifest["staticTabs"]) if "name" in tab}
    assert set(english) - {"$schema"} == wanted


def test_commands_reach_every_scope_once_and_fit(package: dict[str, bytes]) -> None:
    bot = read(package, "manifest.json")["bots"][0]
    assert sorted(bot["scopes"]) == ["groupChat", "personal", "team"]
    assert sorted(scope for commands in bot["commandLists"] for scope in commands["scopes"]) == sorted(bot["scopes"])
    personal = next(commands for commands in bot["commandLists"] if commands["scopes"] == ["personal"])
    titles = [command["title"] for command in personal["commands"]]
    assert titles == ["hjälp", "mina", "brådskande", "tillfälligt", "fråga", "överlämning"]


@pytest.mark.parametrize(("name", "size"), [("color.png", 192), ("outline.png", 32)])
def test_icons_have_the_size_teams_asks_for(package: dict[str, bytes], name: str, size: int) -> None:
    assert package[name].startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", package[name][16:24]) == (size, size)


def test_the_outline_is_white_on_transparent_and_the_colour_icon_is_solid(package: dict[str, bytes]) -> None:
    outline, color = pixels(package["outline.png"]), pixels(package["color.png"])
    assert {(red, green, blue) for red, green, blue, _ in outline} == {(255, 255, 255)}
    assert {0, 255} <= {alpha for *_, alpha in outline}
    assert {alpha for *_, alpha in color} == {255}


def test_the_same_settings_give_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    build_package(first, app_id=APP_ID, bot_id=BOT_ID, domain=DOMAIN)
    build_package(second, app_id=APP_ID.upper(), bot_id=f" {BOT_ID} ", domain=DOMAIN.title())
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.zip"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("app_id", "stafett", "Appens id är «stafett»"),
        ("app_id", "", "Appens id"),
        ("bot_id", "{" + BOT_ID + "}", "Botens id"),
        ("bot_id", BOT_ID[:-1], "Botens id"),
        ("domain", "https://stafett.kommun.example", "utan https://"),
        ("domain", "stafett.kommun.example:443", "värdnamn"),
        ("domain", "stafett.kommun.example/bot", "värdnamn"),
        ("domain", "localhost", "värdnamn"),
        ("domain", "10.0.0.1", "värdnamn"),
        ("domain", "-stafett.kommun.example", "värdnamn"),
        ("domain", "norrköping.example", "xn--"),
        ("domain", 'a.example"],"x":["', "värdnamn"),
        ("domain", f"{'a' * 64}.example", "värdnamn"),
    ],
)
def test_a_wrong_setting_is_refused_in_words_and_writes_nothing(
    tmp_path: Path, field: str, value: str, said: str
) -> None:
    settings = {"app_id": APP_ID, "bot_id": BOT_ID, "domain": DOMAIN} | {field: value}
    with pytest.raises(TeamsPackageError, match=r".+") as refusal:
        build_package(tmp_path / "stafett.zip", **settings)
    assert said in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(TeamsPackageError, match="kan inte skrivas"):
        build_package(tmp_path / "saknas" / "stafett.zip", app_id=APP_ID, bot_id=BOT_ID, domain=DOMAIN)


def read(package: dict[str, bytes], name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(package[name])
    return content


def texts(value: object) -> list[str]:
    """Every text in a nest of lists and dicts."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in inner for text in texts(part)]


def pixels(png: bytes) -> list[tuple[int, ...]]:
    """Red, green, blue and alpha of every pixel of an unfiltered RGBA picture with one data part."""
    size = struct.unpack(">I", png[16:20])[0]
    length = struct.unpack(">I", png[33:37])[0]
    rows = zlib.decompress(png[41 : 41 + length])
    stride = 1 + 4 * size
    assert all(rows[row * stride] == 0 for row in range(size))
    flat = b"".join(rows[row * stride + 1 : (row + 1) * stride] for row in range(size))
    return [tuple(flat[place : place + 4]) for place in range(0, len(flat), 4)]
