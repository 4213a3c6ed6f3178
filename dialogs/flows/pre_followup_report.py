"""Hemtjänst reports before every planned follow-up, whether or not the needs have changed (Norrköping 5.1–5.4, D17).

The assessor asks with the date; what comes back decides the form of the meeting.
"""

from dataclasses import replace

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Choice,
    Disarm,
    Field,
    Flow,
    Moment,
    Move,
    Own,
    Relay,
    ResetReceipts,
    Say,
    Situation,
    TextField,
    by,
)
from dialogs.common import ASSESSORS, HINT, draft_moves, with_common
from dialogs.follow_ups import FOLLOW_UP_AT, MEETING_FORM, PLANNED_FORM, follow_up_time
from dialogs.hand_moves import GIVEN_BACK, hand_moves
from dialogs.words import ANSWER, INFORMATION, REMINDER, TASK

FORM: tuple[Field, ...] = (FOLLOW_UP_AT, PLANNED_FORM)

_YES, _NO = ("yes", "Ja"), ("no", "Nej")
# The routine's five questions, word for word, each with the answer that demands a reason (Norrköping 5.3).
QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("need_matches", "Överensstämmer det faktiska behovet med aktuellt uppdrag? Om nej-varför?", "Behovet stämmer",
     "no", "Varför stämmer det inte?"),
    ("support_given", "Har stödet kunnat utföras enligt uppdrag? Om nej-varför?", "Stödet utfört enligt uppdrag",
     "no", "Varför har det inte kunnat utföras?"),
    ("all_in_effect", "Är hela uppdraget verkställt? Om nej-varför?", "Hela uppdraget verkställt",
     "no", "Varför är det inte verkställt?"),
    ("attend", "Finns behov att utförare fysiskt deltar vid uppföljningen och i så fall varför?", "Utföraren deltar",
     "yes", "Varför behöver utföraren delta?"),
    ("more", "Finns det annan information som är viktig att biståndshandläggaren får veta inför uppföljning, "
     "i så fall vad?", "Annan viktig information",
     "yes", "Vad är viktigt att veta?"),
)  # fmt: skip
_TELLING = tuple((name, frozenset({code})) for name, _, _, code, _ in QUESTIONS)


_HINTED = (QUESTIONS[0][0], QUESTIONS[-1][0])  # once at either end: between them it would only make the form longer


def _asked() -> tuple[Field, ...]:
    fields: list[Field] = []
    for name, question, short, code, why in QUESTIONS:
        # The telling answer stands last: nobody chooses it by habit.
        options = (_YES, _NO) if code == "no" else (_NO, _YES)
        fields.append(Choice(name=name, label=question, short=short, options=options))
        reason = TextField(
            name=f"{name}_why", label=why, sensitive=True, help=HINT if name in _HINTED else "",
            demanded_if=(name, frozenset({code})),
        )  # fmt: skip
        fields.append(reason)
    return tuple(fields)


REASONS = Choice(
    name="reasons_written",
    label="Står varför och vad i mallen i verksamhetssystemet?",
    short="Varför och vad",
    help="Behövs vid nej på de tre första frågorna och vid ja på de två sista.",
    options=(("in_case_system", "Ja, i den besvarade mallen"),),
    demanded_if_any=_TELLING,
    pointer_only=True,
)
PLAN = Choice(
    name="plan_complete",
    label="Är genomförandeplanen klarmarkerad och aktuell?",
    short="Genomförandeplan klarmarkerad och aktuell",
    options=(_YES, _NO),
)
REPORT: tuple[Field, ...] = (*_asked(), REASONS, PLAN)

CONTACT: tuple[Field, ...] = (
    Moment(name="contact_at", label="När togs kontakten?", short="Kontakt tagen", future=False),
    Choice(
        name="contact_with",
        label="Vem talade ni med?",
        short="Talade med",
        options=(
            ("responsible", "Ansvarig biståndshandläggare"),
            ("lead", "Förste biståndshandläggare"),
            ("colleague", "En annan biståndshandläggare"),
        ),
    ),
)
WITHOUT = Choice(
    name="without_reason",
    label="Varför går du vidare utan överrapportering?",
    short="Utan överrapportering",
    options=(
        ("asked_by_phone", "Jag har frågat hemtjänsten på annat sätt"),
        ("cannot_wait", "Uppföljningen kan inte vänta"),
        ("case_system", "Annat skäl, det står i verksamhetssystemet"),
    ),
)

_COUNTED = (
    Arm(step="report", rule="pre_followup_report", since=FOLLOW_UP_AT.name),
    Arm(step="begin", rule="follow_up_begins", since=FOLLOW_UP_AT.name),
)
_STOPPED = (Disarm(step="read"), Disarm(step="report"), Disarm(step="begin"))
# The follow-up then prepares its meeting, to which hemtjänst is called when it has answered that it needs to be there.
_FORM_DECIDED = Relay(
    flow="follow_up", signal="form_decided", copy={MEETING_FORM.name: MEETING_FORM.name, "takes_part": "attend"}
)
_ASKED = ("sent", "started", "unanswered_at_start")
_ANSWERED = ("answered", "replaced_by_contact")


