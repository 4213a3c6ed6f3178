"""The ways through meetings and passes that the pictures show, each day a demo of its own.

Beside the steps of `ways` there are three that press nothing: («calendar», whose, week) is that person's calendar page,
(«look», button, who) what a button shows, and («newest», text, who) the newest card that has the text.
"""

from ways import Day, Step, Way

_OFF = {"shows": "Inställt"}

ASSISTANCE = Day(
    start="2026-11-16T08:30", people=("anna", "maria", "ivar"), options=("--profile", "osthammar"),
    ways=(
        Way(
            flow="assistance_meeting", name="assistance_meeting_called_off", who="anna", case="", seen_by=("maria",),
            answers={"receiving_unit": "Hemtjänst Norr", "starts": "2026-12-14 09:00", "mode": "on_site"},
            steps=(
                ("sender", "Kalla till mötet", "planned"), ("calendar", "maria", "2026-W51"),
                ("sender", "Ställ in mötet", "called_off"), ("calendar", "maria", "2026-W51", _OFF),
            ),
        ),
        Way(
            flow="assistance_meeting", who="anna", case="", seen_by=("maria", "ivar"),
            answers={"receiving_unit": "Hemtjänst Norr", "starts": "2026-11-25 09:00", "mode": "on_site"},
            steps=(
                ("sender", "Kalla till mötet", "planned"), ("look", "Föreslå tider", "anna"),
                ("calendar", "maria", "2026-W48"), ("maria", "Kan inte komma", "planned"),
                ("sender", "Flytta mötet", "planned", {"starts": "2026-11-26 09:00", "mode": "on_site"}),
                ("calendar", "maria", "2026-W48", {"shows": "Biståndsmöte, dag två"}),
                ("maria", "Jag kommer", "planned"), ("calendar", "anna", "2026-W48"), ("clock", "+3d", ""),
                ("sender", "Skicka ärendelistan", "listed", {"cases": "NK-2041, NK-2042"}),
                ("maria", "Lägg till ärenden", "listed", {"added": "NK-2090"}),
                ("ivar", "Inget att lägga till", "listed"), ("clock", "+7d", ""), ("clock", "+1h", "begun"),
                ("sender", "Skriv in utfall", "held", {
                    "outcomes": "NK-2041:adjust,NK-2042:phone,NK-2090:no_action",
                }),
                ("newest", "NK-2041", "anna"),
                ("maria", "Dokumenterat i social journal", "documented", {"care_plans": "after"}),
            ),
        ),
    ),
)  # fmt: skip

_SUPERVISED: tuple[Step, ...] = (
    ("sender", "Kalla", "gathering"), ("calendar", "disa", "2026-W50"),
    ("disa", "Lägg till ärenden", "gathering", {"added": "NK-2041, NK-2042"}),
    ("ivar", "Jag kommer", "gathering"), ("clock", "+1d", ""), ("clock", "+1d", ""), ("clock", "+2h", "gathering"),
    ("sender", "Handledningen är hållen", "held", {
        "outcomes": "NK-2041:services,NK-2042:as_before", "documented_by": "Sara Lind, undersköterska",
    }),
    ("sara", "Det är dokumenterat", "done"), ("newest", "Ärende: NK-2041", "sara"),
)  # fmt: skip
SUPERVISION = Day(
    start="2026-12-07T09:00", people=("maria", "disa", "ivar", "sara"), options=("--profile", "katrineholm"),
    ways=(
        Way(
            flow="supervision_series", who="maria", case="", seen_by=("disa", "ivar"),
            answers={"first_meeting": "2026-12-10 14:00", "last_day": "2027-01-08", "mode": "on_site"},
            steps=(
                ("sender", "Kalla", "running"), ("calendar", "disa", "2026-W51"), ("disa", "Läst", "running"),
                ("sender", "Lägg till teamträff", "running", {"more_team": "2026-12-15"}),
                ("calendar", "disa", "2026-W51", _OFF), ("calendar", "disa", "2026-W52"),
                ("sender", "Ändra sista dag", "running", {"last_day": "2026-12-31"}),
                ("sender", "Ändra dag eller klockslag", "running", {
                    "next_first": "2026-12-22 13:00", "last_day": "2027-01-08", "mode": "on_site",
                }),
                ("calendar", "disa", "2026-W52"), ("newest", "tis 22 dec", "disa"),
                ("sender", "Ställ in hela serien", "withdrawn"), ("calendar", "disa", "2026-W50", _OFF),
            ),
        ),
        Way(
            flow="supervision_meeting", who="maria", case="", seen_by=("disa", "ivar"),
            answers={"starts": "2026-12-09 10:00", "mode": "home_visit"}, steps=_SUPERVISED,
        ),
    ),
)  # fmt: skip

