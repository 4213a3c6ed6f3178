"""The weekly supervision: the unit manager settles the time and sees every date before anybody is invited (D28)."""

from cases.flow import (
    Arm,
    Audience,
    By,
    CallOffSeries,
    CaseList,
    Day,
    DayList,
    Disarm,
    Field,
    Flow,
    Gather,
    InviteSeries,
    Moment,
    Move,
    Open,
    Own,
    Relay,
    Say,
    Situation,
    by,
)
from cases.series_answers import FIRST, LAST, NEXT, OFF, TEAM
from dialogs.common import draft_moves, with_common
from dialogs.meeting_moves import meeting_moves
from dialogs.supervision import KIND, MANAGERS, MODE, SOURCE, dates, has_meetings
from dialogs.words import INFORMATION, REMINDER

STARTS = Moment(
    name=FIRST,
    label="När är den första handledningen?",
    short="Första gången",
    past=False,
    help="Sedan samma dag och klockslag varje vecka. Rutinens förslag är torsdag klockan 14.",
)
ENDS = Day(name=LAST, label="Till och med vilken dag?", short="Till och med", past=False)
TEAM_DAYS = DayList(
    name=TEAM,
    label="Vilka dagar är det teamträff?",
    short="Teamträff",
    required=False,
    help="Den veckan är det ingen handledning. Skriv datumen med komma emellan, till exempel 2026-12-01, 2027-01-12.",
)
FORM: tuple[Field, ...] = (STARTS, ENDS, MODE, TEAM_DAYS)

_MORE_TEAM = DayList(name="more_team", label="Vilken dag är det teamträff?", short="Ny teamträff", help=TEAM_DAYS.help)
_WEEK_OFF = DayList(
    name="more_off",
    label="I vilken vecka ska handledningen ställas in?",
    short="Ny inställd vecka",
    help="Skriv ett datum i veckan, till exempel 2026-12-29.",
)
_OFF_DAYS = DayList(name=OFF, label="Inställda veckor", required=False, hidden=True)
_CHANGED = Moment(
    name=NEXT,
    label="När är den första handledningen på den nya tiden?",
    short="Ny tid från",
    past=False,
    help="Till dess gäller den gamla tiden.",
)
# What the clock brings when it opens a week's meeting, and what was dealt with at the last one.
_NEXT_STARTS = Moment(name="opened_starts", label="Nästa handledning", required=False, hidden=True)
_NEXT_DAY = Day(name="opened_day", label="Dag i serien", required=False, hidden=True)
_LAST_CASES = CaseList(name="last_cases", label="Ärenden vid förra handledningen", required=False, hidden=True)

_TO_THE_WEEKS = Relay(flow=KIND, signal="series_changed", copy={name: name for name in (TEAM, OFF, LAST, NEXT)})
_CHANGE = Say(to=Audience.INVITED, text="series_changed", urgent=False)


_CALLED_OFF = (
    CallOffSeries(),
    Relay(flow=KIND, signal="series_withdrawn"),
    Say(to=Audience.INVITED, text="series_withdrawn", urgent=False),
)
_REPLACED = "replaced"


def runs(situation: Situation) -> bool:
    """Whether it has no new time yet: a series is given one once, and the new series is changed after that."""
    return _REPLACED not in situation.thread.marks


