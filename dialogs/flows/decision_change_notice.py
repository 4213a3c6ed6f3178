"""The assessor has changed a decision without a new assignment: the one change that must be told (Norrköping 1.2)."""

from datetime import date

from cases.flow import Audience, Choice, Day, Field, Flow, Signpost, Situation, TextField
from dialogs.common import ACTION_TEXT, ASSESSORS, ENDED, HINT, STATES
from dialogs.ordinary import ordinary_moves, sending
from dialogs.swedish import day_text
from dialogs.words import ANSWER as ANSWERED
from reminders.errors import RuleNotInProfile
from reminders.localtime import to_local
from reminders.rules import due

_REGISTERED = frozenset({"ended", "adjusted", "never_performed"})


def register_by(situation: Situation) -> list[tuple[str, str]]:
    """The last day to register without asking debiteringen (`D07`, Norrköping 3.4)."""
    values = situation.thread.values
    if values["change_type"] not in _REGISTERED:
        return []
    try:
        limit = due("registration_cutoff", date.fromisoformat(values["effective_date"]), situation.profile).hard
    except RuleNotInProfile:
        return []
    if limit is None:
        return []
    if situation.now > limit:
        return [("Registrering", f"efter {day_text(limit)}: biståndshandläggaren kontaktar debiteringen")]
    return [("Registrering", f"senast {day_text(limit)}, därefter kontaktar biståndshandläggaren debiteringen")]


def read_too_late(situation: Situation) -> list[tuple[str, str]]:
    """Advice of ours where the change holds before the function mailbox is sure to have been read (`D02`)."""
    day = date.fromisoformat(situation.thread.values["effective_date"])
    if situation.thread.state not in ("draft", "sent") or day < to_local(situation.now).date():
        return []
    try:
        read_by = due("mailbox_window", situation.now, situation.profile).soft
    except RuleNotInProfile:
        return []
    if read_by is None or to_local(read_by).date() <= day:
        return []
    return [("Ring också", "ändringen gäller innan funktionsbrevlådan säkert har lästs. Stafetts råd, inte ur rutinen")]


def what_to_mind(situation: Situation) -> list[tuple[str, str]]:
    """The lines worked out from the change and its day."""
    return read_too_late(situation) + register_by(situation)


FORM: tuple[Field, ...] = (
    Choice(
        name="change_type",
        label="Vad har du ändrat i det pågående beslutet?",
        short="Ändring",
        options=(
            ("ended", "En insats avslutas"),
            ("adjusted", "En insats justeras"),
            ("added", "En insats läggs till"),
            ("never_performed", "Verkställigheten tas bort: insatsen har aldrig utförts"),
        ),
    ),
    Day(name="effective_date", label="Från vilken dag gäller ändringen?", short="Gäller från"),
    TextField(name="care_service", label="Vilken insats?", short="Insats", sensitive=True, max=100),
    TextField(name="change_text", label="Mer om ändringen", required=False, sensitive=True, help=HINT),
)

_RESULT = Choice(
    name="change_result",
    label="Vad gör ni med ändringen?",
    short="Hemtjänsten",
    options=(
        ("planned", "Planeringen ändras från dagen"),
        ("already", "Planeringen är redan ändrad"),
        ("call", "Vi ringer dig om ändringen"),
    ),
)

FLOW = Flow(
    name="decision_change_notice",
    title="Ändring utan nytt uppdrag",
    source="Norrköping 1.2",
    intro="När du avslutar, justerar eller lägger till en insats i ett pågående beslut utan att skicka ett nytt "
    "uppdrag.",
    senders=ASSESSORS,
    group="assignments",
    order=35,
    commands=("ändring", "andring"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    suggestions=what_to_mind,
    words={"answered": (ANSWERED, "Hemtjänsten har bekräftat ändringen.")},
    signposts=(
        Signpost(
            text="Skickar du ett nytt uppdrag behövs inget meddelande här: vid nya beslut skickas bara uppdraget. "
            "Det som är viktigt vid en uppstart men inte ska stå i utredningen skrivs under rubriken ”övrigt” i "
            "uppdraget.",
            source="Norrköping 1.2",
        ),
    ),
    moves=ordinary_moves(
        FORM,
        sending(Audience.PROVIDER, "mailbox_window"),
        answer=(_RESULT, ACTION_TEXT),
        label="Bekräfta ändringen",
    ),
)
