"""Biståndsmöte: two working days a month at a home care unit, from the case list to the agenda with its outcomes
(Östhammar, D23–D25 and D27).

Cases stand on the agenda as references and nothing else. Each one that is to be acted on gets a thread of its own.
"""

from dataclasses import replace

from cases.flow import (
    Action,
    Alternatives,
    Arm,
    Audience,
    By,
    Disarm,
    Field,
    Flow,
    Gather,
    Guard,
    Invite,
    Move,
    OpenEach,
    Own,
    ResetReceipts,
    Say,
    Situation,
    by,
    table,
)
from dialogs.assistance_meetings import (
    ACTION,
    ACTIONS,
    ADDED,
    CASES,
    FORM,
    MODE,
    OUTCOME,
    PLANS,
    STARTS,
    all_decided,
    checklist,
    nothing_to_decide,
    nothing_written,
    of_the_unit,
)
from dialogs.common import ASSESSORS, STATES, Runs, TooLate, all_received, draft_moves, with_common
from dialogs.hand_moves import hand_moves, reopen_moves
from dialogs.meeting_moves import REMIND, meeting_moves
from dialogs.words import INFORMATION, REMINDER, TASK

_LIST = Arm(step="case_list", rule="meeting_case_list", since=STARTS.name)
_INVITES = (Invite(), Invite(slot="day2", workdays=1, kind="assistance_day_two"))
_TIMES = (
    Arm(step="reply", rule="meeting_reply", since=STARTS.name),
    Arm(step="day_two", rule="second_meeting_day", since=STARTS.name),
    Arm(step="outcomes", rule="meeting_outcomes", since=STARTS.name),
    REMIND,
)
_OPEN_ADJUSTMENTS = tuple(
    OpenEach(
        flow="meeting_adjustment",
        field=OUTCOME.name,
        codes=frozenset({code}),
        sender=Audience.RESPONSIBLE_ASSESSOR,
        copy={"meeting_day": STARTS.name},
        values={ACTION.name: code},
        signal="send",
    )
    for code, _ in ACTIONS
)
_SLOTS = ("main", "day2")
# What a calendar may say of a meeting that has begun, without anything more to do.
_FOLLOWED = frozenset({"answered_in_calendar", "slot_changed_in_calendar", "in_calendar", "not_in_calendar"})
_BEFORE = ("planned", "listed", "ready")
_AFTER = ("begun", "held", "documented")
_LATE_LIST = TooLate(rule="meeting_case_list", since=STARTS.name)


def _list_sent() -> Alternatives:
    """Late, it is sent all the same, and the card says that it came late."""
    then: tuple[Action, ...] = (
        Disarm(step="case_list"),
        ResetReceipts(),
        Say(to=Audience.RECEIVERS, text="case_list", urgent=False),
    )
    late = Move(
        to="listed", by=by(By.SENDER), label="Skicka ärendelistan", when=_LATE_LIST, needs=(CASES,),
        marks=("list_late",), then=then,
    )  # fmt: skip
    in_time = Move(to="listed", by=by(By.SENDER), label="Skicka ärendelistan", needs=(CASES,), then=then)
    return (late, in_time)


_ADD = Gather(field=ADDED.name, into=CASES.name)
_TOLD_ADDED = Say(to=Audience.CONVENER, text="cases_added", side=By.SENDER, urgent=False)
_ALL_ANSWERED = (
    Disarm(step="reply"),
    Say(to=Audience.CONVENER, text="agenda_ready", side=By.SENDER, urgent=False),
)


def _replies() -> dict[tuple[str, str], Move | Alternatives]:
    """Who has got the list adds cases or has nothing to add; silence is the same as nothing to add."""
    moves: dict[tuple[str, str], Move | Alternatives] = {
        ("listed", "nothing"): tuple(
            Move(
                to=to, by=by(By.RECEIVER), label="Inget att lägga till", receipt="read", when=when, then=then,
            )
            for to, when, then in (("ready", all_received, _ALL_ANSWERED), ("listed", None, ()))
        ),
        ("listed", "add"): tuple(
            Move(
                to=to, by=by(By.RECEIVER), label="Lägg till ärenden", needs=(ADDED,), receipt="read", when=when,
                then=(_ADD, _TOLD_ADDED, *then),
            )
            for to, when, then in (("ready", all_received, _ALL_ANSWERED), ("listed", None, ()))
        ),
    }  # fmt: skip
    for state in ("planned", "ready", "begun"):
        moves[(state, "add")] = Move(
            to=state, by=by(By.RECEIVER), label="Lägg till ärenden", needs=(ADDED,), then=(_ADD, _TOLD_ADDED)
        )
    for state in ("listed", "ready", "begun"):
        moves[(state, "add_own")] = Move(
            to=state, by=by(By.SENDER), label="Lägg till på listan", needs=(ADDED,),
            then=(_ADD, Say(to=Audience.RECEIVERS, text="list_changed", urgent=False)),
        )  # fmt: skip
    return moves


