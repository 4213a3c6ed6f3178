"""Windows of Microsoft's Agents Playground: one per person, all talking to one bot on this machine.

Each window is a process of its own with its own folder, port and current user. To the bot it is a Teams service of
its own: its activities carry `http://localhost:<port>/_connector` as service address.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo.tools import require_node

TENANT_ID = "7d3a1c52-0b7e-4c55-9a51-5b0f3a6f2d10"
BOT_ID = "28:2f6d8f0e-6a0b-4f0e-8f5b-1c9b6f0a4e77"

# The client refuses any other number of users beside the current one, and then stops without saying so.
_OTHER_USERS = 5
_LOG_NAME = "window.log"
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.1


class PlaygroundError(RuntimeError):
    """A window of the test client could not be started or used; the message says the cure."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a window of their own. `key` is short and unique and becomes part of ids."""

    key: str
    name: str
    aad_object_id: str
    upn: str

    @property
    def user_id(self) -> str:
        """The channel's id for the person, as `from.id` in the activities."""
        return f"29:{self.key}"

    @property
    def conversation_id(self) -> str:
        """The person's chat with the bot: the same after a restart, so that the bot's memory of it stays true."""
        return f"a:{uuid.uuid5(uuid.NAMESPACE_URL, self.aad_object_id)}"


@dataclass(kw_only=True)
class Window:
    """A running window. `url` is for the browser, `service_url` is what its activities carry."""

    person: Person
    port: int
    folder: Path
    process: asyncio.subprocess.Process = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/_connector"

    async def stop(self) -> None:
        """End the window and every process it started."""
        if self.process.returncode is not None:
            return
        _signal_group(self.process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            _signal_group(self.process.pid, signal.SIGKILL)
            await self.process.wait()


async def start_window(
    person: Person, others: Sequence[Person], bot_url: str, port: int, folder: Path, *, client: Path
) -> Window:
    """Start a window for `person` against the bot's messages address and wait until it answers.

    `others` are the people the window knows besides (at most five; made-up ones fill up). `client` is what
    `tools.ensure_client` gave. Raises `PlaygroundError`, `tools.NodeMissing`.
    """
    _refuse_taken_port(port)
    _write_settings(folder, person, others)
    process = await _spawn(bot_url, port, folder, client)
    window = Window(person=person, port=port, folder=folder, process=process)
    try:
        await _wait_until_it_answers(window)
    except BaseException:
        await window.stop()
        raise
    return window


async def install(window: Window) -> None:
    """Let the window tell the bot that the person has installed it, as Teams does.

    Raises `PlaygroundError` when the window does not know its own conversation.
    """
    address = f"{window.url}/_internal/v1/customActivities"
    question = {"conversationId": window.person.conversation_id, "type": "install"}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_START_SECONDS)) as http:
        async with http.get(f"{address}/template", params=question) as answer:
            if answer.status != 200:
                raise PlaygroundError(f"{window.person.name}'s window has no installation to send; see {_log(window)}")
            activity = await answer.json()
        async with http.post(address, json=activity) as answer:
            answer.raise_for_status()


def _write_settings(folder: Path, person: Person, others: Sequence[Person]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_settings(person, others), ensure_ascii=False, indent=2)
    (folder / ".m365agentsplayground.yml").write_text(text, encoding="utf-8")


async def _spawn(bot_url: str, port: int, folder: Path, client: Path) -> asyncio.subprocess.Process:
    node = require_node()
    program = client / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
    arguments = ("start", "-e", bot_url, "-c", "msteams", "-p", str(port), "--dt")
    with (folder / _LOG_NAME).open("wb") as log:
        return await asyncio.create_subprocess_exec(
            str(node.node),
            str(program),
            *arguments,
            cwd=folder,
            env={**node.environment(), "TEAMSAPPTESTER_BROWSER": "none"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _settings(person: Person, others: Sequence[Person]) -> dict[str, Any]:
    """The window's settings file. JSON is YAML, so no YAML writer is needed."""
    if len(others) > _OTHER_USERS:
        raise PlaygroundError(f"A window knows at most {_OTHER_USERS} other people; {len(others)} were given.")
    users = [_user(other) for other in others]
    users += [_user(_extra(number)) for number in range(1, _OTHER_USERS - len(others) + 1)]
    return {
        "version": "0.1.1",
        "tenantId": TENANT_ID,
        "bot": {"id": BOT_ID, "name": "Stafett"},
        "currentUser": _user(person),
        "users": users,
        "personalChat": {"id": person.conversation_id},
        "groupChat": {"id": f"19:group-{person.key}", "name": "Gruppchatt"},
        "team": {
            "id": f"19:team-{person.key}",
            "name": "Arbetslaget",
            "aadGroupId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"team:{person.key}")),
            "channels": [{"id": f"19:channel-{person.key}", "name": "Allmänt"}],
        },
    }


def _user(person: Person) -> dict[str, str]:
    given, _, surname = person.name.partition(" ")
    return {
        "id": person.user_id,
        "name": person.name,
        "userPrincipleName": person.upn,
        "aadObjectId": person.aad_object_id,
        "givenName": given,
        "surname": surname or given,
        "email": person.upn,
    }


def _extra(number: int) -> Person:
    key = f"extra-{number}"
    object_id = str(uuid.uuid5(uuid.NAMESPACE_URL, key))
    return Person(key=key, name=f"Extra Person{number}", aad_object_id=object_id, upn=f"{key}@example.invalid")


def _refuse_taken_port(port: int) -> None:
    # The client would silently take another port, and the waiting would look at somebody else's program.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise PlaygroundError(f"Port {port} is in use. Stop what uses it, or choose another port.") from taken


async def _wait_until_it_answers(window: Window) -> None:
    try:
        async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as http:
            while not await _answers(window, http):
                if window.process.returncode is not None:
                    raise PlaygroundError(f"{window.person.name}'s window stopped at once; see {_log(window)}")
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except TimeoutError as late:
        raise PlaygroundError(
            f"{window.person.name}'s window did not answer within {_START_SECONDS:.0f} s; see {_log(window)}"
        ) from late


async def _answers(window: Window, http: aiohttp.ClientSession) -> bool:
    try:
        async with http.get(f"{window.url}/_internal/v1/testConfig") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _log(window: Window) -> Path:
    return window.folder / _LOG_NAME


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
