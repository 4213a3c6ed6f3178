"""What a move does to the meetings of its thread, worked out in memory: made, moved, cancelled, answered."""

from datetime import datetime, timedelta

from cases.actions import AnswerInvite, CallOff, Invite
from cases.convene import Called, called, convener, kind_of
from cases.meeting import ACCEPTED, CANCELLED, FROM_CARD, INVITED, TENTATIVE, MeetingNow
from cases.meeting import Invited as Guest
from cases.meeting_kinds import MODES, MeetingKind
from cases.route import members
from cases.seats import Routing
from cases.telling import Change, Teller
from reminders.errors import RuleNotInProfile
from reminders.localtime import at, to_local
from reminders.predicates import meeting_is_digital

_PLACES = {"digital": "Digitalt möte", "phone": "Telefon", "home_visit": "Utanför kontoret"}


def meet(teller: Teller, change: Change, action: Invite | CallOff | AnswerInvite) -> None:
    """Change the thread's meetings as the action says; what has changed is noted in the change."""
    if isinstance(action, Invite):
        _invite(teller, change, action)
    elif isinstance(action, CallOff):
        _call_off(teller, change, action)
    else:
        _answer(teller, change, action)


def mode_of(kind: MeetingKind, chosen: str, starts: datetime, routing: Routing) -> str:
    """How it is held: as chosen, else as the kind says; on site is digital in the months of the routine (`D27`)."""
    mode = chosen if chosen in MODES else kind.mode
    if mode != "on_site" or not kind.digital_months:
        return mode
    try:
        return "digital" if meeting_is_digital(to_local(starts).date(), routing.profile) else mode
    except RuleNotInProfile:
        return mode


def place_of(kind: MeetingKind, mode: str, routing: Routing) -> str:
    """Where it is held, so that it can stand in anybody's calendar: a unit's name, never anybody's address."""
    if mode != "on_site":
        return _PLACES[mode]
    unit = {"provider": routing.provider, "authority": routing.authority}.get(kind.place)
    return (unit or routing.sender_unit).name


def guests_of(kind: MeetingKind, organizer_id: int, routing: Routing) -> list[Guest]:
    """The people in the seats that are invited, whoever calls them left out; who must come goes before who may."""
    found: dict[int, Guest] = {}
    for one in sorted(called(routing, kind), key=_is_optional):
        for who in members(one.seat, routing.directory, routing.profile, routing.now):
            if who != organizer_id and who not in found:
                found[who] = Guest(
                    person_id=who, role=one.seat.role, unit_id=one.seat.unit_id, optional=one.optional
                )  # fmt: skip
    return list(found.values())


def starts_of(action: Invite, value: str, routing: Routing) -> datetime:
    """When the meeting of this action begins, in UTC, by the stored answer to the question about its time."""
    starts = datetime.fromisoformat(value)
    if action.workdays:
        local = to_local(starts)
        day = routing.profile.calendar.add_workdays(local.date(), action.workdays)
        starts = at(day, local.time().replace(tzinfo=None))
    return starts + timedelta(minutes=action.offset_minutes)


def organizer_of(routing: Routing) -> int:
    """In whose calendar it stands: the convener's, as long as they are there."""
    for seat in convener(routing):
        sitting = members(seat, routing.directory, routing.profile, routing.now)
        if sitting:
            return sitting[0]
    return routing.thread.sender_id


def stop(change: Change) -> None:
    """The case has ended: nobody is to go to a meeting about it, whatever calendar it stands in."""
    for meeting in change.thread.meetings.values():
        if meeting.is_on:
            _cancel(change, meeting)


def resume(change: Change, now: datetime) -> None:
    """That was a mistake: what was to be is to be again, and everybody is asked anew. Nobody is asked to what would
    have been over by `now` (care time, UTC)."""
    for meeting in change.thread.meetings.values():
        if not meeting.is_on and meeting.ends_at > now:
            meeting.status = INVITED
            for one in meeting.invited:
                one.forget()
            _anew(meeting)
            change.meets(meeting)


def call_too(change: Change, person_id: int, role: str, unit_id: str, now: datetime) -> None:
    """Somebody takes over what these meetings are about: they are to come, and nobody waits for their answer. `now` is
    care time (UTC)."""
    for meeting in change.thread.meetings.values():
        if not meeting.is_on or meeting.ends_at <= now or person_id == meeting.organizer_id or meeting.of(person_id):
            continue
        guest = Guest(person_id=person_id, role=role, unit_id=unit_id)
        guest.answer, guest.answered_at, guest.source = ACCEPTED, now, FROM_CARD
        meeting.invited.append(guest)
        _anew(meeting)
        change.meets(meeting)


