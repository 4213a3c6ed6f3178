"""Changed care after a supervision: whoever documents tells the case's assessor (Katrineholm, Dokumentation)."""

from cases.flow import Arm, Audience, By, Choice, Disarm, Field, Flow, Move, Say, Situation, TextField, by
from dialogs.common import CARE_STAFF, HINT, draft_moves, with_common
from dialogs.hand_moves import GIVEN_BACK, hand_moves, reopen_moves
from dialogs.supervision import SOURCE
from dialogs.words import ANSWER, REMINDER, TASK

FORM: tuple[Field, ...] = (
    Choice(
        name="documented",
        label="Är det dokumenterat i verksamhetssystemet?",
        short="Dokumenterat",
        options=(("yes", "Ja"), ("today", "Nej, jag gör det i dag")),
    ),
    TextField(
        name="changed_services",
        label="Vilka insatser har förändrats, och hur?",
        short="Förändrade insatser",
        sensitive=True,
        help=HINT,
    ),
)
_FOLLOWS = Choice(
    name="follows",
    label="Vad blir det av det?",
    short="Besked",
    options=(
        ("noted", "Noterat, beslutet gäller"),
        ("adjust", "Beslutet justeras"),
        ("assess", "Behovet utreds"),
    ),
)
_TOLD = (Disarm(step="tell"), Disarm(step="unsent"), Arm(step="read", rule="supervision_change_read"))


_TELL = Arm(step="tell", rule="supervision_change_tell")
_CARD = Say(to=Audience.SENDER, text="change_to_tell", side=By.SENDER, urgent=False)


def came_of_a_meeting(situation: Situation) -> bool:
    return situation.thread.parent_id is not None


def _answer(state: str) -> dict[tuple[str, str], Move]:
    return {
        (state, "answer"): Move(
            to="answered",
            by=by(By.RECEIVER, By.INFORMED),
            label="Lämna besked",
            needs=(_FOLLOWS,),
            receipt="taken",
            then=(Say(to=Audience.SENDER, text="answered", side=By.SENDER, urgent=False),),
        ),
    }


FLOW = Flow(
    name="supervision_change",
    title="Förändrade insatser efter handledning",
    source=SOURCE,
    intro="Utsedd omvårdnadspersonal dokumenterar i verksamhetssystemet och meddelar förändrade insatser till "
    "biståndshandläggaren.",
    senders=CARE_STAFF | {"planner"},
    group="meetings",
    order=72,
    commands=("förändrade insatser",),
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast – biståndshandläggaren är inte meddelad",
        "sent": "Meddelat",
        GIVEN_BACK: "Åter hos avsändaren – fel mottagare",
        "answered": "Besked lämnat – avslutat",
        "withdrawn": "Återkallat",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"answered", "withdrawn", "discarded"}),
    words={
        "new": (TASK, "Insatser har förändrats vid en handledning. Läs i verksamhetssystemet."),
        "answered": (ANSWER, "Biståndshandläggaren har lämnat besked."),
        "change_to_tell": (TASK, "Insatserna har förändrats vid handledningen. Dokumentera, och meddela här."),
        "change_untold": (REMINDER, "Biståndshandläggaren är inte meddelad om de förändrade insatserna än."),
        "change_unread": (REMINDER, "Meddelandet om förändrade insatser väntar på ditt besked."),
    },
    moves=with_common(
        draft_moves(FORM, _TELL)
        | {
            ("", "open"): (
                # Somebody else has written it in: whoever documents gets the card, and their own reminder.
                Move(to="draft", by=by(By.SENDER), when=came_of_a_meeting, then=(_CARD, _TELL)),
                Move(to="draft", by=by(By.SENDER), then=(Arm(step="unsent", rule="draft_with_notice"), _TELL)),
            ),
            ("draft", "send"): Move(
                to="sent",
                by=by(By.SENDER),
                label="Meddela biståndshandläggaren",
                needs=FORM,
                then=(*_TOLD[:2], Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new", urgent=False), _TOLD[2]),
            ),
            ("sent", "read"): Move(to="sent", by=by(By.RECEIVER), label="Läst", receipt="read"),
        }
        | _answer("sent")
        | hand_moves({"sent": "sent"}, waiting="sent", restart=("read",))
        | reopen_moves({"answered": by(By.SENDER, By.RECEIVER)}, to="sent", restart=("read",))
    ),
)
