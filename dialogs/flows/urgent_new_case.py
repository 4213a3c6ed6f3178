"""An urgent need of somebody who has no home care, by day (Norrköping 5.7): the assessor looks into it at once."""

from cases.flow import (
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Field,
    Flow,
    Moment,
    Move,
    Say,
    Signpost,
    Situation,
    UnitChoice,
    by,
)
from dialogs.common import CARE_STAFF, ENDED, NEED, NOTE, draft_moves, with_common
from dialogs.common import STATES as COMMON
from dialogs.hand_moves import hand_moves
from dialogs.handover import TEAM
from dialogs.night import NEEDED, STATES, WORDS, decide_moves, take_move, taken_up_again
from dialogs.words import ANSWER, REMINDER

_WHO_HELPS = UnitChoice(
    name="receiving_unit",
    label="Vilken hemtjänst ska ge hjälpen?",
    short="Hemtjänst",
    kind="home_care",
    demanded_if=(NEEDED.name, frozenset({"granted"})),
    help="Svara om hjälp beviljas. Det är den enheten du ringer.",
)
FORM: tuple[Field, ...] = (
    Moment(name="noticed_at", label="När uppmärksammades behovet?", short="Uppmärksammat", future=False),
    Choice(
        name="reported_by",
        label="Vem uppmärksammade behovet?",
        short="Uppmärksammat av",
        options=(
            ("staff", "Personal i hemtjänst eller hemgångsteam"),
            ("next_of_kin", "Närstående"),
            ("care", "Hälso- och sjukvården"),
            ("client", "Personen själv"),
            ("other", "Annan"),
        ),
    ),
    NEED,
    NOTE,
)


def journal(situation: Situation) -> tuple[str, str]:
    """What each side notes of it."""
    about = "Brådskande behov hos någon utan hemtjänst"
    return f"{about}: meddelat biståndshandläggaren (Norrköping 5.7).", f"{about}: inkommet, utreds omgående."


FLOW = Flow(
    name="urgent_new_case",
    title="Brådskande – ny, utan hemtjänst",
    source="Norrköping 5.7",
    intro="För den som inte har hemtjänst och behöver hjälp omgående. Biståndshandläggaren utreder omgående.",
    group="urgent",
    senders=CARE_STAFF | TEAM,
    order=15,
    commands=("nytt ärende", "ny"),
    new_case=True,
    form=FORM,
    journal=journal,
    signposts=(
        Signpost(
            text="Under jourtid: ring jourhavande arbetsledare, som kan bevilja hjälp till kl. 12 nästa vardag. "
            "Är det fara för liv: ring 112.",
            source="Norrköping 5.7",
        ),
    ),
    states={state: COMMON[state] for state in COMMON if state != "answered"} | STATES | {"assessing": "Behovet utreds"},
    first="draft",
    last=(ENDED - {"answered"}) | {"decided"},
    words=WORDS
    | {
        "answered": (ANSWER, "Handläggaren har lämnat besked om hjälp."),
        "decision_remind": (REMINDER, "Utred omgående. Lämna besked så snart du vet om personen behöver hjälp."),
        "decision_escalate": (REMINDER, "Det saknas besked om hjälp."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="sent",
                by=by(By.SENDER),
                label="Skicka",
                then=(
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new"),
                    Disarm(step="unsent"),
                    Arm(step="read", rule="message_read"),
                    Arm(step="untaken", rule="urgent_untaken"),
                ),
            ),
            ("sent", "escalate"): Move(to="escalated", by=by(By.CLOCK)),
            ("escalated", "escalate"): Move(to="escalated", by=by(By.CLOCK)),
            ("sent", "take"): take_move("taken"),
            ("escalated", "take"): take_move("taken"),
            ("taken", "take"): Move(to="taken", by=by(By.INFORMED), label="Ta över ärendet", receipt="taken"),
        }
        | hand_moves(
            dict.fromkeys(("sent", "escalated", "taken"), "sent"),
            waiting="sent",
            restart=("read", "untaken"),
            stop=("decision",),
        )
        | decide_moves(("sent", "escalated", "taken"), asks=(_WHO_HELPS,), tell=Audience.SENDER, help_goes_on=False)
        | taken_up_again("decided", to="assessing")
    ),
)
