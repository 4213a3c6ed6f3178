"""Hemgångsteamet hands over, ordinary handling: 24 hours' notice to assessor and receiver (Norrköping 5.8.2, D14).

The services to hand over go by the municipality's own form to the assessors' function mailbox, and not through here.
Stafett sends a pointer to that mailbox, and reminds of the form until it has been sent.
"""

from dataclasses import dataclass, replace

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Flow,
    Guard,
    Mail,
    Moment,
    Move,
    Say,
    Situation,
    UnitChoice,
    by,
)
from dialogs.common import Runs
from dialogs.handover import ENDED, STATES, TEAM, handover_moves
from dialogs.mailing import mail_moves
from dialogs.words import INFORMATION, REMINDER

FORM = (
    Moment(name="handover_at", label="När sker överlämningen?", short="Tid", past=False),
    UnitChoice(name="receiving_unit", label="Vilken hemtjänst tar över?", short="Tar över", kind="home_care"),
    Choice(
        name="form_sent",
        short="Mallen vid meddelandet",
        label="Är mallen med insatser skickad till handläggarnas funktionsbrevlåda?",
        help="Insatserna som ska lämnas över skickas via framtagen mall. De ska inte stå i Stafett.",
        options=(("yes", "Ja"), ("no", "Nej, jag skickar den i dag")),
    ),
)
_SENT_AT = Moment(name="form_sent_at", label="När skickades mallen?", short="Mallen skickad", future=False)
_MAILED = ("notified", "short_notice", "received", "misdirected")


@dataclass(frozen=True, kw_only=True)
class FormWaits:
    """Whether the form is still to be sent, and the move's own condition holds."""

    besides: Guard | None

    def __call__(self, situation: Situation) -> bool:
        waits = situation.thread.values.get("form_sent") == "no"
        return waits and (self.besides is None or self.besides(situation))


def _with_form(send: Alternatives) -> Alternatives:
    """Sending also points the function mailbox to it, and begins to remind of a form that has not been sent."""
    pointed = [replace(one, then=(*one.then, Mail(to=Audience.AUTHORITY_QUEUE, text="new"))) for one in send]
    form = Arm(step="form", rule="handover_form")
    return tuple(
        move
        for one in pointed
        for move in (replace(one, when=FormWaits(besides=one.when), then=(*one.then, form)), one)
    )


def _moves() -> dict[tuple[str, str], Alternatives]:
    moves = dict(handover_moves("handover_ordinary", FORM, (Audience.RESPONSIBLE_ASSESSOR, Audience.RECEIVING_UNIT)))
    moves[("planned", "send")] = _with_form(moves[("planned", "send")])
    for state in ("notified", "short_notice", "received"):
        told = Say(to=Audience.RESPONSIBLE_ASSESSOR, text="form_sent", urgent=False)
        moves[(state, "form_sent")] = (
            Move(
                to=state, by=by(By.SENDER), label="Mallen är skickad", when=Runs(step="form"), needs=(_SENT_AT,),
                then=(Disarm(step="form"), told),
            ),
        )  # fmt: skip
    return moves | mail_moves(*_MAILED)


FLOW = Flow(
    name="handover_ordinary",
    title="Överlämning – vanlig",
    source="Norrköping 5.8.2",
    intro="Meddelas biståndshandläggare och berörd hemtjänst senast 24 timmar innan. Båda kvitterar.",
    senders=TEAM,
    group="handover",
    order=41,
    commands=("överlämning24", "överlämning vanlig"),
    form=FORM,
    states=STATES,
    first="planned",
    last=ENDED,
    urgent=False,
    words={
        "form_sent": (INFORMATION, "Mallen med insatser är skickad till funktionsbrevlådan."),
        "handover_form": (REMINDER, "Mallen med insatser är inte skickad. Skicka den till handläggarna i dag."),
    },
    moves=_moves(),
)
