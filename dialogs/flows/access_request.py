"""Behörighetsansökan: a role in a unit for a time, approved by a manager who has not asked and whom it is not for.

Norrköping says that access shall be approved by a manager, and never one's own (ersättningsmodellen, behörigheter). For
how long it may be had, and when an application lapses, is Stafett's own default. The role is given in the transaction
that says «godkänd», and taken back by itself, in the one that says that it has ended.
"""

from cases.access import LAST_DAY, ROLE, UNIT, WHO
from cases.flow import (
    Access,
    AccessChoice,
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
    Say,
    Situation,
    by,
)
from cases.roles import CASE_ROLES
from cases.thread import OWN_DRAFT
from dialogs.common import draft_moves, receiver_unreached, sender_unreached, with_common
from dialogs.words import ANSWER, INFORMATION, REMINDER, TASK

FORM = (
    AccessChoice(name=WHO, label="Vem ska ha behörigheten?", short="Gäller", of="who"),
    AccessChoice(name=UNIT, label="I vilken enhet?", short="Enhet", of="unit"),
    AccessChoice(
        name=ROLE, label="Vilken roll?", short="Roll", of="role",
        help="Rollen avgör vilka meddelanden som går att se. Välj den som räcker för uppgiften.",
    ),
    Day(
        name=LAST_DAY, label="Till och med vilken dag?", short="Till och med", past=False, today=False,
        help="Behörigheten upphör av sig själv. Välj ingen längre tid än vad som behövs.",
    ),
    Choice(
        name="access_reason",
        label="Varför behövs behörigheten?",
        short="Behövs för",
        options=(
            ("substitute", "Vikariat eller semester"),
            ("extra", "Tillfällig förstärkning"),
            ("new_duty", "Ny arbetsuppgift, tills registret är ändrat"),
            ("project", "Uppdrag för en tid"),
        ),
    ),
)  # fmt: skip
DECLINED = Choice(
    name="declined_reason",
    label="Varför godkänns inte ansökan?",
    short="Inte godkänd för att",
    options=(
        ("not_needed", "Behörigheten behövs inte för uppgiften"),
        ("too_much", "En annan roll eller en kortare tid räcker"),
        ("register", "Det ska ändras i registret i stället"),
        ("other", "Annat, jag tar det direkt med er"),
    ),
)


def may_approve(situation: Situation) -> bool:
    """Whoever looks or presses has not asked for it, and it is not for them."""
    thread, who = situation.thread, situation.who
    return who is not None and who != thread.sender_id and str(who) != thread.values.get(WHO)


_HOLDER = (Audience.ACCESS_HOLDER,)


def _tell(text: str, *audiences: Audience) -> tuple[Action, ...]:
    """Each of them, who from then on knows of it and may not answer it."""
    sender = {Audience.SENDER: By.SENDER}
    return tuple(Say(to=one, text=text, side=sender.get(one, By.INFORMED), urgent=False) for one in audiences)


