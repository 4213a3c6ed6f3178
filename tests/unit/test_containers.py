"""The recipe for the container and the compose file, held against the house: nothing here starts a container."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.alive import is_alive
from bot.cli import _COMMANDS
from bot.secret_files import SECRETS
from bot.settings import ENVIRONMENT, Settings

HOUSE = Path(__file__).resolve().parents[2]
RECIPE, COMPOSE = HOUSE / "Containerfile", HOUSE / "compose.yaml"
ALLOWED = [
    line.removeprefix("!")
    for line in (HOUSE / ".containerignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("!")
]
KNOWN = {f"{ENVIRONMENT}{name.upper()}" for name in Settings.model_fields} | {
    f"{ENVIRONMENT}{name.upper()}_FILE" for name in SECRETS
}


def steps(text: str) -> list[list[tuple[str, str]]]:
    """Each stage of a recipe: its instructions with what they say, lines that go on put together."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found: list[list[tuple[str, str]]] = []
    for line in plain.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append([])
        if word:
            found[-1].append((word, " ".join(rest.split())))
    return found


def faults(text: str) -> list[str]:
    """What a recipe must not do."""
    stages = steps(text)
    last = dict(stages[-1])
    found = [f"root: {last.get('USER')}"] * (not re.fullmatch(r"[1-9]\d*:[1-9]\d*", last.get("USER", "")))
    found += ["no health check"] * ("HEALTHCHECK" not in last)
    for word, rest in [step for stage in stages for step in stage]:
        if word == "FROM" and not re.fullmatch(r"[a-z]+:[\w.-]+( AS [a-z]+)?", rest):
            found.append(f"not a plain image name: {rest}")
        if word == "ADD":
            found.append("ADD may fetch")
        if word == "COPY" and not rest.startswith("--from="):
            *sources, _where = rest.split()
            found += [f"not there: {one}" for one in sources if not (HOUSE / one).exists()]
            found += [f"not sent: {one}" for one in sources if not any(fnmatch(one.split("/")[0], a) for a in ALLOWED)]
        found += [f"no such setting: {one}" for one in re.findall(r"STAFETT_[A-Z_]+", rest) if one not in KNOWN]
        if "pip install" in rest and "--require-hashes" not in rest and "--no-index" not in rest:
            found.append("installed without hashes")
        found += [f"a secret: {rest}"] * bool(word in ("ENV", "ARG") and re.search(r"PASSWORD|TOKEN|SECRET|SMTP", rest))
    return found


def test_the_recipe_does_nothing_it_should_not() -> None:
    assert faults(RECIPE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("USER 10001:10001", "USER root"), ("USER 10001:10001", ""), ("COPY rutiner rutiner", "COPY rutinerna rutiner"),
        ("--require-hashes", ""), ("STAFETT_HOST=", "STAFETT_HOSTS="), ("FROM node:24", "FROM example.org/node:24"),
        ("PYTHONUNBUFFERED=1", "STAFETT_APP_PASSWORD=x"), ("COPY bot bot", "COPY tests bot"),
    ],
)  # fmt: skip
def test_each_slip_in_the_recipe_is_found(was: str, becomes: str) -> None:
    text = RECIPE.read_text(encoding="utf-8")
    assert was in text
    assert faults(text.replace(was, becomes))


def test_every_room_is_in_the_image_and_nothing_else() -> None:
    copied = {rest.split()[0] for word, rest in steps(RECIPE.read_text(encoding="utf-8"))[1] if word == "COPY"}
    rooms = {"bot", "cases", "dialogs", "manifest", "reminders", "rutiner"}
    assert rooms <= copied
    assert (HOUSE / ".dockerignore").read_bytes() == (HOUSE / ".containerignore").read_bytes()


def test_the_image_is_made_of_the_very_packages_that_are_tested() -> None:
    pinned = re.compile(r"^([a-z0-9][\w.-]*(?:\[[^\]]+\])?)==(\S+)(.*(?:\n    --hash=\S+(?: \\)?)+)", re.MULTILINE)

    def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
        text = (HOUSE / name).read_text(encoding="utf-8")
        return {
            package: (version, frozenset(re.findall(r"--hash=(\S+)", hashes)))
            for package, version, hashes in pinned.findall(text)
        }

    tested, served = locked("requirements.lock"), locked("requirements-serve.lock")
    assert "aiohttp" in served and "setuptools" in served
    assert served.items() <= tested.items()
    assert not {"pytest", "playwright", "mypy"} & served.keys()


# --- compose -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


SERVICES = ("database", "migrate", "grants", "stafett")


def test_there_are_these_services(compose: dict[str, Any]) -> None:
    assert tuple(compose["services"]) == SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_in(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service and not service.get("privileged")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]
    assert set(service["secrets"]) <= set(compose["secrets"])
    assert set(service["networks"]) <= set(compose["networks"])
    assert set(service.get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_setting_exists_and_every_secret_is_a_file(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    for setting, value in service["environment"].items():
        if setting.startswith(ENVIRONMENT):
            assert setting in KNOWN
        if setting.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]
        assert not (re.search(r"(PASSWORD|SECRET|DATABASE_URL)$", setting) and value), "a secret in the file itself"
    assert all(one["file"].startswith("./hemligheter/") for one in compose["secrets"].values())
    assert "hemligheter/" in (HOUSE / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_commands_exist_and_the_record_waits_for_its_form(compose: dict[str, Any]) -> None:
    names = {command.__name__.rpartition(".")[2] for command in _COMMANDS}
    for name in ("migrate", "grants"):
        assert compose["services"][name]["command"][0] in names
    waits = {name: dict(compose["services"][name].get("depends_on", {})) for name in SERVICES}
    assert waits["stafett"]["grants"]["condition"] == "service_completed_successfully"
    assert waits["grants"]["migrate"]["condition"] == "service_completed_successfully"
    assert waits["migrate"]["database"]["condition"] == "service_healthy"
    assert "secrets" in compose["services"]["stafett"]
    assert "database_owner_url" not in compose["services"]["stafett"]["secrets"], "it serves without owning its tables"


def test_only_this_machine_reaches_it_and_the_operators_port_is_not_published(compose: dict[str, Any]) -> None:
    assert compose["services"]["stafett"]["ports"] == ["127.0.0.1:3978:3978"]
    assert all("ports" not in compose["services"][name] for name in SERVICES if name != "stafett")
    assert compose["networks"]["inside"]["internal"] is True


def test_mounted_files_are_there(compose: dict[str, Any]) -> None:
    for volume in compose["services"]["database"]["volumes"]:
        source = volume.split(":")[0]
        assert source in compose["volumes"] or (HOUSE / source).is_file()


def test_the_examples_settings_exist() -> None:
    text = (HOUSE / "stafett.env.exempel").read_text(encoding="utf-8")
    assert set(re.findall(r"^(STAFETT_\w+)=", text, re.MULTILINE)) <= KNOWN


def test_nobody_lives_on_a_port_where_nobody_answers() -> None:
    assert not is_alive(9)