_ASK = {"question": "När börjar den nya ersättningen gälla?"}
_REPLY = {"question_number": "1", "question_answer": "Den 1 januari.", "question_publish": "yes"}
NORRKOPING = Day(
    start="2026-11-16T09:00", people=("anna", "karim", "eva", "maria", "disa"),
    ways=(
        Way(
            flow="follow_up_meeting", who="anna", seen_by=("karim",),
            answers={"starts": "2026-11-26 10:00", "mode": "home_visit", "takes_part": "yes", "beforehand": "yes"},
            steps=(
                ("sender", "Kalla till mötet", "invited"), ("look", "Föreslå tider", "anna"),
                ("calendar", "karim", "2026-W48"), ("karim", "Jag kommer", "invited"),
                ("sender", "Flytta mötet", "invited", {"starts": "2026-11-27 10:00", "mode": "home_visit"}),
                ("calendar", "karim", "2026-W48"), ("sender", "Ställ in mötet", "called_off"),
                ("calendar", "karim", "2026-W48", _OFF),
            ),
        ),
        Way(
            flow="follow_up_meeting", name="follow_up_meeting_own", who="anna", seen_by=("karim",),
            answers={"starts": "2026-12-01 10:00", "mode": "phone", "takes_part": "no"},
            steps=(
                ("sender", "Boka mötet", "booked"), ("calendar", "anna", "2026-W49"),
                ("sender", "Kalla också hemtjänsten", "invited", {"takes_part": "yes", "beforehand": "no"}),
                ("calendar", "karim", "2026-W49"),
            ),
        ),
        Way(
            flow="collaboration_meeting", who="eva", case="", seen_by=("maria",),
            answers={"starts": "2026-11-24 13:00", "mode": "on_site", "topics": "complex_cases", "cases": "NK-2041"},
            steps=(
                ("sender", "Kalla till mötet", "invited"), ("calendar", "maria", "2026-W48"),
                ("maria", "Kanske", "invited"), ("sender", "Ändra vad som tas upp", "invited", {"topics": "situation"}),
                ("clock", "+8d", ""), ("clock", "+5h", "begun"), ("sender", "Mötet är hållet", "held"),
                ("newest", "Nästa möte är förberett", "eva"),
            ),
        ),
        Way(
            flow="information_meeting", who="eva", case="", seen_by=("karim", "disa"),
            answers={"starts": "2026-11-30 13:00", "mode": "digital", "points": "Den nya ersättningsmodellen"},
            steps=(
                ("sender", "Kalla till mötet", "invited"), ("calendar", "disa", "2026-W49"),
                ("karim", "Ställ en fråga", "invited", _ASK), ("sender", "Besvara en fråga", "invited", _REPLY),
                ("clock", "+5d", ""), ("clock", "+1d", "begun"), ("sender", "Mötet är hållet", "held"),
                ("karim", "Utvärdera mötet", "held"), ("sender", "Publicera frågor och svar", "published"),
            ),
        ),
    ),
)  # fmt: skip

SWAP = Day(
    start="2026-11-16T09:00", people=("nils", "maria"),
    ways=(
        Way(
            flow="access_request", who="nils", case="", seen_by=("maria",),
            steps=(
                ("sender", "Skicka ansökan", "requested"), ("maria", "Godkänn", "granted"),
                ("sender", "Avsluta behörigheten", "ended"),
            ),
        ),
        Way(
            flow="on_call_swap", who="nils", case="", seen_by=("maria",),
            answers={
                "on_call_pass": "tis 17 nov kl. 17.00 till ons 18 nov kl. 07.00, Nils Fors, Hemtjänst Norr",
                "pass_taker": "Birgitta Holm", "swap_reason": "agreed",
            },
            steps=(("sender", "Föreslå bytet", "proposed"), ("maria", "Godkänn bytet", "approved")),
        ),
    ),
)  # fmt: skip

MEETING_DAYS: tuple[Day, ...] = (ASSISTANCE, SUPERVISION, NORRKOPING, SWAP)
