"""What a signal does to a thread, worked out in memory: nothing is written until the whole change is known."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases.directory import CaseFacts, Directory
from cases.errors import AnswerMissing, Denied, IllegalMove
from cases.flow import Action, Arm, Audience, By, Disarm, Flow, Move, Purge, ResetReceipts, Say, Situation
from cases.ladder import STILL_OPEN, arm, climb, last_for_each, show_next_limit, skip
from cases.may import relations, seat_of
from cases.route import Routing, Seat, members, route
from cases.thread import Armed, Party, Signal, ThreadNow
from reminders.due import Prompt
from reminders.profile import Profile

# Told once per thread and person, whatever happens: two unreachable people must not keep reporting each other.
ONCE = frozenset({"not_delivered", "undeliverable", "next_unreachable", "sender_unreachable"})
_ALREADY_SEATED = frozenset({Audience.RECEIVERS, Audience.UNRECEIPTED})


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One person is to be told one thing. `original_due_at` is set when the clock is the reason (UTC)."""

    person_id: int
    text: str
    urgent: bool
    original_due_at: datetime | None = None


@dataclass(kw_only=True)
class Change:
    """Everything one signal changes on one thread."""

    thread: ThreadNow
    signal: Signal
    from_state: str
    to_state: str
    tellings: list[Telling] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    content_seq: int = 0
    purge: bool = False


