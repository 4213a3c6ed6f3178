"""The words for each thing a person can be told.

Titles go into notifications and are the card's first block, so they never say what the matter is.
"""

from collections.abc import Mapping

URGENT = "Brådskande"
TASK = "Ny uppgift"
REMINDER = "Påminnelse"
INFORMATION = "Information"
ANSWER = "Svar"
RING = "Inte levererat – ring"
TITLES = (TASK, REMINDER, INFORMATION, ANSWER, RING)  # all that a notification may say

# text key → (title, what has happened; still without content)
_WORDS: dict[str, tuple[str, str]] = {
    "new": (TASK, ""),
    "answered": (ANSWER, "Du har fått återkoppling."),
    "completed": (ANSWER, "Mottagaren har markerat överlämningen som klar."),
    "withdrawn": (INFORMATION, "Avsändaren har återkallat meddelandet. Du behöver inte göra något."),
    "forwarded": (TASK, "Meddelandet har skickats vidare till dig."),
    "misdirected": (TASK, "Mottagaren säger att det är fel mottagare. Skicka till rätt mottagare eller återkalla."),
    "given_back_remind": (REMINDER, "Meddelandet ligger hos dig: skicka till rätt mottagare eller återkalla."),
    "lead_also": (TASK, "Handläggaren är frånvarande och det kan inte vänta. Du kontaktas också."),
    "holder_away": (TASK, "Den som har meddelandet är frånvarande. Du kontaktas också."),
    "holder_unknown": (TASK, "Det är okänt om den som har meddelandet är på plats. Du kontaktas också."),
    "holder_left": (TASK, "Den som hade meddelandet arbetar inte kvar i enheten. Det ligger nu hos er."),
    "night_call": (TASK, "Ingen har tagit meddelandet. Stafett ringer dig i Teams: tryck 1 när du har hört det."),
    "night_call_heard": (INFORMATION, "Meddelandet är hört i telefon. Ingen har tagit det än."),
    "night_call_unheard": (RING, "Ingen svarar när Stafett ringer i Teams. Ring i stället."),
    "night_call_unplaced": (RING, "Stafett kunde inte ringa upp i Teams. Ring i stället."),
    "reopened": (TASK, "Meddelandet är öppnat igen."),
    "changed": (TASK, "Tiden är ändrad. Kvittera den nya tiden."),
    "not_delivered": (RING, "Meddelandet nådde inte fram i Teams. Ring i stället."),
    "undeliverable": (TASK, "Meddelandet nådde inte mottagaren i Teams. Du är nästa i tur."),
    "next_unreachable": (RING, "Nästa i tur kunde inte nås i Teams. Ring i stället."),
    "sender_unreachable": (REMINDER, "Avsändaren kunde inte nås i Teams. Enheten får meddelandet i stället."),
    "unknown_case": (TASK, "Ärendet saknar ansvarig i Stafetts register. Meddelandet ligger i enhetens kö."),
    "still_open": (REMINDER, "Meddelandet är fortfarande öppet. Gör det som återstår, eller ring."),
    "draft_discarded": (INFORMATION, "Utkastet skickades aldrig och är borttaget. Kvarstår behovet: börja om."),
    "draft_unsent": (REMINDER, "Du har ett utkast som inte är skickat."),
    "unread": (REMINDER, "Meddelandet är inte läst. Läs det i dag."),
    "unread_escalate": (REMINDER, "Meddelandet är fortfarande inte läst."),
    "mailbox_window_passed": (REMINDER, "Funktionsbrevlådans lästid har gått och meddelandet är inte läst."),
    "untaken_phone": (REMINDER, "Ingen har tagit meddelandet. Ring, så att det når fram."),
    "untaken_remind": (REMINDER, "Meddelandet väntar på att någon tar det."),
    "untaken_next_in_line": (TASK, "Ingen har tagit meddelandet. Du är nästa i tur."),
    "untaken_manager": (REMINDER, "Ingen har tagit er enhets meddelande. Nästa i tur är meddelad."),
    "feedback_day3": (REMINDER, "Två arbetsdagar kvar att lämna återkoppling."),
    "feedback_day5": (REMINDER, "Sista dagen att lämna återkoppling."),
    "feedback_escalate": (REMINDER, "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur."),
    "urgent_answer_remind": (REMINDER, "Meddelandet är taget men återkoppling om åtgärd saknas."),
    "urgent_answer_escalate": (REMINDER, "Återkoppling om åtgärd saknas fortfarande."),
    "urgent_lasting_now": (REMINDER, "Skicka meddelandet omgående."),
    "urgent_lasting_soon": (REMINDER, "Utkastet ska skickas i dag."),
    "urgent_lasting_late": (REMINDER, "Tiden för att meddela har gått ut. Skicka ändå."),
    "still_needed": (REMINDER, "Dag 3: kvarstår behovet i morgon frågar Stafett igen och du meddelar då handläggaren."),
    "day4_on_closed_day": (REMINDER, "Dag 4 är ingen arbetsdag. Meddela ändå på dag 4 om behovet kvarstår."),
    "day4": (REMINDER, "Dag 4: svara om behovet kvarstår."),
    "day4_unanswered": (REMINDER, "Dag 4 och inget svar om behovet kvarstår. Svara nu."),
    "day4_late": (REMINDER, "Dag 4 har passerat utan svar. Svara ändå om behovet kvarstår."),
    "registration_today": (REMINDER, "Det ska vara registrerat i verksamhetssystemet senast nu."),
    "contact_billing": (TASK, "Den 4:e har passerat. Registrera, och kontakta debiteringen."),
    "billing_remind": (REMINDER, "Debiteringen ska kontaktas. Markera sedan att det är gjort."),
    "billing_escalate": (REMINDER, "Debiteringen är inte kontaktad än."),
    "correction_today": (REMINDER, "Datumet ska vara rättat i dag."),
    "correction_passed_on": (
        INFORMATION,
        "Tiden för er att rätta själva har gått ut. Biståndshandläggaren är meddelad.",
    ),
    "correction_by_assessor": (TASK, "Datumet är inte rättat i tid. Rätta det, eller kontrollera att det är gjort."),
    "immediate_now": (REMINDER, "Meddelandet väntar på din kvittens."),
    "immediate_escalate": (REMINDER, "Meddelandet är inte kvitterat. Se till att det når fram."),
    "case_resumed": (REMINDER, "Meddelandet stoppades av misstag och gäller igen."),
    "case_given": (TASK, "Du är nu ansvarig handläggare. Det som var planerat i ärendet har gått över till dig."),
    "service_start_two_weeks": (REMINDER, "Två veckor sedan uppdraget skickades. Är det verkställt?"),
    "service_start_four_weeks": (REMINDER, "Fyra veckor sedan uppdraget skickades och inget besked om verkställighet."),
    "assess_current_need": (REMINDER, "Riktmärket fyra veckor har passerat. Bedöm om behovet är aktuellt."),
    "personal_care_started": (REMINDER, "Riktmärket är att det verkställs omgående. Är det verkställt?"),
    "not_started_56": (REMINDER, "Åtta veckor sedan beslutet. Det närmar sig tre månader."),
    "not_started_77": (REMINDER, "Elva veckor sedan beslutet. Det närmar sig tre månader och rapport till IVO."),
    "handover_early": (REMINDER, "Överlämningen är snart. Meddela den i tid."),
    "handover_today": (REMINDER, "Överlämningen ska meddelas i dag."),
    "handover_short_notice": (REMINDER, "Varslet är nu kortare än rutinen säger. Meddela ändå, med skäl."),
    "receipt_remind": (REMINDER, "Överlämningen väntar på din kvittens."),
    "receipt_escalate": (REMINDER, "Överlämningen är inte kvitterad av alla."),
    "not_mailed": (REMINDER, "Hänvisningen med e-post kom inte fram. Mottagaren ser meddelandet i Teams."),
    "handover_day": (REMINDER, "Överlämningen är i dag."),
    "meeting_invited": (TASK, "Du är kallad till ett möte. Svara om du kommer."),
    "meeting_moved": (TASK, "Mötet är flyttat. Se den nya tiden och svara om du kommer."),
    "meeting_called_off": (INFORMATION, "Mötet är inställt. Du behöver inte göra något."),
    "meeting_declined": (INFORMATION, "En av de kallade kan inte komma till mötet."),
    "meeting_unanswered": (REMINDER, "Du har inte svarat på kallelsen till mötet."),
    "meeting_answers_missing": (INFORMATION, "Några av de kallade har inte svarat. Ring dem om det behövs."),
    "meeting_begins": (INFORMATION, "Mötet börjar nu."),
    "meeting_held": (REMINDER, "Är mötet hållet? Markera det, eller flytta mötet."),
    "meeting_moved_wrong": (
        REMINDER,
        "Mötet är flyttat i kalendern till en dag som rutinen inte tillåter. Välj en annan dag.",
    ),
    "not_in_calendar": (REMINDER, "Kalendern svarar inte. De kallade ser mötet här. Ring om det är bråttom."),
    "handover_unfinished": (REMINDER, "Överlämningen är inte markerad som klar."),
}


class MissingWords(KeyError):
    """A text key that nobody has written words for. Profiles are checked for it at start."""


def known(key: str, own: Mapping[str, tuple[str, str]]) -> bool:
    return key in own or key in _WORDS


def title_of(key: str, own: Mapping[str, tuple[str, str]], *, urgent: bool) -> str:
    """The neutral title. What is new and urgent is called so; the urgency stands in words."""
    title = _find(key, own)[0]
    return f"{URGENT}: nytt meddelande" if title == TASK and urgent else title


def sentence_of(key: str, own: Mapping[str, tuple[str, str]]) -> str:
    return _find(key, own)[1]


def _find(key: str, own: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    found = own.get(key) or _WORDS.get(key)
    if found is None:
        raise MissingWords(key)
    return found
