"""Hemtjänsten tells that a service has ended, and when it was last performed (Norrköping 3.4, `D08` and `D07`)."""

from datetime import date

from cases.flow import Arm, Audience, By, Day, Field, Flow, Move, Say, Situation, by
from dialogs import ends
from dialogs.common import HOME_CARE
from dialogs.ends import CARE_SERVICE, CUTOFF, REGISTERED_ON, RegisteredLate
from dialogs.swedish import full_day_text

_LAST = Day(
    name="last_performed_date",
    label="Vilken dag utfördes insatsen senast?",
    short="Senast utförd",
    future=False,
    today=False,
    help="Dagen avgör avgiften: avslutet bakåtdateras till den.",
)
FORM: tuple[Field, ...] = (_LAST, CARE_SERVICE)
_LATE = RegisteredLate(basis=lambda values: values.get(_LAST.name))


def backdated(situation: Situation) -> list[tuple[str, str]]:
    """The day the end is dated back to, and until when debiteringen need not be asked."""
    last = str(situation.thread.values[_LAST.name])
    dated = [("Avslutet bakåtdateras till", full_day_text(date.fromisoformat(last)))]
    return dated + ends.billing_facts(situation, last)


_COUNTED = Arm(step="registration", rule=CUTOFF, since=_LAST.name)
_REGISTER = Move(
    to="registered",
    by=by(By.RECEIVER, By.INFORMED),
    label="Avslutet är registrerat",
    needs=(REGISTERED_ON,),
    receipt="taken",
    consequence="Avslutet dateras till dagen då insatsen senast utfördes.",
    then=(Say(to=Audience.SENDER, text="answered", side=By.SENDER, urgent=False),),
)

FLOW = Flow(
    name="service_ended",
    title="Avslut av insats",
    source="Norrköping 3.4",
    group="ends",
    intro="En insats har avslutats. Meddela ansvarig biståndshandläggare omgående, med dagen då den utfördes senast.",
    senders=HOME_CARE | {"fixed_care_contact"},
    order=70,
    commands=("avslut", "avslut av insats"),
    urgent=False,
    form=FORM,
    states=ends.ASKED_STATES | {state: word for state, word in ends.STATES.items() if state != "billing_provider"},
    first="draft",
    last=ends.ASKED_ENDED,
    outlives=frozenset({"billing_assessor"}),
    suggestions=backdated,
    words=ends.WORDS,
    moves=ends.asked_moves(
        FORM, _COUNTED, ends.registers(_REGISTER, _LATE), ("assessor",), Arm(step="receipt", rule="immediate.receipt")
    ),
)
