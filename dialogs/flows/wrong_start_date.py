"""A wrong verkställighetsdatum, or a service that was never performed at all (Norrköping 3.4, `D07.correction`).

A wrong date is registered by hemtjänsten itself up to the 3rd; then the assessor has it too, and after the 4th
debiteringen is contacted by hemtjänsten or the assessor: whichever of them says that it is theirs.
"""

from collections.abc import Mapping
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
    Flow,
    Guard,
    Move,
    Own,
    Say,
    Situation,
    by,
)
from dialogs import ends
from dialogs.common import ASSESSORS, HOME_CARE, Runs, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.ends import CARE_SERVICE, CUTOFF, REGISTERED_ON, Answered, RegisteredLate
from dialogs.hand_moves import GIVEN_BACK, hand_moves
from dialogs.sides import Both, by_assessor, by_either, by_provider, only, sent_by_assessor, sent_by_provider

_ERROR = Choice(
    name="error",
    label="Vad är fel?",
    short="Fel",
    options=(
        ("wrong_date", "Verkställighetsdatumet är fel"),
        ("never_performed", "Insatsen är verkställd men har aldrig utförts"),
    ),
)
_WRONG = Day(name="registered_start", label="Vilket verkställighetsdatum är registrerat?", short="Registrerat datum")
_RIGHT = Day(
    name="right_start",
    label="Vilket datum är rätt?",
    short="Rätt datum",
    required=False,
    help="Behövs när datumet är fel.",
    demanded_if=(_ERROR.name, frozenset({"wrong_date"})),
)
FORM: tuple[Field, ...] = (_ERROR, _WRONG, _RIGHT, CARE_SERVICE)


def _basis(values: Mapping[str, Any]) -> str | None:
    """The day whose month counts: both the wrong and the right month are changed, so the earlier one does."""
    days = [str(values[item.name]) for item in (_WRONG, _RIGHT) if values.get(item.name)]
    return min(days, key=date.fromisoformat, default=None)


@dataclass(frozen=True, kw_only=True)
class _CountsFrom:
    """Whether this day is the one that the limits count from."""

    day: Day

    def __call__(self, situation: Situation) -> bool:
        return situation.thread.values.get(self.day.name) == _basis(situation.thread.values)


def limit(situation: Situation) -> list[tuple[str, str]]:
    """Until when debiteringen need not be asked."""
    since = _basis(situation.thread.values)
    return ends.billing_facts(situation, since) if since else []


def _send(to: str, *then: Action, step: str, rule: str, when: Guard | None = None) -> tuple[Move, ...]:
    """The same sending, counted from the right day or from the wrong one."""
    return tuple(
        Move(
            to=to,
            by=by(By.SENDER),
            label="Skicka",
            when=Both(first=_CountsFrom(day=day), second=when),
            then=(Disarm(step="unsent"), *then, Arm(step=step, rule=rule, since=day.name)),
        )
        for day in (_RIGHT, _WRONG)
    )


_NEVER = Answered(field=_ERROR.name, code="never_performed")
_TO_PROVIDER = Say(to=Audience.PROVIDER, text="new", urgent=False)
_TO_ASSESSOR = Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new", urgent=False)
_SENDS = (
    *_send(
        "removing", _TO_PROVIDER, Own(to=Audience.SENDER), Arm(step="receipt", rule="notice_receipt"),
        step="registration", rule=CUTOFF, when=Both(first=_NEVER, second=sent_by_assessor),
    ),
    *_send(
        "removing", _TO_ASSESSOR, Arm(step="read", rule="message_read"),
        step="registration", rule=CUTOFF, when=_NEVER,
    ),
    *_send(
        "correcting", _TO_PROVIDER, Arm(step="read", rule="mailbox_window"),
        step="correction", rule=f"{CUTOFF}.correction", when=sent_by_assessor,
    ),
    *_send("correcting", step="correction", rule=f"{CUTOFF}.correction"),
)  # fmt: skip


