"""What the ends of services share: registration by the 4th, and «kontakta debiteringen» (Norrköping 3.4, `D07`).

Who contacts debiteringen is always one named side: the state says which, and only that side can say that it is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Day,
    Disarm,
    Field,
    Guard,
    Move,
    Own,
    Say,
    Situation,
    TextField,
    by,
)
from cases.ladder import basis_of
from dialogs.common import HINT, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.hand_moves import GIVEN_BACK, hand_moves, reopen_moves
from dialogs.sides import Both, by_assessor, by_provider, only, sent_by_provider
from dialogs.swedish import full_day_text
from reminders.due import Due
from reminders.errors import RuleNotInProfile
from reminders.localtime import to_local
from reminders.rules import due

CUTOFF = "registration_cutoff"

# Of a service that the assessor first asks the client about, whether it is to end or to pause.
ASKED_STATES = {key: COMMON[key] for key in ("draft", "sent", "taken", "withdrawn", "discarded")} | {
    "confirmed": "Bekräftat – ska registreras",
    "kept": "Insatsen fortsätter – avslutat",
}
STATES = {
    GIVEN_BACK: "Åter hos avsändaren – fel mottagare",
    "billing_assessor": "Debiteringen ska kontaktas av biståndshandläggaren",
    "billing_provider": "Debiteringen ska kontaktas av hemtjänsten",
    "registered": "Registrerat – avslutat",
}
ENDED = frozenset({"registered"})
ASKED_ENDED = ENDED | {"kept", "withdrawn", "discarded"}
TOLD = {"registered": "answered"}  # what the other side hears when all is done
WORDS: Mapping[str, tuple[str, str]] = {"answered": ("Svar", "Du har fått svar. Läget står på kortet.")}

CARE_SERVICE = TextField(
    name="care_service", label="Vilken insats gäller det?", short="Insats", max=80, sensitive=True, help=HINT
)
REGISTERED_ON = Day(
    name="registered_on",
    label="Vilken dag registrerades det i verksamhetssystemet?",
    short="Registrerat",
    future=False,
)
_BILLING_BY = Choice(
    name="billing_by",
    label="Vem kontaktar debiteringen?",
    short="Kontaktar debiteringen",
    options=(("provider", "Hemtjänsten"), ("assessor", "Biståndshandläggaren")),
    help="Behövs när det registrerades efter den 4:e i månaden efter.",
)
_BILLED: tuple[Field, ...] = (
    Day(name="billed_on", label="Vilken dag kontaktades debiteringen?", short="Debiteringen kontaktad", future=False),
    Choice(
        name="billed_how",
        label="Hur kontaktades debiteringen?",
        short="Kontaktsätt",
        options=(("phone", "Telefon"), ("mail", "E-post"), ("case_system", "Verksamhetssystemet")),
    ),
)

BOTH_SIDES = by(By.SENDER, By.RECEIVER)

BasisOf = Callable[[Mapping[str, Any]], str | None]


def cutoff(situation: Situation, since: str) -> Due | None:
    """The limit for registering what took effect on this local day, as the profile has it."""
    try:
        return due(CUTOFF, basis_of(since), situation.profile)
    except RuleNotInProfile:  # taken away while the thread was open: then nothing is too late for it
        return None


@dataclass(frozen=True, kw_only=True)
class RegisteredLate:
    """Whether it was registered after the 4th of the month after the day it counts from. The 4th itself is in time."""

    basis: BasisOf

    def __call__(self, situation: Situation) -> bool:
        values = situation.thread.values
        since, registered = self.basis(values), values.get(REGISTERED_ON.name)
        limit = cutoff(situation, since) if since and registered else None
        if limit is None or limit.hard is None:
            return False
        return date.fromisoformat(str(registered)) > to_local(limit.hard).date()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Whether a question has been answered with this code."""

    field: str
    code: str

    def __call__(self, situation: Situation) -> bool:
        return situation.thread.values.get(self.field) == self.code


def billing_facts(situation: Situation, since: str) -> list[tuple[str, str]]:
    """What the routine says of a registration that comes after the 4th: a line until it has been made."""
    limit = cutoff(situation, since)
    if limit is None or limit.hard is None or situation.thread.values.get(REGISTERED_ON.name):
        return []
    day = full_day_text(to_local(limit.hard).date())
    return [("Debiteringen", f"kontaktas om det registreras efter {day}")]


def registers(move: Move, late: Guard) -> tuple[Move, ...]:
    """A move that registers: in time it leads where it leads, too late the assessor contacts debiteringen.

    For what Norrköping 3.4 gives to the assessor alone: avslut, justering and the end of a whole case.
    """
    return (replace(move, to="billing_assessor", when=late, then=_owed(Audience.RESPONSIBLE_ASSESSOR)), move)


def registers_either(move: Move, late: Guard) -> tuple[Move, ...]:
    """The same where «hemtjänst eller biståndshandläggare» contacts debiteringen: the answer makes one the owner."""
    needs = (*move.needs, _BILLING_BY)
    told = Say(to=Audience.OWNER, text="contact_billing", urgent=False)
    chosen = tuple(
        replace(
            move,
            to=f"billing_{side}",
            needs=needs,
            when=Both(first=late, second=Answered(field=_BILLING_BY.name, code=side)),
            then=(*_owed(whom), told),
        )
        for side, whom in (("provider", Audience.PROVIDER), ("assessor", Audience.RESPONSIBLE_ASSESSOR))
    )
    unsaid = replace(move, needs=needs, when=late)
    return (*chosen, unsaid, replace(move, needs=(*move.needs, replace(_BILLING_BY, required=False))))


