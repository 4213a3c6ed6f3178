"""What each limit of the routine is about, in a few words: for figures of how many were kept."""

from collections.abc import Iterable

from cases.on_time import Figure
from reminders.errors import RuleError
from reminders.profile import Profile

_TITLES = {
    "care_plan": "Genomförandeplan klar",
    "care_plan_signed": "Genomförandeplan klar och undertecknad",
    "feedback": "Återkoppling om åtgärd",
    "first_follow_up": "Första uppföljningen",
    "handover_ordinary": "Överlämning meddelad",
    "handover_simplified": "Förenklad överlämning meddelad",
    "immediate.receipt": "Omedelbar ändring kvitterad",
    "meeting_adjustment": "Beslut justerat efter möte",
    "meeting_case_list": "Ärenden anmälda till möte",
    "meeting_reply": "Svar om ärenden till möte",
    "message_read": "Meddelande läst",
    "pre_followup_report": "Svar inför uppföljning",
    "registration_cutoff": "Verkställighet registrerad",
    "registration_cutoff.correction": "Verkställighet rättad",
    "service_start": "Insats påbörjad",
    "supervision_claim": "Handledning redovisad",
    "urgent_lasting": "Brådskande behov som består meddelat",
    "urgent_lasting.relay": "Jourens brådskande behov fört vidare",
    "urgent_limited": "Svar om behovet kvarstår dag 4",
    "urgent_limited.relay": "Jourens tillfälliga behov fört vidare",
    "yearly_follow_up": "Årlig uppföljning",
}


def rule_title(profile: Profile | None, name: str) -> str:
    """The limit in a few words and where in the routine it stands: «Återkoppling om åtgärd (Norrköping 1.1)».

    One that a municipality has added itself is called by its own reason, one that is gone by its name.
    """
    try:
        rule = profile.rule(name) if profile is not None else None
    except RuleError:
        rule = None
    title = _TITLES.get(name) or (rule.why.split(". ")[0].rstrip(".") if rule is not None else name)
    return f"{title} ({rule.source})" if rule is not None and rule.source else title


def told_rate(in_time: int | None, total: int | None) -> str:
    """«92 % i tid (46 av 50)», or why there is no such figure to show."""
    if total is None:
        return _FEW
    if in_time is None:
        return f"{total} frister. Andelen visas inte, för att ingen ska kunna pekas ut."
    return f"{in_time * 100 // total} % i tid ({in_time} av {total})"


_FEW = "Färre än fem frister. Visas inte, för att ingen ska kunna pekas ut."
COUNTED = "Räknas en gång per natt. Försenat är det som hanterades efter rutinens yttersta gräns."


def by_rule(figures: Iterable[Figure]) -> dict[tuple[str, str], list[Figure]]:
    """The figures of each profile and rule, in the order of the months."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for one in sorted(figures, key=lambda figure: (figure.profile, figure.rule, figure.month)):
        found.setdefault((one.profile, one.rule), []).append(one)
    return found
