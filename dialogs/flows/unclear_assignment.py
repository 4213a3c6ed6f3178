"""Hemtjänst finds an assignment unclear and goes through it with the assessor (Norrköping 3.1, D03)."""

from cases.flow import Audience, Choice, Field, Flow, TextField
from dialogs.common import ACTION, ACTION_TEXT, ENDED, HINT, HOME_CARE, PLANNED, STATES
from dialogs.ordinary import ordinary_moves, sending
from dialogs.words import ANSWER as ANSWERED

# Norrköping 2.1 and 2.2 say what an assignment makes clear.
FORM: tuple[Field, ...] = (
    Choice(
        name="part_of_assignment",
        label="Vilken del av uppdraget är oklar?",
        short="Oklart",
        multiple=True,
        options=(
            ("what", "Vad som ska utföras"),
            ("extent", "Om hjälpen gäller delar av en aktivitet eller hela"),
            ("support", "Om stödet är stödjande eller kompenserande"),
            ("goal", "Målsättningen"),
            ("frame_time", "Ramtiden"),
            ("other_heading", "Det som står under rubriken ”övrigt”"),
        ),
    ),
    TextField(
        name="unclear_text", label="Vad behöver förtydligas?", short="Behöver förtydligas", sensitive=True, help=HINT
    ),
)

# The routine's answer is to reason together; the rest are those of every återkoppling.
_TOGETHER = Choice(
    name=ACTION.name,
    label=ACTION.label,
    short=ACTION.short,
    options=(
        ("go_through", "Vi går igenom uppdraget tillsammans"),
        ("clarified", "Uppdraget är förtydligat"),
        *ACTION.options,
    ),
)

FLOW = Flow(
    name="unclear_assignment",
    title="Otydligt uppdrag",
    source="Norrköping 3.1",
    intro="Ta kontakt med ansvarig biståndshandläggare för att tillsammans gå igenom uppdraget och det som är oklart.",
    senders=HOME_CARE,
    group="assignments",
    order=31,
    commands=("otydligt", "oklart"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    words={
        "answered": (
            ANSWERED,
            "Du har fått återkoppling. Glöm inte att dokumentera viktiga förtydliganden i er journal.",
        ),
    },
    moves=ordinary_moves(
        FORM,
        sending(Audience.RESPONSIBLE_ASSESSOR, "message_read"),
        answer=(_TOGETHER, PLANNED, ACTION_TEXT),
    ),
)
