"""The desk: a person types or presses, and gets a card back. Everything happens in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cases import account, lists, load, people
from cases.errors import AnswerMissing, IllegalMove, RecordError, UnknownThread
from cases.flow import Field, Flow, Move, UnitChoice
from cases.may import may_see
from cases.people import Membership
from cases.record import Opening, Record
from cases.thread import Actor, Signal, thread_id
from dialogs import forms, start
from dialogs.form import Reading, read_form
from dialogs.forms import Filled, asked
from dialogs.parts import Element
from dialogs.personal_number import has_personal_number
from dialogs.thread_card import thread_card
from dialogs.view import View
from reminders.localtime import to_local


@dataclass(frozen=True, kw_only=True)
class Desked:
    """What the person gets: a card, and the thread it shows, so that the same card can be changed later."""

    card: Element
    thread_id: int | None = None
    version: int = 0
    asking: int | None = None  # the thread whose card now holds a form: it must not be changed under the typing


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One turn at the desk: who, and when. `now` is care time, `machine_now` is for delivery; both UTC.

    `dialog` is true when the answer is shown in a Teams dialog and never lies in the chat.
    """

    tx: Connection
    person_id: int
    now: datetime
    machine_now: datetime
    dialog: bool = False


class Desk:
    """`inline` shows content in the card after «Visa»: only the loopback demo, whose client has no dialogs."""

    def __init__(self, record: Record, *, inline: bool = False) -> None:
        self.record = record
        self.inline = inline
        self._verbs = {
            "start": self._start, "mine": self._mine, "help": self._help, "new": self._new, "gate": self._gate,
            "draft": self._draft, "ask": self._ask, "do": self._do, "show": self._show, "view": self._view,
        }  # fmt: skip

    def typed(self, visit: Visit, text: str) -> Desked:
        """A typed message: a command, a flow's name, a reference, or a request for help."""
        if has_personal_number(text):
            return Desked(card=start.refused_number_card())
        words = " ".join(text.lower().split())
        flow = self._flow_named(words)
        if flow is not None:
            return self._new(visit, {"flow": flow.name})
        if words in start.MINE:
            return self._mine(visit, {})
        if words in start.HELP:
            return self._help(visit, {})
        known = thread_id(words)
        if known is not None:
            return self.pressed(visit, {"verb": "show", "thread": known})
        return self._start(visit, {})

    def pressed(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A button. An old card that is pressed late is answered with the thread's present state.

        Raises: Denied, after which the caller writes the account of it in a transaction of its own.
        """
        verb = self._verbs.get(str(data.get("verb") or ""), self._start)
        try:
            return verb(visit, data)
        except IllegalMove as late:
            return self._present(visit, _thread_of(data), message=str(late))
        except UnknownThread as unknown:
            return Desked(card=start.message_card(str(unknown)))

    # --- reading ------------------------------------------------------------------------------------------------

    def _start(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.start_card(self._held(visit), self._startable(visit), self._open_views(visit)))

    def _mine(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.mine_card(self._open_views(visit)))

    def _help(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.help_card(self._startable(visit)))

    def _show(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return self._present(visit, _thread_of(data))

    def _view(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Visa»: the content, after an account of who looked. Outside a dialog the card is shown without it."""
        if not (visit.dialog or self.inline):
            return self._show(visit, data)
        view = self.view_of(visit, _thread_of(data), reveal=True)
        account.note(
            visit.tx, visit.now, person_id=visit.person_id, action="view", outcome="shown", thread_id=view.thread.id
        )
        self._read_by_viewing(visit, view)
        return self._carded(self.view_of(visit, view.thread.id, reveal=True))

    def view_of(self, visit: Visit, thread: int, *, reveal: bool = False) -> View:
        """The thread as this person may see it.

        Raises: UnknownThread, also for a thread that exists but is not this person's to know of.
        """
        found = load.one(visit.tx, thread)
        scene = self.record.scene(visit.tx, [found])
        if not may_see(visit.person_id, found, scene.directory, scene.profile(found), visit.now):
            self._deny(visit, thread, "no_relation")
            raise UnknownThread
        flow = self.record.flows[found.flow]
        return View(
            thread=found,
            flow=flow,
            scene=scene,
            viewer=visit.person_id,
            now=visit.now,
            inline=self.inline,
            reveal=reveal,
        )

    # --- starting -----------------------------------------------------------------------------------------------

    def _new(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        flow = self.record.flows.get(str(data.get("flow")))
        units = self._units_for(visit, flow) if flow else {}
        if flow is None or not units:
            return Desked(card=start.message_card("Din roll kan inte starta det meddelandet. Fråga din chef."))
        return Desked(card=forms.gate_card(flow, units))

    def _gate(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        flow, unit_id = self._chosen(visit, data)
        if flow is None:
            return self._new(visit, data)
        if data.get("protected") != "no":
            account.count(visit.tx, "protected_identity_stopped", to_local(visit.now).date())
            return Desked(card=forms.stopped_card())
        return self._form(visit, flow, unit_id, Filled())

    def _form(self, visit: Visit, flow: Flow, unit_id: str, filled: Filled) -> Desked:
        profile = self._profile(visit, unit_id)
        units = self._unit_options(visit, flow.form, profile.name)
        card = forms.new_card(
            flow, unit_id, profile.section("privacy"), profile.section("terms"), units, visit.now, filled
        )
        return Desked(card=card)

    def _draft(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """The filled-in form: onto disk as a draft, and shown with its named receiver before it is sent."""
        flow, unit_id = self._chosen(visit, data)
        if flow is None or data.get("protected") != "no":
            return self._new(visit, data)
        key = str(data.get("form") or "") or None
        already = load.opened_by_key(visit.tx, key) if key else None
        if already is not None:
            return self._present(visit, already)
        reading = self._read(visit, flow.form, data, unit_id)
        case_ref = forms.read_case_ref(data, reading)
        if not reading.ok:
            raw = {**reading.raw, **({"key": key} if key else {})}
            return self._form(visit, flow, unit_id, Filled(raw=raw, errors=reading.errors))
        opening = Opening(
            flow=flow.name,
            sender_id=visit.person_id,
            sender_unit_id=unit_id,
            case_ref=case_ref,
            values=reading.values,
            key=key,
        )
        thread = self.record.open(visit.tx, opening, visit.now, visit.machine_now)
        return self._present(visit, thread.id)

    # --- moving -------------------------------------------------------------------------------------------------

    def _ask(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A button whose move needs answers: its form, filled in with what is known."""
        view = self.view_of(visit, _thread_of(data))
        signal, move = self._legal(visit, view, data)
        values = view.thread.values if signal in ("edit", "reschedule") else {}
        raw = forms.raw_of(move.needs, values)
        return self._ask_card(visit, view, signal, move, Filled(raw=raw))

    def _ask_card(self, visit: Visit, view: View, signal: str, move: Move, filled: Filled) -> Desked:
        fields = asked(move.needs, view.privacy)
        units = self._unit_options(visit, fields, view.profile.name)
        data = {"thread": view.thread.id, "signal": signal, "version": view.thread.version}
        card = forms.move_card(move.label, view.thread.case_ref, fields, units, data, filled)
        return Desked(card=card, asking=view.thread.id)

    def _do(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        view = self.view_of(visit, _thread_of(data))
        signal, move = self._legal(visit, view, data)
        reading = self._read(visit, move.needs, data, view.thread.sender_unit_id)
        if reading.ok:
            emptied = {item.name: "" for item in asked(move.needs, view.privacy) if view.thread.values.get(item.name)}
            values = emptied | reading.values
            given = Signal(thread_id=view.thread.id, name=signal, by=Actor.person(visit.person_id), values=values)
            try:
                self.record.signal(visit.tx, [given], visit.now, visit.machine_now)
            except AnswerMissing as missing:
                reading.errors[missing.field] = str(missing)
        if not reading.ok:
            return self._ask_card(visit, view, signal, move, Filled(raw=reading.raw, errors=reading.errors))
        return self._present(visit, view.thread.id)

    def _legal(self, visit: Visit, view: View, data: Mapping[str, Any]) -> tuple[str, Move]:
        """The move of a pressed button, if this card may offer it. An attempt at somebody else's move is noted."""
        signal = str(data.get("signal") or "")
        for offered, move in view.flow.signals_for(view.situation, view.relations):
            if offered == signal:
                return signal, replace(move, needs=view.flow.asks(view.thread.state, signal, move))
        if view.flow.pick(signal, view.situation) is not None:
            self._deny(visit, view.thread.id, "not_permitted", signal)
        raise IllegalMove(view.flow.name, view.thread.state, signal)

    def _deny(self, visit: Visit, thread: int, reason: str, signal: str = "") -> None:
        account.note(
            visit.tx, visit.now, person_id=visit.person_id, action="denied", outcome="refused", thread_id=thread,
            signal=signal, reason=reason,
        )  # fmt: skip

    def _read_by_viewing(self, visit: Visit, view: View) -> None:
        """«Visa» is a receipt: whoever has looked has read."""
        if any(signal == "read" for signal, _ in view.moves()) and not view.is_sender:
            given = Signal(thread_id=view.thread.id, name="read", by=Actor.person(visit.person_id))
            self.record.signal(visit.tx, [given], visit.now, visit.machine_now)

    # --- pieces -------------------------------------------------------------------------------------------------

    def _present(self, visit: Visit, thread: int, message: str = "") -> Desked:
        return self._carded(self.view_of(visit, thread), message)

    def _carded(self, view: View, message: str = "") -> Desked:
        return Desked(card=thread_card(view, message=message), thread_id=view.thread.id, version=view.thread.version)

    def _read(self, visit: Visit, fields: tuple[Field, ...], data: Mapping[str, Any], unit_id: str) -> Reading:
        profile = self._profile(visit, unit_id)
        wanted = asked(fields, profile.section("privacy"))
        return read_form(wanted, data, visit.now, self._unit_options(visit, wanted, profile.name))

    def _unit_options(self, visit: Visit, fields: list[Field] | tuple[Field, ...], profile: str) -> dict[str, str]:
        kinds = {item.kind for item in fields if isinstance(item, UnitChoice)}
        found: dict[str, str] = {}
        for kind in kinds:
            found |= people.units_of_kind(visit.tx, kind, profile)
        return found

    def _profile(self, visit: Visit, unit_id: str) -> Any:
        return self.record.profiles[self.record.unit_profile(visit.tx, unit_id)]

    def _held(self, visit: Visit) -> list[Membership]:
        return people.memberships(visit.tx, visit.person_id)

    def _units_for(self, visit: Visit, flow: Flow) -> dict[str, str]:
        """The units from which this person may send this flow."""
        return {
            one.unit_id: one.unit_name
            for one in self._held(visit)
            if one.role in flow.senders and flow.name in self.record.profiles[one.profile].section("flows").on
        }

    def _startable(self, visit: Visit) -> list[Flow]:
        return [flow for flow in self.record.flows.values() if self._units_for(visit, flow)]

    def _chosen(self, visit: Visit, data: Mapping[str, Any]) -> tuple[Flow | None, str]:
        """The flow and the unit of a form; card data is never trusted, so both are checked against the roster."""
        flow = self.record.flows.get(str(data.get("flow")))
        unit_id = str(data.get("unit") or "")
        if flow is None or unit_id not in self._units_for(visit, flow):
            return None, ""
        return flow, unit_id

    def _flow_named(self, words: str) -> Flow | None:
        return next((f for f in self.record.flows.values() if words in f.commands or words == f.title.lower()), None)

    def _open_views(self, visit: Visit) -> list[View]:
        sections = {name: profile.section("roles") for name, profile in self.record.profiles.items()}
        ids = lists.open_thread_ids(visit.tx, visit.person_id, self._held(visit), sections)
        found = load.threads(visit.tx, ids)
        scene = self.record.scene(visit.tx, found.values())
        views = [
            View(
                thread=found[one],
                flow=self.record.flows[found[one].flow],
                scene=scene,
                viewer=visit.person_id,
                now=visit.now,
            )
            for one in ids
        ]
        return [view for view in views if view.relations]


def _thread_of(data: Mapping[str, Any]) -> int:
    try:
        return int(data.get("thread") or 0)
    except (TypeError, ValueError):
        return 0


__all__ = ["Desk", "Desked", "RecordError", "Visit"]
