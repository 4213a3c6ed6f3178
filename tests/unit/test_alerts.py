"""The alerts and the board that are shipped ask for figures that there are, with labels that they carry."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.channel.errors import Refused
from bot.metrics import LABELS, Metrics
from cases.figures import Figures

HOUSE = Path(__file__).resolve().parents[2]
ALERTS = HOUSE / "deploy" / "prometheus" / "alerts.yml"
BOARD = HOUSE / "deploy" / "grafana" / "stafett.json"
GUIDE = HOUSE / "docs" / "drift" / "larm.md"

_FIGURE = re.compile(r"\b(stafett_\w+)(?:\{([^}]*)\})?")
_ASKED = re.compile(r'(\w+)\s*(?:=~|=)\s*"([^"]*)"')
_FUNCTIONS = frozenset(
    {"absent", "time", "max", "min", "sum", "rate", "increase", "histogram_quantile", "by", "on", "or", "and", "le"}
)  # fmt: skip


def known() -> dict[str, set[str]]:
    """Every sample of `/metrics` and its labels, once each thing that is counted has happened."""
    metrics = Metrics()
    engine = create_engine("sqlite://")
    metrics.engine(engine)
    with engine.begin() as tx:
        tx.execute(text("SELECT 1"))
    with pytest.raises(SQLAlchemyError), engine.begin() as tx:
        tx.execute(text("SELECT nothing"))
    engine.dispose()
    metrics.called("send", 0.1, Refused("401"))
    metrics.errand("mail", "done")
    metrics.asked_graph("refused", "403", 0.1)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.page(Figures()).decode()):
        for one in family.samples:
            found.setdefault(one.name, set()).update(one.labels)
    return found


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def asked() -> list[tuple[str, str]]:
    """Each expression with where it stands."""
    panels = json.loads(BOARD.read_text(encoding="utf-8"))["panels"]
    of_board = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    return [*((one["alert"], one["expr"]) for one in alerts()), *of_board]


def faults(expr: str, figures: dict[str, set[str]]) -> list[str]:
    """What an expression asks for in vain."""
    found = ["brackets"] * any(expr.count(one) != expr.count(other) for one, other in ("()", "{}", "[]"))
    names = _FIGURE.findall(expr)
    found += ["no figure"] * (not names)
    for name, chosen in names:
        if name not in figures:
            found.append(name)
            continue
        for label, words in _ASKED.findall(chosen):
            values = set(LABELS.get(label, ()))
            found += [
                f"{label}={word}" for word in words.split("|") if label not in figures[name] or word not in values
            ]
    by = [label.strip() for some in re.findall(r"\bby \(([^)]*)\)", expr) for label in some.split(",")]
    labels = set().union(*(figures.get(name, set()) for name, _ in names))
    found += [f"by {label}" for label in by if label not in labels]
    plain = re.sub(r'"[^"]*"|\{[^}]*\}|\[\w+\]|\bby \([^)]*\)|stafett_\w+', " ", expr)
    return found + [word for word in re.findall(r"[a-z_]\w*", plain) if word not in _FUNCTIONS]


@pytest.mark.parametrize(("where", "expr"), asked(), ids=[f"{n}-{one[0]}" for n, one in enumerate(asked())])
def test_an_expression_asks_for_figures_that_there_are(where: str, expr: str) -> None:
    assert faults(expr, known()) == []


@pytest.mark.parametrize(
    "expr",
    [
        "max(stafett_nothing) > 1", 'stafett_outbox_waiting{lane="fast"}', 'stafett_turns_total{stop="failed"}',
        "sum(stafett_commits_total", "average(stafett_commits_total)", "sum by (unit) (stafett_turns_total)", "up == 0",
    ],
)  # fmt: skip
def test_one_that_asks_in_vain_is_found(expr: str) -> None:
    assert faults(expr, known())


def test_every_alert_says_how_bad_it_is_and_what_to_do_and_stands_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for one in alerts():
        assert one["labels"]["severity"] in ("critical", "warning")
        assert len(one["annotations"]["summary"]) > 20
        assert f"`{one['alert']}`" in guide


def test_the_board_lays_its_panels_side_by_side() -> None:
    panels = json.loads(BOARD.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [panel["gridPos"] for panel in panels]
    cells = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
    assert len(set(cells)) == len(cells) and max(x for x, _ in cells) < 24
