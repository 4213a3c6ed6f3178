"""What whoever leads a unit is told of its on-call rota: gaps ahead, and a jour of tonight who cannot be reached.

A unit has a rota when passes have been told of, and somebody there may be on call or passes are still to come: whoever
has them may have left. One that never has had any is run in some other way, and nothing is said of it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from cases import errands, people, rota
from cases.directory import Directory, Pass
from cases.policy import Act, OfUnit, decide
from cases.record import Scene
from cases.route import ON_CALL
from dialogs import parts
from dialogs.on_call_section import OnCall
from dialogs.parts import Element
from dialogs.passes import span_text
from dialogs.swedish import clock_text, moment_text
from dialogs.visit import Visit
from reminders.localtime import at, to_local
from reminders.profile import Profile
from reminders.rota import Span, on_call_hours, step_at, uncovered

GAP, GAP_TOO, PROBE, TONIGHT = "rota_gap", "rota_gap_too", "jour_probe", "jour_tonight"
SWAP = "on_call_swap"
_DAY = timedelta(days=1)
_EVERY = timedelta(minutes=5)  # how often the gaps are worked out
_LONGEST_NIGHT = timedelta(days=10)  # no holiday is longer: what begins within sight also ends there
_OLD = timedelta(hours=12)  # a rota that has not been read for so long is not to be trusted
_MOST = 8

Due = tuple[int, str, datetime, str]  # person, unit, when, what makes it the same


# --- gaps --------------------------------------------------------------------------------------------------------


def gaps(scene: Scene, unit_id: str, now: datetime) -> list[Span]:
    """What nobody has of the unit's on-call hours, from now and as far ahead as the first warning looks."""
    profile = scene.profile_of_unit(unit_id)
    section = _section(profile)
    if not section.gaps or not has_rota(scene.directory, unit_id, now):
        return []
    wanted = on_call_hours(profile.calendar, now, now + section.ahead[0] + _LONGEST_NIGHT)
    held = [
        Span(starts_at=one.starts_at, ends_at=one.ends_at)
        for one in scene.directory.passes.get(unit_id, ())
        if scene.directory.works(one.person_id)
    ]
    return [one for one in uncovered(wanted, held, section.shortest) if one.starts_at <= now + section.ahead[0]]


def has_rota(directory: Directory, unit_id: str, now: datetime) -> bool:
    passes = directory.passes.get(unit_id, ())
    return any(one.ends_at > now for one in passes) or (bool(passes) and bool(directory.holders(unit_id, ON_CALL)))


