"""Meetings within samverkansledningen (Norrköping 7.1): about no case, with the routine's own topics, again and again.

When one is over, a draft of the next one is there, at the profile's interval: what recurs is not forgotten.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cases.flow import (
    Alternatives,
    Arm,
    Audience,
    By,
    CaseList,
    Choice,
    Disarm,
    Field,
    Flow,
    Move,
    Open,
    Say,
    Situation,
    by,
    table,
)
from dialogs.common import draft_moves, with_common
from dialogs.invitations import SUMMON, again, begun, called, came_of_another
from dialogs.meeting_moves import MEETING_STATES, MODE, STARTS, meeting_moves
from dialogs.words import INFORMATION, TASK
from reminders.errors import RuleError
from reminders.localtime import at, to_local
from reminders.profile import Profile
from reminders.rules import due

_NEXT_RULE = "next_collaboration"

# Norrköping 7.1, its seven examples in its own order; none of them is a must.
TOPICS = Choice(
    name="topics",
    label="Vad ska tas upp?",
    short="Tas upp",
    multiple=True,
    required=False,
    options=(
        ("situation", "Aktuell situation på respektive enhet"),
        ("challenges", "Gemensamma utmaningar"),
        ("questions", "Andra frågor från arbetsgrupperna"),
        ("documents", "Gemensamma stödjande och styrande dokument"),
        ("deviations", "Avvikelser utifrån standard"),
        ("improvements", "Ständiga förbättringar"),
        ("complex_cases", "Komplexa ärenden"),
    ),
)
CASES = CaseList(
    name="cases",
    label="Vilka ärenden?",
    short="Komplexa ärenden",
    required=False,
    help="Bara ärendenummer. De visas här, aldrig i kallelsen.",
)
PLACED = replace(MODE, options=tuple(one for one in MODE.options if one[0] in ("on_site", "digital")))
FORM: tuple[Field, ...] = (STARTS, PLACED, TOPICS, CASES)

_HELD = Arm(step="marked", rule="meeting_held", since=STARTS.name)


def next_time(values: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    """When the next meeting is proposed: the profile's interval after this one, on a workday, at the same clock."""
    starts = to_local(datetime.fromisoformat(values[STARTS.name]))
    found = due(_NEXT_RULE, starts, profile).soft
    if found is None:
        return {}
    return {STARTS.name: at(to_local(found).date(), starts.time()).isoformat()}


def recurs(situation: Situation) -> bool:
    """Whether the municipality has said how often, and the next time lies ahead."""
    try:
        proposed = next_time(situation.thread.values, situation.profile)
    except RuleError:
        return False
    return bool(proposed) and datetime.fromisoformat(proposed[STARTS.name]) > situation.now


_COPIED = {PLACED.name: PLACED.name, TOPICS.name: TOPICS.name}
_NEXT = Open(flow="collaboration_meeting", sender=Audience.SENDER, copy=_COPIED, worked=next_time)
_PREPARED = Say(to=Audience.SENDER, text="next_meeting", side=By.SENDER, urgent=False)


def _meeting() -> dict[tuple[str, str], Alternatives]:
    """The common moves. One that is moved after it should have begun is called anew."""
    moves = table(meeting_moves("invited", "begun", again=(*again(), _HELD), form=(STARTS, PLACED)))
    for signal in ("reschedule", "moved_in_calendar"):
        moves[("begun", signal)] = tuple(replace(move, to="invited") for move in moves[("begun", signal)])
    return moves


def _over() -> dict[tuple[str, str], tuple[Move, ...]]:
    """Held or not, the next one is prepared."""
    ended = (Disarm(step="marked"),)
    held = Move(to="held", by=by(By.SENDER), label="Mötet är hållet", then=ended)
    missed = Move(to="not_held", by=by(By.SENDER), label="Mötet blev inte av", then=ended)
    said = "Nästa möte läggs som utkast, så att du kan kontrollera tiden innan någon kallas."
    return {
        ("begun", signal): (replace(move, when=recurs, consequence=said, then=(*ended, _NEXT)), move)
        for signal, move in (("held", held), ("missed", missed))
    }


def agenda(situation: Situation) -> list[tuple[str, str]]:
    """What is left to do."""
    if situation.thread.state == "draft":
        return [("Kallelsen", "skickas till enhetscheferna hos alla utförare och till er egen enhet")]
    if not situation.thread.values.get(CASES.name):
        return []
    return [("Obs", "komplexa ärenden tas upp med ärendenummer, aldrig med namn")]


_DRAFT = table(draft_moves(FORM, SUMMON))
_OPEN = _DRAFT[("", "open")][0]

_OWN: dict[tuple[str, str], Move | Alternatives] = {
    ("draft", "send"): Move(
        to="invited", by=by(By.SENDER), label="Kalla till mötet", then=(*called(), _HELD)
    ),
    ("invited", "topics"): Move(
        to="invited", by=by(By.SENDER), label="Ändra vad som tas upp", needs=(TOPICS, CASES),
        then=(Say(to=Audience.RECEIVERS, text="topics_changed", urgent=False),),
    ),
}  # fmt: skip

FLOW = Flow(
    name="collaboration_meeting",
    title="Samverkansmöte",
    source="Norrköping 7.1",
    intro="Kalla samverkansledningen. Kallelsen är neutral: inga ärenden och inga namn på brukare.",
    senders=frozenset({"lead_needs_assessor"}),
    group="meetings",
    order=61,
    commands=("samverkan", "samverkansmöte"),
    urgent=False,
    caseless=True,
    meeting="collaboration",
    form=FORM,
    states={
        "draft": "Utkast – ingen är kallad",
        "invited": "Kallelsen är skickad",
        "begun": "Mötet har börjat",
        "held": "Hållet – avslutat",
        "not_held": "Blev inte av – avslutat",
        **MEETING_STATES,
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"held", "not_held", "discarded", *MEETING_STATES}),
    suggestions=agenda,
    words={
        "next_meeting": (TASK, "Nästa möte är förberett. Kontrollera tiden och skicka kallelsen."),
        "topics_changed": (INFORMATION, "Det som ska tas upp på mötet är ändrat."),
    },
    moves=with_common(
        {
            **_DRAFT,
            ("", "open"): (replace(_OPEN, when=came_of_another, then=(*_OPEN.then, _PREPARED)), _OPEN),
        }
        | _OWN
        | _meeting()
        | begun("invited", to="begun")
        | _over(),
        withdraw="",
    ),
)  # fmt: skip