def _owed(whom: Audience) -> tuple[Action, ...]:
    return (Own(to=whom), Disarm(step="registration"), Arm(step="billing", rule="billing_contact"))


_OTHER = {
    side: Move(
        to=f"billing_{other}",
        by=by(),
        label=label,
        then=(Own(to=whom), Say(to=Audience.OWNER, text="contact_billing", urgent=False)),
    )
    for side, other, whom, label in (
        ("provider", "assessor", Audience.RESPONSIBLE_ASSESSOR, "Lämna till handläggaren"),
        ("assessor", "provider", Audience.PROVIDER, "Lämna till hemtjänsten"),
    )
}


def billing_moves(*sides: str) -> dict[tuple[str, str], Move | Alternatives]:
    """«Kontakta debiteringen» as a task: one side has it, and the other is told when it is done."""
    done = Move(to="registered", by=by(), label="Debiteringen är kontaktad", needs=_BILLED)
    whose = {"assessor": by_assessor, "provider": by_provider}
    moves: dict[tuple[str, str], Move | Alternatives] = {
        (f"billing_{side}", "billed"): whose[side](done, tell=TOLD) for side in sides
    }
    if len(sides) == len(whose):  # «eller»: whoever was named may find that the other side does it
        moves |= {(f"billing_{side}", "other_side"): whose[side](_OTHER[side]) for side in sides}
    return moves | passed_on("billing_assessor", when=sent_by_provider)


def withdrawals(*states: str) -> dict[tuple[str, str], Move | Alternatives]:
    """Called off by the sender while there is something to call off: what debiteringen must hear stays to be done."""
    told = Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False)
    move = Move(to="withdrawn", by=by(By.SENDER), label="Återkalla", then=(told,))
    return {(state, "withdraw"): move for state in states}


def passed_on(*states: str, when: Guard | None = None) -> dict[tuple[str, str], Move | Alternatives]:
    """What is only to be finished may still go to a colleague, or be finished by one who steps in."""
    return only(hand_moves({one: one for one in states}, waiting="", restart=()), "forward", "cover", when=when)


def reopened(ends: Mapping[str, frozenset[By]], to: str, *arms: Arm) -> dict[tuple[str, str], Move | Alternatives]:
    """Taken up again, with the limits of the routine counted from where they counted before."""
    moves = reopen_moves(dict(ends), to=to, restart=("read",))
    return {key: tuple(replace(move, then=(*move.then, *arms)) for move in made) for key, made in moves.items()}


def asked_moves(
    form: tuple[Field, ...], counted: Arm, register: Alternatives, sides: tuple[str, ...], *met: Arm
) -> dict[tuple[str, str], Alternatives]:
    """The whole way of a service that is to end or pause: sent, confirmed with the client, registered, and where that
    was late, debiteringen contacted by one of `sides`. `counted` is the limit for registering, `met` what else runs."""
    told = Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new", urgent=False)
    begun: tuple[Action, ...] = (told, Disarm(step="unsent"), Arm(step="read", rule="message_read"), *met, counted)
    send = Move(to="sent", by=by(By.SENDER), label="Skicka", then=begun)
    again = {"registered": BOTH_SIDES, "kept": BOTH_SIDES, "withdrawn": by(By.SENDER)}
    return with_common(
        draft_moves(form)
        | {("draft", "send"): send, ("confirmed", "register"): register}
        | confirming_moves("kept")
        | reopened(again, "sent", counted)
        | billing_moves(*sides),
        withdraw="",
    )


def confirming_moves(kept: str) -> dict[tuple[str, str], Move | Alternatives]:
    """How the assessor reads, takes, confirms with the client, or hears that the service is to go on (`kept`)."""
    met = (Disarm(step="read"), Disarm(step="receipt"))
    either = by(By.RECEIVER, By.INFORMED)
    back = Say(to=Audience.SENDER, text="answered", side=By.SENDER, urgent=False)
    moves: dict[tuple[str, str], Move | Alternatives] = {
        ("sent", "read"): Move(to="sent", by=by(By.RECEIVER), label="Läst", receipt="read", then=met),
        ("sent", "seen"): Move(to="sent", by=by(By.INFORMED), label="Läst", receipt="read"),
        ("sent", "take"): Move(to="taken", by=either, label="Ta ärendet", receipt="taken", then=met),
        ("taken", "take"): Move(to="taken", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken"),
    }
    for state in ("sent", "taken"):
        moves[(state, "confirm")] = Move(
            to="confirmed", by=either, label="Brukaren bekräftar avslutet", receipt="taken", then=met
        )
        moves[(state, "keep")] = Move(
            to=kept, by=either, label="Brukaren vill ha kvar insatsen", receipt="taken", then=(back,)
        )
    handed = hand_moves({"sent": "sent", "taken": "sent"}, waiting="sent", restart=("read", "receipt"))
    moves |= handed | withdrawals("sent", "taken", "confirmed", GIVEN_BACK) | passed_on("confirmed")
    moves[("confirmed", "keep")] = Move(
        to=kept, by=either, label="Brukaren vill ha kvar insatsen", receipt="taken", then=(back,)
    )
    return moves