def gaps_due(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[tuple[str, Due]]:
    """Who is told of gaps now, and by which list: the manager at first, and the nearer it comes also the next in line.

    A gap that has come up late is told of at once, and each step is told once: a gap is known by its end. One card
    tells of all the gaps there are: what is new besides the first is only noted as told.
    """
    if _tick(since) == _tick(until):
        return
    for unit_id in scene.directory.passes:
        section = _section(scene.profile_of_unit(unit_id))
        keys: dict[int, list[str]] = {}
        for gap in gaps(scene, unit_id, until):
            step = step_at(gap, until, section.ahead)
            for who in in_line(scene, unit_id, step + 1) if step is not None else ():
                keys.setdefault(who, []).append(f"list:{GAP}:{unit_id}:{who}:{_stamp(gap.ends_at)}:{step}")
        told = errands.known(tx, [key for some in keys.values() for key in some])
        for who, some in keys.items():
            for number, key in enumerate(key for key in some if key not in told):
                yield (GAP_TOO if number else GAP), (who, unit_id, until, key)


def in_line(scene: Scene, unit_id: str, most: int) -> list[int]:
    """Those who answer for the unit, by as many roles as are to be told, the nearest first."""
    kind = scene.directory.units[unit_id].kind
    roles = scene.profile_of_unit(unit_id).section("roles").superiors.get(kind, ())
    held = [role for role in roles if scene.directory.holders(unit_id, role)]
    return scene.directory.holders(unit_id, *held[:most])


def after(scene: Scene, unit_id: str, person_id: int) -> list[int]:
    """Who comes next when this person could not be told."""
    line = in_line(scene, unit_id, _MOST)
    return line[line.index(person_id) + 1 :][:1] if person_id in line else []


def gap_card(visit: Visit, unit_id: str) -> Element | None:
    """The gaps as they are now; None when somebody has filled them, or the reader no longer answers for the unit."""
    found = gaps(visit.scene, unit_id, visit.now)
    unit = visit.scene.directory.units.get(unit_id)
    if not found or unit is None or not decide(visit.who, Act.WORK, OfUnit(unit_id=unit_id)):
        return None
    body = [parts.heading("Ingen har jouren"), parts.line(unit.name, strong=True)]
    first = found[0]
    last = _section(visit.scene.profile_of_unit(unit_id)).ahead[-1]
    if first.starts_at <= visit.now:
        body.append(parts.notice(f"Just nu har ingen jouren, till {moment_text(first.ends_at)}.", "attention"))
    elif first.starts_at - visit.now <= last:
        body.append(parts.notice(f"Från kl. {clock_text(first.starts_at)} i dag har ingen jouren.", "attention"))
    body += [
        parts.labelled("Ingen", f"{moment_text(one.starts_at)} till {moment_text(one.ends_at)}")
        for one in found[:_MOST]
    ]
    if len(found) > _MOST:
        body.append(parts.line(f"… och {len(found) - _MOST} till.", subtle=True))
    fetched = rota.elsewhere(visit.tx).get(unit_id)
    where = "Teams Shifts. Stafett ser ändringen inom en kvart" if fetched is not None else "registrets blad jour"
    body.append(parts.line(f"Lägg in någon i {where}."))
    body += _stale(fetched, visit.now)
    body.append(
        parts.line(
            f"Så länge ingen har jouren når ett brådskande meddelande bara er som leder enheten. "
            f"Sista utvägen är {unit.last_resort_role}, {unit.last_resort_phone}.",
            subtle=True,
        )
    )
    return parts.card(body, [parts.button("Till start", "start")])


def _stale(fetched: datetime | None, now: datetime) -> list[Element]:
    if not rota.is_stale(fetched, now, _OLD) or fetched is None:
        return []
    return [parts.notice(f"Shifts har inte kunnat läsas sedan {moment_text(fetched)}. Det här kan vara gammalt.")]


# --- tonight -----------------------------------------------------------------------------------------------------


def tonight(scene: Scene, unit_id: str, now: datetime) -> list[Pass]:
    """The passes that go on now or begin within a day."""
    return [
        one
        for one in scene.directory.passes.get(unit_id, ())
        if one.ends_at > now and one.starts_at < now + _DAY and scene.directory.works(one.person_id)
    ]


def tonight_due(scene: Scene, since: datetime, until: datetime) -> Iterable[Due]:
    """The jour of tonight, at the time of the probe: a message that gets through is the best proof of all."""
    for unit_id, when in _probes(scene, since, until):
        for one in tonight(scene, unit_id, when):
            if one.starts_at > when:
                key = f"list:{TONIGHT}:{unit_id}:{one.person_id}:{_stamp(one.starts_at)}"
                yield one.person_id, unit_id, when, key


def probe_due(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Due]:
    """Whoever leads a unit whose jour of tonight cannot be reached."""
    for unit_id, when in _probes(scene, since, until):
        old = rota.is_stale(rota.elsewhere(tx).get(unit_id), when, _OLD)
        if old or any(_faults(tx, scene.directory, one) for one in tonight(scene, unit_id, when)):
            for who in in_line(scene, unit_id, 1):
                yield who, unit_id, when, probe_key(unit_id, who, when)


def probe_key(unit_id: str, person_id: int, when: datetime) -> str:
    """The same for a probe that finds a fault and a message that did not get through: one word a day is enough."""
    return f"list:{PROBE}:{unit_id}:{person_id}:{to_local(when):%Y%m%d}"


def tonight_card(visit: Visit, unit_id: str, due_at: datetime) -> Element | None:
    """To the jour, in good time before the pass; None when it has begun or gone to somebody else."""
    mine = [
        one
        for one in tonight(visit.scene, unit_id, due_at)
        if one.person_id == visit.person_id and one.starts_at > visit.now
    ]
    if not mine:
        return None
    directory = visit.scene.directory
    body = [parts.heading("Du har jour"), parts.line(directory.units[unit_id].name, strong=True)]
    body += [parts.labelled("Passet", span_text(one)) for one in mine]
    number = _number(directory, mine[0])
    if number:
        body.append(parts.labelled("De andra ringer dig på", number))
        body.append(parts.line("Stämmer inte numret? Säg till din chef nu."))
    else:
        body.append(parts.notice("Stafett har inget telefonnummer till dig. Säg till din chef nu."))
    actions = [parts.button("Till start", "start")]
    if SWAP in visit.scene.profile_of_unit(unit_id).section("flows").on:
        actions.insert(0, parts.button("Byt pass", "new", {"flow": SWAP}))
    return parts.card(body, actions)


def probe_card(visit: Visit, unit_id: str) -> Element | None:
    """What is wrong with the jour of tonight, and what to do; None when it has been put right."""
    directory = visit.scene.directory
    unit = directory.units.get(unit_id)
    if unit is None or not decide(visit.who, Act.WORK, OfUnit(unit_id=unit_id)):
        return None
    found = [(one, _faults(visit.tx, directory, one)) for one in tonight(visit.scene, unit_id, visit.now)]
    body: list[Element] = []
    for one, faults in found:
        if faults:
            name, number = directory.people[one.person_id].name, _number(directory, one)
            body.append(parts.labelled(name, ", ".join(part for part in (span_text(one), number) if part)))
            body += [parts.line(fault.format(name=name)) for fault in faults]
    body += _stale(rota.elsewhere(visit.tx).get(unit_id), visit.now)
    if not body:
        return None
    lead = [parts.heading("Kontrollera kvällens jour"), parts.line(unit.name, strong=True)]
    return parts.card([*lead, *body], [parts.button("Till start", "start")])


_NO_CHAT = "Stafett har ingen chatt med {name}. Be {name} öppna Stafett i Teams och skriva hej."
_BLOCKED = (
    "{name} har blockerat Stafett i Teams och får inga meddelanden. Be {name} häva blockeringen i chatten med Stafett "
    "och skriva hej."
)
_NO_NUMBER = "Det finns inget telefonnummer till {name}, och enheten har inget journummer. Lägg till det i registret."


def _faults(tx: Connection, directory: Directory, one: Pass) -> list[str]:
    """What would keep a message or a call from reaching the jour."""
    status = people.statuses(tx, [one.person_id]).get(one.person_id)
    said: dict[str | None, list[str]] = {people.OPEN: [], people.BLOCKED: [_BLOCKED]}
    found = said.get(status, [_NO_CHAT])
    return found if _number(directory, one) else [*found, _NO_NUMBER]


def _number(directory: Directory, one: Pass) -> str:
    return directory.people[one.person_id].phone or directory.units[one.unit_id].on_call_phone or ""


def _probes(scene: Scene, since: datetime, until: datetime) -> Iterable[tuple[str, datetime]]:
    """The units whose probe has become due, and when; only the latest of several."""
    for unit_id in scene.directory.passes:
        section = _section(scene.profile_of_unit(unit_id))
        if not section.probe or not has_rota(scene.directory, unit_id, until):
            continue
        due = [at(day, section.probe_at) for day in _days(since, until)]
        for when in [when for when in due if since < when <= until][-1:]:
            yield unit_id, when


# --- pieces ------------------------------------------------------------------------------------------------------


def _section(profile: Profile) -> OnCall:
    section: OnCall = profile.section("on_call")
    return section


def _days(since: datetime, until: datetime) -> list[date]:
    first, last = to_local(since).date(), to_local(until).date()
    return [first + _DAY * number for number in range((last - first).days + 1)]


def _tick(instant: datetime) -> int:
    return int(instant.timestamp() // _EVERY.total_seconds())


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M}"
