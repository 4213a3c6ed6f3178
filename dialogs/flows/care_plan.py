"""The care plan is made with the client within three weeks from when the assignment began (Norrköping 2.2, D06)."""

from cases.flow import Audience, By, Day, Flow, Move, Say, by
from dialogs.care_plans import PLAN_ENDED, PLAN_STATES, STARTERS, makes_it_alone, making_moves, start_moves
from dialogs.common import with_common
from dialogs.words import ANSWER, REMINDER, TASK

BEGAN = Day(
    name="execution_date",
    label="Vilken dag verkställdes uppdraget?",
    short="Verkställt",
    help="Den första dagen som brukaren får tillgång till insatsen.",
)
_READY = Day(name="completed_on", label="Vilken dag blev planen klar?", short="Planen klar", future=False)
_DONE = "Planen är klarmarkerad i verksamhetssystemet."


def _complete(**more: object) -> Move:
    return Move(
        to="completed", by=by(By.RECEIVER, By.INFORMED), label="Planen är klar", needs=(_READY,), receipt="taken",
        consequence=_DONE, **more,  # type: ignore[arg-type]
    )  # fmt: skip


FLOW = Flow(
    name="care_plan",
    title="Genomförandeplan ska göras",
    source="Norrköping 2.2",
    intro="Hemtjänsten planerar tillsammans med brukaren hur och när behovet ska tillgodoses, inom tre veckor från "
    "verkställigheten. Stafett påminner den fasta omsorgskontakten tills planen är klar.",
    senders=STARTERS,
    group="plan",
    order=60,
    commands=("genomförandeplan", "plan"),
    form=(BEGAN,),
    states=PLAN_STATES,
    first="draft",
    last=PLAN_ENDED,
    urgent=False,
    later_label="Görs av",
    words={
        "new": (TASK, "En genomförandeplan ska göras tillsammans med brukaren."),
        "care_plan_soon": (REMINDER, "Genomförandeplanen ska snart vara klar."),
        "care_plan_today": (REMINDER, "I dag är sista dagen för genomförandeplanen."),
        "care_plan_hindered": (REMINDER, "Genomförandeplanen blir inte klar i tid. Skälet står här."),
        "completed": (ANSWER, "Genomförandeplanen är klar."),
    },
    moves=with_common(
        start_moves((BEGAN,), "care_plan")
        | making_moves(BEGAN, "care_plan", "running")
        | {
            ("running", "complete"): (
                _complete(when=makes_it_alone),
                _complete(then=(Say(to=Audience.SENDER, text="completed", side=By.SENDER, urgent=False),)),
            )
        }
    ),
)
