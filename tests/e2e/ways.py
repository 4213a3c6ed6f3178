"""The ways through the flows that the pictures show: who presses what, and with which answers.

A step is (who, button, state after it) and, where they matter, answers by the name of the question: a code of a choice,
a local date, a text. What is not answered here gets a likely answer. A move of the clock is («clock», «+9h», «»).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Step = tuple[str, str, str] | tuple[str, str, str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Way:
    """From the start card to the end of one thread. `seen_by` are those whose card is taken after each step."""

    flow: str
    who: str
    steps: tuple[Step, ...]
    seen_by: tuple[str, ...] = ("anna",)
    case: str = "NK-2041"
    answers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    @property
    def called(self) -> str:
        return self.name or self.flow


@dataclass(frozen=True, kw_only=True)
class Signposted:
    """A form that leads to a card with the routine's own word instead of a draft, which says `told`."""

    flow: str
    who: str
    answers: Mapping[str, str]
    told: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """One demo: when it begins (local), who has a window, and what they do. `lists` are (who, typed, heading)."""

    start: str
    people: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    signposts: tuple[Signposted, ...] = ()
    left_open: tuple[Way, ...] = ()
    lists: tuple[tuple[str, str, str], ...] = ()
    options: tuple[str, ...] = ()


_MORE = "Kommer två morgnar i veckan. Behöver hjälp varje morgon."
_ANSWERED = {"action_code": "home_visit", "planned_date": "2026-11-19", "action_text": "Kommer kl. 10."}
_REPLY: tuple[Step, ...] = (
    ("anna", "Ta ärendet", "taken"),
    ("anna", "Lämna återkoppling", "answered", _ANSWERED),
)
_SENT: Step = ("sender", "Skicka", "sent")
_KNOWN: tuple[Step, ...] = (
    ("anna", "Lämna besked om hjälpen", "to_phone", {"continued_help": "granted", "receiving_unit": "Hemtjänst Norr"}),
    ("anna", "Jag har ringt", "order_due", {"phone_answered_by": "gruppledare"}),
    ("anna", "Uppdraget är skickat", "decided"),
)

URGENT = Way(
    flow="urgent_lasting", who="sara", answers={"note": _MORE}, steps=(_SENT, *_REPLY),
)  # fmt: skip
QUESTION = Way(
    flow="question", who="karim", steps=(_SENT, *_REPLY),
    answers={"category": "assignment", "question_text": "Gäller uppdraget även på helger?"},
)  # fmt: skip

