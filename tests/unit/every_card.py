"""Every card that anybody can get, drawn: all flows in all their states for all who have a part in them, the forms on
the way, and what is looked up. For what must hold of each one of them, such as its words and its order."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flow_walk import PATHS, SENDERS, STAGED, UNITS, Undone, given, opened, staged, values_for
from sqlalchemy import Connection
from town import Town

from cases import load
from cases.errors import NobodyReceives
from cases.record import Record
from cases.thread import ThreadNow
from dialogs import forms, more_card, rule_card
from dialogs.forms import Filled
from dialogs.terms import Terms
from dialogs.thread_card import thread_card
from dialogs.view import View
from dialogs.visit import Visit

OTHERS = Terms(client="kunden", needs_assessor="biståndsbedömare", home_care="hemvården", case_system="Treserva")
LOOKS = ("start", "hjälp", "mina", "enheten", "mina ärenden", "dagen", "journal", "NK-2041", "jour", "ej verkställda",
         "behörigheter", "sök NK-2041", "ST-AAAAAA", "något annat")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A card, and where it was met."""

    where: str
    card: dict[str, Any]


def with_terms(record: Record, terms: Terms) -> Record:
    """The same municipalities, with other words."""
    return Record(
        record.flows,
        {name: replace(one, sections={**one.sections, "terms": terms}) for name, one in record.profiles.items()},
    )


def every_card(folder: Path, record: Record) -> list[Drawn]:
    """All of them. A thread is led as far as its sending; the cards of its other states are drawn from there. A flow
    that needs something to be there first, such as another municipality's people, has a town of its own."""
    towns = [[flow for flow in PATHS if flow not in STAGED], *([flow] for flow in STAGED)]
    found: list[Drawn] = []
    for number, flows in enumerate(towns):
        where = folder / str(number)
        where.mkdir()
        with closing(Town(where, record=record)) as town:
            found += _in_town(town, flows)
    return found


def _in_town(town: Town, flows: Sequence[str]) -> list[Drawn]:
    numbers = {}
    for flow in flows:
        staged(town, flow)
        numbers[flow] = opened(town, flow)
        if any(steps[:1] == ["sender send"] for steps in PATHS[flow].values()):
            with suppress(NobodyReceives):  # a meeting whose leaders do not live here stays a draft
                given(town, numbers[flow], "send", town.residents[SENDERS[flow]].id)
    found: list[Drawn] = []
    for key, resident in town.residents.items():
        for look in LOOKS if len(flows) > 1 else LOOKS[:1]:
            resident.types(look)
        found += [Drawn(where=f"{key}: chat", card=message.card) for message in resident.chat() if message.card]

    def look(tx: Connection) -> None:
        for flow, number in numbers.items():
            found.extend(_of_thread(town, tx, number))
            found.extend(_asked(town, tx, flow))
        raise Undone

    with suppress(Undone):
        town.store.transaction(look)
    return found


def _visit(town: Town, tx: Connection, person: int) -> Visit:
    return town.desk.visit(tx, person, town.clock.time, town.clock.time)


def _asked(town: Town, tx: Connection, flow: str) -> Iterator[Drawn]:
    """The first question, its answer that stops, the form, and the same form with nothing right in it."""
    visit = _visit(town, tx, town.residents[SENDERS[flow]].id)
    unit = UNITS[SENDERS[flow]]
    told = visit.worded(town.record.flows[flow], unit)
    profile = visit.profile_of(unit)
    fields = forms.asked(told.form, profile.section("privacy"))
    options = {item.name: {"x": "Ett val"} for item in fields}
    errors = {item.name: "Svara på frågan." for item in fields} | (
        {} if told.caseless else {forms.CASE_REF: "Skriv ärendets nummer."}
    )
    yield Drawn(where=f"{flow}: gate", card=forms.gate_card(told, {unit: "Enheten", "X": "Den andra"}))
    yield Drawn(where=f"{flow}: stopped", card=forms.stopped_card(visit.terms))
    for filled in (Filled(), Filled(errors=errors)):
        card = forms.new_card(
            told, unit, fields, profile.section("privacy"), profile.section("terms"), options, visit.now, filled
        )
        yield Drawn(where=f"{flow}: form", card=card)


def _of_thread(town: Town, tx: Connection, number: int) -> Iterator[Drawn]:
    """The thread in every state as each kind of people in it sees it, with an answer to every question."""
    sent = load.one(tx, number)
    flow = town.record.flows[sent.flow]
    everybody = [_visit(town, tx, one.id) for one in town.residents.values()]
    seen = {_view(visit, sent).relations: visit for visit in everybody}
    visits = [visit for relations, visit in seen.items() if relations]
    for state in flow.states:
        for visit in visits:
            thread = replace(sent, state=state, values=values_for(flow.fields()) | dict(sent.values))
            view = _view(visit, thread)
            if view.relations:
                yield from _of_view(visit, view, f"{flow.name} {state} {visit.person_id}", first=state == flow.first)
    for text in flow.words:
        yield Drawn(where=f"{flow.name}: {text}", card=thread_card(_view(visits[-1], sent), text))


def _view(visit: Visit, thread: ThreadNow) -> View:
    return View(
        thread=thread, flow=visit.flow_of(thread), scene=visit.scene, viewer=visit.person_id, now=visit.now, reveal=True
    )


def _of_view(visit: Visit, view: View, where: str, *, first: bool) -> Iterator[Drawn]:
    yield Drawn(where=where, card=thread_card(view))
    if first:
        yield Drawn(where=f"{where}: varför", card=rule_card.show(visit, view, {}).card)
    yield Drawn(where=f"{where}: mer", card=more_card.more(visit, view, {}).card)
    for signal, move in view.moves():
        if move.needs:
            data = {"thread": view.thread.id, "signal": signal}
            options = {item.name: {"x": "Ett val"} for item in move.needs}
            card = forms.move_card(
                move.label, (view.flow.matter, "NK-2041"), move.needs, options, data,
                Filled(errors={item.name: "Svara." for item in move.needs}),
            )  # fmt: skip
            yield Drawn(where=f"{where}: {signal}?", card=card)
