"""The meeting itself of a follow-up, when its form is settled (Norrköping 6.4, 6.5.1 and 6.6).

It is opened from the follow-up, which owns the time: what is moved here is moved there. Hemtjänst is invited when they
are to take part, and then perhaps to a short word beforehand. Invitations say nothing of the case or of anybody.
"""

from dataclasses import replace

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Field,
    Flow,
    Invite,
    Move,
    Relay,
    Say,
    Situation,
    by,
    table,
)
from dialogs.common import ASSESSORS, draft_moves, with_common
from dialogs.follow_up_meetings import BEFOREHAND, BEFOREHAND_KIND, BEFOREHAND_MINUTES, KIND, OWN_KIND, TAKES_PART
from dialogs.follow_ups import FOLLOW_UP_AT, MEETING_FORM
from dialogs.invitations import BEGINS, DISCARDED, SUMMON, again, begun, booked, called, came_of_another
from dialogs.meeting_moves import MEETING_STATES, STARTS, meeting_moves
from dialogs.words import TASK

MODE = Choice(name="mode", label=MEETING_FORM.label, short="Form", options=MEETING_FORM.options)
FORM: tuple[Field, ...] = (STARTS, MODE, TAKES_PART, BEFOREHAND)

_CALLED_TOO = replace(TAKES_PART, options=TAKES_PART.options[:1])
_WORD = Invite(slot="before", kind=BEFOREHAND_KIND, offset_minutes=-BEFOREHAND_MINUTES)
_WITH, _OWN = Invite(), Invite(kind=OWN_KIND)
_SLOTS = ("main", "before")
# The follow-up has the time, and the report before it counts from that.
_MOVE_THE_FOLLOW_UP = Relay(flow="follow_up", signal="reschedule", copy={FOLLOW_UP_AT.name: STARTS.name})
_OVER = Arm(step="over", rule="meeting_over", since=STARTS.name)


def takes_part(situation: Situation) -> bool:
    """Whether hemtjänst is called."""
    return situation.thread.values.get(TAKES_PART.name) == "yes"


def wants_word_before(situation: Situation) -> bool:
    """Whether the two are to meet a short while before."""
    return situation.thread.values.get(BEFOREHAND.name) == "yes"


def has_word_before(situation: Situation) -> bool:
    """The same of a draft, where hemtjänst may yet not be called at all."""
    return takes_part(situation) and wants_word_before(situation)


def _sent() -> Alternatives:
    def move(to: str, label: str, then: tuple[Action, ...]) -> Move:
        return Move(to=to, by=by(By.SENDER), label=label, then=(*then, _OVER))

    with_word = move("invited", "Kalla till mötet", called(_WITH, _WORD))
    return (
        replace(with_word, when=has_word_before),
        replace(move("invited", "Kalla till mötet", called(_WITH)), when=takes_part),
        move("booked", "Boka mötet", booked(_OWN)),
    )


def _meeting() -> dict[tuple[str, str], Alternatives]:
    """The common moves; a word beforehand is moved with the meeting."""
    time = (STARTS, MODE)
    both = meeting_moves("invited", again=(*again(_WITH), _OVER, _MOVE_THE_FOLLOW_UP), form=time, slots=_SLOTS)
    own = meeting_moves("booked", again=(_OWN, BEGINS, _OVER, _MOVE_THE_FOLLOW_UP), form=time)
    mine = {key: move for key, move in table(own).items() if key[1] not in ("accept", "tentative", "decline")}
    return {key: _word_too(moves) for key, moves in table(both).items()} | mine


def _word_too(moves: Alternatives) -> Alternatives:
    if len(moves) != 1 or _WITH not in moves[0].then:
        return moves
    move = moves[0]
    more = tuple(one for action in move.then for one in ((action, _WORD) if action == _WITH else (action,)))
    return (replace(move, when=wants_word_before, then=more), move)


def _also() -> Alternatives:
    """Hemtjänst is called after all, to what stood in the assessor's own calendar."""
    plain = Move(
        to="invited", by=by(By.SENDER), label="Kalla också hemtjänsten", needs=(_CALLED_TOO, BEFOREHAND),
        then=called(_WITH),
    )  # fmt: skip
    return replace(plain, when=wants_word_before, then=called(_WITH, _WORD)), plain


def _from_follow_up() -> dict[tuple[str, str], Move | Alternatives]:
    """What the follow-up decides comes here without a button: its form, its time, that it is called off or over."""
    moves: dict[tuple[str, str], Move | Alternatives] = {
        ("draft", "form"): Move(to="draft", by=by(By.SENDER)),
        ("draft", "reschedule"): Move(to="draft", by=by(By.SENDER), then=(SUMMON,)),
        ("draft", "call_off"): DISCARDED,
        ("draft", "held"): DISCARDED,
    }
    for state, invite in (("invited", _WITH), ("booked", _OWN)):
        moves[(state, "form")] = Move(to=state, by=by(By.SENDER), then=(invite,))
        moves[(state, "held")] = Move(to="held", by=by(By.SENDER))
        moves[(state, "over")] = Move(to="held", by=by(By.CLOCK))
        moves |= begun(state)
    return moves


def checklist(situation: Situation) -> list[tuple[str, str]]:
    """The routine's tips for a common follow-up (Norrköping 6.6), and what is to be said without hemtjänst (6.2)."""
    if situation.thread.state == "draft":
        return [("Tips (6.6)", "boka när brukaren har hemtjänst inplanerad, då kan fast omsorgskontakt vara med")]
    if situation.thread.state == "booked":
        return [("Utan hemtjänst (6.2)", "tala om för brukaren att hemtjänstens information vägs in på annat sätt")]
    return [("Fokus (6.6)", "måluppfyllelse och genomförandeplan: vad är uppnått, och vilka mål gäller framåt")]


def journal(situation: Situation) -> tuple[str, str]:
    """That it was called; what is said at it belongs to the follow-up."""
    if not takes_part(situation):
        return "", "Uppföljningens möte är bokat utan hemtjänsten."
    return "Kallelse till uppföljning har tagits emot.", "Hemtjänsten är kallad till uppföljningen."


_DRAFT = table(draft_moves(FORM, SUMMON))
_OPEN = _DRAFT[("", "open")][0]
_TOLD = Say(to=Audience.SENDER, text="meeting_prepared", side=By.SENDER, urgent=False)

FLOW = Flow(
    name="follow_up_meeting",
    title="Uppföljningsmöte",
    source="Norrköping 6.4–6.6",
    intro="Mötet till en planerad uppföljning: hembesök, telefon eller digitalt.",
    senders=ASSESSORS,
    commands=("uppföljningsmöte",),
    group="meetings",
    order=60,
    urgent=False,
    meeting=KIND,
    form=FORM,
    states={
        "draft": "Utkast – ingen är kallad",
        "invited": "Kallelsen är skickad",
        "booked": "Bokat i din kalender",
        "held": "Hållet – avslutat",
        **MEETING_STATES,
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"held", "discarded", *MEETING_STATES}),
    suggestions=checklist,
    journal=journal,
    words={"meeting_prepared": (TASK, "Ett möte är förberett. Kontrollera tiden och skicka kallelsen.")},
    moves=with_common(
        {
            **_DRAFT,
            ("", "open"): (replace(_OPEN, when=came_of_another, then=(*_OPEN.then, _TOLD)), _OPEN),
            ("draft", "send"): _sent(),
            ("booked", "also"): _also(),
        }
        | _meeting()
        | _from_follow_up(),
        withdraw="",
    ),
)
