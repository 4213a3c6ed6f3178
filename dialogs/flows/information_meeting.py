"""An information meeting for the providers (Norrköping, the meeting on the compensation model).

Everybody who plans the work is invited too, as was asked for in the evaluation. Questions are gathered beforehand and
during it, answered, and published without persons; afterwards three questions are asked about the meeting itself.
"""

from dataclasses import replace

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    Disarm,
    Field,
    Flow,
    Move,
    ResetReceipts,
    Say,
    Situation,
    TextField,
    by,
    table,
)
from dialogs.common import ASSESSORS, draft_moves, with_common
from dialogs.invitations import SUMMON, again, begun, called
from dialogs.meeting_moves import MEETING_STATES, MODE, STARTS, meeting_moves
from dialogs.questions import ANSWERING, EVALUATION, QUESTION
from dialogs.words import INFORMATION, REMINDER, TASK

PLACED = replace(MODE, options=tuple(one for one in MODE.options if one[0] in ("digital", "on_site")))
POINTS = TextField(
    name="points",
    label="Vad handlar mötet om?",
    short="Innehåll",
    max=500,
    help="Punkterna visas för de kallade här, men aldrig i kalendern. Skriv inget om någon person.",
)
FORM: tuple[Field, ...] = (STARTS, PLACED, POINTS)

_HELD = Arm(step="marked", rule="meeting_held", since=STARTS.name)
_PUBLISH = Arm(step="publish", rule="answers_published")
_OPEN = ("invited", "begun", "held")


def _asks() -> dict[tuple[str, str], Move | Alternatives]:
    """Whoever is invited asks, as often as they like; whoever called the meeting answers."""
    moves: dict[tuple[str, str], Move | Alternatives] = {}
    heard = Say(to=Audience.SENDER, text="question_asked", side=By.SENDER, urgent=False)
    for state in _OPEN:
        moves[(state, "ask")] = Move(
            to=state, by=by(By.RECEIVER), label="Ställ en fråga", needs=(QUESTION,), then=(heard,)
        )
        moves[(state, "note")] = Move(to=state, by=by(By.SENDER), label="Anteckna en fråga", needs=(QUESTION,))
        moves[(state, "reply")] = Move(
            to=state, by=by(By.SENDER), label="Besvara en fråga", needs=ANSWERING,
            consequence="Det som ska publiceras syns genast för de kallade.",
        )  # fmt: skip
    return moves


def _afterwards() -> dict[tuple[str, str], Move | Alternatives]:
    evaluate = Say(to=Audience.RECEIVERS, text="evaluate", urgent=False)
    told = Say(to=Audience.RECEIVERS, text="answers_published", urgent=False)
    return {
        ("begun", "held"): Move(
            to="held", by=by(By.SENDER), label="Mötet är hållet",
            consequence="De kallade får tre frågor om mötet.",
            then=(Disarm(step="marked"), ResetReceipts(), evaluate, _PUBLISH),
        ),
        ("held", "evaluate"): Move(
            to="held", by=by(By.RECEIVER), label="Utvärdera mötet", needs=EVALUATION, receipt="read",
            once=True,
        ),
        ("held", "publish"): Move(
            to="published", by=by(By.SENDER), label="Publicera frågor och svar",
            consequence="Avslutar. De kallade kan läsa dem här, och de kan tas ut som sida eller CSV utan namn.",
            then=(told,),
        ),
    }  # fmt: skip


def _meeting() -> dict[tuple[str, str], Alternatives]:
    """The common moves. One that is moved after it should have begun is called anew."""
    moves = table(meeting_moves("invited", "begun", again=(*again(), _HELD), form=(STARTS, PLACED)))
    for signal in ("reschedule", "moved_in_calendar"):
        moves[("begun", signal)] = tuple(replace(move, to="invited") for move in moves[("begun", signal)])
    return moves


def tips(situation: Situation) -> list[tuple[str, str]]:
    """What was wished for after the municipality's own meeting."""
    if situation.thread.state == "draft":
        return [
            ("Önskemål efter förra mötet", "samordnare bjuds in, flera informationspunkter och väl avpassad tid"),
            ("Frågor", "de kallade kan fråga redan nu och under mötet. Svaren publiceras utan namn"),
        ]
    if situation.thread.state == "invited":
        return [("Frågor", "kan ställas före och under mötet. Svaren publiceras utan namn")]
    return []


FLOW = Flow(
    name="information_meeting",
    title="Informationsmöte",
    source="Norrköping, ersättningsmodellen",
    intro="Kalla alla utförare, både egen regi och privata. Frågor samlas in före och under mötet.",
    senders=ASSESSORS,
    group="meetings",
    order=62,
    commands=("informationsmöte",),
    urgent=False,
    caseless=True,
    meeting="information",
    form=FORM,
    states={
        "draft": "Utkast – ingen är kallad",
        "invited": "Kallelsen är skickad",
        "begun": "Mötet har börjat",
        "held": "Hållet – utvärderas, och frågor besvaras",
        "published": "Frågor och svar är publicerade – avslutat",
        **MEETING_STATES,
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"published", "discarded", *MEETING_STATES}),
    suggestions=tips,
    words={
        "question_asked": (TASK, "En fråga har kommit in. Besvara den, så publiceras svaret utan namn."),
        "evaluate": (TASK, "Mötet är hållet. Svara gärna på tre frågor om det; svaren visas utan namn."),
        "answers_published": (INFORMATION, "Frågor och svar från mötet är publicerade."),
        "answers_to_publish": (REMINDER, "Besvara det som återstår och publicera frågor och svar."),
    },
    moves=with_common(
        {
            **draft_moves(FORM, SUMMON),
            ("draft", "send"): Move(to="invited", by=by(By.SENDER), label="Kalla till mötet", then=(*called(), _HELD)),
        }
        | _meeting()
        | _asks()
        | begun("invited", to="begun")
        | _afterwards(),
        withdraw="",
    ),
)
