"""Hemgångsteamet hands over, ordinary handling: 24 hours' notice to assessor and receiver (Norrköping 5.8.2, D14)."""

from cases.flow import Audience, Choice, Flow, Moment, UnitChoice
from dialogs.handover import ENDED, STATES, TEAM, handover_moves

FORM = (
    Moment(name="handover_at", label="När sker överlämningen?", short="Tid", past=False),
    UnitChoice(name="receiving_unit", label="Vilken hemtjänst tar över?", short="Tar över", kind="home_care"),
    Choice(
        name="form_sent",
        short="Mall skickad",
        label="Är mallen med insatser skickad till handläggarnas funktionsbrevlåda?",
        options=(("yes", "Ja"), ("no", "Nej, jag skickar den i dag")),
    ),
)

FLOW = Flow(
    name="handover_ordinary",
    title="Överlämning – vanlig",
    source="Norrköping 5.8.2",
    intro="Meddelas biståndshandläggare och berörd hemtjänst senast 24 timmar innan. Båda kvitterar.",
    senders=TEAM,
    order=41,
    commands=("överlämning24", "överlämning vanlig"),
    form=FORM,
    states=STATES,
    first="planned",
    last=ENDED,
    urgent=False,
    moves=handover_moves("handover_ordinary", FORM, (Audience.RESPONSIBLE_ASSESSOR, Audience.RECEIVING_UNIT)),
)
