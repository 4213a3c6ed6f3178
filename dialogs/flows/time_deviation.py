"""The ordered time of a service outside the frame time is not the performed one (Norrköping 3.2.2, D03)."""

from decimal import Decimal

from cases.flow import Audience, Choice, Day, Field, Flow, Number, Signpost, Situation, TextField
from dialogs.common import ENDED, HINT, HOME_CARE, STATES
from dialogs.ordinary import ordinary_moves, sending

_MOST = Decimal(1_000)


def difference(situation: Situation) -> list[tuple[str, str]]:
    """Performed less ordered, in the measure that was chosen."""
    values = situation.thread.values
    if not all(values.get(name) for name in ("ordered", "performed", "measure")):
        return []
    apart = Decimal(values["performed"]) - Decimal(values["ordered"])
    measure = dict(_MEASURE.options)[values["measure"]]
    if not apart:
        return [("Skillnad", "ingen")]
    return [("Skillnad", f"{abs(apart):f} {measure} {'mer' if apart > 0 else 'mindre'} än beställt".replace(".", ","))]


# The rest is asked only of what lies outside the frame time.
_OUTSIDE = ("frame", frozenset({"outside"}))
_MEASURE = Choice(
    name="measure",
    label="Hur räknar du tiden?",
    short="Räknat i",
    demanded_if=_OUTSIDE,
    options=(
        ("minutes_visit", "minuter per besök"),
        ("hours_week", "timmar per vecka"),
        ("hours_month", "timmar per månad"),
    ),
)
FORM: tuple[Field, ...] = (
    Choice(
        name="frame",
        label="Ligger insatsen utanför ramtiden?",
        short="Insatsen ligger",
        options=(("outside", "Utanför ramtiden"), ("inside", "I ramtiden")),
        help="Utanför: natthjälp, digital tillsyn, egenvård, ledsagning och avlösning. Skriv «ramtid» för hela listan.",
    ),
    Choice(
        name="outside_service",
        label="Vilken insats?",
        short="Insats",
        sensitive=True,
        demanded_if=_OUTSIDE,
        # Norrköping 3.2.2 names the first five; ersättningsmodellen has the two last outside the frame time as well.
        options=(
            ("night_help", "Natthjälp"),
            ("digital_supervision", "Digital tillsyn"),
            ("self_care", "Egenvård"),
            ("escort", "Ledsagning"),
            ("relief", "Avlösning"),
            ("meal_delivery", "Matdistribution"),
            ("vigil", "Vak"),
        ),
    ),
    Day(
        name="deviates_since",
        label="Sedan vilken dag stämmer tiden inte?",
        short="Sedan",
        demanded_if=_OUTSIDE,
        future=False,
    ),
    _MEASURE,
    Number(name="ordered", label="Beställd tid", least=Decimal(0), most=_MOST, decimals=2, demanded_if=_OUTSIDE),
    Number(name="performed", label="Utförd tid", least=Decimal(0), most=_MOST, decimals=2, demanded_if=_OUTSIDE),
    Choice(
        name="overhead",
        label="Är kringtiden borträknad från den utförda tiden?",
        short="Kringtiden är borträknad",
        demanded_if=_OUTSIDE,
        options=(("yes", "Ja"), ("no", "Nej")),
    ),
    TextField(
        name="reason",
        label="Varför stämmer inte tiden?",
        short="Skäl",
        sensitive=True,
        demanded_if=_OUTSIDE,
        help=HINT,
    ),
)

FLOW = Flow(
    name="time_deviation",
    title="Tid utanför ramtid",
    source="Norrköping 3.2.2",
    intro="När den beställda tiden för en insats utanför ramtiden inte stämmer med den utförda.",
    senders=HOME_CARE,
    group="assignments",
    order=32,
    commands=("tid", "avvikande tid"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    suggestions=difference,
    guides=("ramtid",),
    signposts=(
        Signpost(
            when=("frame", "inside"),
            text="För insatser som ingår i ramtiden görs inga tidsjusteringar om behovet inte förändrats. "
            "Har behovet ändrats: beskriv det i «Förändrat behov».",
            source="Norrköping 3.2.2",
            stops=True,
        ),
        Signpost(
            when=("overhead", "no"),
            text="Ta hänsyn till vad som ingår i den beställda tiden och vad som är kringtid. "
            "Räkna bort kringtiden innan du jämför.",
            source="Norrköping 3.2.2",
        ),
    ),
    moves=ordinary_moves(FORM, sending(Audience.RESPONSIBLE_ASSESSOR, "message_read")),
)
