"""A thread as one person sees it: what a card is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard

from cases.directory import Unit
from cases.fields import RosterChoice
from cases.flow import (
    STOPPED,
    Action,
    AnswerInvite,
    Audience,
    By,
    CaseList,
    Choice,
    Day,
    DayList,
    Field,
    Flow,
    Moment,
    Move,
    Number,
    Own,
    PerCase,
    Say,
    SeatChoice,
    Situation,
    UnitChoice,
    codes_of,
)
from cases.ladder import reason_of
from cases.limits import nearest_limit
from cases.policy import POINTERS, Act, Verdict, Who, decide
from cases.policy_relations import seat_of
from cases.record import Scene
from cases.route import QUEUE, Routing, Seat, members, route
from cases.thread import Armed, Party, ThreadNow
from dialogs import case_lists, roster_choices
from dialogs.form import number_text
from dialogs.role_words import role_name
from dialogs.sections import Privacy
from dialogs.swedish import full_day_text, left_text, limit_text, moment_text
from dialogs.terms import Terms
from reminders.kept import kept
from reminders.profile import Profile

Booked = Mapping[int, Sequence[tuple[datetime, datetime]]]  # person → from when until when (UTC)
MANDATE = "mandate"  # the step whose limit is not when somebody is to act but until when the jour's word holds


@dataclass(frozen=True, kw_only=True)
class View:
    """A view is of a snapshot that stays as it is: after a change of the thread, take a new one.

    `reveal` is set only for the answer to a logged «Visa»; `inline` only in the demo, where there are no dialogs.
    `booked` is what those who are to be called to a drafted meeting have booked at the same time.
    """

    thread: ThreadNow
    flow: Flow
    scene: Scene
    viewer: int
    now: datetime
    inline: bool = False
    reveal: bool = False
    lent: bool = False  # read for a while by somebody who has no part in it
    booked: Booked = field(default_factory=dict)

    @kept
    def profile(self) -> Profile:
        return self.scene.profile(self.thread)

    @kept
    def privacy(self) -> Privacy:
        """As this thread's own mode has it: less than the profile's where a provider may not read content."""
        section: Privacy = self.profile.section("privacy")
        return section.in_mode(self.scene.mode(self.thread))

    @kept
    def tells_content(self) -> bool:
        """Whether content stands in this card: after a logged «Visa», or in the chat where the municipality has decided
        so, as long as the thread is open."""
        open_in_chat = self.privacy.is_in_chat and not self.thread.is_closed and not self.lent
        return self.privacy.keeps_content and (self.reveal or open_in_chat)

    @kept
    def terms(self) -> Terms:
        section: Terms = self.profile.section("terms")
        return section

    @kept
    def situation(self) -> Situation:
        own_case = self.routing.is_own_case
        return Situation(
            thread=self.thread, profile=self.profile, now=self.now, own_case=own_case, reveal=self.tells_content,
            who=self.viewer,
        )  # fmt: skip

    @kept
    def routing(self) -> Routing:
        return Routing(
            thread=self.thread,
            case=self.scene.case(self.thread),
            directory=self.scene.directory,
            profile=self.profile,
            now=self.now,
        )

    def may(self, act: Act) -> Verdict:
        """Whether the viewer may do this with the thread now."""
        who = Who(person_id=self.viewer, directory=self.scene.directory, now=self.now)
        mode = self.privacy.mode if act == Act.READ else POINTERS  # which looks at the answers
        return decide(who, act, self.scene.what(self.thread, mode))

    @kept
    def relations(self) -> frozenset[By]:
        """What the viewer is to the thread; empty for whom it does not exist."""
        return self.may(Act.SEE).relations

    @kept
    def is_sender(self) -> bool:
        return By.SENDER in self.relations and not self.relations & {By.RECEIVER, By.INFORMED}

    @kept
    def cover(self) -> Verdict:
        """Whether the viewer, who has no part in this open thread, may step in for a colleague who has."""
        return self.may(Act.STEP_IN)

    @property
    def standing(self) -> frozenset[By]:
        """The viewer's relations, else that of a colleague who may step in."""
        return self.relations or self.cover.relations

    @property
    def is_draft(self) -> bool:
        return self.thread.state == self.flow.first

    @property
    def state_word(self) -> str:
        """The thread's state in Swedish; one that has ended with its case says no more than that."""
        return _STOPPED if STOPPED in self.thread.marks else self.flow.states[self.thread.state]

    def seat(self) -> Party | None:
        """The viewer's own seat on the receiving side."""
        return self._seat

    @kept
    def _seat(self) -> Party | None:
        for side in (By.RECEIVER, By.INFORMED):
            found = seat_of(self.viewer, self.thread, self.scene.directory, self.profile, self.now, side)
            if found is not None:
                return found
        return None

    def moves(self) -> list[tuple[str, Move]]:
        """The buttons of this card; a receipt already given is not asked for again."""
        return self._moves

    @kept
    def _moves(self) -> list[tuple[str, Move]]:
        seat = self.seat()
        receipted = seat is not None and seat.receipted
        by_me = seat is not None and seat.read_by == self.viewer
        return [
            (signal, move)
            for signal, move in self.flow.signals_for(self.situation, self.relations)
            if not (move.receipt == "read" and receipted and (by_me if move.once else not move.needs))
            and not (signal == "send" and self.is_to_be_rung)
            and not self._is_answered(move)
        ]

    def _is_answered(self, move: Move) -> bool:
        """Whether the viewer's answer to the invitation is that already, or there is nothing left to answer."""
        answers = {action.answer for action in move.then if isinstance(action, AnswerInvite)}
        if not answers:
            return False
        mine = [one.of(self.viewer) for one in self.thread.meetings.values() if one.is_on]
        return all(guest is not None and guest.answer in answers for guest in mine)

    @kept
    def is_to_be_rung(self) -> bool:
        """Whether this is an assessor's draft that nobody would get: it is not sent but rung."""
        if not self.is_draft or self.thread.sender_side != "authority" or not self.flow.later_label:
            return False
        sends = self.flow.pick("send", self.situation)
        if sends is not None and not any(isinstance(one, Say) and one.side == By.RECEIVER for one in sends.then):
            return False  # it is for the sender alone
        return not any(
            members(seat, self.scene.directory, self.profile, self.now) for seat in self.receivers_to_be(later=True)
        )

    # --- people and units ---------------------------------------------------------------------------------------

    def unit(self, unit_id: str) -> Unit:
        return self.scene.directory.units[unit_id]

    def unit_name(self, unit_id: str) -> str:
        found = self.scene.directory.units.get(unit_id)
        return found.name if found else "en enhet som inte längre finns i registret"

    def person_name(self, person_id: int | None) -> str:
        found = self.scene.directory.people.get(person_id or 0)
        return found.name if found else "någon som inte längre finns i registret"

    def seat_name(self, seat: Party | Seat) -> str:
        """«Anna Berg, biståndshandläggare» or «Hemtjänst Norr, funktionsbrevlådan»."""
        if seat.person_id is not None:
            people = self.scene.directory.people
            title = people[seat.person_id].title if seat.person_id in people else ""
            return self.person_name(seat.person_id) + (f", {title}" if title else "")
        name = self.unit_name(seat.unit_id)
        return f"{name}, funktionsbrevlådan" if seat.role == QUEUE else f"{name}, {role_name(seat.role, self.terms)}"

    def receivers_to_be(self, *, later: bool = False) -> list[Seat]:
        """Who would get the message by a move from here, or `later` by any move at all: shown before sending."""
        found: list[Seat] = []
        for (state, signal), moves in self.flow.moves.items():
            if state != self.thread.state and (not later or state == self.flow.first):
                continue
            move = self.flow.pick(signal, self.situation) if state == self.thread.state else moves[0]
            for action in move.then if move is not None else ():
                if _is_for_receiver(action) or (isinstance(action, Own) and move is not None and By.CLOCK in move.by):
                    found += [seat for seat in route(action.to, self.routing) if seat not in found]
        return found

    # --- deadlines and values -----------------------------------------------------------------------------------

    def running(self) -> Armed | None:
        """The deadline that the card shows: the routine's own for giving notice, else the nearest not met."""
        return self._running

    @kept
    def _running(self) -> Armed | None:
        notice = self.thread.deadlines.get("notice")
        if notice is not None and notice.status == "armed":
            return notice
        return nearest_limit(self._armed(), self.now)

    def _armed(self) -> list[Armed]:
        return [armed for armed in self.thread.deadlines.values() if armed.status == "armed"]

    def limit(self) -> str:
        """«senast mån 23 nov kl. 17.00», or nothing."""
        running = self.running()
        if running is not None and running.step == MANDATE and running.hard_at is not None:
            return moment_text(running.hard_at)
        return limit_text(running.soft_at, running.hard_at) if running else ""

    def holds_until(self) -> tuple[Armed, str] | None:
        """The word that holds until a time, and «mån 23 nov kl. 12.00 – 37 tim kvar», counted when this is drawn."""
        armed = self.thread.deadlines.get(MANDATE)
        if armed is None or armed.status != "armed" or armed.hard_at is None:
            return None
        left = left_text(armed.hard_at, self.now)
        counted = f" – {left} (räknat {moment_text(self.now)})" if left else ""
        return armed, f"{moment_text(armed.hard_at)}{counted}"

    def why(self, armed: Armed) -> tuple[str, str]:
        """(reason, source) of a running deadline."""
        return reason_of(armed, self.profile)

    def is_late(self) -> bool:
        return self.missed() is not None

    def missed(self) -> Armed | None:
        """The limit that has been passed, the one that the card shows before any other."""
        late = [one for one in self._armed() if one.hard_at is not None and self.now > one.hard_at]
        return next((one for one in late if one is self.running()), late[0] if late else None)

    def answers(self, *, sensitive: bool) -> list[tuple[str, str]]:
        """The values of the thread as (label, text), only those of one kind."""
        return [
            (item.short or item.label, self.shown(item, self.thread.values[item.name]))
            for item in self.flow.fields()
            if item.sensitive == sensitive and not item.hidden and self.thread.values.get(item.name) not in (None, "")
        ]

    def shown(self, item: Field, value: str) -> str:
        if isinstance(item, PerCase | CaseList | DayList):
            return case_lists.shown(item, value)
        if isinstance(item, Choice):
            return ", ".join(dict(item.options).get(code, code) for code in codes_of(value))
        if isinstance(item, Number):
            return f"{number_text(value)} {item.suffix}".strip()
        if isinstance(item, SeatChoice):
            seat = Seat.of(value)
            return self.seat_name(seat) if seat is not None else value
        if isinstance(item, Day):
            return full_day_text(date.fromisoformat(value))
        if isinstance(item, Moment):
            return moment_text(datetime.fromisoformat(value))
        if isinstance(item, RosterChoice):
            return roster_choices.shown(item, value, self.scene.directory, self.terms)
        if isinstance(item, UnitChoice):
            return self.unit(value).name if value in self.scene.directory.units else value
        return value

    def sits(self, party: Party) -> list[int]:
        return members(party, self.scene.directory, self.profile, self.now)


_STOPPED = "Avslutat – inget mer att göra här"


def _is_for_receiver(action: Action) -> TypeGuard[Say]:
    """Whether it tells somebody who then has the thread."""
    return isinstance(action, Say) and action.side == By.RECEIVER and action.to != Audience.OWNER
