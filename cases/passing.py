"""What a move opens beside its own thread, and what it passes on to those that hang together with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases.access import given
from cases.actions import Access, Audience, GivePass, Open, OpenEach, Relay
from cases.passes import handed
from cases.route import members, route
from cases.telling import Change, Passed, Related, Teller


def related(teller: Teller, action: Open, who: int | None) -> Related:
    """The thread to open, in the name of whoever holds the audience now, `who` makes the move before the others; else
    in the name of this one's sender."""
    sender_id, unit_id = _sender(teller, action.sender, (who,))
    values = {**action.values, **_copied(teller.thread.values, action.copy)}
    if action.worked is not None:
        values |= action.worked(teller.thread.values, teller.profile)
    return Related(flow=action.flow, sender_id=sender_id, sender_unit_id=unit_id, values=values, signal=action.signal)


def related_of_case(teller: Teller, action: OpenEach, case_ref: str, who: int | None) -> Related:
    """The same for one case of several; the teller knows what the roster says of it."""
    sender_id, unit_id = _sender(teller, action.sender, (who, teller.thread.sender_id))
    values = {**action.values, **_copied(teller.thread.values, action.copy)}
    return Related(
        flow=action.flow, sender_id=sender_id, sender_unit_id=unit_id, values=values, signal=action.signal,
        case_ref=case_ref,
    )  # fmt: skip


def _sender(teller: Teller, audience: Audience, first: Sequence[int | None]) -> tuple[int, str]:
    """In whose name a thread is opened, and from which unit; `first` go before the others who sit there."""
    thread = teller.thread
    for seat in route(audience, teller.routing()):
        sitting = members(seat, teller.directory, teller.profile, teller.now)
        if sitting:
            return next((who for who in first if who in sitting), sitting[0]), seat.unit_id
    return thread.sender_id, thread.sender_unit_id


def passed(teller: Teller, action: Relay, who: int | None) -> Passed:
    """The signal for the others, and what is opened where there is nobody left to give it to."""
    return Passed(
        flow=action.flow, signal=action.signal, values=_copied(teller.thread.values, action.copy),
        otherwise=related(teller, action.otherwise, who) if action.otherwise else None,
    )  # fmt: skip


def handed_over(teller: Teller, change: Change, action: GivePass | Access) -> None:
    """An on-call pass that gets another holder, or a role that somebody gets or loses. Raises: IllegalMove."""
    if isinstance(action, Access):
        change.accesses.append(given(teller, change, action))
    else:
        change.handings.append(handed(teller, change))


def _copied(values: Mapping[str, Any], copy: Mapping[str, str]) -> dict[str, Any]:
    """What another thread gets of this one's answers: its field by its name there."""
    found = {new: values.get(old) for new, old in copy.items()}
    return {name: value for name, value in found.items() if value not in (None, "")}
