"""Hemgångsteamet hands over, simplified decision: two vardagar's notice to the assessor (Norrköping 5.8.1, D13)."""

from cases.flow import Audience, Day, Flow
from dialogs.handover import ENDED, STATES, TEAM, handover_moves

FORM = (Day(name="handover_date", label="Vilken dag sker överlämningen?", short="Dag", past=False),)

FLOW = Flow(
    name="handover_simplified",
    title="Överlämning – förenklad",
    group="handover",
    source="Norrköping 5.8.1",
    intro="Datum för överlämning meddelas ansvarig biståndshandläggare senast två vardagar innan.",
    senders=TEAM,
    order=40,
    commands=("överlämning", "overlamning"),
    form=FORM,
    states=STATES,
    first="planned",
    last=ENDED,
    urgent=False,
    moves=handover_moves("handover_simplified", FORM, (Audience.RESPONSIBLE_ASSESSOR,)),
)
