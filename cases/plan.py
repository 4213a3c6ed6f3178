"""What a signal does to a thread, worked out in memory: nothing is written until the whole change is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.account import acting
from cases.actions import Meet
from cases.arming import set_deadline
from cases.errors import AnswerMissing, Denied, IllegalMove, NobodyReceives
from cases.fields import PerCase, per_case, per_case_text
from cases.flow import (
    Access,
    Action,
    Arm,
    Audience,
    By,
    Disarm,
    Field,
    Gather,
    GiveBack,
    GivePass,
    Mail,
    Move,
    Open,
    OpenEach,
    Own,
    PassOn,
    Purge,
    Rearm,
    Relay,
    ResetReceipts,
    ResumeCase,
    Say,
    SeatChoice,
    Situation,
    StepIn,
    StopCase,
)
from cases.gather import gather
from cases.hands import give_back, look_on, pass_on, step_in
from cases.ladder import STILL_OPEN, climb, last_for_each, skip
from cases.limits import show_next_limit
from cases.passing import handed_over, passed, related
from cases.policy import Act, OfThread, Verdict, Who, decide
from cases.policy_relations import side_of
from cases.route import Seat, choices, members, route
from cases.series_plan import convene
from cases.telling import ONCE, STOPS, Change, Teller
from cases.thread import Armed, Signal
from reminders.due import Prompt

# The clock is not among them: what it does comes of a due deadline, and of nothing else.
_GIVERS = {one.value: frozenset({one}) for one in (By.DELIVERY, By.CALENDAR)}


@dataclass(kw_only=True)
class Planner(Teller):
    """Works out the change of one signal on one snapshot. The snapshot is changed as it goes."""

    def by_person(self, signal: Signal) -> Change:
        """A person's or the delivery's signal.

        Raises: IllegalMove where the table has no such move now, Denied where this person may not make it.
        """
        change = self._change(signal)
        self._receipt_first(signal)
        self._take_values(change, signal.values)
        move = self.flow.pick(signal.name, self._situation(signal.about, signal.by.person_id))
        if move is None:
            raise IllegalMove(self.flow.name, self.thread.state, signal.name)
        self._check(signal, move)
        missing = [item for item in move.needs if self._is_missing(item, signal)]
        if missing:
            raise AnswerMissing(missing[0].name, missing[0].label)
        self._seat_actor(signal, move)
        was_unread = "no_reader" in self.thread.marks
        self._make(change, move)
        if not was_unread and self._is_unreadable(change):
            raise NobodyReceives
        return change

    def by_clock(self, signal: Signal, prompts: list[Prompt], row: Armed) -> Change:
        """The prompts of a deadline that are due. Signals are all given; each audience hears its last reminder."""
        change = self._change(signal)
        if self.thread.due_step not in (None, row.step):  # one such reminder a thread is enough
            prompts = [prompt for prompt in prompts if prompt.text != STILL_OPEN]
        last = prompts[-1] if prompts else None
        said = last_for_each(prompts)
        for prompt in prompts:
            if not self._clock_move(change, prompt) and prompt not in said:
                continue
            self.tell_prompt(change, prompt)
            if self.thread.is_closed:
                break
        if row.status == "armed":
            climb(row, self.profile, self.now)
        self._pass_over(change, row, last)
        self._settle()
        change.to_state = self.thread.state
        return change

    def _pass_over(self, change: Change, row: Armed, said: Prompt | None) -> None:
        """A step of a chain that has nobody to tell gives way to the next one at once."""
        while said is not None and said.or_next and row.status == "armed" and not self.thread.is_closed:
            if any(telling.text == said.text for telling in change.tellings):
                return
            said = skip(row, self.profile, said, self.now)
            if said is not None:
                self._clock_move(change, said)
                self.tell_prompt(change, said)

    def _clock_move(self, change: Change, prompt: Prompt) -> bool:
        """Make the move of a prompt's signal, if the table has one now."""
        move = self.flow.pick(prompt.signal, self._situation()) if prompt.signal else None
        if move is None or By.CLOCK not in move.by:
            return False
        self._make(change, move, due_at=prompt.at)
        return True

    # --- pieces -------------------------------------------------------------------------------------------------

    def _change(self, signal: Signal) -> Change:
        state, who = self.thread.state, signal.by.person_id
        acts = acting(self.directory, who, self.thread) if who is not None else ("", "")
        return Change(thread=self.thread, signal=signal, from_state=state, to_state=state, acting=acts)

    def _situation(self, about: int | None = None, who: int | None = None) -> Situation:
        unreached = self._side_of(about) if about is not None else None
        return Situation(
            thread=self.thread, profile=self.profile, now=self.now, unreached=unreached,
            own_case=self.routing().is_own_case, who=who,
        )  # fmt: skip

    def _side_of(self, person_id: int) -> By:
        """Where somebody who could not be reached stands; a colleague of the sender counts as informed."""
        if person_id == self.thread.sender_id:
            return By.SENDER
        return By.RECEIVER if By.RECEIVER in self.relations(person_id) else By.INFORMED

    def _is_missing(self, item: Field, signal: Signal) -> bool:
        """Whether an answer that this move demands is not there.

        Sensitive answers are the form's to demand: in pointer mode they stand in the case system and not here.
        """
        value = self.thread.values.get(item.name)
        if value in (None, ""):
            return not (item.sensitive or item.pointer_only) and item.demanded(self.thread.values)
        if isinstance(item, SeatChoice):
            return Seat.of(value) not in choices(item.among, signal.by.person_id or 0, self.routing())
        return False

    def _is_unreadable(self, change: Change) -> bool:
        """Whether an assessor has sent something that nobody at all would get: that is not sent but rung."""
        is_sent = change.from_state == self.flow.first and self.thread.sender_side == "authority"
        reached = any(telling.text not in ONCE for telling in change.tellings)
        return is_sent and "no_reader" in self.thread.marks and not reached

    def _check(self, signal: Signal, move: Move) -> None:
        who = signal.by.person_id
        given = _GIVERS.get(signal.by.kind)
        if signal.on_behalf == self.thread.sender_id:  # also when the sender has left: the flow's table gives it
            given = frozenset({By.SENDER})
        if not (given & move.by if given is not None else self._asked(who, Act.MOVE, move.by)):
            raise Denied(self.thread.id, signal.name, "not_permitted")

    def _asked(self, who: int | None, act: Act, by: frozenset[By] = frozenset()) -> Verdict:
        of = OfThread(thread=self.thread, flow=self.flow, profile=self.profile, by=by)
        return decide(Who(person_id=who or 0, directory=self.directory, now=self.now), act, of)

    def _receipt_first(self, signal: Signal) -> None:
        """A receipt counts for the guard of the very move that gives it: the second of two completes the pair."""
        moves = self.flow.moves.get((self.thread.state, signal.name), ())
        receipt = moves[0].receipt if moves else ""
        seat = self.acting_seat(signal, told=receipt == "heard")
        if not receipt or seat is None:
            return
        if seat.read_at is None:
            seat.read_at, seat.read_by = self.now, signal.by.person_id
        if receipt == "taken" and seat.taken_at is None:
            seat.taken_at, seat.taken_by = self.now, signal.by.person_id

    def _seat_actor(self, signal: Signal, move: Move) -> None:
        """Whoever takes the thread owns it from then on, also one who had only been informed."""
        seat = self.acting_seat(signal)
        if move.receipt == "taken" and seat is not None:
            seat.side = By.RECEIVER.value
            self.thread.owner = seat

    def _take_values(self, change: Change, values: dict[str, Any]) -> None:
        if values:
            values = self._with_earlier(values)
            change.content = dict(values)
            self.thread.values |= values
            self.thread.content_seq += 1
            change.content_seq = self.thread.content_seq

    def _with_earlier(self, values: dict[str, Any]) -> dict[str, Any]:
        """Answers case by case are added to those that were given before."""
        found = dict(values)
        for item in self.flow.fields():
            if isinstance(item, PerCase) and item.name in values:
                earlier = per_case(self.thread.values.get(item.name))
                found[item.name] = per_case_text(earlier | per_case(values[item.name]))
        return found

    def _make(self, change: Change, move: Move, due_at: datetime | None = None) -> None:
        self.thread.state = move.to
        change.to_state = move.to
        if self.thread.is_closed and move.to not in self.flow.last:
            self.thread.closed_at = None
        kept = [mark for mark in self.thread.marks if mark not in (*move.clears, *move.marks)]
        self.thread.marks = [*kept, *move.marks]
        for action in move.then:
            self._do(change, action, due_at)
        self._settle()

    def _settle(self) -> None:
        if self.thread.state in self.flow.last and not self.thread.is_closed:
            self.thread.closed_at = self.now
            for armed in self.thread.deadlines.values():
                if armed.status == "armed":
                    armed.status = "disarmed"
        show_next_limit(self.thread, self.now)

    def _do(self, change: Change, action: Action, due_at: datetime | None) -> None:
        if isinstance(action, Say):
            self.say(change, action, due_at)
        elif isinstance(action, Arm | Rearm | Disarm):
            set_deadline(self.thread, action, self.profile, self.now)
        elif isinstance(action, Purge | ResetReceipts | Gather):
            self._change_content(change, action)
        elif isinstance(action, Meet):
            convene(self, change, action)
        elif isinstance(action, Open | OpenEach | Relay | Mail | GivePass | Access):
            self._reach_out(change, action)
        elif isinstance(action, StopCase | ResumeCase):
            self._for_case(change, stop=isinstance(action, StopCase))
        else:
            self._change_hands(change, action)

    def _change_content(self, change: Change, action: Purge | ResetReceipts | Gather) -> None:
        """What has been answered, or acknowledged, is no longer so."""
        if isinstance(action, Purge):
            change.purge = True
            self.thread.values.clear()
        elif isinstance(action, Gather):
            gather(self.thread, change, action)
        else:
            for party in self.thread.receivers():
                party.forget_receipts()

    def _reach_out(self, change: Change, action: Open | OpenEach | Relay | Mail | GivePass | Access) -> None:
        """What comes of the change beside the thread itself."""
        if isinstance(action, Open):
            change.opens.append(related(self, action, change.signal.by.person_id))
        elif isinstance(action, OpenEach):
            change.opens_each.append(action)
        elif isinstance(action, Relay):
            change.passes.append(passed(self, action, change.signal.by.person_id))
        elif isinstance(action, Mail):
            units = dict.fromkeys(seat.unit_id for seat in route(action.to, self.routing()))
            change.mails += [(unit_id, action.text) for unit_id in units]
        else:
            handed_over(self, change, action)

    def _change_hands(self, change: Change, action: PassOn | GiveBack | StepIn | Own) -> None:
        """The thread gets another holder."""
        who, thread = change.signal.by.person_id, self.thread
        held = self.acting_seat(change.signal)
        if held is not None and side_of(held, thread) == By.SENDER:
            held = None  # acts for the sender
        if isinstance(action, PassOn):
            seat = Seat.of(thread.values[action.field])
            party = pass_on(thread, seat, held=held, leave=action.leave, because=action.text)
            told = [one for one in members(party, self.directory, self.profile, self.now) if one != who]
            self.tell(change, told, action.text, self.flow.urgent)
        elif isinstance(action, GiveBack):
            give_back(thread, held, keep=action.keep)
            self.say(change, Say(to=Audience.SENDER, text=action.text, side=By.SENDER, urgent=self.flow.urgent), None)
        elif isinstance(action, Own):
            self._give_to(action)
        elif who is not None:
            covered = self._asked(who, Act.STEP_IN).seat
            if covered is not None:
                step_in(thread, who, covered, self.now)

    def _for_case(self, change: Change, *, stop: bool) -> None:
        """What the change brings for the other threads of the case; as long as it holds, this thread says so."""
        if stop and STOPS in self.thread.marks:
            return
        change.case_wide = "stop" if stop else "resume"
        self.thread.marks = [mark for mark in self.thread.marks if mark != STOPS] + [STOPS] * stop

    def _give_to(self, action: Own) -> None:
        """The seat of an audience owns the thread, whoever has taken it there before."""
        to, seats = action.to, route(action.to, self.routing())
        if not seats:
            return
        if to != Audience.SENDER_UNIT and seats[0].unit_id == self.thread.sender_unit_id:
            to, seats = Audience.SENDER, route(Audience.SENDER, self.routing())  # on that side the sender has it
        side = By.SENDER if to in (Audience.SENDER, Audience.SENDER_UNIT) else By.RECEIVER
        self.thread.owner = self.seat(seats[0], Say(to=to, text="own", side=side))
        self.thread.owner.side = side.value
        if action.alone:
            look_on(self.thread)
