"""The worked examples of the deadline catalogue, put to the function behind `stafett due --batch`."""

from __future__ import annotations

import pytest
from due_examples import EXAMPLES, Example
from due_oracle import oracle

from reminders.batch import answer_batch


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{example.rule}: {example.words}" for example in EXAMPLES])
def test_the_answer_is_the_one_of_the_worked_example(example: Example) -> None:
    assert list(answer_batch([example.question])) == [example.answer]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{example.rule}: {example.words}" for example in EXAMPLES])
def test_the_oracle_itself_gives_the_worked_example(example: Example) -> None:
    assert oracle(example.rule, example.since, example.profile) == (example.soft, example.hard)
