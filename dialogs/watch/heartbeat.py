"""Stafett's proof that it works: a message that goes all the way by itself, to a test account.

It is a thread like any other, so that what carries people's messages carries this: its time comes by a deadline, it
goes through the outbox in the urgent lane, and it has arrived when Teams has acknowledged it. Nobody can start one, it
is about no case, and it ends by itself. It stands apart from the flows that the routines know.
"""

from cases.flow import Arm, By, Flow, Move, by
from dialogs.common import with_common
from dialogs.words import INFORMATION

FLOW = Flow(
    name="heartbeat",
    title="Prov",
    source="Stafett",
    intro="Stafett provar att meddelanden går fram.",
    senders=frozenset(),
    group="question",
    order=99,
    form=(),
    states={"waiting": "Väntar på klockan", "beaten": "Klart"},
    first="waiting",
    last=frozenset({"beaten"}),
    caseless=True,
    caseless_word="Prov",
    words={"heartbeat": (INFORMATION, "Stafett provar att meddelanden går fram. Du behöver inte göra något.")},
    moves=with_common(
        {
            ("", "open"): Move(to="waiting", by=by(By.SENDER), then=(Arm(step="beat", rule="heartbeat"),)),
            ("waiting", "beat"): Move(to="beaten", by=by(By.CLOCK)),
        },
        withdraw="",
    ),
)
