"""A question about one person's case, in either direction (Norrköping 1.1, D03)."""

from cases.flow import Audience, Choice, Field, Flow, Signpost, Situation, TextField
from dialogs.common import ASSESSORS, ENDED, HINT, HOME_CARE, STATES
from dialogs.ordinary import ordinary_moves, sending


def sent_by_assessor(situation: Situation) -> bool:
    """From the assessor to the provider's function mailbox, which is read on vardagar 9–14."""
    return situation.thread.sender_side == "authority"


FORM: tuple[Field, ...] = (
    Choice(
        name="category",
        label="Vad gäller frågan?",
        short="Gäller",
        options=(
            ("assignment", "Uppdraget"),
            ("approval", "Om vi får göra en aktivitet"),
            ("changed_need", "Förändrat behov som kan vänta"),
            ("planning", "Planering och utförande"),
            ("contact", "Brukaren önskar kontakt"),
            ("other", "Annat"),
        ),
    ),
    # Norrköping 1.1 names chef, gruppledare and administratör: what somebody else asks is passed on by one of them.
    Choice(
        name="passed_on_for",
        label="Vidareförmedlar du frågan åt någon annan?",
        short="Vidareförmedlas av avsändaren åt",
        required=False,
        options=(
            ("care_worker", "omvårdnadspersonal"),
            ("fixed_care_contact", "fast omsorgskontakt"),
            ("night", "nattpersonal"),
            ("other", "någon annan i verksamheten"),
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
    group="question",
    order=30,
    commands=("fråga", "fraga"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    signposts=(
        Signpost(
            text="Kan det inte vänta: hjälp vid toalettbesök, få i sig mat och dryck, eller inte mat för dagen? "
            "Då gäller rutinen för brådskande behov.",
            source="Norrköping 5.5",
        ),
        Signpost(
            when=("category", "approval"),
            text="Aktiviteter inom beviljat livsområde och ramtid behöver inte godkännas av biståndshandläggare. "
            "Aktiviteten ska vara tydligt kopplad till målsättningen.",
            source="Norrköping 2.2",
        ),
    ),
    moves=ordinary_moves(
        FORM,
        (
            sending(Audience.COUNTERPART, "mailbox_window", when=sent_by_assessor),
            sending(Audience.COUNTERPART, "message_read"),
        ),
    ),
)
