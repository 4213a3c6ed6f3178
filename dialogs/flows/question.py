"""A question about one person's case, in either direction (Norrköping 1.1 and 3.1, D03)."""

from cases.flow import Arm, Audience, By, Choice, Disarm, Field, Flow, Guard, Move, Say, Situation, TextField, by
from dialogs.common import ASSESSORS, ENDED, HINT, HOME_CARE, STATES, draft_moves, reply_moves, with_common


def sent_by_assessor(situation: Situation) -> bool:
    """From the assessor to the provider's function mailbox, which is read on vardagar 9–14."""
    return situation.thread.sender_side == "authority"


def _send(read_rule: str, when: Guard | None = None) -> Move:
    return Move(
        to="sent",
        by=by(By.SENDER),
        label="Skicka",
        when=when,
        then=(
            Say(to=Audience.COUNTERPART, text="new", urgent=False),
            Disarm(step="unsent"),
            Arm(step="read", rule=read_rule),
            Arm(step="feedback", rule="feedback"),
        ),
    )


FORM: tuple[Field, ...] = (
    Choice(
        name="category",
        label="Vad gäller frågan?",
        short="Gäller",
        options=(
            ("assignment", "Uppdraget"),
            ("changed_need", "Förändrat behov som kan vänta"),
            ("planning", "Planering och utförande"),
            ("contact", "Brukaren önskar kontakt"),
            ("other", "Annat"),
        ),
    ),
    TextField(
        name="question_text",
        label="Din fråga",
        short="Fråga",
        sensitive=True,
        help=HINT,
    ),
)

FLOW = Flow(
    name="question",
    title="Fråga i enskilt ärende",
    source="Norrköping 1.1",
    intro="För det som kan vänta. Återkoppling om åtgärd ska komma inom fem arbetsdagar.",
    senders=HOME_CARE | ASSESSORS,
    order=30,
    commands=("fråga", "fraga"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): (
                _send("mailbox_window", when=sent_by_assessor),
                _send("message_read"),
            ),
        }
        # Taking a question does not stop the five working days: only a stated åtgärd does.
        | reply_moves("sent", arm_on_take=(), disarm=("read",))
    ),
)
