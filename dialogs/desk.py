"""The desk: a person types or presses, and gets a card back. Everything happens in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cases import account, lists, load, log
from cases.errors import AnswerMissing, IllegalMove, UnknownThread
from cases.flow import Flow, Move
from cases.record import Record
from cases.thread import Actor, Signal, ThreadNow, thread_id
from dialogs import forms, start, starting
from dialogs.digest_card import asked_of, unfolded
from dialogs.forms import Filled, asked
from dialogs.personal_number import has_personal_number
from dialogs.thread_card import thread_card
from dialogs.view import View
from dialogs.visit import Desked, Visit, next_due, thread_of


class Desk:
    """`inline` shows content in the card after «Visa»: only the loopback demo, whose client has no dialogs."""

    def __init__(self, record: Record, *, inline: bool = False) -> None:
        self.record = record
        self.inline = inline
        self._verbs = {
            "start": self._start, "mine": self._mine, "help": self._help, "new": starting.begin, "gate": starting.gate,
            "draft": self._draft, "ask": self._ask, "do": self._do, "show": self._show, "view": self._view,
            "unfold": self._unfold,
        }  # fmt: skip

    def visit(
        self, tx: Connection, person_id: int, now: datetime, machine_now: datetime, *, dialog: bool = False
    ) -> Visit:
        """Open a turn for a person of the roster."""
        scene = self.record.scene(tx)
        return Visit(tx=tx, scene=scene, person_id=person_id, now=now, machine_now=machine_now, dialog=dialog)

    def typed(self, visit: Visit, text: str) -> Desked:
        """A typed message: a command, a flow's name, a reference, or a request for help."""
        if has_personal_number(text):
            return Desked(card=start.refused_number_card())
        words = " ".join(text.lower().split())
        flow = self._flow_named(words)
        if flow is not None:
            return starting.begin(visit, {"flow": flow.name})
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
            return self._present(visit, thread_of(data), message=str(late))
        except UnknownThread as unknown:
            return Desked(card=start.message_card(str(unknown)))

    # --- reading ------------------------------------------------------------------------------------------------

    def _start(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.start_card(visit.held(), visit.startable(), self._open_views(visit)))

    def _mine(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.mine_card(self._open_views(visit)))

    def _help(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return Desked(card=start.help_card(visit.startable()))

    def _show(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        return self._present(visit, thread_of(data))

    def _view(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Visa»: the content, after an account of who looked. Outside a dialog the card is shown without it."""
        if not (visit.dialog or self.inline):
            return self._show(visit, data)
        view = self.view_of(visit, thread_of(data), lock=True)
        account.note(
            visit.tx, visit.now, person_id=visit.person_id, action="view", outcome="shown", thread_id=view.thread.id
        )
        receipts = [signal for signal, move in view.moves() if move.receipt == "read"]
        if receipts:
            self._signal(visit, view, receipts[0], {})  # whoever has looked has read
        shown = self._carded(self._seen(visit, view.thread, reveal=True))
        return replace(shown, asking=view.thread.id)

    def _unfold(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Öppna» in a card of several reminders."""
        asked = self.view_of(visit, thread_of(data))
        others = load.threads(visit.tx, [one for one in asked_of(data) if one != asked.thread.id])
        views = [self._seen(visit, thread) for thread in others.values()]
        return unfolded(visit, asked, [view for view in views if view.relations])

    def view_of(self, visit: Visit, thread: int, *, reveal: bool = False, lock: bool = False) -> View:
        """The thread as this person may see it; with `lock`, to change it in the same transaction.

        Raises: UnknownThread, also for a thread that exists but is not this person's to know of.
        """
        view = self._seen(visit, load.one(visit.tx, thread, lock=lock), reveal=reveal)
        if not view.relations:
            self._deny(visit, thread, "no_relation")
            raise UnknownThread
        return view

    def _seen(self, visit: Visit, thread: ThreadNow, *, reveal: bool = False) -> View:
        return View(
            thread=thread,
            flow=self.record.flows[thread.flow],
            scene=visit.scene,
            viewer=visit.person_id,
            now=visit.now,
            inline=self.inline,
            reveal=reveal,
        )

    # --- starting -----------------------------------------------------------------------------------------------

    def _draft(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """The filled-in form: onto disk as a draft, and shown with its named receiver before it is sent."""
        made = starting.draft(visit, data)
        if isinstance(made, Desked):
            return made
        return self._carded(self._seen(visit, made)) if isinstance(made, ThreadNow) else self._present(visit, made)

    # --- moving -------------------------------------------------------------------------------------------------

    def _ask(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A button whose move needs answers: its form, filled in with what is known."""
        view = self.view_of(visit, thread_of(data))
        signal, move = self._legal(visit, view, data)
        values = view.thread.values if signal in ("edit", "reschedule") else {}
        raw = forms.raw_of(move.needs, values)
        return self._ask_card(visit, view, signal, move, Filled(raw=raw))

    def _ask_card(self, visit: Visit, view: View, signal: str, move: Move, filled: Filled) -> Desked:
        fields = asked(move.needs, view.privacy)
        units = starting.unit_options(visit, fields, view.profile.name)
        data = {"thread": view.thread.id, "signal": signal, "version": view.thread.version}
        card = forms.move_card(move.label, view.thread.case_ref, fields, units, data, filled)
        return Desked(card=card, asking=view.thread.id)

    def _do(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A move. One snapshot is read and locked, changed, and drawn."""
        view = self.view_of(visit, thread_of(data), lock=True)
        signal, move = self._legal(visit, view, data)
        if move.receipt == "read" and log.has_since(visit.tx, view.thread.id, _version_of(data), "reschedule"):
            raise IllegalMove(view.flow.name, view.thread.state, signal)  # the old card showed another time
        reading = starting.read(visit, move.needs, data, view.profile)
        if reading.ok:
            emptied = {item.name: "" for item in asked(move.needs, view.privacy) if view.thread.values.get(item.name)}
            try:
                self._signal(visit, view, signal, emptied | reading.values)
            except AnswerMissing as missing:
                reading.errors[missing.field] = str(missing)
        if not reading.ok:
            view = self.view_of(visit, view.thread.id)
            return self._ask_card(visit, view, signal, move, Filled(raw=reading.raw, errors=reading.errors))
        return self._carded(self._seen(visit, view.thread))

    def _signal(self, visit: Visit, view: View, name: str, values: dict[str, Any]) -> None:
        given = Signal(thread_id=view.thread.id, name=name, by=Actor.person(visit.person_id), values=values)
        self.record.signal_on(visit.tx, view.thread, visit.scene, given, visit.now, visit.machine_now)

    def _legal(self, visit: Visit, view: View, data: Mapping[str, Any]) -> tuple[str, Move]:
        """The move of a pressed button, if this card may offer it. An attempt at somebody else's move is noted."""
        signal = str(data.get("signal") or "")
        for offered, move in view.flow.signals_for(view.situation, view.relations):
            if offered == signal:
                asks = view.flow.asks(view.thread.state, signal, move)
                return signal, move if asks == move.needs else replace(move, needs=asks)
        if view.flow.pick(signal, view.situation) is not None:
            self._deny(visit, view.thread.id, "not_permitted", signal)
        raise IllegalMove(view.flow.name, view.thread.state, signal)

    def _deny(self, visit: Visit, thread: int, reason: str, signal: str = "") -> None:
        account.note(
            visit.tx, visit.now, person_id=visit.person_id, action="denied", outcome="refused", thread_id=thread,
            signal=signal, reason=reason,
        )  # fmt: skip

    # --- pieces -------------------------------------------------------------------------------------------------

    def _present(self, visit: Visit, thread: int, message: str = "") -> Desked:
        return self._carded(self.view_of(visit, thread), message)

    def _carded(self, view: View, message: str = "") -> Desked:
        thread = view.thread
        card = thread_card(view, message=message)
        return Desked(card=card, thread_id=thread.id, version=thread.version, next_due=next_due(thread))

    def _flow_named(self, words: str) -> Flow | None:
        return next((f for f in self.record.flows.values() if words in f.commands or words == f.title.lower()), None)

    def _open_views(self, visit: Visit) -> list[View]:
        sections = {name: profile.section("roles") for name, profile in self.record.profiles.items()}
        ids = lists.open_thread_ids(visit.tx, visit.person_id, visit.held(), sections)
        found = load.threads(visit.tx, ids)
        views = [self._seen(visit, found[one]) for one in ids]
        return [view for view in views if view.relations]


def _version_of(data: Mapping[str, Any]) -> int:
    """The version of the thread that the pressed card showed."""
    try:
        return int(data.get("version") or 0)
    except (TypeError, ValueError):
        return 0
