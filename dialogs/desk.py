"""The desk: a person types or presses, and gets a card back. Everything happens in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from cases import load, log
from cases.errors import AlreadyGiven, AnswerMissing, IllegalMove, NobodyReceives, UnknownThread
from cases.flow import Flow, Move
from cases.hands import COVER
from cases.policy import Act
from cases.record import Record
from cases.thread import Actor, Signal, ThreadNow, thread_id
from dialogs import (
    absence,
    break_glass,
    case_lists,
    disclosure,
    forms,
    lists_watch,
    meeting_plan,
    proposals,
    reading,
    sealing,
    start,
    starting,
    stops,
)
from dialogs.cover_card import cover_card
from dialogs.dialog_cards import stage_of
from dialogs.digest_card import asked_of, unfolded
from dialogs.forms import Filled, asked
from dialogs.free_text import BACK
from dialogs.hand_moves import CAN_WAIT
from dialogs.lists_rows import seen
from dialogs.number_guard import NumberGuard
from dialogs.personal_number import has_personal_number
from dialogs.thread_card import thread_card
from dialogs.view import View
from dialogs.visit import Desked, Visit, next_due, thread_of, version_of


class Desk:
    """`inline` shows content in the card after «Visa»: only the loopback demo, whose client has no dialogs."""

    def __init__(self, record: Record, *, inline: bool = False) -> None:
        self.record = record
        self.inline = inline
        self._numbers = NumberGuard(record.flows)
        self._verbs: dict[str, reading.Verb] = {
            **reading.VERBS, "new": starting.begin, "gate": starting.gate,
            "draft": self._draft, "ask": self._ask, "do": self._do, "show": self._show, "view": self._view,
            "unfold": self._unfold, proposals.PROPOSE: self._propose, proposals.TAKE: self._take_time,
            sealing.SEAL: self._seal, **break_glass.verbs(inline=inline),
            **{name: partial(self._about, name) for name in reading.ABOUT},
        }  # fmt: skip

    def visit(
        self, tx: Connection, person_id: int, now: datetime, machine_now: datetime, *, dialog: bool = False,
        brought: tuple[object, ...] = (),
    ) -> Visit:  # fmt: skip
        """Open a turn for a person of the roster."""
        scene = self.record.scene(tx)
        return Visit(
            tx=tx, scene=scene, person_id=person_id, now=now, machine_now=machine_now, dialog=dialog, brought=brought
        )

    def typed(self, visit: Visit, text: str) -> Desked:
        """A typed message: a command, a flow's name, a reference, or a request for help."""
        if has_personal_number(text):
            return Desked(card=start.refused_number_card())
        words = " ".join(text.lower().split())
        flow = self._flow_named(visit, words)
        if flow is not None:
            return starting.begin(visit, {"flow": flow.name})
        looked_up = reading.typed(visit, text)
        if looked_up is not None:
            return looked_up
        known = thread_id(words)
        if known is not None:
            return self.pressed(visit, {"verb": "show", "thread": known})
        return self.pressed(visit, {"verb": "start"})

    def pressed(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A button. An old card that is pressed late is answered with the thread's present state.

        Raises: Denied, after which the caller writes the account of it in a transaction of its own.
        """
        if self._numbers.refuses(data):
            return Desked(card=start.refused_number_card(typed=False))
        verb = self._verbs.get(str(data.get("verb") or ""), reading.VERBS["start"])
        try:
            return verb(visit, data)
        except (IllegalMove, NobodyReceives) as late:
            return self._present(visit, thread_of(data), message=str(late))
        except UnknownThread as unknown:
            return Desked(card=start.message_card(str(unknown)))

    # --- reading ------------------------------------------------------------------------------------------------

    def _about(self, name: str, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """What is looked up of one thread, which no update wipes while it is read or copied.

        Content is revealed only where it never lies in the chat.
        """
        reveal = name in reading.REVEALS and (visit.dialog or self.inline)
        view = self.view_of(visit, thread_of(data))
        if not view.may(reading.ACTS.get(name, Act.ASK)):
            return self._carded(view)
        shown = reading.ABOUT[name](visit, replace(view, reveal=reveal and view.may(Act.READ).allowed), data)
        return replace(shown, asking=view.thread.id)

    def _show(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """One thread; of a colleague's, that it may be covered for."""
        view = self.view_of(visit, thread_of(data), cover=True)
        return self._carded(view) if view.relations else Desked(card=cover_card(view))

    def _view(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Visa»: the content, after an account of who looked. Outside a dialog the card is shown without it."""
        if not (visit.dialog or self.inline):
            return self._carded(self.view_of(visit, thread_of(data)))
        view = self.view_of(visit, thread_of(data), lock=True)
        if not view.may(Act.READ):
            return self._carded(view)
        visit.note("view", "shown", thread=view.thread)
        reads = [(signal, move) for signal, move in view.moves() if move.receipt == "read"]
        receipts = [signal for signal, move in reads if not any(item.always for item in move.needs)]
        if receipts:
            self._signal(visit, view, receipts[0], {})  # whoever has looked has read
        shown = self._carded(self._seen(visit, view.thread, reveal=True))
        return replace(shown, asking=view.thread.id)

    def _unfold(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Öppna» in a card of several reminders."""
        asked = self.view_of(visit, thread_of(data))
        wanted = [one for one in asked_of(data) if one != asked.thread.id]
        views = seen(visit, wanted)
        for one in wanted:
            if all(view.thread.id != one for view in views):
                visit.note("denied", "refused", thread_id=one, reason="no_relation", stranger=True)
        return unfolded(visit, asked, views)

    def view_of(self, visit: Visit, thread: int, *, lock: bool = False, cover: bool = False) -> View:
        """The thread as this person may see it; with `lock`, to change it in the same transaction; with `cover` also
        one in which they have no part, but may step in for a colleague.

        Raises: UnknownThread, also for a thread that exists but is not this person's to know of.
        """
        found = load.outlines(visit.tx, [thread], lock=lock).get(thread)
        view = self._view_as(visit, found) if found is not None else None
        if view is None or not view.relations:
            why = "unknown" if found is None else "no_relation"
            visit.note("denied", "refused", thread=found, reason=why, stranger=True)
        if view is None or (not view.relations and not (cover and view.cover)):
            raise UnknownThread
        load.complete(visit.tx, [view.thread])
        return meeting_plan.with_bookings(visit.tx, view)

    def _seen(self, visit: Visit, thread: ThreadNow, *, reveal: bool = False) -> View:
        return meeting_plan.with_bookings(visit.tx, self._view_as(visit, thread, reveal=reveal))

    def _view_as(self, visit: Visit, thread: ThreadNow, *, reveal: bool = False) -> View:
        return View(
            thread=thread, flow=visit.flow_of(thread), scene=visit.scene, viewer=visit.person_id,
            now=visit.now, inline=self.inline, reveal=reveal,
        )  # fmt: skip

    # --- starting -----------------------------------------------------------------------------------------------

    def _draft(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """The filled-in form: onto disk as a draft, and shown with its named receiver before it is sent."""
        made = starting.draft(visit, data)
        if isinstance(made, ThreadNow):
            return self._carded(self._seen(visit, made), moved=True)
        return made if isinstance(made, Desked) else self._present(visit, made)

    # --- moving -------------------------------------------------------------------------------------------------

    def _ask(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A button whose move needs answers: its form, filled in with what is known."""
        view = self.view_of(visit, thread_of(data), cover=data.get("signal") == COVER)
        signal, move = self._legal(visit, view, data)
        if not move.needs:  # what the card's button was to ask about is no longer so
            return self._do(visit, data)
        if disclosure.is_for_dialog(view, signal, move) and not visit.dialog:
            return Desked(card=disclosure.elsewhere(view, signal, move), asking=view.thread.id)
        changes = signal in disclosure.CHANGES
        raw = forms.raw_of(move.needs, view.thread.values) if changes else forms.suggested(move.needs, visit.now)
        raw |= case_lists.given(move.needs, view.thread.values)
        if changes and any(item.sensitive and raw.get(item.name) for item in asked(move.needs, view.privacy)):
            visit.note("view", "shown", thread=view.thread, signal=signal)  # what is to be changed is read first
        return self._ask_card(visit, view, signal, move, Filled(raw=raw))

    def _ask_card(self, visit: Visit, view: View, signal: str, move: Move, filled: Filled) -> Desked:
        fields = asked(move.needs, view.privacy)
        options = starting.options(visit, fields, view.profile.name, view)
        data = {"thread": view.thread.id, "signal": signal, "version": view.thread.version}
        notice = absence.question(view, move)
        about = (view.flow.matter, view.thread.case_ref)
        card = forms.move_card(move.label, about, fields, options, data, filled, notice)
        return Desked(card=card, asking=view.thread.id)

    def _do(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A move. One snapshot is read and locked, changed, and drawn."""
        view = self.view_of(visit, thread_of(data), lock=True, cover=data.get("signal") == COVER)
        signal, move = self._legal(visit, view, data)
        self._refuse_late(visit, view, signal, move, data)
        if absence.is_asked(signal, move) and CAN_WAIT.name not in data:  # was not away when the card was drawn
            return self._ask(visit, data)
        reading = starting.read(visit, move.needs, data, view.profile, view)
        if data.get(BACK):
            return self._ask_card(visit, view, signal, move, Filled(raw=reading.raw, errors=reading.errors))
        stop = stops.before(visit, view, signal, move, reading, data) if reading.ok else None
        if stop is not None:
            return Desked(card=stop, asking=view.thread.id)
        if reading.ok:
            emptied = {item.name: "" for item in asked(move.needs, view.privacy) if view.thread.values.get(item.name)}
            try:
                self._signal(visit, view, signal, emptied | reading.values)
            except AnswerMissing as missing:
                reading.errors[missing.field] = str(missing)
            else:
                if absence.is_asked(signal, move):
                    return self._judged(visit, view)
        if not reading.ok:
            view = self.view_of(visit, view.thread.id, cover=signal == COVER)
            return self._ask_card(visit, view, signal, move, Filled(raw=reading.raw, errors=reading.errors))
        return self._carded(self._seen(visit, view.thread), moved=True)

    def _refuse_late(self, visit: Visit, view: View, signal: str, move: Move, data: Mapping[str, Any]) -> None:
        """What has been overtaken since the card was drawn. Raises: IllegalMove, AlreadyGiven."""
        if move.receipt == "read" and log.has_since(visit.tx, view.thread.id, version_of(data), "reschedule"):
            raise IllegalMove(view.flow.name, view.thread.state, signal)  # the old card showed another time
        if move.once and log.has_given(visit.tx, view.thread.id, visit.person_id, signal):
            raise AlreadyGiven(view.flow.name, view.thread.state, signal)

    def _seal(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Avsluta för alla»: the person has a protected identity, and the whole case leaves everybody's sight."""
        view = self.view_of(visit, thread_of(data), lock=True)
        return sealing.sealed(visit, view) if view.may(Act.SEAL) else self._carded(view)

    def _propose(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """«Föreslå tider»: what the network said of people's calendars has come with the visit."""
        view = self.view_of(visit, thread_of(data))
        return Desked(card=proposals.card(visit, view), asking=view.thread.id)

    def _take_time(self, visit: Visit, data: Mapping[str, Any]) -> Desked:
        """A proposed time is taken: only that answer is given, and all others stand."""
        view = self.view_of(visit, thread_of(data), lock=True)
        signal, _ = self._legal(visit, view, data)
        chosen = proposals.chosen(view, data)
        if not chosen:
            return self._carded(view, "Tiden går inte att välja längre. Välj en annan.")
        self._signal(visit, view, signal, chosen)
        return self._carded(self._seen(visit, view.thread), moved=True)

    def _judged(self, visit: Visit, view: View) -> Desked:
        """Whoever has sent has also judged whether it can wait: that is a move of its own, in the same transaction."""
        judged = Signal(thread_id=view.thread.id, name=absence.ASKED_BY, by=Actor.person(visit.person_id))
        found = self.record.signal(visit.tx, [judged], visit.now, visit.machine_now)
        return self._carded(self._seen(visit, found[view.thread.id]), moved=True)

    def _signal(self, visit: Visit, view: View, name: str, values: dict[str, Any]) -> None:
        absent = view.cover.seat if name == COVER else None
        given = Signal(thread_id=view.thread.id, name=name, by=Actor.person(visit.person_id), values=values)
        self.record.signal_on(visit.tx, view.thread, visit.scene, given, visit.now, visit.machine_now)
        if absent is not None:
            lists_watch.tell(visit.tx, visit.scene, absent.unit_id, visit.person_id, visit.now)

    def _legal(self, visit: Visit, view: View, data: Mapping[str, Any]) -> tuple[str, Move]:
        """The move of a pressed button, if this card may offer it. An attempt at somebody else's move is noted."""
        signal = str(data.get("signal") or "")
        for offered, move in view.flow.signals_for(view.situation, view.standing):
            if offered == signal:
                asks = view.flow.asks(view.thread.state, signal, move)
                return signal, absence.asked_first(view, move if asks == move.needs else replace(move, needs=asks))
        if view.flow.pick(signal, view.situation) is not None:
            visit.note("denied", "refused", thread=view.thread, signal=signal, reason="not_permitted")
        raise IllegalMove(view.flow.name, view.thread.state, signal)

    # --- pieces -------------------------------------------------------------------------------------------------

    def _present(self, visit: Visit, thread: int, message: str = "") -> Desked:
        return self._carded(self.view_of(visit, thread), message)

    def _carded(self, view: View, message: str = "", *, moved: bool = False) -> Desked:
        thread = view.thread
        card = thread_card(view, message=message)
        older = thread.messages.get(view.viewer)
        return Desked(
            card=card, thread_id=thread.id, version=thread.version, older=older, next_due=next_due(thread),
            stage=stage_of(thread, view.flow.first) if moved else "", edited=view.viewer in thread.edited,
        )  # fmt: skip

    def _flow_named(self, visit: Visit, words: str) -> Flow | None:
        """Municipalities may call flows of their own by the same word: the one that this person may start."""
        named = [f for f in self.record.flows.values() if words in f.commands or words == f.title.lower()]
        return next((flow for flow in named if visit.units_for(flow)), named[0] if named else None)