_ENDED_BY_THE_MEETING = (Disarm(step="case_list"), Disarm(step=REMIND.step))


def _clock() -> dict[tuple[str, str], Move]:
    """What the time brings by itself: no more answers are waited for, the meeting begins, and day two comes."""
    closed = Disarm(step="reply")
    moves = {
        ("planned", "close"): Move(to="planned", by=by(By.CLOCK), then=(closed,)),
        ("listed", "close"): Move(to="ready", by=by(By.CLOCK), then=(closed,)),
        ("ready", "close"): Move(to="ready", by=by(By.CLOCK), then=(closed,)),
        ("documented", "day_two"): Move(to="done", by=by(By.CLOCK), then=(Disarm(step="day_two"),)),
    }
    for state in _BEFORE:
        moves[(state, "begin")] = Move(to="begun", by=by(By.CLOCK), then=(*_ENDED_BY_THE_MEETING, closed))
    for state in (*_BEFORE, "begun", "held"):
        moves[(state, "day_two")] = Move(to=state, by=by(By.CLOCK), then=(Disarm(step="day_two"),))
    return moves


_HELD: tuple[Action, ...] = (
    Disarm(step="outcomes"),
    ResetReceipts(),
    Say(to=Audience.RECEIVERS, text="agenda_kept", urgent=False),
    Own(to=Audience.UNIT_MANAGER),
    Arm(step="documented", rule="meeting_documented"),
)


def _written(to: str, then: tuple[Action, ...], *, when: Guard | None = None, needs: tuple[Field, ...] = ()) -> Move:
    """What has an outcome goes on at once; the meeting is over when every case has one."""
    return Move(
        to=to, by=by(By.SENDER), label="Skriv in utfall", needs=needs, when=when, then=then,
        consequence="Varje ärende med en åtgärd får ett eget kort, och hemtjänsten får veta det.",
    )  # fmt: skip


def documents_before_day_two(situation: Situation) -> bool:
    """Somebody of the home care unit documents, and day two is still to come."""
    return of_the_unit(situation) and Runs(step="day_two")(situation)


def _outcomes() -> dict[tuple[str, str], Move | Alternatives]:
    """The agenda with its outcomes is kept by both sides; the unit manager documents in each client's journal."""
    changed = tuple(
        (
            (state, "outcomes"),
            Move(
                to=state, by=by(By.SENDER), label="Ändra utfall", needs=(OUTCOME,),
                consequence="En åtgärd som redan är öppnad stryker du på dess eget kort.",
                then=(*_OPEN_ADJUSTMENTS, Say(to=Audience.RECEIVERS, text="list_changed", urgent=False)),
            ),
        )
        for state in ("held", "documented")
    )  # fmt: skip
    documented = tuple(
        Move(
            to=to, by=by(By.RECEIVER), label="Dokumenterat i social journal", needs=(PLANS,), receipt="taken",
            when=when, consequence="Enhetschefen ansvarar för att det är gjort.", then=(Disarm(step="documented"),),
        )
        for to, when in (("documented", documents_before_day_two), ("done", of_the_unit))
    )  # fmt: skip
    return {
        ("begun", "outcomes"): (
            _written("held", _HELD, when=nothing_to_decide),
            _written("held", (*_OPEN_ADJUSTMENTS, *_HELD), when=all_decided, needs=(OUTCOME,)),
            _written("begun", _OPEN_ADJUSTMENTS, needs=(OUTCOME,)),
        ),
        ("held", "documented"): documented,
        **dict(changed),
    }  # fmt: skip


def _meeting() -> dict[tuple[str, str], Move | Alternatives]:
    """Answers to the invitation, and another time, with which the limit of a list that is not sent moves too."""
    moves = dict(meeting_moves("planned", again=(*_INVITES, _LIST, *_TIMES), form=(STARTS, MODE), slots=_SLOTS))
    moves |= meeting_moves("listed", "ready", again=(*_INVITES, *_TIMES), form=(STARTS, MODE), slots=_SLOTS)
    later = meeting_moves(*_AFTER, slots=_SLOTS)
    moves |= {key: move for key, move in later.items() if key[1] in _FOLLOWED}
    moves[("begun", "call_off")] = later[("begun", "call_off")]
    anew = table(meeting_moves("begun", again=(*_INVITES, *_TIMES[1:]), form=(STARTS, MODE), slots=_SLOTS))
    for key in (("begun", "reschedule"), ("begun", "moved_in_calendar")):  # it was not held then, after all
        moves[key] = tuple(replace(move, to="ready", when=nothing_written) for move in anew[key])
    return moves


