"""Hemtjänst asks that hemgångsteamet takes over a case for a time, and the case comes back (Norrköping 5.8.2)."""

from dataclasses import replace

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Day,
    Disarm,
    Field,
    Flow,
    Moment,
    Move,
    Own,
    Say,
    TextField,
    by,
    table,
)
from dialogs.common import ACTION_TEXT, HINT, HOME_CARE, STATES, TooLate, draft_moves, reply_moves, with_common
from dialogs.handover import REASON
from dialogs.ordinary import sending
from dialogs.words import ANSWER, INFORMATION, REMINDER, TASK

WITH_TEAM, COMING_BACK = "with_team", "coming_back"
_NOTICE = "handover_ordinary"  # the same notice as for every handover of the team

FORM: tuple[Field, ...] = (
    Day(name="wished_from", label="Från vilken dag behövs hemgångsteamet?", short="Önskat från", past=False),
    Day(name="wished_to", label="Ungefär till vilken dag?", short="Önskat till", past=False, required=False),
    TextField(
        name="reason",
        label="Varför behövs extra stöd och hjälp en tid?",
        short="Skäl",
        sensitive=True,
        help=f"Det ska ge en stabil, trygg och säker hemsituation. {HINT}",
    ),
)
_FROM = Day(name="moved_on", label="Vilken dag läggs uppdraget över?", short="Hos hemgångsteamet från")
_UNTIL = Day(name="period_ends", label="När stämmer ni av om det ska tillbaka?", short="Stäms av", past=False)
_DECLINED = Choice(
    name="declined_reason",
    label="Varför tar hemgångsteamet inte över?",
    short="Ingen överenskommelse",
    options=(
        ("other_support", "Behovet tillgodoses på annat sätt"),
        ("team_full", "Hemgångsteamet har inte plats"),
        ("client_declines", "Brukaren vill inte"),
        ("assessment", "Behovet utreds i stället"),
        ("other", "Annat, det står i verksamhetssystemet"),
    ),
)
_BACK_AT = Moment(name="back_at", label="När tar hemtjänsten över igen?", short="Tillbaka", past=False)
_LATE = TooLate(rule=_NOTICE, since=_BACK_AT.name)

_AGREE = Move(
    to=WITH_TEAM,
    by=by(By.RECEIVER, By.INFORMED),
    label="Hemgångsteamet tar över",
    needs=(_FROM, _UNTIL),
    receipt="taken",
    consequence="Du lägger över uppdraget till hemgångsteamet i verksamhetssystemet.",
    then=(
        Disarm(step="read"),
        Disarm(step="feedback"),
        Say(to=Audience.SENDER, text="team_agreed", side=By.SENDER, urgent=False),
        Say(to=Audience.RETURN_HOME_TEAM, text="team_takes_over", urgent=False),
        Own(to=Audience.RETURN_HOME_TEAM),
        Arm(step="period", rule="return_home_period", since=_UNTIL.name),
    ),
)
_BACK = Move(
    to=COMING_BACK,
    by=by(By.SENDER, By.RECEIVER),
    label="Dags att gå tillbaka",
    consequence="Biståndshandläggaren lägger tillbaka uppdraget till hemtjänsten.",
    then=(
        Disarm(step="period"),
        Say(to=Audience.RESPONSIBLE_ASSESSOR, text="team_back", urgent=False),
        Own(to=Audience.RESPONSIBLE_ASSESSOR),
        Say(to=Audience.SENDER, text="team_back", side=By.SENDER, urgent=False),
        Say(to=Audience.RETURN_HOME_TEAM, text="team_back", urgent=False),
        Arm(step="handover", rule="handover_day", since=_BACK_AT.name),
    ),
)
_WITH_US: dict[tuple[str, str], Move | Alternatives] = {
    (WITH_TEAM, "read"): Move(to=WITH_TEAM, by=by(By.RECEIVER), label="Läst", receipt="read"),
    (WITH_TEAM, "longer"): Move(
        to=WITH_TEAM,
        by=by(By.RECEIVER, By.SENDER),
        label="Behövs längre",
        needs=(_UNTIL,),
        then=(
            Arm(step="period", rule="return_home_period", since=_UNTIL.name),
            Say(to=Audience.RESPONSIBLE_ASSESSOR, text="team_longer", side=By.INFORMED, urgent=False),
        ),
    ),
    (WITH_TEAM, "back"): (
        replace(_BACK, when=_LATE, needs=(_BACK_AT, REASON), marks=("short_notice",)),
        replace(_BACK, needs=(_BACK_AT, replace(REASON, required=False)), clears=("short_notice",)),
    ),
    (COMING_BACK, "read"): Move(to=COMING_BACK, by=by(By.RECEIVER), label="Läst", receipt="read"),
    (COMING_BACK, "complete"): Move(
        to="completed",
        by=by(By.RECEIVER, By.INFORMED),
        label="Uppdraget är tillbaka",
        receipt="taken",
        then=(
            Say(to=Audience.SENDER, text="completed", side=By.SENDER, urgent=False),
            Say(to=Audience.RETURN_HOME_TEAM, text="completed", side=By.INFORMED, urgent=False),
        ),
    ),
}  # fmt: skip


