"""The answers about events: made, read, changed, cancelled, and what has changed since last time."""

from collections.abc import Iterator
from datetime import datetime

from bot.demo.graph import drawing
from bot.demo.graph.drawing import Reader
from bot.demo.graph.entries import Entry, Slot
from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.listing import link, paged, selected, unpacked
from bot.demo.graph.people import Person
from bot.demo.graph.wire import Json, Refusal, given, invalid, moment, preferences


async def create(asked: Asked) -> Said:
    person = mailbox(asked)
    reader = Reader.of(person, asked.request.headers)
    entry = asked.world.calendar.create(person, asked.body)
    return Said(status=201, body=drawing.event(entry.master, reader))


async def read(asked: Asked) -> Said:
    slot, reader = _event(asked)
    return Said(body=selected(asked, drawing.event(slot, reader)))


async def change(asked: Asked) -> Said:
    slot, reader = _event(asked)
    _own(slot, reader.person, "change")
    return Said(body=drawing.event(asked.world.calendar.change(slot, asked.body), reader))


async def delete(asked: Asked) -> Said:
    slot, reader = _event(asked)
    _own(slot, reader.person, "delete")
    asked.world.calendar.end(slot)
    return Said(status=204)


async def cancel(asked: Asked) -> Said:
    slot, reader = _event(asked)
    _own(slot, reader.person, "cancel")
    comment = given(asked.body, "comment")
    if comment is not None and not isinstance(comment, str):
        raise invalid("The comment is a text.")
    asked.world.calendar.end(slot)
    return Said(status=202)


async def instances(asked: Asked) -> Said:
    slot, reader = _event(asked)
    begin, end = _between(asked)
    if slot.kind != "seriesMaster":
        raise invalid("Expanding an event that is not a series master is not possible.", "ErrorInvalidRequest")
    found = [one for one in slot.entry.slots() if one.overlaps(begin, end)]
    rows = [selected(asked, drawing.event(one, reader)) for one in found]
    return paged(asked, rows)


async def delta(asked: Asked) -> Said:
    """What stands between two moments, and later what has changed: the link that is handed out remembers all."""
    person = mailbox(asked)
    reader = Reader.of(person, asked.request.headers)
    if asked.option("$select") or asked.option("$filter"):
        raise invalid("The query options $select and $filter are not supported here.", "ErrorInvalidUrlQuery")
    token = asked.option("$deltatoken") or asked.option("$skiptoken")
    state = unpacked(token) if token else {}
    if state and int(state.get("until") or state["since"]) <= asked.world.forgotten:
        raise Refusal(410, "SyncStateNotFound", "The sync state generation is not found; a full sync is needed.")
    begin, end = (moment(state["begin"]), moment(state["end"])) if state else _between(asked)
    since, skip = int(state.get("since", -1)), int(state.get("skip", 0))
    until = int(state.get("until") or asked.world.calendar.stamp)
    rows = list(_changes(asked, reader, begin, end, since))
    size = int(preferences(asked.request.headers).get("odata.maxpagesize", asked.world.page_size))
    frame = {"begin": begin.isoformat(), "end": end.isoformat()}
    answer: Json = {"@odata.context": "$metadata#Collection(event)", "value": rows[skip : skip + size]}
    if skip + size < len(rows):
        answer["@odata.nextLink"] = link(asked, "$skiptoken", {**frame, "since": since, "skip": skip + size,
                                                                "until": until})  # fmt: skip
    else:
        answer["@odata.deltaLink"] = link(asked, "$deltatoken", {**frame, "since": until})
    return Said(body=answer)


def _changes(asked: Asked, reader: Reader, begin: datetime, end: datetime, since: int) -> Iterator[Json]:
    """What stands or has changed, and by id what no longer stands there."""
    for entry in asked.world.calendar.of(reader.person):
        if entry.ended is None or entry.organizer is not reader.person:
            slots = [slot for slot in entry.slots() if slot.overlaps(begin, end) and slot.is_shown_to(reader.person)]
            yield from _standing(entry, slots, reader, since)
            yield from _left(entry, slots, reader, since)
        elif 0 <= since < entry.ended:
            yield _removed(entry.master, reader)


def _standing(entry: Entry, slots: list[Slot], reader: Reader, since: int) -> Iterator[Json]:
    """A series comes with its master, and its occurrences as bare as Graph has them here."""
    kind = {"@odata.type": "#microsoft.graph.event"}
    if entry.is_series and slots and entry.stamp > since:
        yield kind | drawing.event(entry.master, reader)
    for slot in slots:
        if slot.stamp > since:
            yield kind | (drawing.brief if slot.kind == "occurrence" else drawing.event)(slot, reader)


def _left(entry: Entry, slots: list[Slot], reader: Reader, since: int) -> Iterator[Json]:
    """What has been called off or has left the days that are watched, since a time before now."""
    if since < 0:
        return
    for day, stamp in entry.gone.items():
        if stamp > since:
            yield _removed(Slot(entry, day), reader)
    if not entry.is_series and not slots and entry.stamp > since:
        yield _removed(entry.master, reader)


def _removed(slot: Slot, reader: Reader) -> Json:
    return {"@odata.type": "#microsoft.graph.event", "id": reader.id_of(slot), "@removed": {"reason": "deleted"}}


def mailbox(asked: Asked) -> Person:
    """Whose mailbox is asked about. Raises: Refusal for somebody who is not there or has none."""
    person = asked.world.person(asked.part("id"))
    if not person.has_mailbox:
        text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise Refusal(404, "MailboxNotEnabledForRESTAPI", text)
    return person


def _event(asked: Asked) -> tuple[Slot, Reader]:
    person = mailbox(asked)
    return asked.world.calendar.find(person, asked.part("event")), Reader.of(person, asked.request.headers)


def _own(slot: Slot, person: Person, verb: str) -> None:
    if slot.entry.organizer is not person:
        raise invalid(f"Your request can't be completed. You need to be an organizer to {verb} a meeting.")


def _between(asked: Asked) -> tuple[datetime, datetime]:
    begin, end = asked.option("startDateTime"), asked.option("endDateTime")
    if not begin or not end:
        text = "This request requires a time window specified by the query string parameters StartDateTime and "
        raise invalid(f"{text}EndDateTime.", "ErrorInvalidRequest")
    return moment(begin.replace(" ", "+")), moment(end.replace(" ", "+"))
