"""What the two handovers of hemgångsteamet share: notice in time or with a reason, receipts, moving, calling off."""

from collections.abc import Mapping

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Field,
    Move,
    ResetReceipts,
    Say,
    by,
)
from dialogs.common import TooLate, all_received, draft_moves, with_common
from dialogs.hand_moves import GIVEN_BACK, hand_moves, reopen_moves

TEAM = frozenset({"return_home_team"})

STATES = {
    "planned": "Planerad – inte meddelad",
    "notified": "Meddelad",
    "short_notice": "Meddelad med kort varsel",
    "received": "Meddelad – alla har kvitterat",
    GIVEN_BACK: "Åter hos avsändaren – fel mottagare",
    "completed": "Överlämningen är klar",
    "cancelled": "Inställd",
    "discarded": "Utkastet är borttaget",
}
ENDED = frozenset({"completed", "cancelled", "discarded"})

REASON = Choice(
    name="short_notice_reason",
    label="Varför blir varslet kortare än rutinen säger?",
    short="Skäl till kort varsel",
    options=(
        ("late_word", "Sent besked från sjukhus eller korttidsboende"),
        ("changed", "Läget har ändrats plötsligt"),
        ("planning", "Ändrad planering i hemgångsteamet"),
        ("case_system", "Annat skäl, det står i verksamhetssystemet"),
    ),
)
OUTCOME = Choice(
    name="outcome",
    label="Hur gick det?",
    short="Resultat",
    options=(
        ("moved", "Uppdraget är flyttat till vald hemtjänst"),
        ("new_assignment", "Nytt uppdrag är skickat till vald hemtjänst"),
        ("contact_first", "Uppdraget är flyttat efter kontakt med brukaren"),
    ),
)


def handover_moves(
    rule: str, form: tuple[Field, ...], receivers: tuple[Audience, ...]
) -> Mapping[tuple[str, str], Alternatives]:
    """The table of a handover; the form's first field is its start, from which the notice is counted by `rule`."""
    start = form[0]
    late = TooLate(rule=rule, since=start.name)
    notice = Arm(step="notice", rule=rule, since=start.name)
    sent = (
        Disarm(step="unsent"),
        Disarm(step="notice"),
        *(Say(to=audience, text="new") for audience in receivers),
        Arm(step="receipt", rule="handover_receipt"),
        Arm(step="handover", rule="handover_day", since=start.name),
    )
    again = (ResetReceipts(), Say(to=Audience.RECEIVERS, text="changed"), *sent[-2:])
    optional_reason = Choice(
        name=REASON.name, label=REASON.label, short=REASON.short, options=REASON.options, required=False
    )
    moves: dict[tuple[str, str], Move | Alternatives] = dict(draft_moves(form, notice, first="planned"))
    moves[("planned", "send")] = (
        _notify("short_notice", "Meddela med kort varsel", sent, when=late, needs=(REASON,), marks=("short_notice",)),
        _notify("notified", "Meddela överlämningen", sent),
    )
    for state in ("notified", "short_notice"):
        moves[(state, "read")] = (
            Move(
                to="received", by=by(By.RECEIVER), label="Kvittera", receipt="read", when=all_received,
                then=(Disarm(step="receipt"),),
            ),
            Move(to=state, by=by(By.RECEIVER), label="Kvittera", receipt="read"),
        )  # fmt: skip
    for state in ("notified", "short_notice", "received"):
        moves[(state, "reschedule")] = (
            _move_date("short_notice", again, when=late, needs=(start, REASON), marks=("short_notice",)),
            _move_date("notified", again, needs=(start, optional_reason), clears=("short_notice",)),
        )
        moves[(state, "withdraw")] = Move(
            to="cancelled", by=by(By.SENDER), label="Ställ in", then=(Say(to=Audience.RECEIVERS, text="withdrawn"),)
        )
        moves[(state, "complete")] = Move(
            to="completed",
            by=by(By.RECEIVER, By.INFORMED),
            label="Överlämningen är klar",
            needs=(OUTCOME,),
            receipt="taken",
            then=(Say(to=Audience.SENDER, text="completed", side=By.SENDER, urgent=False),),
        )
    # Who was passed on a handover that all had acknowledged has not.
    onward = {"notified": "notified", "short_notice": "short_notice", "received": "notified"}
    moves |= hand_moves(onward, waiting="notified", restart=("receipt",))
    moves[(GIVEN_BACK, "withdraw")] = moves[("notified", "withdraw")]
    ends = {"completed": by(By.SENDER, By.RECEIVER), "cancelled": by(By.SENDER)}
    moves |= reopen_moves(ends, to="notified", restart=("receipt",), start=(Arm(step="handover", rule="still_open"),))
    return with_common(moves, withdraw="")


def _notify(to: str, label: str, then: tuple[object, ...], **more: object) -> Move:
    return Move(to=to, by=by(By.SENDER), label=label, then=then, **more)  # type: ignore[arg-type]


def _move_date(to: str, then: tuple[object, ...], **more: object) -> Move:
    return Move(to=to, by=by(By.SENDER), label="Ändra tiden", then=then, **more)  # type: ignore[arg-type]