def proposals(situation: Situation) -> list[tuple[str, str]]:
    """A form of meeting by the answers, and what else they lead to; the assessor decides (Norrköping 5.4 och 6.5.1)."""
    thread, made = situation.thread, []
    if thread.state in _ASKED:
        return [("Hinns mallen inte med", "ta nödvändig kontakt med handläggaren före uppföljningen (6.4)")]
    if thread.state in _ANSWERED:
        made.append(("Förslag till form, handläggaren bestämmer", _proposed_form(situation)))
    if thread.values.get("all_in_effect") == "no":
        made.append(("Ej verkställt", "bedöm insatserna enligt 3.5"))
    if thread.values.get("plan_complete") == "no":
        made.append(("Genomförandeplanen", "är inte klarmarkerad än; måluppfyllelsen ska vägas in (4.2 och 6.3)"))
    return made


def _proposed_form(situation: Situation) -> str:
    values = situation.thread.values
    if values.get("attend") == "yes":
        return "hembesök med utföraren på plats, för hemtjänsten behöver delta"
    if any(values.get(name) == code for name, code in (("need_matches", "no"), ("support_given", "no"))):
        return "hembesök, för behovet eller utförandet stämmer inte med uppdraget"
    if situation.thread.state == "replaced_by_contact":
        return "väg in det ni kom fram till vid kontakten"
    return "telefon eller digitalt kan räcka"


def journal(situation: Situation) -> tuple[str, str]:
    """That it was made and that it has come in; never what it says (Norrköping 5.4)."""
    when, state = follow_up_time(situation), situation.thread.state
    if situation.thread.values.get("contact_at"):
        return (
            f"Nödvändig kontakt har tagits med biståndshandläggare inför uppföljning {when}.",
            f"Hemtjänsten har tagit nödvändig kontakt inför uppföljning {when}.",
        )
    if situation.thread.values.get(QUESTIONS[0][0]):
        return (
            f"Överrapportering har gjorts till biståndshandläggare inför uppföljning {when}.",
            f"Överrapportering har inkommit från hemtjänsten inför uppföljning {when}.",
        )
    missing = "har inte besvarats" if state not in ("draft", "sent", "started") else "är inte besvarad än"
    return (
        f"Mallen inför uppföljning {when} har tagits emot och {missing}.",
        f"Mallen inför uppföljning {when} har skickats till hemtjänsten och {missing}.",
    )


def _answer_moves() -> dict[tuple[str, str], Move | Alternatives]:
    def back(text: str) -> tuple[Action, ...]:
        decide = Arm(step="decide", rule="follow_up_form", since=FOLLOW_UP_AT.name)
        return (
            *_STOPPED,
            Own(to=Audience.SENDER),
            Say(to=Audience.SENDER, text=text, side=By.SENDER, urgent=False),
            decide,
        )

    moves: dict[tuple[str, str], Move | Alternatives] = {}
    for state in _ASKED:
        moves[(state, "answer")] = Move(
            to="answered", by=by(By.RECEIVER, By.INFORMED), label="Svara på mallen", needs=REPORT, receipt="taken",
            then=back("report_in"),
        )  # fmt: skip
        moves[(state, "contact")] = Move(
            to="replaced_by_contact", by=by(By.RECEIVER, By.INFORMED), label="Nödvändig kontakt är tagen",
            needs=CONTACT, receipt="taken", then=back("report_by_contact"),
        )  # fmt: skip
        moves[(state, "without")] = Move(
            to="without_report", by=by(By.SENDER), label="Gå vidare utan svar", needs=(WITHOUT, MEETING_FORM),
            then=(Say(to=Audience.RECEIVERS, text="report_not_awaited", urgent=False), _FORM_DECIDED),
        )  # fmt: skip
        if state != "started":
            moves[(state, "read")] = Move(
                to=state, by=by(By.RECEIVER), label="Läst", receipt="read", then=(Disarm(step="read"),)
            )
            moves[(state, "take")] = Move(
                to="started" if state == "sent" else state, by=by(By.RECEIVER, By.INFORMED), label="Jag svarar",
                receipt="taken", then=(Disarm(step="read"),),
            )  # fmt: skip
        if state != "unanswered_at_start":
            moves[(state, "begin")] = Move(to="unanswered_at_start", by=by(By.CLOCK))
    return moves


