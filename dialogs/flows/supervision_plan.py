"""After a supervision the contact person updates the care plan and Senior Alert (Katrineholm, Dokumentation)."""

from cases.flow import Arm, Audience, By, Disarm, Field, Flow, Move, Say, by
from dialogs.common import draft_moves, with_common
from dialogs.hand_moves import GIVEN_BACK, hand_moves
from dialogs.supervision import MANAGERS, SOURCE
from dialogs.words import INFORMATION, REMINDER, TASK

FORM: tuple[Field, ...] = ()

FLOW = Flow(
    name="supervision_plan",
    title="Uppdatera genomförandeplan och Senior Alert",
    source=SOURCE,
    intro="Kontaktpersonal uppdaterar genomförandeplan och Senior Alert efter handledningen. Inget av det skrivs här.",
    senders=MANAGERS,
    group="meetings",
    order=73,
    commands=("uppdatera planen",),
    urgent=False,
    form=FORM,
    later_label="Görs av",
    states={
        "draft": "Utkast",
        "sent": "Ska uppdateras",
        GIVEN_BACK: "Åter hos enhetschefen – fel mottagare",
        "updated": "Uppdaterat",
        "withdrawn": "Återkallat",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"updated", "withdrawn", "discarded"}),
    words={
        "new": (TASK, "Uppdatera genomförandeplanen efter handledningen, och Senior Alert om den berörs."),
        "plan_not_updated": (REMINDER, "Genomförandeplan och Senior Alert ska uppdateras efter handledningen."),
        "plan_updated": (INFORMATION, "Genomförandeplan och Senior Alert är uppdaterade."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="sent",
                by=by(By.SENDER),
                label="Skicka",
                then=(
                    Disarm(step="unsent"),
                    Say(to=Audience.FIXED_CARE_CONTACT, text="new", urgent=False),
                    Arm(step="update", rule="supervision_plan_update"),
                ),
            ),
            ("sent", "updated"): Move(
                to="updated",
                by=by(By.RECEIVER, By.INFORMED),
                label="Det är uppdaterat",
                receipt="taken",
                consequence="Genomförandeplanen är uppdaterad, och Senior Alert om den berörs.",
                then=(
                    Disarm(step="update"),
                    Say(to=Audience.SENDER, text="plan_updated", side=By.SENDER, urgent=False),
                ),
            ),
        }
        | hand_moves({"sent": "sent"}, waiting="sent", restart=("update",))
    ),
)
