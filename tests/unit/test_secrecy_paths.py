"""Every flow in every state, in every mode, by every way out: no content where the mode forbids it."""

import logging
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from flow_walk import PATHS, SECRET, led_to
from test_privacy_flows import is_neutral_everywhere
from town import Town, shipped
from ways_behind import left_behind
from ways_out import MODES, in_mode, leaks, leaving

from cases.fields import Choice
from cases.flow import Flow
from cases.record import Record
from cases.roles import ROLES, UNIT_KINDS
from cases.thread import ThreadNow

LOOSEST = ("chatt",)  # what never has content is looked at where there is most of it to leave
KNOWN = repr((UNIT_KINDS, ROLES))  # words of the roster, which are codes of some answers as well


@cache
def keeps_content() -> Record:
    return in_mode(shipped(), "visa")


def secrets_of(flow: Flow, thread: ThreadNow) -> set[str]:
    """The sensitive answers as they are stored and shown, as far as nothing else of the flow reads the same."""
    found = {SECRET}
    open_words = repr((flow.words, flow.states, [item for item in flow.fields() if not item.sensitive]))
    for item in flow.fields():
        value = str(thread.values.get(item.name) or "")
        shown = dict(item.options).get(value, "") if isinstance(item, Choice) else ""
        if item.sensitive:
            found |= {one for one in (value, shown) if len(one) > 5 and one not in open_words and one not in KNOWN}
    return found


def is_last(flow: str, state: str) -> bool:
    """Whether no other walk goes on from here: what has been left on the way here is seen here."""
    steps = PATHS[flow][state]
    return not any(other[: len(steps)] == steps and other != steps for other in PATHS[flow].values())


@pytest.mark.parametrize("flow", PATHS)
def test_no_content_leaves_by_a_way_that_the_mode_forbids(
    flow: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    longest = max(PATHS[flow], key=lambda state: len(PATHS[flow][state]))
    for count, state in enumerate(PATHS[flow]):
        (tmp_path / state).mkdir()
        caplog.clear()
        with closing(Town(tmp_path / state, record=keeps_content())) as town, caplog.at_level(logging.DEBUG):
            number = led_to(town, flow, state)
            secrets = secrets_of(town.record.flows[flow], town.thread(number))
            found: set[tuple[str, ...]] = set()
            if is_last(flow, state):
                found |= leaks(left_behind(town, caplog.text), "visa", secrets)
                is_neutral_everywhere(town, flow, number)
            answers = MODES if state == longest else (MODES[count % len(MODES)],)
            for mode, outs in leaving(town, number, answers=answers, all_of=LOOSEST * (state == longest)).items():
                found |= {(mode, *one) for one in leaks(outs, mode, secrets)}
        assert not found, state
