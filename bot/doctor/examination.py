"""The examination: everything in its order, and nothing that cannot be looked at because of what came before."""

from collections.abc import AsyncIterator, Callable, Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.channel.wire import Wire
from bot.doctor import at_home, in_record, outside
from bot.doctor.finding import Finding, Level, Looked, Patient, fault
from cases.record import Record
from cases.store import Store


async def examine(patient: Patient, *, offline: bool = False) -> Looked:
    """Look at everything. `offline` leaves out what has to be asked of others."""
    looked = Looked()
    looked.add("inställningar", at_home.settings(patient.settings, patient.channel))
    looked.add("hemligheter", at_home.secrets(patient.settings, patient.clock.own()))
    looked.add("tidszon", at_home.zones())
    looked.add("paket", at_home.package(patient))
    if patient.record is not None:
        looked.add("profiler", at_home.profiles(patient.record))
        looked.add("profiler", at_home.night_calls(patient, patient.record))
    if patient.store is not None:
        _in_record(looked, patient, patient.store, patient.record)
    if not offline:
        await _outside(looked, patient)
    return looked


def _in_record(looked: Looked, patient: Patient, store: Store, record: Record | None) -> None:
    clock = patient.clock
    looked.add("databas", in_record.reached(patient, store))
    if any(one.check == "databas" and one.level == Level.FAULT for one in looked.findings):
        return
    heartbeat = in_record.account_of(patient)
    asked: list[tuple[str, Callable[[Connection], Iterator[Finding]]]] = [
        ("säkerhetskopia", lambda tx: in_record.copies(tx, clock.care())),
        ("utkorg", lambda tx: in_record.waiting(tx, clock.care(), clock.machine(), heartbeat)),
    ]
    if record is not None:
        asked += [
            ("register", lambda tx: in_record.roster(tx, record)),
            ("jour", lambda tx: in_record.jour(tx, record.scene(tx), clock.care())),
        ]
    for check, ask in asked:
        try:
            looked.add(check, store.transaction(lambda tx, ask=ask: list(ask(tx))))  # type: ignore[misc]
        except SQLAlchemyError as wrong:
            looked.add(check, [fault(check, f"Databasen gav ett fel ({type(wrong).__name__}).", "Se databasens logg.")])


async def _outside(looked: Looked, patient: Patient) -> None:
    channel = patient.channel
    looked.add("e-post", await _all(outside.post(patient)))
    if channel is None:
        return
    wire = Wire(channel)
    try:
        looked.add("nycklar", await _all(outside.keys(patient, channel, wire)))
        looked.add("token", await _all(outside.token(channel)))
        if patient.settings.graph:
            looked.add("graph", await _all(outside.graph(patient, channel, patient.record)))
        looked.add("adress", await _all(outside.public(patient, wire)))
    finally:
        await wire.close()


async def _all(found: AsyncIterator[Finding]) -> list[Finding]:
    return [one async for one in found]
