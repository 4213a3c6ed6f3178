"""Figures of ended threads: nothing smaller than five is shown, and none of it can be worked out."""

from datetime import date
from itertools import product

from cases.thread_figures import SMALLEST, Figure, Shown, shown

MONTH = date(2026, 11, 1)
LARGEST = 40


def figure(threads: int, late: int) -> Figure:
    return Figure(month=MONTH, profile="norrkoping", flow="question", threads=threads, late=late)


def test_what_is_shown_leaves_no_small_number_to_be_worked_out() -> None:
    looks_alike: dict[Shown, list[Figure]] = {}
    for threads in range(1, LARGEST):
        for late in range(threads + 1):
            one = figure(threads, late)
            looks_alike.setdefault(shown(one), []).append(one)
    for seen, fits in looks_alike.items():
        for part in (lambda f: f.threads, lambda f: f.late, lambda f: f.threads - f.late):
            known = {part(one) for one in fits}
            assert known.isdisjoint(range(1, SMALLEST)) or len(known) > 1, seen


def test_what_may_be_shown_is() -> None:
    for threads, late in product((5, 12, 40), (0,)):
        assert shown(figure(threads, late)) == Shown(month=MONTH, flow="question", threads=threads, late=late)
    assert shown(figure(12, 5)).late == 5 and shown(figure(12, 12)).late == 12
    assert shown(figure(12, 8)).late is None and shown(figure(12, 4)).late is None
    assert shown(figure(4, 0)) == Shown(month=MONTH, flow="question", threads=None, late=None)