def _replies() -> dict[tuple[str, str], Alternatives]:
    """Read, taken and passed on as every message; the answer is one of two."""
    replies = table(reply_moves("sent", arm_on_take=(), disarm=("read",), keeps=("feedback",)))
    for state in ("sent", "escalated", "taken"):
        replies[(state, "agree")] = (_AGREE,)
        replies[(state, "answer")] = tuple(
            replace(one, label="Ingen överenskommelse", needs=(_DECLINED, ACTION_TEXT))
            for one in replies[(state, "answer")]
        )
    return replies


FLOW = Flow(
    name="return_home_team_request",
    title="Be om hemgångsteam en tid",
    source="Norrköping 5.8.2",
    intro="När ni ser behov av att hemgångsteamet tar över ett ärende en period. Handläggaren lägger över uppdraget "
    "och lägger sedan tillbaka det när det är aktuellt.",
    senders=HOME_CARE,
    group="plan",
    order=62,
    commands=("hemgångsteam", "be om hemgångsteam"),
    form=FORM,
    states=STATES
    | {
        WITH_TEAM: "Hos hemgångsteamet",
        COMING_BACK: "På väg tillbaka till hemtjänsten",
        "answered": "Ingen överenskommelse – avslutat",
        "completed": "Tillbaka hos hemtjänsten",
    },
    first="draft",
    last=frozenset({"answered", "completed", "withdrawn", "discarded"}),
    urgent=False,
    words={
        "new": (TASK, "Hemtjänsten ber att hemgångsteamet tar över ett ärende en tid."),
        "team_agreed": (ANSWER, "Överenskommet: hemgångsteamet tar över en tid."),
        "team_takes_over": (
            TASK,
            "Ett ärende läggs över till er en tid. Säg till här när det är dags att gå tillbaka.",
        ),
        "team_back": (TASK, "Ärendet ska tillbaka till hemtjänsten. Tiden står här."),
        "team_longer": (INFORMATION, "Hemgångsteamet behövs längre. Den nya dagen står här."),
        "return_home_period": (REMINDER, "Perioden är slut. Är det dags att gå tillbaka, eller behövs det längre?"),
        "handover_day": (REMINDER, "I dag går uppdraget tillbaka till hemtjänsten."),
        "handover_unfinished": (REMINDER, "Uppdraget är inte markerat som tillbaka hos hemtjänsten."),
        "completed": (ANSWER, "Uppdraget är tillbaka hos hemtjänsten."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {("draft", "send"): sending(Audience.RESPONSIBLE_ASSESSOR, "message_read")}
        | _replies()
        | _WITH_US
    ),
)
