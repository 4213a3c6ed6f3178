"""What a biståndsmöte decided to do about one case: the decision is adjusted in time, or the old time stands
(Östhammar, D26).

The assessor owns it until then, and the unit manager sees it all along: the routine lets both watch the same limit.
"""

from dataclasses import replace

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Day,
    Disarm,
    Flow,
    Move,
    Own,
    ResetReceipts,
    Say,
    Situation,
    by,
)
from dialogs.assistance_meetings import ACTION, day_of
from dialogs.common import ASSESSORS, STATES, draft_moves, with_common
from dialogs.hand_moves import GIVEN_BACK, hand_moves, reopen_moves
from dialogs.words import INFORMATION, REMINDER, TASK

MEETING_DAY = Day(
    name="meeting_day",
    label="Vilken dag var biståndsmötet?",
    short="Biståndsmöte",
    future=False,
    today=False,
    help="Mötets första dag räknas som dag ett.",
)
FORM = (MEETING_DAY, ACTION)
DECIDED = Day(name="decided_on", label="Vilken dag justerades beslutet?", short="Beslutet justerat", future=False)
VALID_FROM = Day(name="valid_from", label="Från vilken dag gäller den nya tiden?", short="Gäller från", today=False)
CARE_PLAN = Choice(
    name="care_plan_updated",
    label="Är genomförandeplanen uppdaterad?",
    short="Genomförandeplan",
    options=(
        ("updated", "Ja, utförandet ändras och planen är uppdaterad"),
        ("not_needed", "Behövs inte, utförandet ändras inte"),
    ),
    help="Planen uppdateras när utförandet förändras, till exempel vid dubbelbemanning.",
)

OLD_TIME_STANDS = "Beslutet har inte justerats inom 10 arbetsdagar. Tiden för insatsen före biståndsmötet kvarstår."

_LIMIT = Arm(step="adjustment", rule="meeting_adjustment", since=MEETING_DAY.name)
_MET = Disarm(step="adjustment")
_PROVIDER_READS: tuple[Action, ...] = (
    _MET,
    Disarm(step="given_back"),
    ResetReceipts(),
    Own(to=Audience.RECEIVERS),
    Arm(step="read", rule="notice_receipt"),
)


def _adjusted(text: str, *then: Action, marks: tuple[str, ...] = ()) -> Move:
    """Who leads the unit plans by the new decision; whoever else reads its queue hears of it."""
    return Move(
        to="adjusted",
        by=by(By.SENDER),
        label="Beslutet är justerat",
        needs=(DECIDED, VALID_FROM),
        marks=marks,
        then=(
            *then,
            ResetReceipts(),
            Say(to=Audience.RECEIVERS, text=text, urgent=False),
            Say(to=Audience.PROVIDER, text=text, side=By.INFORMED, urgent=False),
            Own(to=Audience.RECEIVERS),
            Arm(step="planned", rule="adjusted_plan"),
        ),
    )


def _stands(state: str, word: str) -> dict[tuple[str, str], Move]:
    """The time from before the meeting stands: the unit manager reads it, and the assessor may still adjust."""
    return {
        (state, "noted"): Move(
            to="stands",
            by=by(By.RECEIVER),
            label=word,
            receipt="read",
            consequence="Ni planerar efter den tid som gällde före biståndsmötet.",
            then=(Disarm(step="read"),),
        ),
        (state, "adjusted"): _adjusted("decision_adjusted_late", Disarm(step="read"), marks=("adjusted_late",)),
    }


_WITHDRAWN = Move(
    to="withdrawn",
    by=by(By.SENDER),
    label="Stryk åtgärden",
    consequence="Mötet beslutade inget att göra i ärendet. Enhetschefen får veta det.",
    then=(Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False),),
)
_LAPSE = Move(to="lapsed", by=by(By.CLOCK), marks=("lapsed",), then=_PROVIDER_READS)


def _hands() -> dict[tuple[str, str], Alternatives]:
    """When it has reached the wrong person or unit only the receiver becomes another: the assessor keeps it."""
    waiting = hand_moves({"open": "open"}, waiting="open", restart=())
    later = hand_moves({state: state for state in ("adjusted", "lapsed", "unchanged")}, waiting="open", restart=())
    moves = {key: alternatives for key, alternatives in waiting.items() if key[1] != "absent"}
    moves |= {key: alternatives for key, alternatives in later.items() if key[1] in ("forward", "cover")}
    for key in (("open", "forward"), (GIVEN_BACK, "resend")):
        moves[key] = tuple(replace(move, then=(*move.then, Own(to=Audience.SENDER))) for move in moves[key])
    return moves


def checklist(situation: Situation) -> list[tuple[str, str]]:
    """What the routine says at this point, in few words."""
    state = situation.thread.state
    if state == "open":
        return [
            ("Dag två", "justera det som inte kräver kontakt med brukaren, eller följ upp per telefon"),
            ("Enhetschefen", "bevakar om beslutet justeras och planerar efter beställd tid"),
        ]
    if state == "lapsed":
        return [("Gäller nu", OLD_TIME_STANDS)]
    if state == "adjusted":
        return [("Genomförandeplanen", "uppdateras om utförandet förändras, till exempel vid dubbelbemanning")]
    return []


