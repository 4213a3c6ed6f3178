"""`stafett explain`: rules, days and reminders of a thread's deadlines, for whom the policy lets know of it."""

import json

import pytest
from flow_walk import SECRET, led_to
from people import PEOPLE
from sqlalchemy import select, update
from test_lists import asks
from town import Town

from bot.cli import main
from bot.commands import explain
from cases import deadline_ends
from cases import tables as t
from cases.thread import thread_ref

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def told(town: Town, number: int, by: str | None = None) -> str | None:
    found = town.store.transaction(lambda tx: explain.looked_up(tx, town.record, number, by, town.clock))
    return None if found is None else explain.page(number, found)


def test_every_day_that_is_skipped_has_its_reason(town: Town) -> None:
    town.until("2026-12-22 10:00")
    asks(town.karim)
    number = town.thread().id
    town.anna.presses("Läst")
    page = told(town, number)
    assert page is not None
    assert "Svar: senast mån 4 jan kl. 17.00" in page
    reasons = ("tor 24 dec (julafton)", "fre 25 dec (juldagen)", "lör 26 dec (annandag jul)", "tor 31 dec (nyårsafton)")
    for reason in reasons:
        assert reason in page, page
    assert "fre 1 jan (nyårsdagen)" in page and "sön 27 dec (helg)" in page
    assert "Regel: feedback, D03. Källa: Norrköping 1.1" in page and "inom fem arbetsdagar" in page
    assert "Påminnelse: tis 29 dec kl. 09.00 till den som har det – kommer" in page


def test_a_reminder_that_would_disturb_says_when_it_comes_instead(town: Town) -> None:
    town.until("2026-11-20 17:45")
    page = told(town, led_to(town, "question", "draft"))
    assert page is not None
    held = "fre 20 nov kl. 18.15 till avsändaren – kommer. Hålls inne till mån 23 nov kl. 07.00 för den som är ledig"
    assert f"Påminnelse: {held}" in page, page


def test_neither_names_nor_content_nor_the_case_are_told(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "answered")
    page = told(town, number) or ""
    assert SECRET not in page and "NK-2041" not in page and "Påminnelse" in page
    assert not [name for _, name, *_ in PEOPLE if name in page]


def test_only_whoever_has_a_part_is_told_and_the_account_knows(town: Town) -> None:
    number = led_to(town, "question", "sent")
    account = {key: f"{key}@kommun.example" for key in ("anna", "lena", "karim")}

    def name(tx) -> None:  # type: ignore[no-untyped-def]
        for key, upn in account.items():
            tx.execute(update(t.person).where(t.person.c.id == town.residents[key].id).values(upn=upn))

    town.store.transaction(name)
    strangers = [key for key in account if told(town, number, account[key]) is None]
    assert strangers == ["lena"], strangers
    assert told(town, number, "nobody@kommun.example") is None and told(town, 4711, account["anna"]) is None
    rows = town.store.transaction(
        lambda tx: tx.execute(select(t.audit.c.action, t.audit.c.person_id).where(t.audit.c.reason == "explain")).all()
    )
    assert sorted({row.action for row in rows}) == ["denied", "view"]
    assert ("denied", town.residents["lena"].id) in [tuple(row) for row in rows]


def test_ends_are_found_in_the_log_of_rows_from_before_they_were_written_down(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "answered")
    flow, closed_at = town.record.flows["urgent_lasting"], town.thread(number).closed_at

    def ends() -> dict[tuple[str, int], object]:
        ran = town.store.transaction(lambda tx: deadline_ends.of_threads(tx, {number: (flow, closed_at)}))[number]
        return {(one.armed.step, one.armed.round): one.ended_at for one in ran}

    written = ends()
    assert None not in written.values() and len(written) >= 3
    town.store.transaction(lambda tx: tx.execute(update(t.deadline).values(ended_at=None)))
    assert ends() == written


def test_the_command_prints_the_same_as_text_and_as_json(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    number = led_to(town, "question", "sent")
    url = str(town.store.url.render_as_string(hide_password=False))
    assert main(["explain", thread_ref(number), "--database", url]) == 0
    assert "Läses: senast" in capsys.readouterr().out
    assert main(["explain", str(number), "--json", "--database", url]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["thread"] == thread_ref(number) and found["deadlines"][0]["rule"] == "message_read"
    assert main(["explain", "ST-BBBBBB", "--database", url]) == 1
    assert main(["explain", "vad", "--database", url]) == 2


@pytest.mark.parametrize("command", ["explain", "log"])
@pytest.mark.parametrize("typed", ["1912121219", "9" * 40, "²"])
def test_what_is_no_threads_number_is_not_looked_for_and_not_repeated(
    town: Town, command: str, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, typed, "--database", str(town.store.url)]) == 2
    told = capsys.readouterr()
    assert "Skriv en beteckning" in told.err and typed not in told.err
