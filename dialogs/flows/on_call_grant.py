"""Help that the on-call supervisor grants somebody new, until 12:00 on the next vardag (Norrköping 5.7, D12).

At 12:00 the responsibility moves to the assessor. The help does not stop, and nobody is told to stop it.
"""

from cases.flow import Arm, Audience, By, Day, Disarm, Field, Flow, Moment, Move, Say, Signpost, Situation, by
from cases.route import ON_CALL
from dialogs.common import ENDED, NEED, NOTE, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.night import STATES, WORDS, dated_from, decide_moves, passed_on, take_move, taken_up_again
from dialogs.words import INFORMATION, REMINDER, TASK

_GOES_ON = "Hjälpen fortsätter."


def proposed_date(situation: Situation) -> list[tuple[str, str]]:
    """The decision is dated from the day the help began: the day of the grant, unless another was given."""
    values = situation.thread.values
    return [dated_from(values.get("help_start") or values["granted_at"])]


FORM: tuple[Field, ...] = (
    Moment(name="granted_at", label="När beviljade du hjälpen?", short="Beviljat", future=False),
    Day(
        name="help_start",
        label="Vilken dag ges hjälpen första gången?",
        short="Hjälpen påbörjas",
        required=False,
        help="Lämna tomt om det är samma dag som du beviljade den.",
    ),
    NEED,
    NOTE,
)


def journal(situation: Situation) -> tuple[str, str]:
    """What each side notes of it; the times, the call and the word on the help follow by themselves."""
    told = "Jourhavande arbetsledare har under jourtid beviljat hjälp till kl. 12 nästkommande vardag (Norrköping 5.7)."
    return told, f"{told} Därefter är det biståndshandläggarens ansvar."


_WITHDRAW = Move(
    to="withdrawn",
    by=by(By.SENDER),
    label="Återkalla",
    consequence="Bara om ingen hjälp har getts. Har hjälp getts ska handläggaren ta ställning.",
    then=(Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False),),
)

FLOW = Flow(
    name="on_call_grant",
    title="Jouren beviljar ny hjälp",
    source="Norrköping 5.7",
    intro="För den som inte har hemtjänst. Under jourtid får du bevilja hjälp till kl. 12 nästa vardag. "
    "Därefter har biståndshandläggaren ansvaret. Hjälpen fortsätter.",
    group="night",
    senders=frozenset({ON_CALL}),
    order=12,
    commands=("jourbeslut", "bevilja"),
    new_case=True,
    unit_question="Vilken hemtjänst ger hjälpen?",
    form=FORM,
    states={state: COMMON[state] for state in ("draft", "withdrawn", "discarded")}
    | {
        "valid": "Jourens beslut gäller",
        "accepted": "Jourens beslut gäller – handläggaren har tagit emot",
        "responsibility_transferred": f"Ansvaret ligger hos biståndshandläggaren. {_GOES_ON}",
        "with_assessor": f"Ansvaret ligger hos biståndshandläggaren, som har tagit emot. {_GOES_ON}",
    }
    | STATES,
    first="draft",
    last=(ENDED - {"answered"}) | {"decided"},
    suggestions=proposed_date,
    journal=journal,
    signposts=(
        Signpost(
            text="Har personen redan hemtjänst? Välj «Utökad hjälp under jourtid» i stället.",
            source="Norrköping 5.5 och 5.6",
        ),
    ),
    gathered=frozenset({"grant_opening", "grant_soon"}),
    words=WORDS
    | {
        "grant_new": (TASK, f"Jouren har beviljat hjälp. Ta emot ärendet före kl. 12 nästa vardag. {_GOES_ON}"),
        "grant_unit": (INFORMATION, "Jouren har beviljat ny hjälp som ni ger. Handläggaren tar emot vid öppning."),
        "grant_unsent": (REMINDER, "Jouren har ett utkast om beviljad hjälp som inte är skickat. Skicka det nu."),
        "grant_opening": (REMINDER, f"Jourens beslut gäller till kl. 12. Ta emot ärendet. {_GOES_ON}"),
        "grant_soon": (REMINDER, f"Kl. 12 övergår ansvaret till biståndshandläggaren. Ta emot ärendet. {_GOES_ON}"),
        "grant_passed_on": (REMINDER, f"Ansvaret ligger nu hos biståndshandläggaren. Ingen har tagit emot. {_GOES_ON}"),
        "grant_yours": (INFORMATION, f"Kl. 12: ansvaret ligger nu hos biståndshandläggaren. {_GOES_ON}"),
    },
    moves=with_common(
        draft_moves(FORM, Arm(step="notice", rule="on_call_unsent", since="granted_at"))
        | {
            ("draft", "send"): Move(
                to="valid",
                by=by(By.SENDER),
                label="Skicka",
                consequence="Handläggaren ser det vid öppning. Jourens beslut gäller till kl. 12 nästa vardag.",
                then=(
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="grant_new"),
                    Say(to=Audience.SENDER_UNIT, text="grant_unit", side=By.SENDER, urgent=False),
                    Disarm(step="unsent"),
                    Disarm(step="notice"),
                    Arm(step="mandate", rule="on_call_grant", since="granted_at"),
                ),
            ),
            ("valid", "take"): take_move(
                "accepted", Arm(step="mandate", rule="on_call_grant.accepted", since="granted_at")
            ),
            ("valid", "noon"): Move(
                to="responsibility_transferred",
                by=by(By.CLOCK),
                then=(Disarm(step="mandate"), Arm(step="untaken", rule="urgent_untaken")),
            ),
            ("valid", "withdraw"): _WITHDRAW,
            ("accepted", "withdraw"): _WITHDRAW,
            ("accepted", "noon"): Move(to="with_assessor", by=by(By.CLOCK), then=(Disarm(step="mandate"),)),
            ("accepted", "take"): Move(to="accepted", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken"),
            ("responsibility_transferred", "escalate"): Move(to="responsibility_transferred", by=by(By.CLOCK)),
            ("responsibility_transferred", "take"): take_move("with_assessor"),
            ("with_assessor", "take"): Move(
                to="with_assessor", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken"
            ),
        }
        | decide_moves(
            ("valid", "accepted", "responsibility_transferred", "with_assessor"),
            tell=Audience.SENDER_UNIT,
            help_goes_on=True,
        )
        | passed_on("valid", "accepted", "responsibility_transferred", "with_assessor")
        | taken_up_again("decided", to="assessing"),
        withdraw="",
    ),
)
