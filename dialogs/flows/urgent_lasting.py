"""A changed need that cannot wait and is likely to last (Norrköping 5.5, D10)."""

from datetime import datetime

from cases.flow import Arm, Audience, By, Disarm, Field, Flow, Moment, Move, Say, Situation, by
from dialogs.common import CARE_STAFF, ENDED, NEED, NOTE, NOTICED_BY, STATES, draft_moves, reply_moves, with_common
from dialogs.swedish import day_text


def proposed_date(situation: Situation) -> list[tuple[str, str]]:
    """A decision on more support is dated from the day it began; the assessor decides."""
    start = datetime.fromisoformat(situation.thread.values["extra_help_start"])
    return [("Beviljas utökat stöd", f"dateras beslutet från {day_text(start)}, dagen då stödet påbörjades")]


FORM: tuple[Field, ...] = (
    NEED,
    Moment(
        name="extra_help_start", label="När påbörjades det utökade stödet?", short="Utökat stöd påbörjat", future=False
    ),
    NOTICED_BY,
    NOTE,
)

FLOW = Flow(
    name="urgent_lasting",
    title="Brådskande – antas bestå",
    group="urgent",
    source="Norrköping 5.5",
    intro="För pågående ärenden: behovet kan inte vänta och antas vara en längre tid. "
    "Meddela omgående, senast nästa vardag.",
    senders=CARE_STAFF,
    order=10,
    commands=("brådskande", "bradskande", "urgent"),
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    suggestions=proposed_date,
    moves=with_common(
        draft_moves(FORM, Arm(step="notice", rule="urgent_lasting", since="extra_help_start"))
        | {
            ("draft", "send"): Move(
                to="sent",
                by=by(By.SENDER),
                label="Skicka",
                then=(
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new"),
                    Disarm(step="unsent"),
                    Disarm(step="notice"),
                    Arm(step="read", rule="message_read"),
                    Arm(step="untaken", rule="urgent_untaken"),
                ),
            ),
        }
        | reply_moves("sent", arm_on_take=(Arm(step="answer", rule="urgent_answer"),), disarm=("read", "untaken"))
    ),
)
