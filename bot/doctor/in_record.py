"""What the database says: its form and rights, its copies, what waits, who reads, and who has the jour tonight."""

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from bot.doctor.finding import Finding, Patient, fault, split, warning
from bot.health import CURES
from bot.heartbeat import HeartbeatSettings
from cases import figures, people
from cases import tables as t
from cases.database import DatabaseUnusable, is_current, refuse_newer, refuse_out_of_reach, sqlite_file, told_plainly
from cases.directory import Directory
from cases.record import Record, Scene
from cases.store import Store, migrations
from dialogs.lists_rota import gaps, tonight

_SKEW = timedelta(seconds=30)
_COPY = timedelta(hours=26)  # a copy each night, and two hours for it
_LITTLE, _NONE = 500_000_000, 50_000_000  # bytes
_LATE, _OLD = 60.0, 600.0  # seconds
_AT_HAND = timedelta(days=1)
_DIGITS = 5  # fewer are no telephone number
_OWNS = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
_TAKEN = select(func.max(t.audit.c.at, type_=t.audit.c.at.type)).where(
    t.audit.c.action == "export", t.audit.c.reason == "backup", t.audit.c.outcome == "done"
)


def reached(patient: Patient, store: Store) -> Iterator[Finding]:
    """Whether the database answers, has this version's tables, and lets this role use them."""
    file = sqlite_file(store.url)
    if file is not None and not file.exists():
        yield fault(
            "databas",
            "Databasens fil finns inte.",
            "Kontrollera STAFETT_DATABASE_URL. Är installationen ny: kör stafett database migrate.",
        )
        return
    try:
        with told_plainly(store.url), store.engine.connect() as tx:
            yield from _form(tx, store, patient.clock.own())
    except DatabaseUnusable as wrong:
        yield split("databas", str(wrong), CURES["database"])
    if file is not None:
        yield from _file(file, patient.free(file.parent))


def _form(tx: Connection, store: Store, now: datetime) -> Iterator[Finding]:
    config = migrations(tx)
    refuse_newer(tx, config)
    if not is_current(tx, config):
        yield fault(
            "databas",
            "Databasens tabeller är inte den här versionens.",
            "Ta en säkerhetskopia, stoppa Stafett och kör stafett database migrate som databasens ägare.",
        )
    elif store.shared:
        role = str(store.url.username or "")
        refuse_out_of_reach(tx, role)
        if tx.scalar(_OWNS):
            yield warning(
                "databas",
                "Stafett ansluter som den som äger tabellerna, och kan då ändra i loggen över åtkomst.",
                "Skapa en egen roll, kör stafett database grants --role stafett_app --apply och byt adress.",
            )
    if store.shared:
        apart = abs(tx.execute(select(func.clock_timestamp())).scalar_one() - now)
        if apart > _SKEW:
            yield fault(
                "klocka",
                f"Maskinens klocka och databasens skiljer {int(apart.total_seconds())} sekunder.",
                "Slå på tidssynkronisering (NTP) på båda maskinerna.",
            )


def _file(file: Path, free: int) -> Iterator[Finding]:
    if file.exists() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield warning(
            "databas",
            "Databasens fil kan läsas av andra konton på maskinen.",
            "Kör chmod 600 på filen, och chmod 700 på dess mapp.",
        )
    if free < _LITTLE:
        found = fault if free < _NONE else warning
        yield found("disk", f"Det finns {free // 1_000_000} MB kvar på disken.", CURES["disk"])