def journal(situation: Situation) -> tuple[str, str]:
    """For the client's social journal and for the authority's: that it was taken up, and what came of it."""
    values, state = situation.thread.values, situation.thread.state
    what = dict(ACTION.options)[values[ACTION.name]].lower()
    begun = f"Ärendet togs upp på biståndsmöte {day_of(values[MEETING_DAY.name])}. Utfall: {what}."
    if state in ("adjusted", "done"):
        came = f"Beslutet är justerat {_day(values, DECIDED)} och gäller från {_day(values, VALID_FROM)}."
    elif "lapsed" in situation.thread.marks:
        came = OLD_TIME_STANDS
    elif state in ("unchanged", "stands"):
        came = "Ingen justering behövdes. Tiden före biståndsmötet kvarstår."
    else:
        came = "Beslutet är inte justerat än."
    plan = {"updated": " Genomförandeplanen är uppdaterad."}.get(str(values.get(CARE_PLAN.name)), "")
    return f"{begun} {came}{plan}", f"{begun} {came}"


def _day(values: dict[str, str], item: Day) -> str:
    return day_of(values[item.name])


FLOW = Flow(
    name="meeting_adjustment",
    title="Justering efter biståndsmöte",
    source="Östhammar, Biståndsmöten, Syfte och Genomförande",
    intro="Det som biståndsmötet beslutade om ett ärende. Justeras beslutet inte i tid kvarstår tiden före mötet.",
    senders=ASSESSORS,
    group="meetings",
    order=72,
    commands=("justering", "justera beslut"),
    urgent=False,
    form=FORM,
    states={
        "draft": STATES["draft"],
        "open": "Ska justeras vid behov",
        GIVEN_BACK: STATES[GIVEN_BACK],
        "adjusted": "Beslutet är justerat – hemtjänsten planerar",
        "unchanged": "Ingen justering – tiden före mötet kvarstår",
        "lapsed": "Inte justerat i tid – tiden före mötet kvarstår",
        "done": "Justerat och planerat – avslutat",
        "stands": "Tiden före mötet kvarstår – avslutat",
        "withdrawn": "Struket",
        "discarded": STATES["discarded"],
    },
    first="draft",
    last=frozenset({"done", "stands", "withdrawn", "discarded"}),
    suggestions=checklist,
    journal=journal,
    words={
        "adjustment_yours": (TASK, "Biståndsmötet lämnade det här ärendet till dig. Justera beslutet vid behov."),
        "adjustment_opened": (INFORMATION, "Ärendet togs upp på biståndsmötet. Bevaka om beslutet justeras."),
        "adjustment_soon": (REMINDER, "Två arbetsdagar kvar att justera beslutet efter biståndsmötet."),
        "adjustment_today": (REMINDER, "Sista dagen att justera beslutet efter biståndsmötet."),
        "old_time_stands": (INFORMATION, OLD_TIME_STANDS),
        "decision_adjusted": (TASK, "Beslutet är justerat. Planera efter den nya tiden."),
        "decision_adjusted_late": (TASK, "Beslutet är justerat i efterhand. Planera efter den nya tiden."),
        "decision_unchanged": (INFORMATION, "Ingen justering behövs. Tiden före biståndsmötet kvarstår."),
        "plan_by_decision": (REMINDER, "Planera efter det justerade beslutet, och uppdatera genomförandeplanen."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="open",
                by=by(By.SENDER),
                label="Lägg till åtgärden",
                then=(
                    Disarm(step="unsent"),
                    Say(to=Audience.UNIT_MANAGER, text="adjustment_opened", urgent=False),
                    Say(to=Audience.SENDER, text="adjustment_yours", side=By.SENDER, urgent=False),
                    Own(to=Audience.SENDER),
                    _LIMIT,
                ),
            ),
            ("open", "read"): Move(to="open", by=by(By.RECEIVER), label="Läst", receipt="read"),
            ("open", "adjusted"): _adjusted("decision_adjusted", _MET),
            ("open", "unchanged"): Move(
                to="unchanged",
                by=by(By.SENDER),
                label="Ingen justering behövs",
                then=(Say(to=Audience.RECEIVERS, text="decision_unchanged", urgent=False), *_PROVIDER_READS),
            ),
            ("open", "lapse"): _LAPSE,
            (GIVEN_BACK, "lapse"): _LAPSE,
            ("open", "withdraw"): _WITHDRAWN,
            (GIVEN_BACK, "withdraw"): _WITHDRAWN,
            ("adjusted", "planned"): Move(
                to="done",
                by=by(By.RECEIVER, By.INFORMED),
                label="Planerat efter beslutet",
                needs=(CARE_PLAN,),
                receipt="taken",
                then=(Disarm(step="planned"),),
            ),
        }
        | _stands("lapsed", "Läst – tiden kvarstår")
        | _stands("unchanged", "Läst – tiden kvarstår")
        | _hands()
        | reopen_moves({"stands": by(By.SENDER)}, to="lapsed", restart=("read",))
        | reopen_moves({"done": by(By.SENDER, By.RECEIVER)}, to="adjusted", restart=("planned",))
        | reopen_moves({"withdrawn": by(By.SENDER)}, to="open", restart=(), start=(_LIMIT,)),
        withdraw="",
    ),
)