FLOW = Flow(
    name="supervision_series",
    title="Handledning varje vecka",
    source=SOURCE,
    intro="Handledning av arbetsterapeut eller sjukgymnast en gång i veckan i 30 minuter, utom veckan med teamträff. "
    "Enhetschefen eller den verksamhetsansvariga kallar.",
    senders=MANAGERS,
    group="meetings",
    order=70,
    commands=("handledning",),
    urgent=False,
    meeting=KIND,
    caseless=True,
    form=FORM,
    states={
        "draft": "Utkast – ingen är kallad",
        "running": "Pågår",
        "ended": "Avslutad",
        "withdrawn": "Inställd",
        "discarded": "Utkastet är borttaget",
    },
    first="draft",
    last=frozenset({"ended", "withdrawn", "discarded"}),
    suggestions=dates,
    words={
        "series_new": (INFORMATION, "Du är kallad till handledning varje vecka. Dagarna står här."),
        "series_changed": (INFORMATION, "Dagarna för handledningen har ändrats. De nya står här."),
        "series_withdrawn": (INFORMATION, "Handledningen är inställd. Du behöver inte göra något."),
        "series_ends_soon": (REMINDER, "Serien tar snart slut. Ändra sista dag om den ska fortsätta."),
        "series_over": (INFORMATION, "Serien är slut. Lägg upp en ny om handledningen fortsätter."),
    },
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="running",
                by=by(By.SENDER),
                label="Kalla",
                when=has_meetings,
                consequence="Alla som ska vara med får en kallelse till de här dagarna.",
                then=(
                    Disarm(step="unsent"),
                    InviteSeries(),
                    Say(to=Audience.INVITED, text="series_new", urgent=False),
                    Own(to=Audience.SENDER),
                    Arm(step="last", rule="supervision_series_end", since=LAST),
                ),
            ),
            ("running", "read"): Move(to="running", by=by(By.RECEIVER), label="Läst", receipt="read"),
            ("running", "team"): Move(
                to="running",
                by=by(By.SENDER),
                label="Lägg till teamträff",
                needs=(_MORE_TEAM,),
                consequence="Veckans handledning ställs in för alla som är kallade.",
                then=(Gather(field=_MORE_TEAM.name, into=TEAM), InviteSeries(), _TO_THE_WEEKS, _CHANGE),
            ),
            ("running", "skip"): Move(
                to="running",
                by=by(By.SENDER),
                label="Ställ in en vecka",
                needs=(_WEEK_OFF,),
                then=(Gather(field=_WEEK_OFF.name, into=OFF), InviteSeries(), _TO_THE_WEEKS, _CHANGE),
            ),
            ("running", "change"): Move(
                to="running",
                by=by(By.SENDER),
                label="Ändra dag eller klockslag",
                when=runs,
                needs=(_CHANGED, ENDS, MODE),
                marks=(_REPLACED,),
                consequence="Den här serien slutar, och en ny börjar på den nya tiden.",
                then=(
                    Disarm(step="last"),
                    Arm(step="replaced", rule="supervision_series_replaced", since=NEXT),
                    InviteSeries(),
                    _TO_THE_WEEKS,
                    Open(
                        flow="supervision_series",
                        sender=Audience.SENDER,
                        copy={FIRST: NEXT, LAST: LAST, "mode": "mode", TEAM: TEAM, OFF: OFF},
                        signal="send",
                    ),
                ),
            ),
            ("running", "end"): Move(
                to="running",
                by=by(By.SENDER),
                label="Ändra sista dag",
                when=runs,
                needs=(ENDS,),
                then=(
                    Arm(step="last", rule="supervision_series_end", since=LAST),
                    InviteSeries(),
                    _TO_THE_WEEKS,
                    _CHANGE,
                ),
            ),
            ("running", "withdraw"): Move(
                to="withdrawn",
                by=by(By.SENDER),
                label="Ställ in hela serien",
                then=_CALLED_OFF,
            ),
            # Stafett opens each week's meeting ahead of time in the sender's name; the meeting says what it was about.
            ("running", "open_week"): Move(
                to="running",
                by=by(By.SENDER),
                needs=(_NEXT_STARTS, _NEXT_DAY, _OFF_DAYS),
                then=(
                    Open(
                        flow=KIND,
                        sender=Audience.SENDER,
                        copy={
                            "starts": _NEXT_STARTS.name,
                            "series_day": _NEXT_DAY.name,
                            "mode": "mode",
                            "previous": _LAST_CASES.name,
                        },
                        signal="send",
                    ),
                ),
            ),
            ("running", "held"): Move(
                to="running",
                by=by(By.SENDER),
                needs=(_LAST_CASES,),
                then=(Relay(flow=KIND, signal="previous", copy={"previous": _LAST_CASES.name}),),
            ),
            # What the manager does in the calendar itself, and whether the calendar shows it at all.
            ("running", "slot_changed_in_calendar"): Move(to="running", by=by(By.CALENDAR), then=(_CHANGE,)),
            ("running", "called_off_in_calendar"): Move(to="withdrawn", by=by(By.CALENDAR), then=_CALLED_OFF),
            **{
                key: move
                for key, move in meeting_moves("running").items()
                if key[1] in ("in_calendar", "not_in_calendar", "answered_in_calendar")
            },
            ("running", "finish"): Move(
                to="ended",
                by=by(By.CLOCK),
                then=(Say(to=Audience.SENDER, text="series_over", side=By.SENDER, urgent=False),),
            ),
            ("running", "replaced"): Move(to="ended", by=by(By.CLOCK)),
        }
    ),
)
