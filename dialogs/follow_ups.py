"""What the report before a follow-up and the follow-up itself share: time, form of meeting, and the routine's words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cases.flow import Choice, Day, Field, Moment, Situation, TextField, codes_of
from cases.follow_ups import QUALITY_ANSWERS
from dialogs.common import HINT
from dialogs.swedish import moment_text

FOLLOW_UP_AT = Moment(name="followup_at", label="När är uppföljningen?", short="Uppföljning", past=False)

# Norrköping 6.5.1 names three forms; the report is to be weighed in before one of them is settled.
_FORMS = (("home_visit", "Hembesök"), ("phone", "Telefon"), ("digital", "Digitalt"))
PLANNED_FORM = Choice(
    name="planned_form",
    label="Vilken form är planerad?",
    short="Planerad form",
    options=(*_FORMS, ("after_report", "Bestäms efter överrapporteringen")),
)
MEETING_FORM = Choice(name="meeting_form", label="Vilken form får uppföljningen?", short="Form", options=_FORMS)

# How the händelse names the form; the third is ours, for the routine's two examples have no digital meeting.
GENOM = {"home_visit": "ett hembesök", "phone": "ett telefonsamtal", "digital": "ett digitalt möte"}

# Bistånd as the routine names it (5.8.1 and 3.2.2); what is not here is written into the text by hand.
GRANTED = (
    ("home_care", "Hemtjänst"),
    ("accompaniment", "Ledsagning"),
    ("relief", "Avlösning"),
    ("safety_alarm", "Trygghetslarm"),
    ("meals", "Matdistribution"),
    ("night_care", "Natthjälp"),
    ("digital_supervision", "Digital tillsyn"),
)
SLOT = "[BISTÅND]"  # where content is not kept, the assessor fills it in


# The routine gives no scale; this one is ours.
_SCALE = (("yes", "Ja"), ("partly", "Delvis"), ("no", "Nej"), ("no_answer", "Kan eller vill inte svara"))
QUALITY: tuple[Choice, ...] = tuple(
    Choice(name=name, label=label, short=short, options=_SCALE)
    for name, (label, short) in zip(
        QUALITY_ANSWERS,
        (
            ("Får du den hjälp/det stöd du är beviljad?", "Får beviljad hjälp"),
            ("Får du vara med och planera när din hjälp/ditt stöd ska genomföras?", "Med och planerar när"),
            ("Får du vara med och planera hur din hjälp/ditt stöd ska genomföras?", "Med och planerar hur"),
            ("Får du hjälp/stöd på ett sätt som känns bra för dig?", "På ett sätt som känns bra"),
        ),
        strict=True,
    )
)
ALSO = (
    "Stämmer det beskrivna behovet i uppdraget med det aktuella stöd brukaren upplever sig behöva och ha rätt till?",
    "Är genomförandeplanen aktuell och hur ser måluppfyllelsen ut i de olika livsområdena?",
)
HELD: tuple[Field, ...] = (
    Day(name="done_date", label="Vilken dag gjordes uppföljningen?", short="Genomförd", future=False),
    replace(MEETING_FORM, label="Vilken form hade uppföljningen?"),
    Choice(
        name="provider_present",
        label="Var hemtjänsten med?",
        short="Hemtjänsten med",
        options=(
            ("yes", "Ja"),
            ("told", "Nej, och brukaren vet att hemtjänstens information vägs in ändå"),
            ("not_told", "Nej, och det ska jag tala om för brukaren"),
        ),
    ),
    *QUALITY,
    Choice(
        name="need_described",
        label=ALSO[0],
        short="Beskrivet behov stämmer",
        required=False,
        options=(("yes", "Ja"), ("no", "Nej"), ("not_asked", "Frågan ställdes inte")),
    ),
    Choice(
        name="plan_current",
        label=ALSO[1],
        short="Genomförandeplan och mål",
        required=False,
        options=(
            ("reached", "Planen är aktuell och målen nås"),
            ("not_reached", "Planen är aktuell men målen nås inte"),
            ("not_current", "Planen är inte aktuell"),
            ("not_asked", "Frågan ställdes inte"),
        ),
    ),
    TextField(name="also_said", label="Mer om behov och mål", required=False, sensitive=True, help=HINT),
    Choice(
        name="outcome",
        label="Vad blev resultatet?",
        short="Resultat",
        options=(
            ("remains", "Behovet kvarstår, inget nytt beslut"),
            ("new_decision", "Ett nytt beslut har fattats"),
            ("ended", "Insatser avslutas"),
        ),
    ),
    Choice(
        name="granted", label="Vilket bistånd är skäligt, om behovet kvarstår?", short="Bistånd", required=False,
        sensitive=True, multiple=True, options=GRANTED,
    ),
)  # fmt: skip


def follow_up_time(situation: Situation) -> str:
    """«ons 25 nov kl. 10.00»."""
    return moment_text(datetime.fromisoformat(situation.thread.values[FOLLOW_UP_AT.name]))


def event_text(values: Mapping[str, Any]) -> str:
    """The händelse to register in the case system, in the routine's own words (Norrköping 6.5.6).

    The text for services that end is ours: the routine has none.
    """
    done = date.fromisoformat(values["done_date"])
    begun = f"En uppföljning har genomförts den {done:%y-%m-%d} genom {GENOM[values['meeting_form']]}."
    return f"{begun} {_OUTCOMES[values['outcome']].format(granted=_granted(values))}"


_OUTCOMES = {
    "remains": "Bedömningen är att behovet kvarstår och att biståndet för {granted} är skäligt.",
    "new_decision": "Behovet har utretts och ett nytt beslut har fattats.",
    "ended": "Behovet har utretts och insatser avslutas.",
}


def _granted(values: Mapping[str, Any]) -> str:
    """«HEMTJÄNST och LEDSAGNING»."""
    words = [dict(GRANTED)[code].upper() for code in codes_of(values.get("granted"))]
    if not words:
        return SLOT
    *first, last = words
    return f"{', '.join(first)} och {last}" if first else last


def quality_row(values: Mapping[str, Any]) -> str:
    """The day and the four answers, with tabs between: pasted into a sheet they fall into five cells."""
    answers = [dict(question.options).get(str(values.get(question.name)), "") for question in QUALITY]
    return "\t".join([date.fromisoformat(values["done_date"]).isoformat(), *answers])