BY_DAY: tuple[Way, ...] = (
    URGENT,
    Way(flow="urgent_new_case", who="karim", case="", steps=(_SENT, ("anna", "Ta emot ärendet", "taken"), *_KNOWN)),
    QUESTION,
    Way(
        flow="question", name="question_from_assessor", who="anna", seen_by=("karim",),
        answers={"category": "planning", "question_text": "Hur dags kommer ni på morgonen?"},
        steps=(_SENT, ("karim", "Läst", "sent"), ("karim", "Lämna återkoppling", "answered")),
    ),
    Way(
        flow="changed_need", who="karim", steps=(_SENT, *_REPLY),
        answers={
            "change_kind": "level", "life_domain": "Personlig vård",
            "according_to_assignment": "Hjälp att duscha en gång i veckan.", "need_now": _MORE,
        },
    ),
    Way(
        flow="unclear_assignment", who="karim",
        answers={"part_of_assignment": "extent", "unclear_text": "Gäller hjälpen hela måltiden eller delar av den?"},
        steps=(_SENT, ("anna", "Lämna återkoppling", "answered", {"action_code": "clarified"})),
    ),
    Way(flow="client_contact", who="karim", answers={"contact_text": "Nås bäst kl. 10–12."}, steps=(_SENT, *_REPLY)),
    Way(
        flow="time_deviation", who="karim", steps=(_SENT, *_REPLY),
        answers={
            "frame": "outside", "deviates_since": "2026-11-09", "ordered": "12,5", "performed": "15",
            "measure": "hours_month", "overhead": "yes", "reason": "Promenaden tar längre tid än beställt.",
        },
    ),
    Way(
        flow="assignment_notice", who="anna", case="NK-2077", seen_by=("olle",),
        answers={"receiving_unit": "Hemtjänst Söder", "execute_on": "2026-11-17"},
        steps=(_SENT, ("olle", "Uppdraget är mottaget", "received")),
    ),
    Way(
        flow="decision_change_notice", who="anna", seen_by=("karim",),
        answers={"change_type": "adjusted", "effective_date": "2026-11-20", "care_service": "Dusch"},
        steps=(_SENT, ("karim", "Bekräfta ändringen", "answered")),
    ),
    Way(
        flow="service_ended", who="karim", answers={"last_performed_date": "2026-10-20", "care_service": "Inköp"},
        steps=(
            _SENT, ("anna", "Brukaren bekräftar avslutet", "confirmed"),
            ("anna", "Avslutet är registrerat", "billing_assessor"),
            ("anna", "Debiteringen är kontaktad", "registered"),
        ),
    ),
    Way(
        flow="service_paused", who="karim", answers={"from_date": "2026-11-16", "care_service": "Städ"},
        steps=(
            _SENT, ("anna", "Brukaren bekräftar avslutet", "confirmed"), ("anna", "Det är registrerat", "registered"),
        ),
    ),
    Way(
        flow="wrong_start_date", who="karim", seen_by=(),
        answers={"registered_start": "2026-11-02", "right_start": "2026-11-09", "care_service": "Städ"},
        steps=(("sender", "Skicka", "correcting"), ("sender", "Datumet är rättat", "registered")),
    ),
    Way(
        flow="wrong_start_date", name="wrong_start_date_never", who="karim",
        answers={"error": "never_performed", "registered_start": "2026-11-02", "care_service": "Städ"},
        steps=(("sender", "Skicka", "removing"), ("anna", "Verkställigheten är borttagen", "registered")),
    ),
    Way(
        flow="not_started_report", who="karim",
        answers={
            "decision_date": "2026-10-05", "order_sent": "2026-10-06", "reason_code": "declined", "motivated": "yes",
            "tried_on": "2026-11-12", "care_service": "Städ",
        },
        steps=(
            _SENT, ("anna", "Hemtjänsten ska verkställa", "to_start"), ("sender", "Det är verkställt", "started"),
        ),
    ),
    Way(
        flow="not_started_report", name="not_started_report_asked", who="anna", seen_by=("karim",),
        answers={
            "decision_date": "2026-10-05", "order_sent": "2026-10-06", "reason_code": "unknown", "care_service": "Städ",
        },
        steps=(
            ("sender", "Skicka", "asked"), ("karim", "Svara varför", "sent", {"reason_code": "resources"}),
            ("sender", "Lämna besked", "decided"),
        ),
    ),
    Way(
        flow="pre_followup_report", who="anna", seen_by=("karim",),
        answers={"followup_at": "2026-11-30 10:00", "planned_form": "after_report"},
        steps=(
            ("sender", "Skicka mallen", "sent"), ("karim", "Jag svarar", "started"),
            ("karim", "Svara på mallen", "answered", {
                "need_matches": "no", "need_matches_why": _MORE, "support_given": "yes", "all_in_effect": "yes",
                "attend": "yes", "attend_why": "Vi känner till morgnarna.", "more": "no",
            }),
            ("sender", "Bestäm formen", "decided"),
        ),
    ),
    Way(
        flow="follow_up", who="anna", seen_by=(), answers={"occasion": "new_case", "basis_date": "2026-09-28"},
        steps=(
            ("sender", "Lägg i planen", "to_plan"),
            ("sender", "Planera uppföljningen", "planned", {"followup_at": "2026-11-26 10:00"}),
            ("sender", "Uppföljningen är gjord", "held"), ("sender", "Händelsen är registrerad", "done"),
        ),
    ),
    Way(
        flow="handover_simplified", who="lena", case="NK-2103", answers={"handover_date": "2026-11-20"},
        steps=(
            ("sender", "Meddela överlämningen", "notified"), ("anna", "Kvittera", "received"),
            ("anna", "Överlämningen är klar", "completed"),
        ),
    ),
    Way(
        flow="handover_ordinary", who="lena", case="NK-2103", seen_by=("anna", "olle"),
        answers={"handover_at": "2026-11-18 13:00", "receiving_unit": "Hemtjänst Söder", "form_sent": "no"},
        steps=(
            ("sender", "Meddela överlämningen", "notified"), ("olle", "Kvittera", "notified"),
            ("sender", "Mallen är skickad", "notified"), ("anna", "Kvittera", "received"),
            ("anna", "Överlämningen är klar", "completed"),
        ),
    ),
    Way(
        flow="care_plan", who="karim", seen_by=("maria",), answers={"execution_date": "2026-11-09"},
        steps=(("sender", "Skicka", "running"), ("maria", "Planen är klar", "completed")),
    ),
    Way(
        flow="return_home_team_request", who="maria", seen_by=("anna", "lena"),
        answers={"wished_from": "2026-11-19", "reason": "Behöver mer stöd än vi kan ge just nu."},
        steps=(
            _SENT, ("anna", "Hemgångsteamet tar över", "with_team", {"period_ends": "2026-12-03"}),
            ("lena", "Dags att gå tillbaka", "coming_back", {"back_at": "2026-12-04 13:00"}),
            ("anna", "Uppdraget är tillbaka", "completed"),
        ),
    ),
    Way(
        flow="death_notice", who="olle", case="NK-2077", answers={"date_of_death": "2026-11-15"},
        steps=(_SENT, ("clock", "+1m", "received"), ("anna", "Det är registrerat", "registered")),  # «Visa» receipts it
    ),
)  # fmt: skip

