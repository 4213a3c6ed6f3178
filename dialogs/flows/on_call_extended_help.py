"""More help that is set in on call, in a case that goes on: hemtjänst is told, and tells the assessor.

«Om biträdande enhetschef sätter in utökat stöd och hjälp under jourtid meddelas detta ansvarig hemtjänst, som sedan
ansvarar för att meddela biståndshandläggare» (Norrköping 5.5 and 5.6; D10, D11). The count is from when the help began.
"""

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Field,
    Flow,
    Moment,
    Move,
    Open,
    Say,
    Signpost,
    Situation,
    by,
)
from cases.route import ON_CALL
from dialogs.common import ENDED, NEED, NOTE, NOTICED_BY, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.night import Answered, passed_on
from dialogs.words import REMINDER, TASK

FORM: tuple[Field, ...] = (
    Moment(
        name="extra_help_start", label="När påbörjades det utökade stödet?", short="Utökat stöd påbörjat", future=False
    ),
    Choice(
        name="expected",
        label="Hur länge väntas behovet finnas?",
        short="Väntas",
        options=(("lasting", "En längre tid"), ("limited", "En kortare tid, upp till tre dagar")),
    ),
    NOTICED_BY,
    NEED,
    NOTE,
)
_LASTING = Answered(field="expected", code="lasting")
_HAD = {"noticed_by_role": "noticed_by_role", "need_category": "need_category", "note": "note"}


def journal(situation: Situation) -> tuple[str, str]:
    """What each side notes of it. The assessor is told in a thread of its own."""
    told = "Utökat stöd insatt under jourtid i pågående ärende. Ansvarig hemtjänst meddelar biståndshandläggaren."
    return told, told


def _send(rule: str, when: Answered | None = None) -> Move:
    return Move(
        to="with_unit",
        by=by(By.SENDER),
        label="Skicka",
        when=when,
        consequence="Ansvarig hemtjänst får det och meddelar handläggaren.",
        then=(
            Say(to=Audience.PROVIDER, text="relay_new", urgent=False),
            Disarm(step="unsent"),
            Disarm(step="notice"),
            Arm(step="relay", rule=rule, since="extra_help_start"),
        ),
    )


def _relay_moves(state: str, who: frozenset[By]) -> dict[tuple[str, str], Move | Alternatives]:
    """How hemtjänst passes it on: a message at once, or the count of the days that the routine has for a short need."""
    lasting = Open(
        flow="urgent_lasting",
        sender=Audience.PROVIDER,
        copy=_HAD | {"extra_help_start": "extra_help_start"},
        signal="send",
    )
    limited = Open(
        flow="urgent_limited", sender=Audience.PROVIDER, copy=_HAD | {"day1": "extra_help_start"}, signal="send"
    )
    return {
        (state, "read"): Move(to=state, by=by(By.RECEIVER), label="Läst", receipt="read"),
        (state, "relay"): (
            Move(
                to="relayed",
                by=who,
                label="Meddela handläggaren",
                consequence="Handläggaren får meddelandet nu, räknat från när hjälpen började.",
                when=_LASTING,
                receipt="taken",
                then=(lasting,),
            ),
            Move(
                to="relayed",
                by=who,
                label="Börja räkna dagarna",
                consequence="Inget skickas till handläggaren nu. Dag 1 är dagen då hjälpen började. Stafett frågar er "
                "på dag 4.",
                receipt="taken",
                then=(limited,),
            ),
        ),
        (state, "ended"): Move(
            to="need_ended",
            by=who,
            label="Behovet har upphört",
            consequence="Avslutas utan meddelande till handläggaren. Bara om hjälpen gavs i högst tre dagar.",
            receipt="taken",
        ),
    }


FLOW = Flow(
    name="on_call_extended_help",
    title="Utökad hjälp under jourtid",
    source="Norrköping 5.5 och 5.6",
    intro="För pågående ärenden: du har satt in mer hjälp under jourtid. Ansvarig hemtjänst får veta det och meddelar "
    "biståndshandläggaren.",
    group="night",
    senders=frozenset({ON_CALL}),
    order=13,
    commands=("utökad hjälp", "utökat"),
    form=FORM,
    states={state: COMMON[state] for state in ("draft", "withdrawn", "discarded")}
    | {
        "with_unit": "Hos hemtjänsten – ska föras vidare till handläggaren",
        "not_relayed": "Hos hemtjänsten – inte fört vidare än",
        "relayed": "Fört vidare – avslutat här",
        "need_ended": "Behovet upphörde – avslutat, inget skickat",
    },
    first="draft",
    last=(ENDED - {"answered"}) | {"relayed", "need_ended"},
    signposts=(
        Signpost(
            text="Har personen ingen hemtjänst? Välj «Jouren beviljar ny hjälp» i stället.", source="Norrköping 5.7"
        ),
    ),
    journal=journal,
    words={
        "relay_new": (TASK, "Jouren har satt in mer hjälp. Ni ansvarar för att meddela handläggaren."),
        "relay_remind": (REMINDER, "Handläggaren är inte meddelad om hjälpen som jouren satte in."),
        "relay_escalate": (REMINDER, "Enheten har inte meddelat handläggaren om hjälpen som jouren satte in."),
        "relay_late": (REMINDER, "Tiden för att meddela handläggaren har gått ut. Meddela ändå."),
        "grant_unsent": (REMINDER, "Jouren har ett utkast om insatt hjälp som inte är skickat. Skicka det nu."),
    },
    moves=with_common(
        draft_moves(FORM, Arm(step="notice", rule="on_call_unsent", since="extra_help_start"))
        | {
            ("draft", "send"): (
                _send("urgent_lasting.relay", when=_LASTING),
                _send("urgent_limited.relay"),
            ),
            ("with_unit", "escalate"): Move(to="not_relayed", by=by(By.CLOCK)),
            ("not_relayed", "escalate"): Move(to="not_relayed", by=by(By.CLOCK)),
        }
        | _relay_moves("with_unit", by(By.RECEIVER, By.INFORMED))
        # Whoever is called in because the unit has not acted stands on the sender's side when the jour was its own.
        | _relay_moves("not_relayed", by(By.RECEIVER, By.INFORMED, By.SENDER))
        | passed_on("with_unit", "not_relayed")
    ),
)