# Nobody else changes or sends it in the sender's name: whoever could, could have it approved as well.
_MOVES: dict[tuple[str, str], Move | Alternatives] = {
    ("", "open"): Move(to="draft", by=by(By.SENDER), marks=(OWN_DRAFT,), then=(Arm(step="unsent", rule="draft"),)),
    ("draft", "send"): Move(
        to="requested", by=by(By.SENDER), label="Skicka ansökan", clears=(OWN_DRAFT,),
        consequence="En chef som inte själv är berörd godkänner eller säger nej. Till dess ändras ingenting.",
        then=(
            Disarm(step="unsent"),
            Say(to=Audience.ACCESS_APPROVERS, text="new", urgent=False),
            *_tell("access_asked", *_HOLDER),
            Arm(step="approval", rule="access_request_answer"),
        ),
    ),
    ("requested", "approve"): Move(
        to="granted", by=by(By.RECEIVER), label="Godkänn", when=may_approve, receipt="taken",
        consequence="Behörigheten gäller genast och upphör av sig själv. Båda får veta det.",
        then=(
            Access(), Disarm(step="approval"), Arm(step="access_end", rule="access_ends", since=LAST_DAY),
            *_tell("access_granted", *_HOLDER, Audience.SENDER), Own(to=Audience.SENDER),
        ),
    ),
    ("requested", "decline"): Move(
        to="declined", by=by(By.RECEIVER), label="Godkänn inte", when=may_approve, receipt="taken", needs=(DECLINED,),
        then=_tell("access_declined", *_HOLDER, Audience.SENDER),
    ),
    ("requested", "withdraw"): Move(
        to="withdrawn", by=by(By.SENDER), label="Återkalla",
        then=(Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False), *_tell("withdrawn", *_HOLDER)),
    ),
    ("requested", "lapse"): Move(
        to="lapsed", by=by(By.CLOCK), then=_tell("access_lapsed", Audience.SENDER, *_HOLDER)
    ),
    # Whoever no longer needs it says so, and so does whoever sees that it is no longer needed.
    ("granted", "end_access"): Move(
        to="ended", by=by(By.SENDER, By.RECEIVER, By.INFORMED), label="Avsluta behörigheten",
        consequence="Behörigheten upphör genast. Det som personen har kvar i rollen går till enheten.",
        then=(Access(ends=True), *_tell("access_ended", *_HOLDER, Audience.SENDER)),
    ),
    ("granted", "expire"): Move(
        to="ended", by=by(By.CLOCK), then=(Access(ends=True), *_tell("access_ended", *_HOLDER, Audience.SENDER))
    ),
    # Nobody else gets a part in it because one could not be reached: the sender rings.
    **{
        (state, "undeliverable"): (
            Move(to=state, by=by(By.DELIVERY), when=sender_unreached),
            Move(
                to=state, by=by(By.DELIVERY), when=receiver_unreached, marks=("undeliverable",),
                then=_tell("not_delivered", Audience.SENDER),
            ),
            Move(to=state, by=by(By.DELIVERY), then=_tell("next_unreachable", Audience.SENDER)),
        )
        for state in ("requested", "granted")
    },
}  # fmt: skip


FLOW = Flow(
    name="access_request",
    title="Behörighetsansökan",
    source="Norrköping, ersättningsmodellen",
    intro="Någon behöver en roll i en enhet för en tid. En chef som inte själv är berörd godkänner.",
    senders=frozenset(CASE_ROLES),
    group="access",
    order=99,
    commands=("behörighet", "behorighet", "ansök om behörighet"),
    caseless=True,
    caseless_word="Behörighet",
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast – inte skickat",
        "requested": "Skickad – väntar på godkännande",
        "granted": "Godkänd – behörigheten gäller",
        "declined": "Inte godkänd",
        "withdrawn": "Återkallad",
        "lapsed": "Inte besvarad i tid – ansök på nytt om den behövs",
        "ended": "Behörigheten har upphört",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"declined", "withdrawn", "lapsed", "ended", "discarded"}),
    words={
        "new": (TASK, "En behörighet behöver godkännas. Godkänn eller säg nej."),
        "access_asked": (INFORMATION, "Någon har ansökt om behörighet åt dig."),
        "access_waits": (REMINDER, "En ansökan om behörighet väntar på svar."),
        "access_granted": (ANSWER, "Behörigheten är godkänd och gäller nu."),
        "access_declined": (ANSWER, "Behörigheten är inte godkänd."),
        "access_lapsed": (INFORMATION, "Ansökan är inte besvarad i tid. Ansök på nytt om behörigheten behövs."),
        "access_ends_soon": (REMINDER, "Behörigheten upphör snart. Behövs den längre: ansök på nytt."),
        "access_ended": (INFORMATION, "Behörigheten har upphört."),
        "withdrawn": (INFORMATION, "Ansökan är återkallad."),
    },
    moves=with_common(draft_moves(FORM) | _MOVES, withdraw=""),  # a role that is given is ended, not withdrawn
)