# --- pieces ------------------------------------------------------------------------------------------------------


def _is_optional(one: Called) -> bool:
    return one.optional


def _invite(teller: Teller, change: Change, action: Invite) -> None:
    """Without a time, or a kind that the profile has, there is nothing to invite to."""
    thread, routing = teller.thread, teller.routing()
    kind, value = kind_of(routing, action.kind), thread.values.get(action.starts)
    if kind is None or not value:
        return
    starts = starts_of(action, str(value), routing)
    known = thread.meetings.get(action.slot)
    mode = mode_of(kind, str(thread.values.get(action.mode) or (known.mode if known else "")), starts, routing)
    place = place_of(kind, mode, routing)
    if known is None:
        organizer = organizer_of(routing)
        thread.meetings[action.slot] = MeetingNow(
            id=None, slot=action.slot, kind=kind.name, organizer_id=organizer, starts_at=starts,
            ends_at=starts + timedelta(minutes=kind.minutes), mode=mode, place=place,
            invited=guests_of(kind, organizer, routing),
        )  # fmt: skip
    elif not _changed(known, kind, starts, mode, place, routing):
        return
    change.meets(thread.meetings[action.slot])


def _changed(meeting: MeetingNow, kind: MeetingKind, starts: datetime, mode: str, place: str, routing: Routing) -> bool:
    """Bring a meeting to what is wanted. An unchanged one is left alone: nobody is invited to it twice.

    Whoever has been told another time has not answered to this one. Whoever has left the unit is invited no longer.
    """
    guests = {one.person_id: one for one in meeting.invited}
    wanted = guests_of(kind, meeting.organizer_id, routing)
    gone = set(guests) - {one.person_id for one in wanted} - _there(meeting, routing)
    same_people = not gone and {one.person_id for one in wanted} <= set(guests)
    if meeting.is_on and same_people and (meeting.starts_at, meeting.mode, meeting.place) == (starts, mode, place):
        return False
    meeting.invited = [one for one in meeting.invited if one.person_id not in gone]
    meeting.invited += [one for one in wanted if one.person_id not in guests]
    if meeting.starts_at != starts or not meeting.is_on:
        meeting.ends_at = starts + timedelta(minutes=kind.minutes)
        for one in meeting.invited:
            one.forget()
    meeting.starts_at, meeting.mode, meeting.place, meeting.status = starts, mode, place, INVITED
    _anew(meeting)
    return True


def _there(meeting: MeetingNow, routing: Routing) -> set[int]:
    """The invited who still have a role in the unit that they were invited from."""
    directory = routing.directory
    return {
        one.person_id
        for one in meeting.invited
        if directory.is_active(one.person_id) and directory.roles_of(one.person_id, one.unit_id)
    }


def _call_off(teller: Teller, change: Change, action: CallOff) -> None:
    meeting = teller.thread.meetings.get(action.slot)
    if meeting is not None and meeting.is_on:
        _cancel(change, meeting)


def _cancel(change: Change, meeting: MeetingNow) -> None:
    meeting.status = CANCELLED
    _anew(meeting)
    change.meets(meeting)


def _answer(teller: Teller, change: Change, action: AnswerInvite) -> None:
    """A colleague who comes from an invited seat without being named is added; the calendar then invites them too."""
    who = change.signal.by.person_id
    for meeting in teller.thread.meetings.values():
        guest = meeting.of(who)
        if who is None or not meeting.is_on:
            continue
        if guest is None:
            seat = teller.acting_seat(change.signal)
            if seat is None or who == meeting.organizer_id or action.answer not in (ACCEPTED, TENTATIVE):
                continue
            guest = Guest(person_id=who, role=seat.role, unit_id=seat.unit_id)
            meeting.invited.append(guest)
            _anew(meeting)
        guest.answer, guest.answered_at, guest.source = action.answer, teller.now, FROM_CARD
        change.meets(meeting)


def _anew(meeting: MeetingNow) -> None:
    """The calendar is to be brought to it."""
    meeting.revision += 1
    meeting.failure = None
