"""An installation in good health, on real HTTP and a real record, for the doctor to look at."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from counterpart import APP_ID, SECRET, TENANT, Counterpart
from cryptography.hazmat.primitives.asymmetric import rsa
from harness import settings as channel_settings
from people import on_call
from town import SetClock, Town, shipped

from bot.doctor.examination import examine
from bot.doctor.finding import Looked, Patient
from bot.heartbeat import Heartbeat
from bot.settings import Settings
from bot.teams_package import build_package
from cases import account
from cases.directory import roster_changed
from cases.record import Record

DOMAIN = "stafett.kommun.example"
GRANTED = ("GroupMember.Read.All", "User.ReadBasic.All", "Schedule.Read.All")
TEAM = "19e5c3d2-0000-4000-8000-1f0a2b3c4d5e"


@cache
def decided() -> Record:
    """The shipped routine of Norrköping, with a decision on disposal."""
    known = shipped().profiles["norrkoping"]
    privacy = replace(known.section("privacy"), retention_decision_ref="VON 2026/0003")
    return Record(shipped().flows, {known.name: replace(known, sections={**known.sections, "privacy": privacy})})


class Wrong(SetClock):
    """A machine whose clock is ten minutes ahead."""

    def own(self) -> datetime:
        return super().own() + timedelta(minutes=10)


@dataclass(kw_only=True)
class Ward:
    """An installation in good health, until something is planted in it."""

    town: Town
    far: Counterpart
    folder: Path
    env: pytest.MonkeyPatch
    package: Path
    answers: dict[str, int] = field(default_factory=lambda: {"/healthz": 200, "/api/messages": 401})
    clock: SetClock | None = None
    record: Record | None = None
    free: int = 10**12
    is_reached: bool = True

    def set(self, name: str, value: str) -> None:
        self.env.setenv(f"STAFETT_{name}", value)

    def write(self, *statements: Any) -> None:
        """Something in the roster is otherwise."""

        def work(tx: Any) -> None:
            for statement in statements:
                tx.execute(statement)
            roster_changed(tx)

        self.town.store.transaction(work)

    async def examined(self) -> Looked:
        await self.far.start()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._page)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.set("PUBLIC_URL", f"http://127.0.0.1:{runner.addresses[0][1] if self.is_reached else 9}")
        settings = Settings()
        patient = Patient(
            settings=settings, clock=self.clock or self.town.clock, channel=channel_settings(self.far),
            record=self.record or decided(), store=self.town.store, package=self.package,
            free=lambda _folder: self.free,
        )  # fmt: skip
        try:
            return await examine(patient)
        finally:
            await runner.cleanup()
            await self.far.stop()

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(status=self.answers.get(request.path, 404))


@contextmanager
def in_good_health(
    database: str, tmp_path: Path, rsa_keys: Sequence[rsa.RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ward]:
    with closing(Town(database, record=decided())) as town:
        file = Path(database.removeprefix("sqlite:///"))
        file.chmod(0o600)
        secret = tmp_path / "hemlighet"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        groups = tmp_path / "grupper.toml"
        group = f'id = "{TEAM}"\nunit = "MYND"\nrole = "biståndshandläggare"\n'
        groups.write_text(f'precedence = "groups"\n[[group]]\n{group}', encoding="utf-8")
        package = tmp_path / "stafett.zip"
        build_package(package, app_id=APP_ID, bot_id=APP_ID, domain=DOMAIN)
        far = Counterpart(clock=lambda: town.clock.time, signing=rsa_keys[0], folder=tmp_path, graph_roles=GRANTED)
        made = Ward(town=town, far=far, folder=tmp_path, env=monkeypatch, package=package)
        told = {
            "APP_ID": APP_ID, "TENANT_ID": TENANT, "APP_PASSWORD_FILE": str(secret), "DATABASE_URL": database,
            "DOMAIN": DOMAIN, "HEARTBEAT": "olle@exempel.invalid", "GRAPH": "true", "PEOPLE": str(groups),
            "SHIFTS": f"HT-NORR={TEAM}",
        }  # fmt: skip
        for name, value in told.items():
            made.set(name, value)
        begin = town.clock.time - timedelta(days=1)
        town.store.transaction(lambda tx: on_call(tx, town.nils.id, "HT-NORR", begin, begin + timedelta(days=30)))
        beat = Heartbeat(town.store, town.record, town.clock, Settings().heartbeats(), asked=lambda: None)
        town.do(beat.look())
        town.until("2026-11-16 09:02")
        town.do(beat.look())
        town.store.transaction(lambda tx: copied(tx, town.clock.time))
        yield made


def copied(tx: Any, at: datetime) -> None:
    account.note(tx, at, person_id=None, action="export", outcome="done", reason="backup", channel=account.COMMAND)
