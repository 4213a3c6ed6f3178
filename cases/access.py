"""Access that somebody asks for: what may be asked for, who may approve it, and the role while it lasts. Pure but for
`write`.

Nobody approves their own access, nor what they have asked for on somebody else's behalf. A role given so has an end,
and is worth nothing to somebody who has no other: who works here is the roster's to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select

from cases import account, log
from cases import tables as t
from cases.actions import Access, Audience
from cases.directory import BY_REQUEST, Directory, Unit, roster_changed
from cases.errors import AccessChanged, Denied
from cases.roles import CASE_ROLES
from cases.roster_words import ROLES_IN
from reminders.localtime import end_of_day
from reminders.profile import Profile

if TYPE_CHECKING:
    from cases.telling import Change, Teller

WHO, UNIT, ROLE, LAST_DAY = "access_for", "access_unit", "access_role", "access_until"  # the questions of a request
AUDIENCES = (Audience.ACCESS_HOLDER, Audience.ACCESS_APPROVERS)
_ASKS = ("open", "edit", "send")  # the signals of whoever asks
OWN = "egen_regi"  # the municipality's own units are one provider
_ROLE = t.role.c


@dataclass(frozen=True, kw_only=True)
class Given:
    """A role that a thread gives to somebody until an instant (UTC, exclusive), or takes back."""

    thread_id: int
    person_id: int
    unit_id: str
    role: str
    until: datetime
    ends: bool


# --- what may be asked for, and who approves ---------------------------------------------------------------------


def led_by(person_id: int, directory: Directory, profile: Profile) -> list[str]:
    """The units for which this person answers."""
    superiors = profile.section("roles").superiors
    return [one.unit_id for one in directory.memberships(person_id) if one.role in superiors.get(one.unit_kind, ())]


def may_be_for(person_id: int, directory: Directory, profile: Profile) -> list[int]:
    """For whom this person may ask: themself, and those who work in a unit that they lead."""
    led = set(led_by(person_id, directory, profile))
    theirs = [who for who, held in directory.held.items() if led & {one.unit_id for one in held}]
    found = [who for who in theirs if who != person_id and directory.is_active(who)]
    return [person_id, *sorted(found, key=lambda who: directory.people[who].name)]


def may_be_in(person_id: int, directory: Directory) -> list[Unit]:
    """In which units this person may ask for a role: their own, and those of the same provider."""
    mine = [directory.units[one.unit_id] for one in directory.memberships(person_id)]
    found = {one.id: one for unit in mine for one in (unit, *_same_provider(unit, directory))}
    return sorted(found.values(), key=lambda one: one.name)


def roles_in(unit: Unit) -> list[str]:
    """The roles that may be asked for there, in the order of the roles. Those that see no case are given in the
    roster only."""
    return [one for one in CASE_ROLES if one in ROLES_IN.get(unit.kind, ())]


def refusal(values: Mapping[str, Any], directory: Directory) -> tuple[str, str] | None:
    """Which answer cannot be, and why in Swedish; None when somebody may be asked to approve."""
    who, unit = int(values[WHO]), directory.units.get(str(values[UNIT]))
    if unit is None or str(values[ROLE]) not in ROLES_IN.get(unit.kind, ()):
        return ROLE, f"Den rollen finns inte i {unit.name if unit else 'enheten'}. Välj en annan."
    if values[ROLE] in directory.roles_of(who, unit.id):
        return ROLE, "Personen har redan den rollen i enheten."
    if not directory.works(who):
        return WHO, "Personen har ingen roll i registret. Säg till den som sköter registret."
    return None


def answers_for(unit: Unit, besides: Collection[int], directory: Directory, profile: Profile) -> list[tuple[str, int]]:
    """Who answers for access in a unit and is none of `besides`, each with the unit.

    The first role of the profile's list that somebody else has; then that of another unit of the same provider; then of
    the authority that the unit answers to. Never of another provider, who is not even to know.
    """
    for units in _nearest_first(unit, directory):
        named = {one.kind: profile.section("roles").approvers.get(one.kind, ()) for one in units}
        for role in dict.fromkeys(role for names in named.values() for role in names):
            there = [one for one in units if role in named[one.kind]]
            who = [(one.id, person) for one in there for person in directory.holders(one.id, role)]
            who = [seat for seat in who if seat[1] not in besides]
            if who:
                return who
    return []


def _nearest_first(unit: Unit, directory: Directory) -> Iterator[list[Unit]]:
    yield [unit]
    yield _same_provider(unit, directory, kind=unit.kind)
    above = directory.units.get(unit.authority_unit_id or "")
    yield [above] if above is not None else []


def _same_provider(unit: Unit, directory: Directory, kind: str | None = None) -> list[Unit]:
    """The other units of the same provider: of the municipality's own all that answer to the same authority; of a
    private one none, since the roster does not tell which belong together."""
    if unit.provider_kind != OWN:
        return []
    authority = unit.authority_unit_id or unit.id
    return [
        one
        for one in sorted(directory.units.values(), key=lambda one: one.id)
        if one.id != unit.id
        and one.provider_kind == OWN
        and (one.authority_unit_id or one.id) == authority
        and kind in (None, one.kind)
    ]


def people(
    who: Audience, values: Mapping[str, Any], sender_id: int, directory: Directory, profile: Profile
) -> list[tuple[str, int]]:
    """The people of an audience of a request, each with the unit; none before it has been filled in."""
    holder, unit = str(values.get(WHO) or ""), directory.units.get(str(values.get(UNIT) or ""))
    if not holder.isdecimal() or unit is None:
        return []
    if who == Audience.ACCESS_APPROVERS:
        return answers_for(unit, {int(holder), sender_id}, directory, profile)
    if int(holder) == sender_id:  # who asks for themself is told as the sender
        return []
    own = next((one.unit_id for one in directory.memberships(int(holder))), unit.id)
    return [(own, int(holder))]


# --- the role ----------------------------------------------------------------------------------------------------


def given(teller: "Teller", change: "Change", action: Access) -> Given:
    """The role that this thread gives or takes back. Raises: AccessChanged when it can no longer be given."""
    values, thread = teller.thread.values, teller.thread
    if not action.ends and refusal(values, teller.directory) is not None:
        raise AccessChanged(thread.flow, change.from_state, change.signal.name)
    return Given(
        thread_id=thread.id, person_id=int(values[WHO]), unit_id=str(values[UNIT]), role=str(values[ROLE]),
        until=end_of_day(date.fromisoformat(str(values[LAST_DAY]))), ends=action.ends,
    )  # fmt: skip


def write(tx: Connection, changes: Sequence["Change"], now: datetime) -> None:
    """Give and take back the roles of these changes, in the transaction that writes them; one audit row for each.

    Raises: Denied, which undoes it all, when whoever approves has had a hand in the request, as the log has it.
    """
    for change in changes:
        for one in change.accesses:
            who, thread = change.signal.by.person_id, change.thread
            if not one.ends and who is not None and log.has_given_any(tx, thread.id, who, _ASKS):
                raise Denied(thread.id, change.signal.name, "own_request")
            if one.ends:
                tx.execute(delete(t.role).where(_ROLE.thread_id == one.thread_id, _ROLE.source == BY_REQUEST))
            else:
                tx.execute(
                    insert(t.role).values(
                        person_id=one.person_id, unit_id=one.unit_id, role=one.role, source=BY_REQUEST, since=now,
                        until=one.until, thread_id=one.thread_id,
                    )
                )  # fmt: skip
            account.note(
                tx, now, person_id=change.signal.by.person_id, action="permission",
                signal="access_ended" if one.ends else "access_granted", outcome="done", thread=change.thread,
                reason=f"{one.unit_id} {one.role}", about_id=one.person_id,
            )  # fmt: skip
            roster_changed(tx)


def asked_for(tx: Connection, person_id: int) -> list[str]:
    """The units in which somebody has a role because it was asked for."""
    query = select(_ROLE.unit_id).where(_ROLE.person_id == person_id, _ROLE.source == BY_REQUEST)
    return list(tx.scalars(query.distinct()))
