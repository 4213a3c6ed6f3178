"""A thread changes hands: it is passed on, given back to its sender, or held by a colleague who steps in."""

from datetime import datetime

from cases.flow import By
from cases.route import Seat
from cases.thread import LEFT, RETURNED, Party, ThreadNow

COVER = "cover"  # why whoever has stepped in has a seat


def pass_on(thread: ThreadNow, seat: Seat | None, *, held: Party | None, leave: bool, because: str) -> Party:
    """Let the seat hold the thread, unread. Whoever held it stays as informed, or with `leave` has no part any more.

    What has been given back to the sender was held by nobody it concerned: those seats are left.
    """
    if seat is None:
        raise ValueError("a thread is passed on to somebody")
    for party in thread.parties:
        if party.side == RETURNED:
            party.side = LEFT
    owner = thread.owner
    lets_go = [held, owner] if held is None or held.side == By.INFORMED else [held]  # whoever leads may pass it on
    for one in lets_go:
        if one is not None and one.side != By.SENDER:
            one.side = LEFT if leave else By.INFORMED.value
            one.forget_receipts()
    party = _seat_of(thread, seat) or _new(thread, seat, because)
    party.side = By.RECEIVER.value
    party.forget_receipts()
    thread.owner = party
    return party


def look_on(thread: ThreadNow) -> None:
    """Those of the sender's unit who received the thread have done their part; its owner has it from now on."""
    for party in thread.receivers():
        if party is not thread.owner and party.unit_id == thread.sender_unit_id:
            party.side = By.INFORMED.value


def give_back(thread: ThreadNow, held: Party | None, *, keep: bool = False) -> None:
    """The sender owns the thread again. Whoever held it looks on until it is sent anew, or with `keep` stays as they
    are: they have done their part."""
    if held is not None and not keep:
        held.side = RETURNED
        held.forget_receipts()
    thread.owner = next((party for party in thread.parties if party.side == By.SENDER), thread.owner)


def step_in(thread: ThreadNow, person_id: int, covered: Party, now: datetime) -> None:
    """A colleague takes the place of whoever holds `covered`, who stays informed. `now` is care time."""
    seat = Seat(role=covered.role, unit_id=covered.unit_id, person_id=person_id)
    party = _seat_of(thread, seat) or _new(thread, seat, COVER)
    if covered.side == By.SENDER:  # a sender stays the sender; the colleague acts for them
        party.side = By.INFORMED.value
    else:
        party.side, covered.side = By.RECEIVER.value, By.INFORMED.value
        if covered.taken_at is not None:
            party.taken_at, party.taken_by = now, person_id
        covered.forget_receipts()
    if thread.owner is covered:
        thread.owner = party


def _seat_of(thread: ThreadNow, seat: Seat) -> Party | None:
    wanted = (seat.role, seat.unit_id, seat.person_id)
    return next((one for one in thread.parties if (one.role, one.unit_id, one.person_id) == wanted), None)


def _new(thread: ThreadNow, seat: Seat, because: str) -> Party:
    party = Party(
        id=None, side=By.RECEIVER.value, role=seat.role, unit_id=seat.unit_id, person_id=seat.person_id,
        because=because,
    )  # fmt: skip
    thread.parties.append(party)
    return party
