"""Everything that the played Graph knows, and what people may do there without Stafett's help.

A test or the demo holds the world and changes it; Stafett reaches it over HTTP alone.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.graph.calendar import Calendar
from bot.demo.graph.calls import Calls
from bot.demo.graph.entries import Entry, Slot
from bot.demo.graph.faults import Faults
from bot.demo.graph.people import AutoReply, Group, Person
from bot.demo.graph.permissions import ALL
from bot.demo.graph.rota import Shift
from bot.demo.graph.wire import Refusal


@dataclass(frozen=True, kw_only=True)
class Made:
    """One request that reached Graph: the call by its name, the mailbox or other thing it was about, and the answer."""

    call: str
    about: str
    status: int
    at: datetime


@dataclass(kw_only=True, eq=False)
class World:
    """The tenant. `clock` is care time; `token` the one that lets the app in besides those of the token endpoint.

    `granted` are the app's application permissions, `scope` the mailboxes it may reach (None for all), as role-based
    access for applications has it. `at_once` and `often` are Outlook's limits for one app and mailbox.
    """

    clock: Callable[[], datetime]
    tenant_id: str = "00000000-0000-4000-8000-0000000000aa"
    app_id: str = "00000000-0000-4000-8000-0000000000bb"
    app_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    granted: frozenset[str] = ALL
    scope: frozenset[str] | None = None  # addresses in small letters
    at_once: int = 4
    often: int = 10_000  # requests in ten minutes
    page_size: int = 100  # of lists that are longer
    catalogue: set[str] = field(default_factory=set)  # Teams apps that the organisation has, by id

    people: dict[str, Person] = field(default_factory=dict, init=False)
    groups: dict[str, Group] = field(default_factory=dict, init=False)
    shifts: dict[str, list[Shift]] = field(default_factory=dict, init=False)  # by team
    journal: list[Made] = field(default_factory=list, init=False)
    unknown: list[str] = field(default_factory=list, init=False)  # properties sent that Graph does not document
    tokens: set[str] = field(default_factory=set, init=False, repr=False)
    forgotten: int = field(default=-1, init=False)  # delta links of this stamp and before are too old
    calendar: Calendar = field(init=False)
    faults: Faults = field(init=False)
    calls: Calls = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = Calendar(lambda: self.clock())
        self.faults = Faults(lambda: self.clock())
        self.calls = Calls(self.app_id, self.tenant_id)

    # Who there is.

    def add(self, aad_object_id: str, upn: str, name: str, *, has_mailbox: bool = True) -> Person:
        """Somebody in the directory, with a mailbox unless it is said otherwise."""
        person = Person(id=aad_object_id, upn=upn, name=name, has_mailbox=has_mailbox)
        self.people[aad_object_id] = person
        return person

    def person(self, key: str) -> Person:
        """By id or by user principal name. Raises: Refusal."""
        found = self.people.get(key) or next((one for one in self.people.values() if one.upn == key.lower()), None)
        if found is None:
            raise Refusal(404, "ErrorInvalidUser", f"The requested user '{key}' is invalid.")
        return found

    def by_address(self, address: str) -> Person | None:
        """Whose mailbox has this address; None for a stranger."""
        return next((one for one in self.people.values() if one.upn == address.lower() and one.has_mailbox), None)

    def group(self, group_id: str, name: str, members: Iterable[str] = ()) -> Group:
        """A group with these members, people or groups, by id."""
        self.groups[group_id] = Group(id=group_id, name=name)
        for member in members:
            self.join(group_id, member)
        return self.groups[group_id]

    def join(self, group_id: str, member: str) -> None:
        """Somebody, or a group, becomes a member."""
        self._change_member(group_id, member, True)

    def leave(self, group_id: str, member: str) -> None:
        """Somebody, or a group, is a member no more."""
        self._change_member(group_id, member, False)

    def _change_member(self, group_id: str, member: str, comes: bool) -> None:
        group = self.groups[group_id]
        (group.members.add if comes else group.members.discard)(member)
        group.log.append((self.calendar.next_stamp(), member, comes))

    # What people do in Outlook.

    def away(self, key: str, start: datetime | None = None, end: datetime | None = None, message: str = "") -> None:
        """Turn on automatic replies: between two moments, or until they are turned off."""
        status = "alwaysEnabled" if start is None else "scheduled"
        self.person(key).reply = AutoReply(status=status, start=start, end=end, message=message)

    def back(self, key: str) -> None:
        """Turn automatic replies off."""
        self.person(key).reply = AutoReply()

    def block(self, key: str, start: datetime, end: datetime, status: str = "busy", subject: str = "") -> Entry:
        """Somebody's own time in the calendar: busy, tentative, oof, workingElsewhere or free."""
        return self.calendar.block(self.person(key), start, end, status=status, subject=subject)

    def answer(self, key: str, slot: Slot, response: str, *, tells: bool = True) -> None:
        """An invitee answers: accepted, tentativelyAccepted or declined. Raises: Refusal."""
        self.calendar.answer(self.person(key), slot, response, tells=tells)

    def move(self, slot: Slot, start: datetime) -> Slot:
        """The organizer drags the event, the series or the occurrence to another time. Raises: Refusal."""
        return self.calendar.move(slot, start)

    def call_off(self, slot: Slot) -> None:
        """The organizer cancels it in Outlook."""
        self.calendar.end(slot)

    def events(self, key: str | None = None) -> list[Entry]:
        """What has been booked and stands: in one person's calendar, or by anybody."""
        entries = self.calendar.entries if key is None else self.calendar.of(self.person(key))
        return [entry for entry in entries if entry.ended is None]

    def slots(self, key: str, begin: datetime, end: datetime) -> list[Slot]:
        """What stands in somebody's calendar between two moments, series laid out."""
        return self.calendar.slots(self.person(key), begin, end)

    def forget_links(self) -> None:
        """From now on every delta link that has been handed out is too old."""
        self.forgotten = self.calendar.next_stamp()

    def made(self, call: str = "") -> list[Made]:
        """The requests whose call's name begins so, in the order they came."""
        return [one for one in self.journal if one.call.startswith(call)]
