"""Figures of what was in time: nothing smaller than five is shown, and none of it can be worked out."""

from datetime import date
from itertools import product

from cases.on_time import Figure, Shown, shown
from cases.thread_figures import SMALLEST

NOVEMBER = date(2026, 11, 1)
LARGEST = 17


def figure(by_soft: int = 0, by_hard: int = 0, late: int = 0, open: int = 0) -> Figure:
    return Figure(
        unit_id="MYND", month=NOVEMBER, profile="norrkoping", rule="feedback", by_soft=by_soft, by_hard=by_hard,
        late=late, open=open,
    )  # fmt: skip


def test_what_is_shown_leaves_no_small_number_to_be_worked_out() -> None:
    looks_alike: dict[Shown, list[Figure]] = {}
    for parts in product(range(LARGEST), repeat=4):
        if 0 < sum(parts) < LARGEST:
            looks_alike.setdefault(shown(figure(*parts)), []).append(figure(*parts))
    parts_of = (
        lambda f: f.total, lambda f: f.in_time, lambda f: f.late, lambda f: f.open, lambda f: f.late + f.open,
        lambda f: f.by_soft, lambda f: f.by_hard,
    )  # fmt: skip
    for seen, fits in looks_alike.items():
        for part in parts_of:
            known = {part(one) for one in fits}
            assert known.isdisjoint(range(1, SMALLEST)) or len(known) > 1, seen


def test_what_may_be_shown_is() -> None:
    every = shown(figure(20, 5, 6, 7))
    assert (every.total, every.in_time, every.late, every.open, every.after_soft) == (38, 25, 6, 7, 5)
    assert every.rate == 65, "whole per cent, never rounded up to all"
    split = shown(figure(20, 2, 3, 4))
    assert (split.total, split.in_time, split.late, split.open, split.after_soft) == (29, 22, None, None, None)
    assert shown(figure(8, 0, 2, 0)) == Shown(month=NOVEMBER, profile="norrkoping", rule="feedback", total=10)
    assert shown(figure(4)) == Shown(month=NOVEMBER, profile="norrkoping", rule="feedback")
    assert shown(figure(999, 0, 5)).rate == 99 and shown(figure(12)).rate == 100
