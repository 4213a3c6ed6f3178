"""A sudden need expected to pass within three days (Norrköping 5.6, D11).

Nothing reaches the assessor on days 1–3: that is the routine, and the table says so.
"""

from datetime import date, timedelta

from cases.flow import Arm, Audience, By, Day, Disarm, Field, Flow, Move, Say, Situation, by
from dialogs.common import CARE_STAFF, ENDED, NEED, NOTE, NOTICED_BY, STATES, draft_moves, reply_moves, with_common
from dialogs.swedish import day_text


def fourth_day(situation: Situation) -> list[tuple[str, str]]:
    """A decision is dated from the fourth day; the first three give no compensation. The assessor decides."""
    day4 = date.fromisoformat(situation.thread.values["day1"]) + timedelta(days=3)
    return [("Beviljas utökat stöd", f"dateras beslutet från dag 4, {day_text(day4)}")]


FORM: tuple[Field, ...] = (
    Day(name="day1", label="Dag 1: när gavs hjälpen första gången?", short="Dag 1", future=False),
    NEED,
    NOTICED_BY,
    NOTE,
)

FLOW = Flow(
    name="urgent_limited",
    title="Brådskande – kortare tid",
    group="urgent",
    source="Norrköping 5.6",
    intro="För pågående ärenden: behovet väntas gå över inom tre dagar. Handläggaren får inget meddelande dag 1–3. "
    "Stafett frågar dig på dag 4.",
    senders=CARE_STAFF,
    order=20,
    later_label="Meddelas om behovet kvarstår dag 4",
    commands=("tillfälligt", "tillfalligt", "begränsad"),
    form=FORM,
    states={state: word for state, word in STATES.items() if state != "sent"}
    | {
        "within_three_days": "Dag 1–3 – inget har skickats till handläggaren",
        "day_four_due": "Dag 4 – svara om behovet kvarstår",
        "notified": "Skickat till handläggaren",
        "need_ended": "Behovet upphörde – avslutat, inget skickat",
    },
    first="draft",
    last=ENDED | {"need_ended"},
    suggestions=fourth_day,
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="within_three_days",
                by=by(By.SENDER),
                label="Börja räkna dagarna",
                consequence="Ingenting skickas till handläggaren nu.",
                then=(Disarm(step="unsent"), Arm(step="day4", rule="urgent_limited", since="day1")),
            ),
            ("within_three_days", "ended"): Move(
                to="need_ended",
                by=by(By.SENDER),
                label="Behovet har upphört",
                consequence="Avslutas. Inget meddelande till handläggaren och ingen ersättning för dag 1–3.",
            ),
            ("within_three_days", "day4"): Move(to="day_four_due", by=by(By.CLOCK)),
            ("day_four_due", "ended"): Move(
                to="need_ended",
                by=by(By.SENDER),
                label="Behovet har upphört",
                consequence="Avslutas. Inget meddelande till handläggaren och ingen ersättning för dag 1–3.",
            ),
            ("day_four_due", "remains"): Move(
                to="notified",
                by=by(By.SENDER),
                label="Behovet kvarstår",
                consequence="Handläggaren meddelas nu. Beviljas stödet dateras beslutet från dag 4.",
                then=(
                    Disarm(step="day4"),
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new"),
                    Arm(step="read", rule="message_read"),
                    Arm(step="untaken", rule="urgent_untaken"),
                ),
            ),
        }
        | reply_moves("notified", arm_on_take=(Arm(step="answer", rule="urgent_answer"),), disarm=("read", "untaken"))
    ),
)
