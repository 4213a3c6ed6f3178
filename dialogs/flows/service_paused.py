"""A pause or end of a single service (Norrköping 3.4). A pause of the whole case is nobody's message: it is registered.

The routine's «omgående» stands only at avslut and dödsfall, so here the reading and the 4th are all that is counted.
"""

from cases.flow import Arm, Audience, By, Choice, Day, Field, Flow, Move, Say, Signpost, Situation, by
from dialogs import ends
from dialogs.common import HOME_CARE
from dialogs.ends import CARE_SERVICE, CUTOFF, REGISTERED_ON, RegisteredLate

_SCOPE = Choice(
    name="scope",
    label="Vad gäller uppehållet?",
    short="Gäller",
    options=(
        ("single", "Enstaka insatser eller beslut"),
        ("whole", "Hela ärendet, till exempel vid sjukhusvistelse"),
    ),
)
_FROM = Day(name="from_date", label="Från vilken dag?", short="Uppehåll/avslut från")
FORM: tuple[Field, ...] = (_SCOPE, _FROM, CARE_SERVICE)
_LATE = RegisteredLate(basis=lambda values: values.get(_FROM.name))


def limit(situation: Situation) -> list[tuple[str, str]]:
    """Until when debiteringen need not be asked."""
    return ends.billing_facts(situation, str(situation.thread.values[_FROM.name]))


_COUNTED = Arm(step="registration", rule=CUTOFF, since=_FROM.name)
_REGISTER = Move(
    to="registered",
    by=by(By.RECEIVER, By.INFORMED),
    label="Det är registrerat",
    needs=(REGISTERED_ON,),
    receipt="taken",
    then=(Say(to=Audience.SENDER, text="answered", side=By.SENDER, urgent=False),),
)

FLOW = Flow(
    name="service_paused",
    title="Uppehåll/avslut av enstaka insats",
    source="Norrköping 3.4",
    group="ends",
    intro="Vid uppehåll på enstaka insatser eller beslut tas en kontakt med ansvarig biståndshandläggare för avslut.",
    senders=HOME_CARE | {"fixed_care_contact"},
    order=71,
    commands=("uppehåll", "uppehall"),
    urgent=False,
    form=FORM,
    signposts=(
        Signpost(
            when=(_SCOPE.name, "whole"),
            text="Uppehåll på hela ärendet registreras av hemtjänst utan att biståndshandläggare kontaktas.",
            source="Norrköping 3.4",
            stops=True,
        ),
    ),
    states=ends.ASKED_STATES | ends.STATES,
    first="draft",
    last=ends.ASKED_ENDED,
    outlives=frozenset({"billing_assessor", "billing_provider"}),
    suggestions=limit,
    words=ends.WORDS,
    moves=ends.asked_moves(FORM, _COUNTED, ends.registers_either(_REGISTER, _LATE), ("assessor", "provider")),
)