_OUT = {"frame": "outside", "deviates_since": "2026-11-09", "ordered": "10", "performed": "12", "reason": "Se ovan."}
SIGNPOSTS: tuple[Signposted, ...] = (
    Signposted(flow="changed_need", who="karim", answers={"change_kind": "vigil"}, told="Vak bedöms"),
    Signposted(flow="changed_need", who="karim", answers={"change_kind": "time_only"}, told="justeras inte"),
    Signposted(flow="changed_need", who="karim", answers={"change_kind": "activity"}, told="behöver inte godkännas"),
    Signposted(flow="time_deviation", who="karim", answers={"frame": "inside"}, told="inga tidsjusteringar"),
    Signposted(flow="time_deviation", who="karim", answers={**_OUT, "overhead": "no"}, told="Räkna bort kringtiden"),
    Signposted(flow="service_paused", who="karim", answers={"scope": "whole"}, told="Uppehåll på hela ärendet"),
)
STARTERS = ("sara", "karim", "maria", "olle", "anna", "eva", "lena")
DAYS: tuple[Day, ...] = (
    Day(
        start="2026-11-16T09:00", people=STARTERS, ways=BY_DAY, signposts=SIGNPOSTS, left_open=(URGENT, QUESTION),
        lists=(
            *((who, "start", "Vad vill du skicka?") for who in STARTERS),
            ("sara", "hjälp", "Hjälp"), ("karim", "mina", ""), ("karim", "enheten", ""), ("anna", "mina", ""),
            ("anna", "mina ärenden", ""), ("anna", "sök NK-2041", ""), ("maria", "dagen", ""), ("eva", "dagen", ""),
            ("anna", "ej verkställda", ""), ("karim", "journal", ""), ("anna", "ramtid", ""), ("lena", "mina", ""),
            ("sara", "19121212-1212", "Personnummer får inte skrivas här"),
        ),
    ),
    Day(
        start="2026-11-16T09:00", people=("sara", "anna"),
        ways=(
            Way(
                flow="urgent_limited", who="sara", answers={"day1": "2026-11-16"},
                steps=(
                    ("sender", "Börja räkna dagarna", "within_three_days"), ("clock", "+1d", ""), ("clock", "+1d", ""),
                    ("clock", "next", ""), ("clock", "next", "day_four_due"),
                    ("sender", "Behovet kvarstår", "notified"), *_REPLY,
                ),
            ),
        ),
    ),
    Day(
        start="2026-11-16T14:20", people=("anna", "olle", "lena"),
        ways=(
            Way(
                flow="assignment_notice", name="assignment_notice_phoned", who="anna", case="NK-2077",
                seen_by=("olle",),
                answers={"receiving_unit": "Hemtjänst Söder", "execute_on": "2026-11-17"},
                steps=(
                    ("sender", "Skicka och ring", "to_phone"), ("sender", "Ringt utan svar", "to_phone"),
                    ("sender", "Ringt och fått svar", "phoned", {"phone_answered_by": "administratör"}),
                ),
            ),
            Way(
                flow="handover_ordinary", name="handover_ordinary_short", who="lena", case="NK-2103",
                answers={"handover_at": "2026-11-17 10:00", "receiving_unit": "Hemtjänst Söder", "form_sent": "yes"},
                steps=(("sender", "Meddela med kort varsel", "short_notice"),),
            ),
        ),
    ),
    Day(
        start="2026-11-15T22:00", people=("nils", "karim", "anna", "maria"),
        ways=(
            Way(
                flow="on_call_extended_help", who="nils", seen_by=("karim",), answers={"expected": "lasting"},
                steps=(("sender", "Skicka", "with_unit"),),
            ),
            Way(
                flow="on_call_grant", who="nils", case="",
                steps=(
                    ("sender", "Skicka", "valid"), ("clock", "+9h", "valid"), ("anna", "Ta emot ärendet", "accepted"),
                    *_KNOWN,
                ),
            ),
        ),
        lists=(("nils", "start", "Stafett"), ("nils", "jour", ""), ("maria", "dagen", "")),
    ),
    Day(
        start="2026-11-15T22:00", people=("nils", "karim", "anna"),
        ways=(
            Way(
                flow="on_call_extended_help", name="on_call_extended_help_relayed", who="nils", seen_by=("karim",),
                answers={"expected": "lasting"},
                steps=(
                    ("sender", "Skicka", "with_unit"), ("clock", "+11h", "with_unit"),
                    ("karim", "Meddela handläggaren", "relayed"),
                ),
            ),
        ),
        lists=(("nils", "start", "Stafett"), ("karim", "mina", "")),
    ),
    Day(
        start="2026-11-16T09:00", people=("karim", "maria", "anna"), options=("--profile", "stockholm"),
        ways=(
            Way(
                flow="care_plan_signed", who="karim", seen_by=("maria", "anna"),
                answers={"order_received": "2026-11-09"},
                steps=(
                    ("sender", "Skicka", "running"), ("maria", "Planen är påbörjad och inlagd", "begun"),
                    ("maria", "Planen är underskriven", "signed"), ("anna", "Uppföljt", "completed"),
                ),
            ),
        ),
    ),
)  # fmt: skip
