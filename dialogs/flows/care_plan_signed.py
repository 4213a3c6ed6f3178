"""The care plan is entered as soon as it is begun and signed within fifteen days; the assessor then sees whether the
order was understood (Stockholm, D21)."""

from cases.flow import Arm, Audience, By, Choice, Day, Disarm, Flow, Move, Own, Say, by
from dialogs.care_plans import PLAN, PLAN_ENDED, PLAN_STATES, STARTERS, making_moves, start_moves
from dialogs.common import with_common
from dialogs.words import ANSWER, REMINDER, TASK

RECEIVED = Day(
    name="order_received",
    label="Vilken dag kom beställningen?",
    short="Beställningen kom",
    future=False,
    help="Rutinen anger ingen start för de femton dagarna. Stafett räknar från att beställningen kom.",
)
_SIGNED = Day(name="signed_on", label="Vilken dag skrevs planen under?", short="Underskriven", future=False)
_MATCHED = Choice(
    name="matched_order",
    label="Är planen avstämd mot rambeställningen?",
    short="Avstämd mot rambeställningen",
    options=(("yes", "Ja"), ("differs", "Ja, och den avviker: handläggaren kontaktas")),
)
_UNDERSTOOD = Choice(
    name="order_understood",
    label="Har utföraren uppfattat beställningen och syftet på rätt sätt?",
    short="Beställningen rätt uppfattad",
    options=(("yes", "Ja"), ("no", "Nej, jag tar kontakt med utföraren")),
)
_CHECK = "check"


def _signed(state: str) -> dict[tuple[str, str], Move]:
    return {
        (state, "sign"): Move(
            to="signed",
            by=by(By.RECEIVER, By.INFORMED),
            label="Planen är underskriven",
            needs=(_SIGNED, _MATCHED),
            receipt="taken",
            then=(
                Disarm(step=PLAN),
                Say(to=Audience.RESPONSIBLE_ASSESSOR, text="care_plan_signed", urgent=False),
                Own(to=Audience.RESPONSIBLE_ASSESSOR, alone=True),
                Arm(step=_CHECK, rule="care_plan_check"),
            ),
        )
    }


FLOW = Flow(
    name="care_plan_signed",
    title="Genomförandeplan ska skrivas under",
    source="Stockholm, Förbättrat arbetssätt",
    intro="Planen tas fram hemma hos brukaren, läggs in så fort den är påbörjad och skrivs under inom 15 dagar. "
    "Handläggaren följer sedan upp att beställningen är rätt uppfattad.",
    senders=STARTERS,
    group="plan",
    order=61,
    commands=("genomförandeplan", "plan"),
    form=(RECEIVED,),
    states=PLAN_STATES
    | {
        "begun": "Påbörjad och inlagd",
        "signed": "Underskriven – handläggaren följer upp",
        "completed": "Underskriven och uppföljd",
    },
    first="draft",
    last=PLAN_ENDED,
    urgent=False,
    later_label="Görs av",
    words={
        "new": (TASK, "En genomförandeplan ska göras tillsammans med brukaren."),
        "care_plan_soon": (REMINDER, "Genomförandeplanen ska snart vara underskriven."),
        "care_plan_today": (REMINDER, "I dag är sista dagen att skriva under genomförandeplanen."),
        "care_plan_hindered": (REMINDER, "Genomförandeplanen blir inte klar i tid. Skälet står här."),
        "care_plan_signed": (TASK, "En plan är underskriven. Följ upp att beställningen är rätt uppfattad."),
        "care_plan_check": (REMINDER, "Följ upp att utföraren har uppfattat beställningen på rätt sätt."),
        "completed": (ANSWER, "Handläggaren har följt upp genomförandeplanen."),
    },
    moves=with_common(
        start_moves((RECEIVED,), "care_plan_signed")
        | making_moves(RECEIVED, "care_plan_signed", "running", "begun")
        | {
            ("running", "begin"): Move(
                to="begun",
                by=by(By.RECEIVER),
                label="Planen är påbörjad och inlagd",
                receipt="taken",
                consequence="Den som är i tjänst ser då vilka behov som ska tillgodoses och hur.",
            ),
            **_signed("running"),
            **_signed("begun"),
            ("signed", "followed_up"): Move(
                to="completed",
                by=by(By.RECEIVER, By.INFORMED),
                label="Uppföljt",
                needs=(_UNDERSTOOD,),
                receipt="taken",
                then=(Say(to=Audience.SENDER, text="completed", side=By.SENDER, urgent=False),),
            ),
        }
    ),
)
