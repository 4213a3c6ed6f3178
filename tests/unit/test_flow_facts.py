"""`stafett flows`: what it tells of each flow is what the flow's own table says."""

import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.house import build_record
from cases.record import Record
from dialogs.flow_facts import described, plain
from dialogs.flow_pages import INDEX, MADE_BY

RECORD: Record = build_record()


def told(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["flows", *more]) == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def facts() -> Mapping[str, Any]:
    """What `--json` tells, by the flow's name."""
    with redirect_stdout(StringIO()) as said:
        assert main(["flows", "--json"]) == 0
    return {one["name"]: one for one in json.loads(said.getvalue())["flows"]}


def test_every_flow_stands_there_with_its_source(facts: Mapping[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert list(facts) == list(RECORD.flows)
    assert all(facts[name]["source"] == flow.source for name, flow in RECORD.flows.items())
    lines = told(capsys).splitlines()
    assert lines == [f"{name}: {flow.title} ({flow.source})" for name, flow in RECORD.flows.items()]


def test_every_field_says_whether_it_is_sensitive(facts: Mapping[str, Any]) -> None:
    for name, flow in RECORD.flows.items():
        found = {one["name"]: one["sensitive"] for one in facts[name]["fields"]}
        assert found == {item.name: item.sensitive for item in flow.fields()}, name
        assert all(one["kind"] and one["label"] for one in facts[name]["fields"])
        assert facts[name]["form"] == [item.name for item in flow.form]


def test_states_and_moves_are_the_tables(facts: Mapping[str, Any]) -> None:
    for name, flow in RECORD.flows.items():
        assert {one["name"]: one["label"] for one in facts[name]["states"]} == flow.states, name
        assert {one["name"] for one in facts[name]["states"] if one["last"]} == flow.last
        told_of = [(one["from"], one["signal"], one["to"], one["label"]) for one in facts[name]["moves"]]
        table = [(*key, move.to, move.label) for key, moves in flow.moves.items() for move in moves]
        assert told_of == table, name
        asked = {item["name"] for item in facts[name]["fields"]}
        assert all(set(one["needs"]) <= asked for one in facts[name]["moves"])


def test_every_rule_is_one_of_a_profile_that_uses_the_flow(facts: Mapping[str, Any]) -> None:
    for name, one in facts.items():
        for profile in one["used_in"]:
            assert set(one["rules"]) <= set(RECORD.profiles[profile].rules), name


def test_a_move_tells_what_it_brings_and_a_condition_in_words(facts: Mapping[str, Any]) -> None:
    sent = [one for one in facts["question"]["moves"] if one["signal"] == "send"]
    assert [one["when"] for one in sent] == [
        "From the assessor to the provider's function mailbox, which is read on vardagar 9–14.",
        None,
    ]
    assert {"do": "arm", "step": "feedback", "rule": "feedback", "since": None} in sent[0]["then"]


def test_what_has_no_words_is_told_by_its_name_and_what_has_no_place_is_refused() -> None:
    def nameless() -> None: ...

    assert described(nameless) == "nameless"
    with pytest.raises(TypeError, match="object"):
        plain(object())


def test_a_page_of_a_flow_that_is_gone_goes_too_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text(f"# Borta\n\n{MADE_BY}\n", encoding="utf-8")
    (tmp_path / "own.md").write_text("# Egen sida\n", encoding="utf-8")
    assert main(["diagrams", "--out", str(tmp_path)]) == 0
    expected = {f"{name}.md" for name in RECORD.flows} | {INDEX, "own.md"}
    assert {path.name for path in tmp_path.iterdir()} == expected
