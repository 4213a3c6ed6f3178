"""Hemtjänst helps a client to reach the assessor (Norrköping 1.3, D03): a wish to be contacted, no application."""

from cases.flow import Audience, Choice, Field, Flow, Signpost, Situation, TextField
from dialogs.common import ENDED, HINT, HOME_CARE, STATES
from dialogs.ordinary import ordinary_moves, sending
from dialogs.words import TASK


def marked_as_wish(_situation: Situation) -> list[tuple[str, str]]:
    """What the assessor must not take it for; whether it is to be treated as an application is hers to judge."""
    return [
        ("Det här är", "brukarens önskan om kontakt, framförd av hemtjänsten. Ingen ansökan har lämnats i Stafett"),
        ("Sedan", "kontaktar biståndshandläggaren brukaren och bedömer om och vilken utredningsinsats som krävs"),
    ]


FORM: tuple[Field, ...] = (
    Choice(
        name="wished_by",
        label="Vem vill ha kontakt?",
        short="Vill ha kontakt",
        options=(("client", "Brukaren"), ("representative", "Legal företrädare")),
    ),
    Choice(
        name="why_through_us",
        label="Varför hjälper ni till med kontakten?",
        short="Hemtjänsten hjälper till därför att",
        options=(
            ("unable", "Brukaren har inte förmåga att ta kontakten"),
            ("wants_support", "Brukaren önskar stöd i att ta kontakten"),
        ),
    ),
    Choice(
        name="purpose",
        label="Vad gäller önskan?",
        short="Önskan gäller",
        options=(
            ("changed_support", "Förändrat stöd"),
            ("end_service", "Att avsluta en insats"),
            ("question", "En fråga"),
            ("not_said", "Det har brukaren inte sagt"),
        ),
    ),
    TextField(
        name="contact_text",
        label="Det handläggaren behöver veta inför kontakten",
        short="Inför kontakten",
        required=False,
        sensitive=True,
        help=HINT,
    ),
)

FLOW = Flow(
    name="client_contact",
    title="Hjälp brukaren att nå handläggaren",
    source="Norrköping 1.3",
    intro="När brukaren inte själv kan, eller önskar stöd i, att kontakta handläggaren. Handläggaren kontaktar sedan "
    "brukaren.",
    senders=HOME_CARE,
    group="question",
    order=33,
    commands=("kontakt", "önskar kontakt"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    suggestions=marked_as_wish,
    words={"new": (TASK, "En önskan om kontakt, ingen ansökan.")},
    signposts=(
        Signpost(
            text="Stafett tar inte emot ansökningar. Den som själv kan ansöker direkt hos biståndshandläggaren. "
            "Här framför du bara en önskan om kontakt.",
            source="Norrköping 1.3",
        ),
    ),
    moves=ordinary_moves(FORM, sending(Audience.RESPONSIBLE_ASSESSOR, "message_read")),
)
