"""A ladder counted in minutes is climbed without laying it out whole: the short way and the long one agree."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.house import build_record
from cases.ladder import climb, due_of, due_prompts
from cases.thread import Armed
from reminders.profile import Profile

RULES = ("urgent_untaken", "draft_with_notice", "draft", "handover_receipt")
STEPS = (0, 1, 61, 200, 4_000, 90_000)  # seconds past what is due


def laid_out(armed: Armed, profile: Profile) -> Profile:
    """The same profile without the short way."""
    slow = replace(profile.rules[armed.rule])
    object.__setattr__(slow, "sprint", None)
    return replace(profile, rules={**profile.rules, armed.rule: slow})


@pytest.mark.parametrize("rule", RULES)
def test_the_short_way_climbs_like_the_long_one(rule: str) -> None:
    rng = Random(rule)
    profile = build_record().profiles["norrkoping"]
    for _ in range(60):
        begun = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(365 * 86_400))
        short = armed_at(rule, begun, profile)
        long, slow = deepcopy(short), laid_out(short, profile)
        now = begun
        for _ in range(8):
            now = max(now, short.due_at or now) + timedelta(seconds=rng.choice(STEPS))
            assert due_prompts(short, profile, now) == due_prompts(long, slow, now), (begun, now)
            climb(short, profile, now)
            climb(long, slow, now)
            assert short == long, (begun, now)


@pytest.mark.parametrize("rule", RULES)
def test_a_ladder_laid_out_at_once_is_the_one_laid_out_rung_by_rung(rule: str) -> None:
    rng = Random(rule)
    profile = build_record().profiles["norrkoping"]
    for _ in range(200):
        begun = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(365 * 86_400))
        armed = armed_at(rule, begun, profile)
        assert due_of(armed, profile).prompts == due_of(armed, laid_out(armed, profile)).prompts, begun


def armed_at(rule: str, begun: datetime, profile: Profile) -> Armed:
    """A deadline of this rule that has just been armed."""
    soft = due_of(_bare(rule, begun), profile)
    armed = _bare(rule, begun)
    armed.soft_at, armed.hard_at = soft.soft, soft.hard
    armed.due_at = soft.prompts[0].at
    return armed


def _bare(rule: str, begun: datetime) -> Armed:
    return Armed(
        id=1, step="step", round=1, rule=rule, basis=begun.isoformat(), rung=0, due_at=None, soft_at=None, hard_at=None,
        status="armed", armed_at=begun,
    )  # fmt: skip
