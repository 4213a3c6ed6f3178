"""`stafett retention` and `stafett hold`: what is said, who may, and that the plan changes nothing."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing

import pytest
from disposed import SECRET, decided, ended, later, ticks
from town import Town

from bot.cli import main
from bot.commands import hold as holding
from bot.commands import retention as command
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


HELD = "Ärendet är undantaget från gallring."


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with closing(decided(database)) as made:
        yield made


def plan(town: Town) -> str:
    return "\n".join(
        town.store.transaction(lambda tx: command.plan_of(tx, town.record, town.clock.care(), listed=True))
    )


def hold(town: Town, case: str, reason: str | None = "tillsyn", by: str = "eva") -> str | None:
    """Place a hold, or release it where there is no reason."""
    asked = Namespace(case=case, by=f"{by}@exempel.invalid", reason=reason, release=reason is None)
    return town.store.transaction(lambda tx: holding.held(tx, town.record, asked, town.clock))


def test_the_plan_tells_what_goes_and_what_stays_and_changes_nothing(town: Town, database: str) -> None:
    first, second, third = ended(town), ended(town, "NK-2042"), ended(town)
    ticks(town, first)
    ticks(town, third)
    assert hold(town, "NK-2042") == HELD
    later(town, "2027-01-10 09:00")
    before = [town.rows(one) for one in t.metadata.sorted_tables]
    told = plan(town)
    assert [town.rows(one) for one in t.metadata.sorted_tables] == before
    assert "norrkoping, innehåll i avslutade meddelanden: 2 avslutade före 2026-12-11, enligt VON 2026/0003" in told
    assert "norrkoping, innehåll i avslutade meddelanden: 1, ärendet är undantaget från gallring" in told
    assert f"{town.thread(second).ref}  avslutat 2026-11-16  ärendet är undantaget" in told
    assert "Undantagna ärenden: 1" in told
    assert SECRET not in told and "NK-2042" not in told


def test_without_a_decision_the_plan_says_so(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Town(database)) as town:
        ended(town)
    assert main(["retention", "plan", "--database", database]) == 0
    said = capsys.readouterr().out
    assert "inga meddelanden" in said and "så länge inte varje profil i bruk har ett gallringsbeslut" in said
    assert main(["retention", "run", "--database", database]) == 0
    assert capsys.readouterr().out == "Inget att gallra.\n"


def test_whoever_may_places_lists_and_releases_a_hold(
    town: Town, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["hold", "nk-2041", "--by", "eva@exempel.invalid", "--reason", "domstol", "--database", database]
    assert main(args) == 0 and capsys.readouterr().out == f"{HELD}\n"
    assert hold(town, "NK-9999") == HELD, "the same is said of a case that nobody knows"
    assert hold(town, "NK-2041") == "Ärendet är redan undantaget från gallring."
    assert main(["hold", "--list", "--database", database]) == 0
    assert "NK-2041  sedan" in capsys.readouterr().out
    assert hold(town, "NK-2041", None) == "Ärendet får gallras igen."
    assert hold(town, "NK-2041", None) == "Ärendet var inte undantaget från gallring."


def test_who_may_not_is_refused_and_it_is_noted(town: Town) -> None:
    others = ("karim", "anna", "sara", "maria", "nobody")
    assert [hold(town, "NK-2041", by=by) for by in others] == [None] * len(others)
    assert [row.reason for row in town.rows(t.audit) if row.action == "denied"] == ["hold"] * len(others)
    assert town.rows(t.legal_hold) == []


def test_a_hold_needs_a_reason_that_is_a_code(town: Town, database: str) -> None:
    args = ["hold", "NK-2041", "--by", "eva@exempel.invalid", "--database", database]
    assert main(args) == 2
    with pytest.raises(SystemExit):
        main([*args, "--reason", "Sonen har ringt"])
    assert town.rows(t.legal_hold) == []