@dataclass(kw_only=True)
class Planner:
    """Works out the change of one signal on one snapshot. The snapshot is changed as it goes."""

    flow: Flow
    profile: Profile
    directory: Directory
    case: CaseFacts
    thread: ThreadNow
    now: datetime

    def by_person(self, signal: Signal) -> Change:
        """A person's or the delivery's signal.

        Raises: IllegalMove where the table has no such move now, Denied where this person may not make it.
        """
        change = self._change(signal)
        self._receipt_first(signal)
        self._take_values(change, signal.values)
        move = self.flow.pick(signal.name, self._situation(signal.about))
        if move is None:
            raise IllegalMove(self.flow.name, self.thread.state, signal.name)
        self._check(signal, move)
        # Sensitive answers are the form's to demand: in pointer mode they stand in the case system and not here.
        missing = [
            item
            for item in move.needs
            if item.required and not item.sensitive and self.thread.values.get(item.name) in (None, "")
        ]
        if missing:
            raise AnswerMissing(missing[0].name, missing[0].label)
        self._seat_actor(signal, move)
        self._make(change, move)
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
            self._tell_prompt(change, prompt)
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
                self._tell_prompt(change, said)

    def _clock_move(self, change: Change, prompt: Prompt) -> bool:
        """Make the move of a prompt's signal, if the table has one now."""
        move = self.flow.pick(prompt.signal, self._situation()) if prompt.signal else None
        if move is None or By.CLOCK not in move.by:
            return False
        self._make(change, move, due_at=prompt.at)
        return True

    # --- pieces -------------------------------------------------------------------------------------------------

    def _change(self, signal: Signal) -> Change:
        state = self.thread.state
        return Change(thread=self.thread, signal=signal, from_state=state, to_state=state)

    def _situation(self, about: int | None = None) -> Situation:
        unreached = self._side_of(about) if about is not None else None
        return Situation(thread=self.thread, profile=self.profile, now=self.now, unreached=unreached)

    def _side_of(self, person_id: int) -> By:
        """Where somebody who could not be reached stands; a colleague of the sender counts as informed."""
        if person_id == self.thread.sender_id:
            return By.SENDER
        return By.RECEIVER if By.RECEIVER in self._relations(person_id) else By.INFORMED

    def _routing(self) -> Routing:
        return Routing(thread=self.thread, case=self.case, directory=self.directory, profile=self.profile, now=self.now)

    def _relations(self, person_id: int | None) -> frozenset[By]:
        if person_id is None:
            return frozenset()
        return relations(person_id, self.thread, self.directory, self.profile, self.now)

    def _check(self, signal: Signal, move: Move) -> None:
        mine = {By.DELIVERY} if signal.by.kind == "delivery" else self._relations(signal.by.person_id)
        if not mine & move.by:
            raise Denied(self.thread.id, signal.name, "not_permitted")

    def _receipt_first(self, signal: Signal) -> None:
        """A receipt counts for the guard of the very move that gives it: the second of two completes the pair."""
        moves = self.flow.moves.get((self.thread.state, signal.name), ())
        receipt = moves[0].receipt if moves else ""
        seat = self._acting_seat(signal)
        if not receipt or seat is None:
            return
        if seat.read_at is None:
            seat.read_at, seat.read_by = self.now, signal.by.person_id
        if receipt == "taken" and seat.taken_at is None:
            seat.taken_at, seat.taken_by = self.now, signal.by.person_id

    def _acting_seat(self, signal: Signal) -> Party | None:
        who = signal.by.person_id
        if who is None:
            return None
        for side in (By.RECEIVER, By.INFORMED):
            seat = seat_of(who, self.thread, self.directory, self.profile, self.now, side)
            if seat is not None:
                return seat
        return None

    def _seat_actor(self, signal: Signal, move: Move) -> None:
        """Whoever takes the thread owns it from then on, also one who had only been informed."""
        seat = self._acting_seat(signal)
        if move.receipt == "taken" and seat is not None:
            seat.side = By.RECEIVER.value
            self.thread.owner = seat

    def _take_values(self, change: Change, values: dict[str, Any]) -> None:
        if values:
            change.content = dict(values)
            self.thread.values |= values
            self.thread.content_seq += 1
            change.content_seq = self.thread.content_seq

    def _make(self, change: Change, move: Move, due_at: datetime | None = None) -> None:
        self.thread.state = move.to
        change.to_state = move.to
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
            self._say(change, action, due_at)
        elif isinstance(action, Arm):
            since = self.thread.values[action.since] if action.since else self.now.isoformat()
            known = self.thread.deadlines.get(action.step)
            if known is not None and known.status == "armed" and (known.rule, known.basis) == (action.rule, since):
                return  # it counts from where it counted: nothing that was said is said again
            arm(self.thread, action.step, action.rule, since, self.profile, self.now)
        elif isinstance(action, Disarm):
            armed = self.thread.deadlines.get(action.step)
            if armed is not None and armed.status == "armed":
                armed.status = "disarmed"
        elif isinstance(action, Purge):
            change.purge = True
            self.thread.values.clear()
        elif isinstance(action, ResetReceipts):
            for party in self.thread.receivers():
                party.read_at = party.read_by = party.taken_at = party.taken_by = None

    def _tell_prompt(self, change: Change, prompt: Prompt) -> None:
        for audience in prompt.tell:
            side = By.SENDER if audience in (Audience.SENDER, Audience.SENDER_UNIT) else By.INFORMED
            say = Say(to=Audience(audience), text=prompt.text, side=side, urgent=self.flow.urgent)
            self._say(change, say, prompt.at)

    def _say(self, change: Change, say: Say, due_at: datetime | None) -> None:
        about = change.signal.about
        seats = route(say.to, self._routing())
        if not seats and say.to in _ALREADY_SEATED:
            return  # the thread has not been sent to anybody yet
        reached: list[int] = []
        for seat in seats:
            party = self._seat(seat, say)
            reached += [who for who in self._sitting(party, say) if who != about]
        for who in dict.fromkeys(reached):
            if any(telling.person_id == who and telling.text == say.text for telling in change.tellings):
                continue
            change.tellings.append(Telling(person_id=who, text=say.text, urgent=say.urgent, original_due_at=due_at))
        if say.to in (Audience.RESPONSIBLE_ASSESSOR, Audience.COUNTERPART) and not self._has_responsible():
            self._tell_lead(change)
        if not reached and say.text not in ONCE:
            self._nobody(change, say, due_at)

    def _tell_lead(self, change: Change) -> None:
        """A case without a responsible assessor is never refused: it lies in the unit's queue, and the lead is told."""
        if self.thread.sender_side == "provider":
            say = Say(to=Audience.LEAD_NEEDS_ASSESSOR, text="unknown_case", side=By.INFORMED, urgent=self.flow.urgent)
            self._say(change, say, None)

    def _sitting(self, party: Party, say: Say) -> list[int]:
        """Who in the seat is to be told. What somebody has taken is theirs alone to be reminded of."""
        sitting = members(party, self.directory, self.profile, self.now)
        if say.to == Audience.OWNER and party.taken_by in sitting:
            return [who for who in sitting if who == party.taken_by]
        return sitting

    def _has_responsible(self) -> bool:
        """Whether the case has an assessor who is there to read."""
        who = self.case.responsible_id
        return who is not None and self.case.responsible_unit_id is not None and self.directory.is_active(who)

    def _nobody(self, change: Change, say: Say, due_at: datetime | None) -> None:
        """The roster has nobody for this audience: somebody else is told at once, in the end the sender, who rings."""
        owner = self.thread.owner
        if say.to == Audience.SENDER:  # who sent it has left: then it is their unit's
            self._say(change, replace(say, to=Audience.SENDER_UNIT, side=By.SENDER), due_at)
        elif say.to in (Audience.OWNER, Audience.RECEIVERS) and owner is not None and owner.side == By.RECEIVER:
            self._hand_over(change, replace(say, to=Audience.COUNTERPART, side=By.RECEIVER), due_at)
        elif say.side == By.RECEIVER:
            if "no_reader" not in self.thread.marks:
                self.thread.marks.append("no_reader")
            self._say(change, Say(to=Audience.SENDER, text="not_delivered", side=By.SENDER), due_at)
        elif say.side == By.INFORMED:
            self._say(change, Say(to=Audience.SENDER, text="next_unreachable", side=By.SENDER), due_at)

    def _hand_over(self, change: Change, say: Say, due_at: datetime | None) -> None:
        """Whoever held the thread is no longer there: it goes to whoever answers for the case now."""
        before = len(self.thread.parties)
        self._say(change, say, due_at)
        if len(self.thread.parties) > before:
            self.thread.owner = self.thread.parties[before]

    def _seat(self, seat: Seat, say: Say) -> Party:
        for party in self.thread.parties:
            if (party.role, party.unit_id, party.person_id) == (seat.role, seat.unit_id, seat.person_id):
                return party
        party = Party(
            id=None,
            side=say.side.value,
            role=seat.role,
            unit_id=seat.unit_id,
            person_id=seat.person_id,
            because=say.text,
        )
        self.thread.parties.append(party)
        owner = self.thread.owner
        if say.side == By.RECEIVER and (owner is None or owner.side == By.SENDER):
            self.thread.owner = party
        return party