def copies(tx: Connection, now: datetime) -> Iterator[Finding]:
    """How old the newest backup is that Stafett has made itself; `now` is care time, as the account has it."""
    taken = tx.scalar(_TAKEN)
    cure = "Kör stafett backup varje natt, och flytta filen till en annan plats. Kopierar ni på annat sätt: prova den."
    if taken is None:
        yield warning("säkerhetskopia", "Stafett har inte tagit någon säkerhetskopia.", cure)
    elif now - taken > _COPY:
        hours = int((now - taken).total_seconds() // 3600)
        yield fault("säkerhetskopia", f"Den senaste säkerhetskopian är {hours} timmar gammal.", cure)


def waiting(
    tx: Connection, care: datetime, machine: datetime, heartbeat: HeartbeatSettings | None
) -> Iterator[Finding]:  # fmt: skip
    """What has not gone out or not been fired, and whether a message of Stafett's own has come all the way."""
    found = figures.read(tx, care, machine)
    urgent = found.lanes.get(0)
    if urgent is not None and urgent.oldest > _OLD:
        yield fault("utkorg", f"Ett brådskande meddelande har väntat i {_minutes(urgent.oldest)}.", CURES["outbox"])
    if found.late > _LATE:
        yield fault("frister", f"En frist har väntat i {_minutes(found.late)} på att behandlas.", CURES["deadlines"])
    if found.retried:
        yield warning("frister", f"Frister som inte kan behandlas: {found.retried}.", CURES["retried"])
    if found.set_aside:
        yield fault("utkorg", f"Meddelanden som Stafett har gett upp: {found.set_aside}.", CURES["set_aside"])
    if found.errands_aside:
        yield warning("utkorg", f"E-post och listor som inte gick ut: {found.errands_aside}.", CURES["errands"])
    if heartbeat is None:
        yield warning(
            "hjärtslag",
            "Inget prov går av sig självt hela vägen till Teams.",
            "Sätt STAFETT_HEARTBEAT till ett provkonto som har boten och en roll i en egen enhet.",
        )
    elif found.heartbeat is None or machine - found.heartbeat > heartbeat.longest:
        since = (
            "aldrig" if found.heartbeat is None else f"inte på {_minutes((machine - found.heartbeat).total_seconds())}"
        )
        yield fault(
            "hjärtslag",
            f"Provet har {since} gått hela vägen.",
            "Är Stafett igång, har provkontot boten och en roll i registret? Se stafett outbox och de andra felen här.",
        )


def roster(tx: Connection, record: Record) -> Iterator[Finding]:
    """Units with their profile, somebody who reads, and a last resort that can be rung."""
    directory = record.directory(tx)
    if not directory.units:
        yield fault(
            "register", "Registret är tomt.", "Läs in det: stafett roster check FIL, sedan stafett roster import FIL."
        )
        return
    mend = "Rätta registrets fil och läs in den: stafett roster import FIL."
    for unit in directory.units.values():
        if unit.profile not in record.profiles:
            yield fault("register", f"{unit.name} hör till profilen {unit.profile}, som inte finns.", mend)
            continue
        readers = record.profiles[unit.profile].section("roles").queue.get(unit.kind, ())
        if not directory.holders(unit.id, *readers):
            yield fault("register", f"I {unit.name} är det ingen som läser det som kommer till enheten.", mend)
        if sum(sign.isdigit() for sign in unit.last_resort_phone) < _DIGITS:
            yield fault("register", f"{unit.name} har ingen telefon till den sista utvägen.", mend)
    yield from _installed(tx, directory)


def _installed(tx: Connection, directory: Directory) -> Iterator[Finding]:
    working = [who for who in directory.people if directory.works(who)]
    talks = people.statuses(tx, working)
    without = sum(talks.get(who) != "open" for who in working)
    if without:
        yield warning(
            "register",
            f"Boten når inte {without} av {len(working)} personer.",
            "Installera appen för alla med en policy i Teams, eller sätt STAFETT_GRAPH_TEAMS_APP.",
        )


def jour(tx: Connection, scene: Scene, now: datetime) -> Iterator[Finding]:
    """Nights that nobody has, and whether whoever has tonight can be reached. `now` is care time."""
    directory = scene.directory
    for unit in [one for one in directory.units.values() if one.profile in scene.record.profiles]:
        open_nights = gaps(scene, unit.id, now)
        if open_nights:
            soon = open_nights[0].starts_at <= now + _AT_HAND
            yield (fault if soon else warning)(
                "jour",
                f"{unit.name} saknar jour {'i natt' if soon else 'någon av de närmaste nätterna'}.",
                "Lägg in någon i registrets blad jour, eller i Teams Shifts. Tills dess nås bara enhetens ledning.",
            )
        has = {one.person_id for one in tonight(scene, unit.id, now)}
        talks = people.statuses(tx, has)
        for who in has:
            phone = directory.people[who].phone or unit.on_call_phone or ""
            if talks.get(who) != "open" or sum(sign.isdigit() for sign in phone) < _DIGITS:
                yield fault(
                    "jour",
                    f"Kvällens jour i {unit.name} kan inte nås i både Teams och telefon.",
                    "Be jouren skriva till Stafett i Teams, och skriv jourtelefonen i registret.",
                )


def account_of(patient: Patient) -> HeartbeatSettings | None:
    """The heartbeat as the settings have it; None also where they are wrong, which has been told of."""
    try:
        return patient.settings.heartbeats()
    except ValueError:
        return None


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} minuter"
