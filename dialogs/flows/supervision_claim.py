"""Each month's supervision hours, for the manager to enter in the municipality's e-service (Katrineholm, D29)."""

from datetime import date
from decimal import Decimal

from cases.flow import Arm, Audience, By, Choice, Day, Disarm, Field, Flow, Move, Number, Say, Situation, by
from dialogs.common import draft_moves, with_common
from dialogs.form import number_text
from dialogs.supervision import CLAIM, MANAGERS, SOURCE
from dialogs.swedish import month_text
from dialogs.words import REMINDER, TASK

# The name that the routine gives it. Hours are entered there; no sums of money are ever written in Stafett.
E_SERVICE = "Debiteringsunderlag för ersättning enligt lagen om valfrihetssystem (LOV)"

_UNTIL = Day(
    name="month_end", label="Vilken är månadens sista dag?", short="Timmar till och med", future=False, today=False
)
_MINUTES = Number(name="minutes", label="Minuter", least=Decimal(1), hidden=True)
_HOURS = Number(
    name="hours", label="Hur många handledningstimmar?", short="Handledningstimmar", decimals=2, suffix="timmar"
)
_UNSETTLED = Number(name="unsettled", label="Utan besked", short="Handledningar utan besked", required=False)
FORM: tuple[Field, ...] = (_UNTIL, _HOURS)
_COUNTED = (*FORM, _MINUTES, _UNSETTLED)
_SENT_ON = Day(name="sent_on", label="Vilken dag skickades underlaget in?", short="Inskickat", future=False)
_WHY_NOT = Choice(
    name="not_claimed_because",
    label="Varför ska timmarna inte anmälas?",
    short="Anmäls inte",
    options=(("elsewhere", "De är redan anmälda"), ("not_entitled", "De ger ingen ersättning"), ("other", "Annat")),
)


def what_to_enter(situation: Situation) -> list[tuple[str, str]]:
    """What to write and where, as long as it has not been done."""
    values = situation.thread.values
    if situation.thread.state != "to_claim":
        return []
    month = month_text(date.fromisoformat(values[_UNTIL.name]))
    shown = [("Fyll i", f"{number_text(values[_HOURS.name])} handledningstimmar för {month}"), ("E-tjänst", E_SERVICE)]
    if values.get(_UNSETTLED.name, "0") != "0":
        shown.append(("Obs", "Skriv först in om handledningarna utan besked hölls, så räknas de med."))
    return shown


FLOW = Flow(
    name=CLAIM,
    title="Ersättning för handledning",
    source=SOURCE,
    intro="Månadens handledningstimmar anmäls i kommunens e-tjänst senast den tredje vardagen i månaden efter. Stafett "
    "räknar de handledningar som hålls; det här är för timmar som inte står i Stafett.",
    senders=MANAGERS,
    group="meetings",
    order=74,
    commands=("handledningstimmar",),
    urgent=False,
    caseless=True,
    caseless_word="Anmälan",
    form=FORM,
    later_label="",
    states={
        "draft": "Utkast",
        "to_claim": "Ska skickas in i e-tjänsten",
        "claimed": "Inskickat",
        "not_claimed": "Anmäls inte",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"claimed", "not_claimed", "discarded"}),
    suggestions=what_to_enter,
    words={
        "claim_open": (TASK, "Månadens handledningstimmar är räknade. Skicka in underlaget i e-tjänsten."),
        "claim_changed": (REMINDER, "Timmarna har ändrats sedan du fick dem. De nya står här."),
        "claim_today": (REMINDER, "I dag ska underlaget vara inskickat, om lördag räknas som vardag."),
        "claim_last_day": (REMINDER, "I dag är sista dagen att skicka in underlaget."),
    },
    moves=with_common(
        draft_moves(FORM, Arm(step="claim", rule="supervision_claim", since=_UNTIL.name))
        | {
            ("draft", "send"): Move(
                to="to_claim",
                by=by(By.SENDER),
                label="Lägg upp",
                consequence="Du påminns tills underlaget är inskickat i e-tjänsten.",
                then=(
                    Disarm(step="unsent"),
                    Say(to=Audience.SENDER, text="claim_open", side=By.SENDER, urgent=False),
                ),
            ),
            ("to_claim", "recount"): Move(
                to="to_claim",
                by=by(By.SENDER),
                needs=_COUNTED,
                then=(Say(to=Audience.SENDER, text="claim_changed", side=By.SENDER, urgent=False),),
            ),
            ("to_claim", "claim"): Move(
                to="claimed",
                by=by(By.SENDER),
                label="Underlaget är inskickat",
                needs=(_SENT_ON,),
                then=(Disarm(step="claim"),),
            ),
            ("to_claim", "waive"): Move(
                to="not_claimed",
                by=by(By.SENDER),
                label="Ska inte anmälas",
                needs=(_WHY_NOT,),
                then=(Disarm(step="claim"),),
            ),
        },
        withdraw="",
    ),
)
