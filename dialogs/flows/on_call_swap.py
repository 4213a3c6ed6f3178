"""An on-call pass goes to somebody else: proposed by the jour or whoever leads the unit, approved by a third.

Norrköping 1.2 and 5.7 leave a jour at work every night, and nothing is said of how the rota is changed: that a swap is
approved by somebody who is neither of the two is Stafett's own. The pass changes hands in the transaction that says
«godkänt», so that the night's messages never have two holders or none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Flow,
    GivePass,
    Move,
    PassChoice,
    PassStart,
    PassTaker,
    Say,
    Situation,
    by,
)
from cases.passes import PASS, STARTS, TAKER, parts_of
from dialogs.common import draft_moves, receiver_unreached, sender_unreached, with_common
from dialogs.words import ANSWER, INFORMATION, REMINDER, TASK

FORM = (
    PassChoice(name=PASS, label="Vilket jourpass ska någon annan ha?", short="Jourpass"),
    PassTaker(
        name=TAKER, label="Vem ska ha passet?", short="Ska ha passet", pass_in=PASS,
        help="Fråga personen först. Det går att välja dem som har jour i samma enhet.",
    ),
    PassStart(name=STARTS, label="När börjar passet?", short="Passet börjar", pass_in=PASS),
    Choice(
        name="swap_reason",
        label="Varför byts passet?",
        short="Anledning",
        options=(
            ("absent", "Den som har passet är inte i tjänst"),
            ("agreed", "De har kommit överens"),
            ("rota", "Schemat behöver ändras"),
        ),
    ),
)  # fmt: skip
DECLINED = Choice(
    name="declined_reason",
    label="Varför godkänns inte bytet?",
    short="Inte godkänt för att",
    options=(
        ("rest", "Vilan mellan arbetspassen räcker inte"),
        ("known", "Det är redan löst på annat sätt"),
        ("other", "Annat, jag tar det direkt med er"),
    ),
)
SOON = timedelta(hours=24)  # a pass that begins within it cannot wait for the morning
TAKER_AGREES = "taker_agrees"


@dataclass(frozen=True, kw_only=True)
class Soon:
    """Whether the pass begins so soon that whoever is off duty is told at once."""

    def __call__(self, situation: Situation) -> bool:
        starts = situation.thread.values.get(STARTS)
        return bool(starts) and datetime.fromisoformat(str(starts)) - situation.now < SOON


def is_taker(situation: Situation) -> bool:
    """Whoever looks or presses is the one who is to have the pass."""
    return situation.who is not None and str(situation.who) == situation.thread.values.get(TAKER)


def is_taker_unsaid(situation: Situation) -> bool:
    """The same, who has not yet said yes."""
    return is_taker(situation) and TAKER_AGREES not in situation.thread.marks


def may_approve(situation: Situation) -> bool:
    """Whoever looks or presses is neither of the two, and has not proposed it."""
    thread = situation.thread
    giver = parts_of(thread.values.get(PASS) or "")
    two = {giver[1] if giver else None, thread.sender_id}
    return situation.who is not None and situation.who not in two and not is_taker(situation)


_BOTH = (Audience.PASS_GIVER, Audience.PASS_TAKER)
_MANAGER = Audience.UNIT_MANAGER


def _tell(text: str, *audiences: Audience, urgent: bool = False) -> tuple[Action, ...]:
    """Each of them, who from then on knows of it and may do nothing in it as a receiver."""
    sender = {Audience.SENDER: By.SENDER}
    return tuple(Say(to=one, text=text, side=sender.get(one, By.INFORMED), urgent=urgent) for one in audiences)


def _propose(*, urgent: bool) -> Move:
    return Move(
        to="proposed",
        by=by(By.SENDER),
        label="Föreslå bytet",
        when=Soon() if urgent else None,
        consequence="Den som leder enheten godkänner eller säger nej. Till dess gäller schemat som det är.",
        then=(
            Disarm(step="unsent"),
            Say(to=Audience.PASS_APPROVERS, text="new", urgent=urgent),
            *_tell("swap_asked", *_BOTH, urgent=urgent),
            Arm(step="approval", rule="on_call_swap_answer"),
            Arm(step="lapse", rule="on_call_swap_lapses", since=STARTS),
        ),
    )


def _approve(*, urgent: bool) -> Move:
    return Move(
        to="approved",
        by=by(By.RECEIVER),
        label="Godkänn bytet",
        when=(lambda now: Soon()(now) and may_approve(now)) if urgent else may_approve,
        receipt="taken",
        consequence="Passet byter hand nu. Båda får veta det.",
        then=(GivePass(), *_tell("swap_approved", *_BOTH, Audience.SENDER, urgent=urgent)),
    )


_REFUSED = ("swap_declined", *_BOTH, Audience.SENDER, _MANAGER)
_MOVES: dict[tuple[str, str], Move | Alternatives] = {
    ("draft", "send"): (_propose(urgent=True), _propose(urgent=False)),
    ("proposed", "approve"): (_approve(urgent=True), _approve(urgent=False)),
    ("proposed", "decline"): Move(
        to="declined", by=by(By.RECEIVER), label="Godkänn inte", when=may_approve, receipt="taken", needs=(DECLINED,),
        then=_tell(_REFUSED[0], *_REFUSED[1:]),
    ),
    ("proposed", "agree"): Move(
        to="proposed", by=by(By.SENDER, By.INFORMED), label="Jag tar passet", when=is_taker_unsaid,
        marks=(TAKER_AGREES,), then=(Say(to=Audience.RECEIVERS, text="swap_agreed", urgent=False),),
    ),
    ("proposed", "refuse"): Move(
        to="declined", by=by(By.SENDER, By.INFORMED), label="Jag kan inte ta passet", when=is_taker,
        then=_tell(_REFUSED[0], Audience.PASS_APPROVERS, *_REFUSED[1:]),
    ),
    ("proposed", "withdraw"): Move(
        to="withdrawn", by=by(By.SENDER), label="Återkalla",
        then=(Say(to=Audience.RECEIVERS, text="withdrawn", urgent=False), *_tell("withdrawn", *_BOTH, _MANAGER)),
    ),
    ("proposed", "lapse"): Move(
        to="lapsed", by=by(By.CLOCK), then=_tell("swap_lapsed", Audience.SENDER, *_BOTH, _MANAGER, urgent=True)
    ),
    # Nobody else gets a part in it because one could not be reached: the sender rings.
    ("proposed", "undeliverable"): (
        Move(to="proposed", by=by(By.DELIVERY), when=sender_unreached, then=_tell("sender_unreachable", _MANAGER)),
        Move(
            to="proposed", by=by(By.DELIVERY), when=receiver_unreached, marks=("undeliverable",),
            then=_tell("not_delivered", Audience.SENDER, urgent=True),
        ),
        Move(to="proposed", by=by(By.DELIVERY), then=_tell("next_unreachable", Audience.SENDER, urgent=True)),
    ),
}  # fmt: skip


def what_stands(situation: Situation) -> list[tuple[str, str]]:
    """What whoever approves wants to know: whether the taker has said yes."""
    said = "har sagt ja" if TAKER_AGREES in situation.thread.marks else "har inte svarat än"
    return [("Den som ska ha passet", said)]


FLOW = Flow(
    name="on_call_swap",
    title="Byte av jourpass",
    source="Stafett",
    intro="Ett jourpass går till någon annan. Någon som inte själv är del i bytet godkänner det.",
    senders=frozenset({"on_call_supervisor", "unit_manager", "deputy_unit_manager"}),
    group="night",
    order=95,
    commands=("byte", "byt pass", "jourbyte"),
    caseless=True,
    caseless_word="Byte",
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast – inte skickat",
        "proposed": "Föreslaget – väntar på godkännande",
        "approved": "Godkänt – passet har bytt hand",
        "declined": "Inte godkänt – schemat gäller som det var",
        "withdrawn": "Återkallat – schemat gäller som det var",
        "lapsed": "Inte godkänt i tid – schemat gäller som det var",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"approved", "declined", "withdrawn", "lapsed", "discarded"}),
    suggestions=what_stands,
    words={
        "new": (TASK, "Ett jourpass föreslås gå till någon annan. Godkänn eller säg nej."),
        "swap_asked": (INFORMATION, "Ett byte av jourpass är föreslaget. Schemat gäller tills det är godkänt."),
        "swap_agreed": (INFORMATION, "Den som ska ha passet har sagt ja. Godkänn eller säg nej."),
        "swap_approved": (ANSWER, "Bytet är godkänt. Passet har bytt hand."),
        "swap_declined": (ANSWER, "Bytet blir inte av. Schemat gäller som det var."),
        "swap_lapsed": (REMINDER, "Passet börjar nu och bytet godkändes inte i tid. Schemat gäller som det var."),
        "swap_waits": (REMINDER, "Ett byte av jourpass väntar på att du godkänner det eller säger nej."),
        "withdrawn": (INFORMATION, "Bytet är återkallat. Schemat gäller som det var."),
    },
    moves=with_common(draft_moves(FORM) | _MOVES),
)
