"""Teams' limits, all at once: four windows for a conversation, a bucket for the tenant, part of it for the urgent."""

import pytest

from bot.throttle import Throttle

TEAMS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))


def sent(throttle: Throttle, seconds: float, *, urgent: bool, conversation: str = "a") -> list[float]:
    """When messages go to one conversation that always has one more to send."""
    now, calls = 0.0, []
    while now < seconds:
        wait = throttle.wait(conversation, now, urgent=urgent)
        if wait <= 0:
            calls.append(now)
            wait = 0.02
        now += max(wait, 0.001)
    return calls


@pytest.mark.parametrize("urgent", [True, False])
def test_no_window_of_teams_is_ever_exceeded_and_the_pace_is_used(urgent: bool) -> None:
    calls = sent(Throttle(0.0), 7300.0, urgent=urgent)
    for most, seconds in TEAMS:
        for first, then in zip(calls, calls[most:], strict=False):
            assert then - first >= seconds, f"more than {most} in {seconds} s"
    assert len(calls) > 3400, "two hours hold two full hours' messages, nearly"


def test_something_is_left_for_the_urgent_in_a_full_conversation() -> None:
    throttle = Throttle(0.0)
    while throttle.wait("a", 0.0, urgent=False) <= 0:
        pass
    assert throttle.wait("a", 0.0, urgent=True) <= 0


def test_the_tenants_limit_holds_in_any_second_and_keeps_room_for_the_urgent() -> None:
    throttle, now, calls, n = Throttle(0.0), 0.0, [], 0
    while now < 10:
        for _ in range(throttle.room(now).other):
            n += 1
            assert throttle.wait(f"c{n}", now, urgent=False) <= 0
            calls.append(now)
        assert throttle.room(now).all >= 4, "an urgent message may go at any moment"
        now += 0.01
    assert max(sum(1 for at in calls if start <= at < start + 1) for start in calls) <= 50
    assert len(calls) > 330


def test_replicas_share_the_tenants_limit() -> None:
    throttle = Throttle(0.0)
    alone = throttle.rate
    throttle.divide(3)
    assert throttle.rate == alone / 3
    assert throttle.room(100.0).all <= 12 // 3


def test_when_several_conversations_are_throttled_at_once_everything_slows_down_and_recovers() -> None:
    throttle = Throttle(0.0)
    full = throttle.rate
    assert not throttle.hold("a", 10.0, 0.0)
    assert not throttle.hold("a", 10.0, 1.0), "one conversation says nothing of the others"
    assert not throttle.hold("b", 12.0, 2.0)
    assert throttle.hold("c", 12.0, 3.0)
    assert throttle.room(5.0).all == 0 and throttle.pause(5.0, urgent=True) > 0
    assert throttle.rate == full / 2
    assert throttle.room(12.5).all > 0
    throttle.room(34.0)
    assert throttle.rate == full


def test_far_apart_they_are_each_others_business_only() -> None:
    throttle = Throttle(0.0)
    for number, at in enumerate((0.0, 6.0, 12.0, 18.0)):
        assert not throttle.hold(f"c{number}", at + 30, at)
