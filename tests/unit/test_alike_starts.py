"""Starts that are alike to a rule have the same deadline, and arming finds the first rung without the whole ladder."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bot.house import build_record
from cases.ladder import arm, ladder, reason_of
from cases.thread import Armed, ThreadNow
from reminders.due import Due
from reminders.errors import RuleError
from reminders.localtime import STOCKHOLM, to_local
from reminders.profile import Profile
from reminders.rule_facts import Fact
from reminders.rules import due

PROFILES = build_record().profiles
EDGES = ("00:00", "07:00", "08:00", "09:00", "13:00", "14:00", "16:00", "17:00", "23:59")
RULES = [
    (name, rule)
    for name, profile in PROFILES.items()
    for rule, spec in profile.rules.items()
    if not isinstance(spec.kind, Fact)
]


def starts(seed: str) -> list[datetime]:
    """Moments of two years, half of them where rules turn; and the night that is an hour longer."""
    rng, found = Random(seed), []
    for number in range(40):
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(730))
        edge = datetime.combine(day, time.fromisoformat(rng.choice(EDGES)), STOCKHOLM).astimezone(UTC)
        near = edge + timedelta(milliseconds=rng.choice((-1, 0, 1)))
        found.append(near if number % 2 else edge + timedelta(seconds=rng.randrange(86_400)))
    night = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    return [*found, *(night + timedelta(minutes=45 * step) for step in range(6))]


def told(rule: str, since: datetime | date, profile: Profile) -> Due | str:
    """The deadline, or why there is none."""
    try:
        return due(rule, since, profile)
    except RuleError as refused:
        return str(refused)


@pytest.mark.parametrize("name", PROFILES)
def test_alike_starts_have_the_same_deadline_and_the_same_prompts(name: str) -> None:
    profile, looked = PROFILES[name], set()
    for rule, spec in profile.rules.items():
        if not spec.by_day:
            continue
        for begun in starts(f"{name} {rule}"):
            alike = spec.alike(to_local(begun), profile.calendar)
            looked.add(alike)
            assert told(rule, begun, profile) == told(rule, alike, profile), (rule, begun, alike)
    assert len(looked) > 100


def test_what_is_counted_in_minutes_is_alike_to_nothing_else() -> None:
    profile, noon = PROFILES["norrkoping"], datetime(2026, 11, 16, 12, tzinfo=STOCKHOLM)
    assert not profile.rules["urgent_untaken"].by_day
    assert profile.rules["urgent_untaken"].alike(noon, profile.calendar) == noon
    assert profile.rules["feedback"].alike(noon, profile.calendar) == noon.date()
    assert profile.rules["message_read"].alike(noon, profile.calendar) == noon.date()
    after = noon.replace(hour=15)
    assert profile.rules["message_read"].alike(after, profile.calendar) == datetime(2026, 11, 16, 14)  # noqa: DTZ001


@pytest.mark.parametrize("name", PROFILES)
def test_a_deadline_is_armed_for_the_first_rung_of_its_ladder(name: str) -> None:
    profile = PROFILES[name]
    for rule in [rule for of, rule in RULES if of == name]:
        rng = Random(rule)
        for begun in starts(rule)[::4]:
            now = begun + timedelta(seconds=rng.choice((0, 0, 60, 40_000, 400_000)))
            if isinstance(told(rule, begun, profile), str):
                continue
            armed = arm(bare(now), "step", rule, begun.isoformat(), profile, now)
            whole, rungs = due(rule, begun, profile), ladder(armed, profile)
            assert armed.due_at == (rungs[0].at if rungs else None), (rule, begun)
            assert (armed.soft_at, armed.hard_at) == (whole.soft, whole.hard)
            assert reason_of(armed, profile) == (whole.why, whole.source)


def test_a_rule_that_is_gone_has_a_reason_of_its_own() -> None:
    armed = Armed(
        id=1, step="step", round=1, rule="no_such_rule", basis="2026-11-16", rung=0, due_at=None, soft_at=None,
        hard_at=None, status="armed", armed_at=datetime(2026, 11, 16, tzinfo=UTC),
    )  # fmt: skip
    why, source = reason_of(armed, PROFILES["norrkoping"])
    assert why and not source


def bare(now: datetime) -> ThreadNow:
    return ThreadNow(
        id=1, flow="question", profile="norrkoping", state="sent", version=1, case_ref="BM-1", case_known=True,
        sender_id=1, sender_unit_id="HT", sender_side="provider", opened_at=now, closed_at=None,
    )  # fmt: skip
