"""Every way by which something of a thread leaves Stafett, and in which modes its content may stand there."""

from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZipFile

from cards import actions_of, inputs_of, words_of
from flow_walk import Undone, signals
from sqlalchemy import Connection, func, select, update
from town import Town

from bot.channel import render
from bot.channel.values import Address
from bot.clock import Clock
from bot.commands import export, export_case, export_meeting, export_not_started, export_on_time
from bot.errand.door import Later, Never
from bot.graph import calendar_plan, feed, ics
from bot.graph.call_door import CallDoor
from cases import calendar_link, load, phone_calls
from cases import tables as t
from cases.calendar_feed import Calendar, Entry
from cases.directory import roster_changed
from cases.errands import Errand
from cases.errors import RecordError
from cases.flow import By
from cases.lanes import AS_SAID
from cases.meeting_kinds import kinds
from cases.phone_calls import Call
from cases.record import Record, Scene
from cases.route import AUTHORITY
from cases.thread import Actor, Signal, ThreadNow
from dialogs import digest_card, pointer, thread_card
from dialogs.desk import Desk
from dialogs.sections import Privacy
from dialogs.view import View
from dialogs.visit import Visit
from reminders.localtime import Month

if TYPE_CHECKING:
    from bot.graph.calls import Ringer
    from bot.night_calls import NightCalls

NEVER: frozenset[str] = frozenset()
IN_THE_CARD = frozenset({"chatt"})
ON_REQUEST = frozenset({"visa", "chatt"})  # on somebody's explicit, logged request, and never in the chat
PRIVATE = "till privat utförare"  # without a documented ground: then nothing but a pointer, whatever the mode
MODES = ("pekare", "visa", "chatt", f"visa {PRIVATE}", f"chatt {PRIVATE}")

