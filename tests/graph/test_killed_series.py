"""`kill -9` while a series is put into a calendar: each event stands once. `make kill-series` does it fifty times."""

from killed_series import run


def test_each_event_of_a_series_stands_once_over_kills() -> None:
    outcome = run(kills=3, seed=5)
    assert outcome.wrong == []
    assert outcome.events == 3 * 3 and sum(outcome.kills.values()) >= 3