_NEVER_AFTER_ALL = Move(
    to="removing",
    by=by(),
    label="Insatsen har aldrig utförts",
    consequence="Biståndshandläggaren tar bort verkställigheten och avslutar insatsen.",
    then=(
        Disarm(step="correction"),
        Own(to=Audience.RESPONSIBLE_ASSESSOR),
        Say(to=Audience.OWNER, text="new", urgent=False),
        Arm(step="read", rule="message_read"),
        Arm(step="registration", rule=CUTOFF, since=_WRONG.name),
    ),
)


def _registers(label: str) -> tuple[Move, ...]:
    done = Move(to="registered", by=by(), label=label, needs=(REGISTERED_ON,), receipt="taken")
    return ends.registers_either(done, RegisteredLate(basis=_basis))


def _read(state: str, *then: Action) -> dict[tuple[str, str], Move]:
    return {
        (state, "read"): Move(to=state, by=by(By.RECEIVER), label="Läst", receipt="read", then=then),
        (state, "seen"): Move(to=state, by=by(By.INFORMED), label="Läst", receipt="read"),
    }


def _handed() -> dict[tuple[str, str], Move | Alternatives]:
    """What is the assessor's to remove is passed on by the assessor alone; sent anew it goes back to what it was."""
    correcting = hand_moves({"correcting": "correcting"}, waiting="correcting", restart=("read",))
    removing = hand_moves({"removing": "removing"}, waiting="removing", restart=("read",))
    anew = tuple(replace(move, when=Runs(step="registration")) for move in removing[(GIVEN_BACK, "resend")])
    return {
        **only(removing, "misdirected", "cover"),
        **only(removing, "forward", when=sent_by_provider),
        **only(correcting, "misdirected", "cover", "forward"),
        (GIVEN_BACK, "resend"): (*anew, *correcting[(GIVEN_BACK, "resend")]),
    }


_CORRECTED, _REMOVED = (
    _registers("Datumet är rättat"),
    _registers("Verkställigheten är borttagen"),
)

FLOW = Flow(
    name="wrong_start_date",
    title="Fel verkställighetsdatum",
    source="Norrköping 3.4",
    group="ends",
    intro="Hemtjänsten rättar i första hand själv, före den 4:e i månaden efter. Har en verkställd insats aldrig "
    "utförts tar biståndshandläggaren bort verkställigheten och avslutar insatsen.",
    senders=HOME_CARE | ASSESSORS,
    order=73,
    later_label="Meddelas om datumet inte är rättat i tid",
    commands=("fel datum", "verkställighetsdatum"),
    urgent=False,
    form=FORM,
    states={key: COMMON[key] for key in ("draft", "withdrawn", "discarded")}
    | ends.STATES
    | {
        "correcting": "Rättas av hemtjänsten",
        "assessor_corrects": "Rättas nu – hemtjänstens tid har gått ut",
        "removing": "Verkställigheten tas bort av biståndshandläggaren",
    },
    first="draft",
    last=frozenset({"withdrawn", "discarded"}) | ends.ENDED,
    outlives=frozenset({"correcting", "assessor_corrects", "removing", "billing_assessor", "billing_provider"}),
    suggestions=limit,
    words=ends.WORDS,
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): _SENDS,
            ("correcting", "corrected"): by_provider(*_CORRECTED, tell=ends.TOLD),
            ("correcting", "never_performed"): by_provider(_NEVER_AFTER_ALL),
            ("correcting", "to_assessor"): Move(
                to="assessor_corrects",
                by=by(By.CLOCK),
                then=(
                    Disarm(step="read"),
                    Say(to=Audience.OWNER, text="correction_passed_on", urgent=False),
                    Own(to=Audience.RESPONSIBLE_ASSESSOR),
                ),
            ),
            # From the 4th on either of them may: the routine's «hemtjänst eller biståndshandläggare».
            ("assessor_corrects", "corrected"): by_either(*_CORRECTED, tell=ends.TOLD),
            ("removing", "removed"): by_assessor(*_REMOVED, tell=ends.TOLD),
        }
        | _read("correcting", Disarm(step="read"))
        | _read("assessor_corrects")
        | _read("removing", Disarm(step="read"), Disarm(step="receipt"))
        | _handed()
        | ends.withdrawals("correcting", "removing", GIVEN_BACK)
        | ends.billing_moves("assessor", "provider"),
        withdraw="",
    ),
)