_HERE = Address(
    conversation_id="a:1", service_url="http://localhost/", tenant_id="t", bot_id="28:b", conversation_type="personal"
)
_ASIDE = ("rule", "journal", "more", "guide", "questions")  # what is looked up of one thread beside its card
_LOOKED_UP: tuple[dict[str, str], ...] = (
    {"verb": "start"}, {"verb": "mine"}, {"verb": "list", "list": "unit"}, {"verb": "list", "list": "cases"},
    {"verb": "list", "list": "journal"}, {"verb": "day"}, {"verb": "not_started"}, {"verb": "pass"},
    {"verb": "on_time"},
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Out:
    """What leaves by one way. `content` are the modes in which content may stand in it."""

    way: str
    text: str
    content: frozenset[str] = NEVER


@cache
def in_mode(record: Record, mode: str) -> Record:
    """The same record in municipalities that have decided on this mode."""
    privacy = Privacy(mode=mode.split()[0], decision_ref="1", dpia_ref="2", retention_decision_ref="3")
    return Record(
        record.flows,
        {name: replace(one, sections={**one.sections, "privacy": privacy}) for name, one in record.profiles.items()},
    )


def leaving(
    town: Town, number: int, *, answers: Collection[str] = (), all_of: Collection[str] = ()
) -> dict[str, list[Out]]:
    """What leaves of this thread as it stands, by mode; nothing of the town is changed.

    Its cards are drawn in every mode; what a press is answered with is asked for in the modes `answers`, and what is
    looked up, taken out, sent by other ways and said of faults in the modes `all_of`.
    """
    found: dict[str, list[Out]] = {mode: [] for mode in MODES}

    def look(tx: Connection) -> None:
        thread = load.one(tx, number)
        for mode in (one for one in MODES if not one.endswith(PRIVATE)):
            found[mode] += _in_mode(town, tx, thread, mode, mode in answers, mode in all_of)
        providers = {one.id for one in town.record.directory(tx).units.values() if one.kind != AUTHORITY}
        seated = {thread.sender_unit_id, *(party.unit_id for party in thread.parties)}
        if thread.is_closed and not seated & providers:
            raise Undone  # it is the authority's alone, and comes to nobody else
        tx.execute(update(t.unit).where(t.unit.c.id.in_(providers)).values(provider_kind="privat_lov"))
        roster_changed(tx)
        for mode in (one for one in MODES if one.endswith(PRIVATE)):
            found[mode] += _in_mode(town, tx, thread, mode, mode in answers, mode in all_of)
        raise Undone

    with suppress(Undone):
        town.store.transaction(look)
    return found


def _in_mode(
    town: Town, tx: Connection, thread: ThreadNow, mode: str, answers: bool, everything: bool
) -> Iterator[Out]:
    record, now = in_mode(town.record, mode), town.clock.time
    desk = Desk(record)
    scene = record.scene(tx)
    flow = record.flows[thread.flow]
    said = dict.fromkeys(["new", *flow.words, *_texts(tx, thread.id)])
    seen: dict[frozenset[By], View] = {}
    for person_id in scene.directory.people:
        view = View(thread=thread, flow=flow, scene=scene, viewer=person_id, now=now)
        if view.relations and view.relations not in seen:
            seen[view.relations] = view
            yield from _cards(view, said)
    if answers:
        person = min(seen.values(), key=lambda view: view.is_sender).viewer
        yield from _answers(desk, desk.visit(tx, person, now, now), thread.id)
    if everything:
        for view in seen.values():
            yield from _looked_up(desk, desk.visit(tx, view.viewer, now, now), thread.case_ref)
        yield from _together(list(seen.values()))
        yield from _letters(scene, thread, said)
        yield from _errors(record, tx, thread, now)
        yield from _invitations(record, tx, thread, now)
        yield from _call(tx, thread, town.clock)
        yield from _exports(tx, record, thread.case_ref, town.clock)


def _texts(tx: Connection, number: int) -> list[str]:
    said = select(t.outbox.c.text).where(t.outbox.c.thread_id == number, t.outbox.c.text.not_in(["", AS_SAID]))
    return list(tx.scalars(said.distinct()))


def _cards(view: View, said: Iterable[str]) -> Iterator[Out]:
    """What the outbox sends: the message as Teams gets it, and its parts that a lock screen or a voice may tell."""
    for text in said:
        yield Out(way="summary", text=thread_card.toast(view, text))
        yield Out(way="first block", text=thread_card.card_title(view, text))
    card = thread_card.thread_card(view)
    activity = render.card_activity(_HERE, card, summary=thread_card.toast(view, ""), alert=True)
    yield Out(way="notification", text=repr({**activity, "attachments": None}))
    yield from of_card(card, way="card", content=NEVER if view.thread.is_closed else IN_THE_CARD)


def _together(views: list[View]) -> Iterator[Out]:
    """Several reminders in one card, what becomes of an older card, and what a pointer by e-mail says."""
    for view in views:
        card = digest_card.digest_card([view, view], {})
        yield Out(way="digest", text=repr(card) + digest_card.digest_toast([view, view]))
        yield Out(way="folded card", text=repr(thread_card.superseded_card(view.thread.ref)))


def _letters(scene: Scene, thread: ThreadNow, said: Iterable[str]) -> Iterator[Out]:
    for text in said:
        letter = pointer.pointer(scene, thread, text)
        yield Out(way="e-mail", text=f"{letter.subject}\n{letter.text}")


def of_card(card: Mapping[str, Any], *, way: str, content: frozenset[str]) -> Iterator[Out]:
    """A card, and what of it may be shown or told outside it."""
    yield Out(way=way, text=repr(card), content=content)
    yield Out(way="first block", text=words_of(card["body"][0]) if card["body"] else "")
    yield Out(way="speak", text=f"{card.get('speak', '')} {card.get('fallbackText', '')}")
    yield Out(way="button", text=repr([{**one, "card": None} for one in actions_of(card)]))
    yield Out(way="address", text=repr([one["url"] for one in actions_of(card) if "url" in one]))


def _answers(desk: Desk, visit: Visit, number: int) -> Iterator[Out]:
    """What a press is answered with, in the chat and in a dialog."""
    view = desk.view_of(visit, number)
    data = {"thread": number}
    is_open = NEVER if view.thread.is_closed else IN_THE_CARD
    for verb in ("show", "view", *_ASIDE):
        card = desk.pressed(visit, {"verb": verb, **data}).card
        yield from of_card(card, way="answer", content=NEVER if verb in _ASIDE else is_open)
    for signal, move in view.moves():
        if move.needs:
            asks = {"verb": "ask", "signal": signal, **data}
            yield Out(way="form", text=_filled_in(desk.pressed(visit, asks).card), content=IN_THE_CARD)
            shown = desk.pressed(replace(visit, dialog=True), asks).card
            yield Out(way="form in a dialog", text=_filled_in(shown), content=ON_REQUEST)
    for verb in ("view", "journal"):
        shown = desk.pressed(replace(visit, dialog=True), {"verb": verb, **data}).card
        yield Out(way="dialog", text=repr(shown), content=ON_REQUEST)
        yield Out(way="first block", text=words_of(shown["body"][0]))


def _looked_up(desk: Desk, visit: Visit, case_ref: str) -> Iterator[Out]:
    """Lists, the day, the pass, and a search: never with content."""
    for pressed in (*_LOOKED_UP, {"verb": "search", "case_ref": case_ref}):
        way = "search" if pressed["verb"] == "search" else "list"
        yield from of_card(desk.pressed(visit, pressed).card, way=way, content=NEVER)


def _filled_in(card: dict[str, Any]) -> str:
    """A form's answers; that a question names what can be answered tells nothing of anybody."""
    return repr(inputs_of(card)) + repr([one for one in card["body"] if one.get("type") == "TextBlock"])


def _errors(record: Record, tx: Connection, thread: ThreadNow, now: datetime) -> Iterator[Out]:
    """What is raised when a move is not to be, and said of it."""
    for signal in signals(record.flows[thread.flow]):
        given = Signal(thread_id=thread.id, name=signal, by=Actor.person(thread.sender_id), values={})
        trial = tx.begin_nested()
        try:
            record.signal(tx, [given], now, now)
        except RecordError as fault:
            yield Out(way="error", text=f"{fault} {vars(fault)}")
        trial.rollback()


def _invitations(record: Record, tx: Connection, thread: ThreadNow, now: datetime) -> Iterator[Out]:
    profile = record.profiles[thread.profile]
    for meeting in thread.meetings.values():
        errand = _errand(thread, f"meeting:{meeting.id}", now)
        with suppress(Later, Never):
            yield Out(way="invitation", text=repr(calendar_plan.wanted(tx, record, errand, now)))
        file = ics.file_of(meeting, kinds(profile)[meeting.kind], now)
        yield Out(way=".ics", text=file.decode().replace("\r\n ", ""))
        entry = Entry(meeting=meeting, kind=kinds(profile)[meeting.kind])
        own = feed.file_of(Calendar(entries=[entry], weekly=[], duties=[]), now)
        yield Out(way="calendar of one's own", text=own.decode().replace("\r\n ", ""))
        yield Out(way="address", text=calendar_link.token(b"key", meeting.id or 0, thread.sender_id))


class _Waiting:
    """It is still to be rung about: whether it is, is not what is asked here."""

    def wanted(self, tx: Connection, call: Call) -> bool:
        return True


def _call(tx: Connection, thread: ThreadNow, clock: Clock) -> Iterator[Out]:
    """What a night call is placed with: whose telephone, and where the service tells more of it."""
    phone_calls.ask(tx, thread.id, thread.sender_unit_id, thread.sender_id, clock.care(), clock.care())
    number = tx.scalar(select(func.max(t.phone_call.c.id)))
    door = CallDoor(cast("NightCalls", _Waiting()), clock, cast("Ringer", object()), "https://stafett.invalid")
    yield Out(way="call", text=repr(door.ready(tx, _errand(thread, f"call:{number}", clock.care()))))


def _errand(thread: ThreadNow, what: str, now: datetime) -> Errand:
    return Errand(
        id=1, kind=what.partition(":")[0], key="k", lane=0, person_id=None, unit_id=None, thread_id=thread.id,
        what=what, not_before=now, attempts=0, lost=1,
    )  # fmt: skip


def _exports(tx: Connection, record: Record, case_ref: str, clock: Clock) -> Iterator[Out]:
    """The files that are taken out, by whoever may."""
    days = {"first": date(2026, 1, 1), "last": date(2027, 12, 31)}
    asked = [Namespace(by=f"{who}@exempel.invalid", unit=unit, **days) for who, unit in _TAKERS]
    for args in asked:
        for what in ("quality", "board"):
            args.what = what
            yield Out(way="export", text=repr(export.taken_out(tx, record, args, clock)))
        yield Out(way="export", text=repr(export_not_started.taken_out(tx, record, args, clock)))
        months = {"first": Month(2026, 1), "last": Month(2027, 12)}
        in_time = export_on_time.taken_out(tx, record, Namespace(**vars(args) | months), clock)
        yield Out(way="export", text=repr(in_time))
        for sheet in ("answers", "evaluation"):
            args.sheet, args.meeting = sheet, case_ref
            yield Out(way="export", text=repr(export_meeting.taken_out(tx, record, args, clock)))
        packed = export_case.taken_out(tx, record, case_ref, args.by, clock)
        if packed is not None:
            with ZipFile(BytesIO(packed)) as files:
                text = "".join(files.read(name).decode() for name in files.namelist())
            yield Out(way="export of a case", text=text, content=ON_REQUEST)


_TAKERS = (("eva", "MYND"), ("maria", "HT-NORR"), ("karim", "HT-NORR"))


def leaks(found: Iterable[Out], mode: str, secrets: Iterable[str]) -> set[tuple[str, str]]:
    """Which secret stands in which way although the mode forbids it. No content is for a provider without a ground."""
    effective = "pekare" if mode.endswith(PRIVATE) else mode
    return {
        (out.way, secret) for out in found if effective not in out.content for secret in secrets if secret in out.text
    }
