"""The doctor on a house that stands in the middle of everything: healthy, and with one planted fault at a time."""

import json
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from counterpart import APP_ID, SECRET, TENANT
from cryptography.hazmat.primitives.asymmetric import rsa
from doctors_ward import DOMAIN, GRANTED, Ward, Wrong, decided, in_good_health
from sqlalchemy import delete, text, update
from town import shipped

from bot.cli import main
from bot.doctor.finding import Finding, Level
from bot.teams_package import build_package
from cases import tables as t
from cases.record import Record

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def ward(
    database: str, tmp_path: Path, rsa_keys: Sequence[rsa.RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ward]:
    with in_good_health(database, tmp_path, rsa_keys, monkeypatch) as made:
        yield made


def test_a_healthy_house_has_nothing_wrong_and_everything_is_looked_at(ward: Ward) -> None:
    looked = ward.town.do(ward.examined())
    assert looked.findings == []
    assert set(looked.checks) == {
        "inställningar", "hemligheter", "tidszon", "paket", "profiler", "databas", "säkerhetskopia", "utkorg",
        "register", "jour", "e-post", "nycklar", "token", "graph", "adress",
    }  # fmt: skip


# --- what is planted ---------------------------------------------------------------------------------------------


def _open_secret(ward: Ward) -> None:
    (ward.folder / "hemlighet").chmod(0o644)


def _half_mail(ward: Ward) -> None:
    ward.set("MAIL_FROM", "stafett@kommun.example")


def _mail_away(ward: Ward) -> None:
    ward.set("MAIL_FROM", "stafett@kommun.example")
    ward.set("SMTP_URL", "smtp://127.0.0.1:9")


def _bad_domain(ward: Ward) -> None:
    ward.set("DOMAIN", "https://stafett.kommun.example")


def _foreign_package(ward: Ward) -> None:
    build_package(ward.package, app_id=APP_ID, bot_id=TENANT, domain=DOMAIN)


def _old_form(ward: Ward) -> None:
    ward.write(text("UPDATE alembic_version SET version_num = '0001_create_the_roster'"))


def _newer_form(ward: Ward) -> None:
    ward.write(text("UPDATE alembic_version SET version_num = '9999_from_tomorrow'"))


def _full_disk(ward: Ward) -> None:
    ward.free = 40_000_000


def _no_copy(ward: Ward) -> None:
    ward.town.clock.time += timedelta(days=3)


def _stuck(ward: Ward) -> None:
    ward.town.clock.time += timedelta(minutes=40)
    row = {
        "lane": 0,
        "status": "waiting",
        "finished_at": None,
        "created_at": ward.town.clock.time - timedelta(minutes=20),
    }
    ward.write(update(t.outbox).values(row))


def _given_up(ward: Ward) -> None:
    ward.write(update(t.outbox).values(status="set_aside"))


def _no_heartbeat(ward: Ward) -> None:
    ward.town.clock.time += timedelta(hours=2)


def _nobody_reads(ward: Ward) -> None:
    ward.write(delete(t.role).where(t.role.c.role.in_(["unit_administrator", "team_lead", "unit_manager"])))


def _unknown_profile(ward: Ward) -> None:
    ward.write(update(t.unit).where(t.unit.c.id == "HGT").values(profile="linköping"))


def _no_last_resort(ward: Ward) -> None:
    ward.write(update(t.unit).where(t.unit.c.id == "HT-SODER").values(last_resort_phone="-"))


def _not_installed(ward: Ward) -> None:
    ward.write(update(t.conversation).where(t.conversation.c.person_id == 1).values(status="removed"))


def _nobody_tonight(ward: Ward) -> None:
    ward.write(update(t.on_call).values(ends_at=ward.town.clock.time + timedelta(minutes=1)))


def _jour_without_phone(ward: Ward) -> None:
    ward.write(update(t.unit).values(on_call_phone=None), update(t.person).values(phone=""))


def _secret_expired(ward: Ward) -> None:
    ward.far.token_error = "invalid_client"


def _no_keys(ward: Ward) -> None:
    ward.far.keys_down = True


def _wrong_clock(ward: Ward) -> None:
    ward.clock = Wrong("2026-11-16 09:02")


def _missing_permission(ward: Ward) -> None:
    ward.far.graph_roles = GRANTED[:2]


def _every_mailbox(ward: Ward) -> None:
    ward.far.graph_roles = (*GRANTED, "Calendars.ReadWrite")


def _too_much(ward: Ward) -> None:
    ward.far.graph_roles = (*GRANTED, "Mail.ReadWrite")


def _out_of_reach(ward: Ward) -> None:
    ward.is_reached = False


def _door_open(ward: Ward) -> None:
    ward.answers["/api/messages"] = 200


def _figures_open(ward: Ward) -> None:
    ward.answers["/metrics"] = 200


def _no_disposal(ward: Ward) -> None:
    ward.record = Record(shipped().flows, {"norrkoping": shipped().profiles["norrkoping"]})


def _rings_in_vain(ward: Ward) -> None:
    known = decided().profiles["norrkoping"]
    calls = replace(known.section("night_call"), on=True)
    ward.record = Record(
        decided().flows, {known.name: replace(known, sections={**known.sections, "night_call": calls})}
    )
    ward.set("GRAPH", "false")


def _operators_port(ward: Ward) -> None:
    ward.set("INTERNAL_HOST", "0.0.0.0")


PLANTS: tuple[tuple[Callable[[Ward], None], str, Level, str], ...] = (
    (_open_secret, "hemligheter", Level.FAULT, "chmod 600"),
    (_half_mail, "inställningar", Level.FAULT, "docs/reference.md"),
    (_mail_away, "e-post", Level.FAULT, "brandvägg"),
    (_bad_domain, "paket", Level.FAULT, "docs/reference.md"),
    (_foreign_package, "paket", Level.FAULT, "manifest build"),
    (_old_form, "databas", Level.FAULT, "stafett database migrate"),
    (_newer_form, "databas", Level.FAULT, "Starta den versionen"),
    (_full_disk, "disk", Level.FAULT, "Frigör"),
    (_no_copy, "säkerhetskopia", Level.FAULT, "stafett backup"),
    (_stuck, "utkorg", Level.FAULT, "stafett outbox"),
    (_given_up, "utkorg", Level.FAULT, "ring mottagaren"),
    (_no_heartbeat, "hjärtslag", Level.FAULT, "provkontot"),
    (_nobody_reads, "register", Level.FAULT, "roster import"),
    (_unknown_profile, "register", Level.FAULT, "roster import"),
    (_no_last_resort, "register", Level.FAULT, "roster import"),
    (_not_installed, "register", Level.WARNING, "policy i Teams"),
    (_nobody_tonight, "jour", Level.FAULT, "blad jour"),
    (_jour_without_phone, "jour", Level.FAULT, "jourtelefonen"),
    (_secret_expired, "token", Level.FAULT, "Förnya"),
    (_no_keys, "nycklar", Level.FAULT, "login.botframework.com"),
    (_wrong_clock, "klocka", Level.FAULT, "NTP"),
    (_missing_permission, "graph", Level.FAULT, "medgivande"),
    (_every_mailbox, "graph", Level.WARNING, "RBAC for Applications"),
    (_too_much, "graph", Level.WARNING, "Ta bort den"),
    (_out_of_reach, "adress", Level.FAULT, "DNS"),
    (_door_open, "adress", Level.FAULT, "proxyns regler"),
    (_figures_open, "adress", Level.FAULT, "driftens port"),
    (_no_disposal, "profiler", Level.WARNING, "retention_decision_ref"),
    (_rings_in_vain, "profiler", Level.FAULT, "STAFETT_GRAPH=true"),
    (_operators_port, "inställningar", Level.WARNING, "INTERNAL_HOST"),
)


@pytest.mark.parametrize(("plant", "check", "level", "cure"), PLANTS, ids=[one[0].__name__[1:] for one in PLANTS])
def test_each_planted_fault_is_found_with_its_cure(
    ward: Ward, plant: Callable[[Ward], None], check: str, level: Level, cure: str
) -> None:
    plant(ward)
    found = ward.town.do(ward.examined()).findings
    (one,) = [one for one in found if (one.check, one.level) == (check, level) and cure in one.cure][:1]
    assert one.found.endswith(".") and one.cure.endswith((".", "?"))
    nothing_secret(ward, found)


def nothing_secret(ward: Ward, found: list[Finding]) -> None:
    """No secret, no client, no member of the staff and no thread is named."""
    said = json.dumps([one.told() for one in found], ensure_ascii=False)
    names = [person.name for person in ward.town.rows(t.person)]
    assert not any(word in said for word in (SECRET, "NK-20", "ST-", *names))


def test_wrong_time_zones_are_found(ward: Ward) -> None:
    """Where Stockholm has the time of Greenwich: a file of zones with nothing in it but that."""
    zone = ward.folder / "zoner" / "Europe" / "Stockholm"
    zone.parent.mkdir(parents=True)
    plain = b"TZif2" + bytes(15) + bytes(16) + b"\0\0\0\1" + b"\0\0\0\4" + bytes(6) + b"UTC\0"
    zone.write_bytes(plain + plain + b"\nUTC0\n")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(ward.folder / "zoner")])
    try:
        found = ward.town.do(ward.examined()).findings
    finally:
        zoneinfo.reset_tzpath(before)
    assert [(one.check, "tzdata" in one.cure) for one in found] == [("tidszon", True)]


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_says_it_in_words_and_in_json(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    ward.env.delenv("STAFETT_APP_ID")
    assert main(["doctor", "--offline"]) == 1
    said = capsys.readouterr().out
    assert "FEL  inställningar: STAFETT_APP_ID och STAFETT_TENANT_ID saknas." in said
    assert "Gör så här: " in said and "fel, " in said.splitlines()[-1]
    assert main(["doctor", "--offline", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "fel"
    assert {"check", "level", "found", "cure"} == set(told["findings"][0])


def test_what_stops_the_rest_from_being_looked_at_is_told(
    ward: Ward, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    routines = tmp_path / "rutiner"
    routines.mkdir()
    (routines / "lund.toml").write_text('extends = "_standard"\ntitle = 3\n', encoding="utf-8")
    ward.set("ROUTINES", str(routines))
    ward.set("DATABASE_URL", f"sqlite:///{tmp_path}/annan.sqlite")
    assert main(["doctor", "--offline"]) == 1
    said = capsys.readouterr().out
    assert "profiler: lund.toml" in said and "Databasens fil finns inte." in said
    assert not (tmp_path / "annan.sqlite").exists(), "it changes nothing"
    ward.set("PORT", "många")
    assert main(["doctor"]) == 1
    assert "STAFETT_PORT" in capsys.readouterr().out
