"""What the municipalities' ways to a care plan share: within the unit, from an assignment to a plan that is ready.

The fixed care contact makes the plan with the client; Stafett reminds, and asks nothing of what stands in it.
"""

from dataclasses import replace

from cases.flow import Alternatives, Arm, Audience, By, Choice, Day, Disarm, Field, Move, Say, SeatChoice, Situation, by
from dialogs.common import HOME_CARE, STATES, draft_moves
from dialogs.hand_moves import GIVEN_BACK, RIGHT_RECEIVER, hand_moves, reopen_moves

STARTERS = HOME_CARE | {"fixed_care_contact", "planner", "coordinator"}
PLAN = "plan"  # the step of the routine's limit
PLAN_STATES = {
    "draft": STATES["draft"],
    "running": "Planen görs",
    GIVEN_BACK: STATES[GIVEN_BACK],
    "completed": "Genomförandeplanen är klar",
    "withdrawn": STATES["withdrawn"],
    "discarded": STATES["discarded"],
}
PLAN_ENDED = frozenset({"completed", "withdrawn", "discarded"})

HINDER = Choice(
    name="hinder_reason",
    label="Varför blir planen inte klar i tid?",
    short="Blir inte klar i tid",
    options=(
        ("client_waits", "Brukaren vill vänta"),
        ("client_away", "Brukaren är inte hemma under tiden"),
        ("not_started", "Insatserna har inte kommit i gång"),
        ("staffing", "Vi har inte hunnit"),
        ("other", "Annat, det står i verksamhetssystemet"),
    ),
)
_COLLEAGUE = SeatChoice(name=RIGHT_RECEIVER.name, label="Vem ska göra planen?", short=RIGHT_RECEIVER.short, among="own")


def makes_it_alone(situation: Situation) -> bool:
    """Whoever set the watch is the one who makes the plan: then nobody else need be told."""
    thread = situation.thread
    return all(party.person_id == thread.sender_id for party in thread.receivers())


def start_moves(form: tuple[Field, ...], rule: str) -> dict[tuple[str, str], Move | Alternatives]:
    """From the draft to whoever makes the plan; the form's first field is the day that `rule` counts from."""
    since = form[0]
    begun = (Arm(step=PLAN, rule=rule, since=since.name),)
    send = Move(
        to="running",
        by=by(By.SENDER),
        label="Skicka",
        then=(Say(to=Audience.FIXED_CARE_CONTACT, text="new", urgent=False), Disarm(step="unsent"), *begun),
    )
    return draft_moves(form) | {("draft", "send"): send}


def making_moves(since: Day, rule: str, *states: str) -> dict[tuple[str, str], Move | Alternatives]:
    """What may happen while the plan is made: read, hindered, a wrong day put right, passed on within the unit."""
    again = (Arm(step=PLAN, rule=rule, since=since.name),)
    moves: dict[tuple[str, str], Move | Alternatives] = {}
    for state in states:
        moves[(state, "read")] = Move(to=state, by=by(By.RECEIVER), label="Läst", receipt="read")
        moves[(state, "hindered")] = Move(
            to=state,
            by=by(By.RECEIVER),
            label="Blir inte klar i tid",
            needs=(HINDER,),
            consequence="Enhetschefen får veta det. Planen ska fortfarande göras, så påminnelserna fortsätter.",
            then=(Say(to=Audience.UNIT_MANAGER, text="care_plan_hindered", side=By.INFORMED, urgent=False),),
        )
        moves[(state, "redate")] = Move(
            to=state, by=by(By.SENDER, By.RECEIVER), label="Ändra datum", needs=(since,), then=again
        )
    hands = hand_moves({state: state for state in states}, waiting="running", restart=())
    for state in states:
        del hands[(state, "absent")]  # no assessor is waited for here
    hands[(GIVEN_BACK, "resend")] = tuple(replace(one, needs=(_COLLEAGUE,)) for one in hands[(GIVEN_BACK, "resend")])
    ends = {"completed": by(By.SENDER, By.RECEIVER), "withdrawn": by(By.SENDER)}
    return moves | hands | reopen_moves(ends, to="running", restart=(), start=again)
