"""Who is told what by a change, and which seats they get at the thread. Worked out in memory: nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases.access import Given
from cases.directory import CaseFacts, Directory
from cases.flow import Audience, By, Flow, OpenEach, Say
from cases.meeting import MeetingNow, SeriesNow
from cases.passes import Handing
from cases.policy_relations import relations, seat_of, side_of
from cases.route import Routing, Seat, members, route
from cases.thread import Party, Signal, ThreadNow
from reminders.due import Prompt
from reminders.profile import Profile

# Told once per thread and person, whatever happens: two unreachable people must not keep reporting each other.
ONCE = frozenset({"not_delivered", "undeliverable", "next_unreachable", "sender_unreachable"})
_ALREADY_SEATED = frozenset({Audience.RECEIVERS, Audience.UNRECEIPTED, Audience.UNANSWERED})
# Whoever has the thread, as a reminder speaks of them.
_HOLDERS = frozenset(
    {Audience.OWNER, Audience.RECEIVERS, Audience.UNRECEIPTED, Audience.RESPONSIBLE_ASSESSOR, Audience.COUNTERPART}
)
STOPS = "stops_case"  # the mark of a thread that has stopped the others of its case
_NO_ECHO = frozenset({"reopened", "answered"})  # may go to both sides, and whoever did it knows
_SENDERS = frozenset({Audience.SENDER, Audience.SENDER_UNIT, Audience.CONVENER})
# May rightly be empty.
_NOBODY_NOW = frozenset({Audience.ON_CALL, Audience.RETURN_HOME_TEAM, Audience.UNANSWERED, Audience.ACCESS_HOLDER})


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One person is to be told one thing. `original_due_at` is set when the clock is the reason (UTC)."""

    person_id: int
    text: str
    urgent: bool
    original_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Related:
    """A thread that is to be opened by this change, in somebody's name; `signal`, if any, is given in it at once."""

    flow: str
    sender_id: int
    sender_unit_id: str
    values: Mapping[str, Any]
    signal: str
    case_ref: str = ""  # where it is about another case than the thread it comes of


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A signal for every open thread of a flow that hangs together with the one that changes."""

    flow: str
    signal: str
    values: Mapping[str, Any]
    otherwise: Related | None = None  # where none of them is open


@dataclass(kw_only=True)
class Change:
    """Everything one signal changes on one thread."""

    thread: ThreadNow
    signal: Signal
    from_state: str
    to_state: str
    acting: tuple[str, str] = ("", "")  # the role and unit of the person who gave the signal
    tellings: list[Telling] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    content_seq: int = 0
    purge: bool = False
    case_wide: str = ""  # stop or resume: what this brings for the other threads of the case
    opens: list[Related] = field(default_factory=list)
    passes: list[Passed] = field(default_factory=list)
    handings: list[Handing] = field(default_factory=list)  # on-call passes that change hands
    accesses: list[Given] = field(default_factory=list)  # roles that are given or taken back
    opens_each: list[OpenEach] = field(default_factory=list)
    meetings: dict[str, MeetingNow] = field(default_factory=dict)  # those that have changed, by slot
    series: SeriesNow | None = None
    mails: list[tuple[str, str]] = field(default_factory=list)  # unit and text key of each pointer by e-mail

    @property
    def reaches_others(self) -> bool:
        """Whether other threads are opened or changed with it."""
        return bool(self.opens or self.opens_each or self.passes or self.case_wide)

    def meets(self, meeting: MeetingNow) -> None:
        """This meeting of the thread has changed."""
        self.meetings[meeting.slot] = meeting


@dataclass(kw_only=True)
class Teller:
    """Tells and seats people in a snapshot of a thread, which is changed as it goes."""

    flow: Flow
    profile: Profile
    directory: Directory
    case: CaseFacts
    thread: ThreadNow
    now: datetime

    def routing(self) -> Routing:
        return Routing(thread=self.thread, case=self.case, directory=self.directory, profile=self.profile, now=self.now)

    def relations(self, person_id: int | None) -> frozenset[By]:
        if person_id is None:
            return frozenset()
        return relations(person_id, self.thread, self.directory, self.profile, self.now)

    def acting_seat(self, signal: Signal, *, told: bool = False) -> Party | None:
        """The seat from which whoever gives the signal acts, as receiver or as informed; as `told` only as informed."""
        who = signal.by.person_id
        sides = (By.INFORMED,) if told else (By.RECEIVER, By.INFORMED)
        for side in sides if who is not None else ():
            seat = seat_of(who or 0, self.thread, self.directory, self.profile, self.now, side)
            if seat is not None:
                return seat
        return None

    def tell_prompt(self, change: Change, prompt: Prompt) -> None:
        urgent = self.flow.urgent and prompt.text not in self.flow.gathered
        for audience in prompt.tell:
            side = By.SENDER if audience in _SENDERS else By.INFORMED
            say = Say(to=Audience(audience), text=prompt.text, side=side, urgent=urgent)
            self.say(change, say, prompt.at)
        if self.flow.urgent and _HOLDERS.intersection(prompt.tell) and Audience.NEXT_IN_LINE not in prompt.tell:
            self._tell_next_too(change, prompt)

    def say(self, change: Change, say: Say, due_at: datetime | None) -> None:
        about = change.signal.about
        seats = route(say.to, self.routing())
        if not seats and say.to in _ALREADY_SEATED:
            return  # the thread has not been sent to anybody yet
        reached: list[int] = []
        for seat in seats:
            party = self.seat(seat, say)
            reached += [who for who in self._sitting(party, say) if who != about]
        self.tell(change, reached, say.text, say.urgent, due_at)
        if say.to in (Audience.RESPONSIBLE_ASSESSOR, Audience.COUNTERPART) and not self._has_responsible():
            self._tell_lead(change)
        if not reached and say.text not in ONCE and say.to not in _NOBODY_NOW:
            self._nobody(change, say, due_at)

    def tell(self, change: Change, people: list[int], text: str, urgent: bool, due_at: datetime | None = None) -> None:
        """Each of these people once."""
        echo = change.signal.by.person_id if text in _NO_ECHO else None
        for who in dict.fromkeys(people):
            if who != echo and not any(
                telling.person_id == who and telling.text == text for telling in change.tellings
            ):
                change.tellings.append(Telling(person_id=who, text=text, urgent=urgent, original_due_at=due_at))

    def seat(self, seat: Seat, say: Say) -> Party:
        """The seat at the thread, new if it has not been there."""
        for party in self.thread.parties:
            if (party.role, party.unit_id, party.person_id) == (seat.role, seat.unit_id, seat.person_id):
                is_draft_told = say.to != Audience.OWNER and party.side == By.SENDER
                if say.side == By.RECEIVER and is_draft_told:  # was told of the draft, and now gets it
                    party.side = By.RECEIVER.value
                    self._own(party)
                return party
        party = Party(
            id=None, side=say.side.value, role=seat.role, unit_id=seat.unit_id, person_id=seat.person_id,
            because=say.text,
        )  # fmt: skip
        self.thread.parties.append(party)
        if say.side == By.RECEIVER and say.to != Audience.INVITED:  # a meeting stays its convener's
            self._own(party)
        return party

    def _own(self, party: Party) -> None:
        """What nobody on the receiving side has yet is the first receiver's."""
        owner = self.thread.owner
        if owner is None or side_of(owner, self.thread) in (None, By.SENDER):
            self.thread.owner = party

    # --- pieces -------------------------------------------------------------------------------------------------

    def _tell_next_too(self, change: Change, prompt: Prompt) -> None:
        """Whoever has something urgent is away, or it is unknown whether they are: the next in line is told as well,
        once. The network is never waited for here: what is not on disk is unknown."""
        owner, absence = self.thread.owner, self.directory.absence
        if owner is None or side_of(owner, self.thread) != By.RECEIVER:
            return
        sitting = self._sitting(owner, Say(to=Audience.OWNER, text=prompt.text))
        if not sitting or not all(absence.may_be_missed(who, self.now) for who in sitting):
            return
        there = {(party.role, party.unit_id, party.person_id) for party in self.thread.parties}
        seats = route(Audience.NEXT_IN_LINE, self.routing())
        if seats and all((seat.role, seat.unit_id, seat.person_id) in there for seat in seats):
            return
        is_away = any(absence.is_away(who, self.now) for who in sitting)
        text = "holder_away" if is_away else "holder_unknown"
        self.say(change, Say(to=Audience.NEXT_IN_LINE, text=text, side=By.INFORMED), prompt.at)

    def _tell_lead(self, change: Change) -> None:
        """A case without a responsible assessor is never refused: it lies in the unit's queue, and the lead is told."""
        if self.thread.sender_side == "provider" and not self.flow.new_case:
            say = Say(to=Audience.LEAD_NEEDS_ASSESSOR, text="unknown_case", side=By.INFORMED, urgent=self.flow.urgent)
            self.say(change, say, None)

    def _sitting(self, party: Party, say: Say) -> list[int]:
        """Who in the seat is to be told. What somebody has taken is theirs alone to be reminded of."""
        sitting = members(party, self.directory, self.profile, self.now)
        if say.to == Audience.OWNER and party.taken_by in sitting:
            return [who for who in sitting if who == party.taken_by]
        if say.to == Audience.UNANSWERED:
            waited_for = {who for one in self.thread.meetings.values() if one.is_on for who in one.unanswered()}
            return [who for who in sitting if who in waited_for]
        return sitting

    def _has_responsible(self) -> bool:
        """Whether the case has an assessor who is there to read."""
        who = self.case.responsible_id
        return who is not None and self.case.responsible_unit_id is not None and self.directory.is_active(who)

    def _nobody(self, change: Change, say: Say, due_at: datetime | None) -> None:
        """The roster has nobody for this audience: somebody else is told at once, in the end the sender, who rings."""
        owner = self.thread.owner
        if say.to in (Audience.SENDER, Audience.CONVENER):  # who sent it has left: then it is their unit's
            self.say(change, replace(say, to=Audience.SENDER_UNIT, side=By.SENDER), due_at)
        elif say.to in (Audience.OWNER, Audience.RECEIVERS) and owner is not None and owner.side == By.RECEIVER:
            self._hand_over(change, replace(say, to=Audience.COUNTERPART, side=By.RECEIVER), due_at)
        elif say.side == By.RECEIVER:
            if "no_reader" not in self.thread.marks:
                self.thread.marks.append("no_reader")
            self.say(change, Say(to=Audience.SENDER, text="not_delivered", side=By.SENDER), due_at)
        elif say.side == By.INFORMED:
            self.say(change, Say(to=Audience.SENDER, text="next_unreachable", side=By.SENDER), due_at)

    def _hand_over(self, change: Change, say: Say, due_at: datetime | None) -> None:
        """Whoever held the thread is no longer there: it goes to whoever answers for the case now."""
        before = len(self.thread.parties)
        self.say(change, say, due_at)
        if len(self.thread.parties) > before:
            self.thread.owner = self.thread.parties[before]