def _covered() -> dict[tuple[str, str], Alternatives]:
    """A colleague may step in for the convener; who should not have been called declines."""
    states = {state: state for state in (*_BEFORE, *_AFTER)}
    every = hand_moves(states, waiting="planned", restart=())
    return {key: alternatives for key, alternatives in every.items() if key[1] == "cover"}


FLOW = Flow(
    name="assistance_meeting",
    title="Biståndsmöte",
    source="Östhammar, Biståndsmöten, Genomförande",
    intro="Två arbetsdagar i följd varje månad hos hemtjänsten: möte dag ett, justeringar dag två. "
    "Listan över ärenden skickas senast fyra arbetsdagar före.",
    senders=ASSESSORS,
    group="meetings",
    order=71,
    commands=("biståndsmöte", "bistandsmote"),
    urgent=False,
    meeting="assistance_meeting",
    caseless=True,
    form=FORM,
    states={
        "draft": STATES["draft"],
        "planned": "Kallat – ärendelistan är inte skickad",
        "listed": "Ärendelistan är skickad – svar väntas",
        "ready": "Dagordningen är klar",
        "begun": "Mötet – utfall skrivs in",
        "held": "Hållet – hemtjänsten dokumenterar",
        "documented": "Dokumenterat – dag två återstår",
        "done": "Hållet och dokumenterat – avslutat",
        "called_off": "Inställt",
        "discarded": STATES["discarded"],
    },
    first="draft",
    last=frozenset({"done", "called_off", "discarded"}),
    suggestions=checklist,
    words={
        "meeting_called": (
            TASK,
            "Du är kallad till biståndsmöte. Lyft i din arbetsgrupp vilka ärenden som behöver följas upp.",
        ),
        "case_list_soon": (
            REMINDER,
            "Ärendelistan inför biståndsmötet ska skickas senast i morgon. Fråga i din arbetsgrupp vad ni vill lyfta.",
        ),
        "case_list_today": (REMINDER, "Sista dagen att skicka ärendelistan inför biståndsmötet."),
        "case_list_late": (REMINDER, "Ärendelistan är inte skickad och tiden har gått ut. Skicka den ändå."),
        "case_list": (TASK, "Ärendelistan har kommit. Lägg till ärenden, eller svara att det inte finns något mer."),
        "raise_in_group": (REMINDER, "Lyft i din arbetsgrupp vilka ärenden som behöver följas upp på biståndsmötet."),
        "meeting_reply_today": (
            REMINDER,
            "Sista dagen att lägga till ärenden. Inget svar betyder inget att lägga till.",
        ),
        "replies_closed": (INFORMATION, "Svarstiden har gått ut. Den som inte har svarat har inget att lägga till."),
        "cases_added": (INFORMATION, "Ärenden har lagts till på dagordningen."),
        "list_changed": (INFORMATION, "Dagordningen har ändrats."),
        "agenda_ready": (INFORMATION, "Alla har svarat. Dagordningen är klar."),
        "write_outcomes": (REMINDER, "Skriv in utfallet för varje ärende, så att åtgärderna får sin tid."),
        "agenda_kept": (INFORMATION, "Dagordningen med utfall är sparad. Enhetschefen dokumenterar i social journal."),
        "document_meeting": (
            REMINDER,
            "Dokumentera biståndsmötet i social journal, och uppdatera genomförandeplanen om det behövs.",
        ),
        "meeting_day_two": (REMINDER, "Dag två: justera beslut som inte kräver kontakt, eller följ upp per telefon."),
    },
    moves=with_common(
        draft_moves(FORM, _LIST)
        | {
            ("draft", "send"): Move(
                to="planned",
                by=by(By.SENDER),
                label="Kalla till mötet",
                then=(
                    Disarm(step="unsent"),
                    *_INVITES,
                    Say(to=Audience.INVITED, text="meeting_called", urgent=False),
                    Own(to=Audience.SENDER),
                    *_TIMES,
                ),
            ),
            ("planned", "send_list"): _list_sent(),
        }
        | _replies()
        | _clock()
        | _outcomes()
        | _meeting()
        | _covered()
        | reopen_moves({"done": by(By.SENDER, By.RECEIVER)}, to="held", restart=("documented",)),
        withdraw="",
    ),
)