def _assessor_moves() -> dict[tuple[str, str], Move | Alternatives]:
    """The time may be moved until the form is settled; what has been answered need not be answered again."""
    moves: dict[tuple[str, str], Move | Alternatives] = {}
    asks_again = (
        ResetReceipts(),
        Say(to=Audience.RECEIVERS, text="follow_up_moved", urgent=False),
        Arm(step="read", rule="mailbox_window"),
        *_COUNTED,
    )
    counts_anew = (
        Say(to=Audience.PROVIDER, text="follow_up_moved", side=By.INFORMED, urgent=False),
        Arm(step="decide", rule="follow_up_form", since=FOLLOW_UP_AT.name),
    )
    for state in (*_ASKED, *_ANSWERED):
        moves[(state, "reschedule")] = Move(
            to=state if state in _ANSWERED else "sent", by=by(By.SENDER), label="Ändra tiden", needs=FORM,
            then=counts_anew if state in _ANSWERED else asks_again,
        )  # fmt: skip
    moves[(GIVEN_BACK, "reschedule")] = Move(to=GIVEN_BACK, by=by(By.SENDER), label="Ändra tiden", needs=FORM)
    for state in (*_ASKED, GIVEN_BACK):  # the follow-up itself says that it is over
        moves[(state, "held")] = Move(
            to="without_report", by=by(By.SENDER),
            then=(Say(to=Audience.RECEIVERS, text="report_not_awaited", urgent=False),),
        )  # fmt: skip
    for state in _ANSWERED:
        moves[(state, "held")] = Move(to="decided", by=by(By.SENDER))
        moves[(state, "decide")] = Move(
            to="decided", by=by(By.SENDER), label="Bestäm formen", needs=(MEETING_FORM,),
            then=(Say(to=Audience.PROVIDER, text="form_decided", side=By.INFORMED, urgent=False), _FORM_DECIDED),
        )  # fmt: skip
    return moves


def _hand_moves() -> dict[tuple[str, str], Alternatives]:
    """The report may be passed on or given back; nothing is counted while it lies with its sender again."""
    moves = hand_moves(dict.fromkeys(("sent", "started"), "sent"), waiting="sent", restart=("read",))
    more = {"misdirected": (*_STOPPED[1:],), "resend": _COUNTED}
    return {
        (state, signal): tuple(replace(move, then=(*move.then, *more.get(signal, ()))) for move in alternatives)
        for (state, signal), alternatives in moves.items()
    }


FLOW = Flow(
    name="pre_followup_report",
    title="Begär överrapportering",
    source="Norrköping 5.1–5.4",
    intro="Skicka så snart en uppföljning är planerad. Hemtjänsten svarar innan den börjar, "
    "också när behoven är oförändrade.",
    senders=ASSESSORS,
    group="follow_up",
    order=60,
    commands=("överrapportering", "överrapportera", "mallen"),
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast – inte skickat",
        "sent": "Mallen är skickad till hemtjänsten",
        "started": "Hemtjänsten svarar på mallen",
        "unanswered_at_start": "Inte besvarad när uppföljningen började",
        GIVEN_BACK: "Åter hos avsändaren – fel mottagare",
        "answered": "Mallen är besvarad – formen ska bestämmas",
        "replaced_by_contact": "Nödvändig kontakt är tagen – formen ska bestämmas",
        "decided": "Uppföljningens form är bestämd – avslutat",
        "without_report": "Uppföljning utan överrapportering – avslutat",
        "withdrawn": "Återkallat",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"decided", "without_report", "withdrawn", "discarded"}),
    suggestions=proposals,
    journal=journal,
    words={
        "report_soon": (REMINDER, "En uppföljning närmar sig. Svara på mallen, eller ta nödvändig kontakt."),
        "report_unanswered": (REMINDER, "Mallen inför uppföljningen är inte besvarad. Svara eller ring före starten."),
        "report_missing": (REMINDER, "Uppföljningen börjar nu och mallen är inte besvarad. Det går att svara ändå."),
        "report_in": (ANSWER, "Mallen är besvarad. Väg in svaren och bestäm uppföljningens form."),
        "report_by_contact": (ANSWER, "Hemtjänsten har tagit nödvändig kontakt. Bestäm uppföljningens form."),
        "report_not_awaited": (INFORMATION, "Mallen väntas inte längre in. Du behöver inte göra något."),
        "form_decided": (INFORMATION, "Handläggaren har tagit del av svaret och bestämt uppföljningens form."),
        "form_undecided": (REMINDER, "Bestäm uppföljningens form. Hemtjänstens svar ska vägas in."),
        "follow_up_moved": (TASK, "Uppföljningens tid är ändrad. Läs den nya tiden."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="sent",
                by=by(By.SENDER),
                label="Skicka mallen",
                then=(
                    Disarm(step="unsent"),
                    Say(to=Audience.PROVIDER, text="new", urgent=False),
                    # Who knows the person best may answer as well, and sees that the plan is up to date (6.4).
                    Say(to=Audience.FIXED_CARE_CONTACT, text="new", urgent=False),
                    Arm(step="read", rule="mailbox_window"),
                    *_COUNTED,
                ),
            )
        }
        | _answer_moves()
        | _assessor_moves()
        | _hand_moves()
    ),
)
