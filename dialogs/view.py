"""A thread as one person sees it: what a card is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from cases.directory import Unit
from cases.flow import By, Choice, Day, Field, Flow, Moment, Move, Say, Situation, UnitChoice
from cases.ladder import due_of, nearest_limit
from cases.may import relations, seat_of
from cases.record import Scene
from cases.route import AUTHORITY, QUEUE, Routing, Seat, members, route
from cases.thread import Armed, Party, ThreadNow
from dialogs.sections import Privacy, Terms
from dialogs.swedish import full_day_text, limit_text, moment_text
from reminders.profile import Profile


@dataclass(frozen=True, kw_only=True)
class View:
    """A view is of a snapshot that stays as it is: after a change of the thread, take a new one.

    `reveal` is set only for the answer to a logged «Visa»; `inline` only in the demo, where there are no dialogs.
    """

    thread: ThreadNow
    flow: Flow
    scene: Scene
    viewer: int
    now: datetime
    inline: bool = False
    reveal: bool = False

    @cached_property
    def profile(self) -> Profile:
        return self.scene.profile(self.thread)

    @cached_property
    def privacy(self) -> Privacy:
        section: Privacy = self.profile.section("privacy")
        return section

    @cached_property
    def terms(self) -> Terms:
        section: Terms = self.profile.section("terms")
        return section

    @cached_property
    def situation(self) -> Situation:
        return Situation(thread=self.thread, profile=self.profile, now=self.now)

    @cached_property
    def routing(self) -> Routing:
        return Routing(
            thread=self.thread,
            case=self.scene.case(self.thread),
            directory=self.scene.directory,
            profile=self.profile,
            now=self.now,
        )

    @cached_property
    def relations(self) -> frozenset[By]:
        return relations(self.viewer, self.thread, self.scene.directory, self.profile, self.now)

    @cached_property
    def is_sender(self) -> bool:
        return By.SENDER in self.relations and not self.relations & {By.RECEIVER, By.INFORMED}

    @property
    def is_draft(self) -> bool:
        return self.thread.state == self.flow.first

    def seat(self) -> Party | None:
        """The viewer's own seat on the receiving side."""
        return self._seat

    @cached_property
    def _seat(self) -> Party | None:
        for side in (By.RECEIVER, By.INFORMED):
            found = seat_of(self.viewer, self.thread, self.scene.directory, self.profile, self.now, side)
            if found is not None:
                return found
        return None

    def moves(self) -> list[tuple[str, Move]]:
        """The buttons of this card; a receipt already given is not asked for again."""
        return self._moves

    @cached_property
    def _moves(self) -> list[tuple[str, Move]]:
        seat = self.seat()
        receipted = seat is not None and seat.receipted
        return [
            (signal, move)
            for signal, move in self.flow.signals_for(self.situation, self.relations)
            if not (move.receipt == "read" and receipted)
        ]

    # --- people and units ---------------------------------------------------------------------------------------

    def unit(self, unit_id: str) -> Unit:
        return self.scene.directory.units[unit_id]

    def person_name(self, person_id: int | None) -> str:
        found = self.scene.directory.people.get(person_id or 0)
        return found.name if found else "någon som inte längre finns i registret"

    def seat_name(self, seat: Party | Seat) -> str:
        """«Anna Berg, biståndshandläggare» or «Hemtjänst Norr, funktionsbrevlådan»."""
        if seat.person_id is not None:
            title = self.scene.directory.people[seat.person_id].title if self._knows(seat.person_id) else ""
            return self.person_name(seat.person_id) + (f", {title}" if title else "")
        name = self.unit(seat.unit_id).name
        return f"{name}, funktionsbrevlådan" if seat.role == QUEUE else f"{name}, {role_name(seat.role, self.terms)}"

    def _knows(self, person_id: int) -> bool:
        return person_id in self.scene.directory.people

    def receivers_to_be(self, *, later: bool = False) -> list[Seat]:
        """Who would get the message by a move from here, or `later` by any move at all: shown before sending."""
        found: list[Seat] = []
        for (state, _), moves in self.flow.moves.items():
            if state != self.thread.state and not later:
                continue
            for action in moves[0].then:
                if isinstance(action, Say) and action.side == By.RECEIVER:
                    found += [seat for seat in route(action.to, self.routing) if seat not in found]
        return found

    def phone_route(self) -> tuple[str, str]:
        """Whom to ring now instead: (who, number). By day the receiver's side, else the on-call supervisor."""
        waited_for = sorted(self.thread.receivers(), key=lambda party: party.receipted)
        receiver = next(iter(waited_for), None) or next(iter(self.receivers_to_be(later=True)), None)
        unit = self.unit(receiver.unit_id) if receiver else self.unit(self.thread.sender_unit_id)
        if self.profile.calendar.is_office_hours(self.now):
            who = self._reachable_by_phone(receiver, unit)
            return who or (unit.name, unit.phone or unit.last_resort_phone)
        return self._night_route(unit)

    def _reachable_by_phone(self, receiver: Party | Seat | None, unit: Unit) -> tuple[str, str] | None:
        directory = self.scene.directory
        if receiver is not None and receiver.person_id is not None and directory.people[receiver.person_id].phone:
            return self.person_name(receiver.person_id), directory.people[receiver.person_id].phone
        roles = self.profile.section("roles").superiors.get(unit.kind, ())
        for who in directory.holders(unit.id, *roles):
            if directory.people[who].phone:
                return f"{directory.people[who].name}, {directory.people[who].title}", directory.people[who].phone
        return None

    def _night_route(self, unit: Unit) -> tuple[str, str]:
        """Nobody at the authority is on duty at night: the provider's on-call supervisor is the one to ring."""
        provider = self.routing.provider if unit.kind == AUTHORITY else unit
        target = provider or unit
        on_call = self.scene.directory.on_call(target.id, self.now)
        phones = [self.scene.directory.people[who] for who in on_call if self.scene.directory.people[who].phone]
        if phones:
            return f"jouren, {phones[0].name}", phones[0].phone
        if target.on_call_phone:
            return "jouren", target.on_call_phone
        return target.last_resort_role, target.last_resort_phone

    # --- deadlines and values -----------------------------------------------------------------------------------

    def running(self) -> Armed | None:
        """The deadline that the card shows: the routine's own for giving notice, else the nearest not met."""
        return self._running

    @cached_property
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
        return limit_text(running.soft_at, running.hard_at) if running else ""

    def why(self, armed: Armed) -> tuple[str, str]:
        """(reason, source) of a running deadline."""
        worked_out = due_of(armed, self.profile)
        return worked_out.why, worked_out.source

    def is_late(self) -> bool:
        return any(armed.hard_at is not None and self.now > armed.hard_at for armed in self._armed())

    def answers(self, *, sensitive: bool) -> list[tuple[str, str]]:
        """The values of the thread as (label, text), only those of one kind."""
        return [
            (item.short or item.label, self.shown(item, self.thread.values[item.name]))
            for item in self.flow.fields()
            if item.sensitive == sensitive and self.thread.values.get(item.name) not in (None, "")
        ]

    def shown(self, item: Field, value: str) -> str:
        if isinstance(item, Choice):
            return dict(item.options).get(value, value)
        if isinstance(item, Day):
            return full_day_text(date.fromisoformat(value))
        if isinstance(item, Moment):
            return moment_text(datetime.fromisoformat(value))
        if isinstance(item, UnitChoice):
            return self.unit(value).name if value in self.scene.directory.units else value
        return value

    def sits(self, party: Party) -> list[int]:
        return members(party, self.scene.directory, self.profile, self.now)


_ROLE_NAMES: Mapping[str, str] = {
    "unit_manager": "enhetschef",
    "deputy_unit_manager": "biträdande enhetschef",
    "team_lead": "gruppledare",
    "unit_administrator": "administratör",
    "on_call_supervisor": "jourhavande arbetsledare",
    "return_home_team": "hemgångsteamet",
    "care_worker": "omvårdnadspersonal",
    "fixed_care_contact": "fast omsorgskontakt",
    "planner": "planerare",
    "coordinator": "samordnare",
    "profile_admin": "profiladministratör",
}


def role_name(role: str, terms: Terms) -> str:
    """A role in the municipality's own words."""
    if role in ("needs_assessor", "responsible_assessor"):
        return terms.needs_assessor
    if role == "lead_needs_assessor":
        return f"förste {terms.needs_assessor}"
    return _ROLE_NAMES.get(role, role)
