"""Every hour the account is anchored, and the anchor stands in the log too."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from account_town import found, lived
from town import Town

from bot import anchors as loop
from bot import logs
from bot.cli import main
from cases import account, anchors
from cases import tables as t
from cases.account_check import Outside

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(params=[logs.JSON, logs.TEXT])
def written(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """What the log has written, in either form."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = StringIO()
    logs.configure(request.param, stream)
    yield stream
    for handler in list(root.handlers):
        root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


@ON_SQLITE
def test_anchors_are_hourly_and_hold_what_has_grown(town: Town) -> None:
    round_ = loop.Anchors(town.store, town.clock)
    lived(town)
    assert town.do(round_.look()) == 1
    town.karim.types("NK-2042")
    assert town.do(round_.look()) == 0, "not within the hour"
    town.clock.time += timedelta(hours=1)
    assert town.do(round_.look()) == 1
    town.clock.time += timedelta(hours=5)
    assert town.do(round_.look()) == 0, "nothing has been added"
    assert [(row.n, row.chains) for row in town.rows(t.anchor)] == [(1, 4), (2, 1)]
    assert [row.chain for row in town.rows(t.anchor_head) if row.n == 2] == ["t:2"]


@ON_SQLITE
def test_what_is_much_is_anchored_in_pieces_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "_MOST", 3)
    lived(town)
    rows = len(town.rows(t.audit))
    assert town.do(loop.Anchors(town.store, town.clock).look()) == -(-rows // 3)
    assert found(town) == [] and town.rows(t.anchor)[-1].until_id == rows


@ON_SQLITE
def test_the_log_is_a_copy_that_tells_of_a_forged_anchor(
    town: Town, database: str, written: StringIO, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(town)
    town.do(loop.Anchors(town.store, town.clock).look())
    file = tmp_path / "stafett.log"
    file.write_text(f"en annan rad\n{written.getvalue()}", encoding="utf-8")
    verify = ["audit", "verify", "--database", database, "--anchors"]
    assert main([*verify, str(file)]) == 0
    assert "Loggen är hel: 9 rader i 4 kedjor och 1 ankare, 1 ankare i driftloggen." in capsys.readouterr().out
    letters = loop.in_letters(town.rows(t.anchor)[0].hash)
    file.write_text(written.getvalue().replace(letters, letters[::-1]), encoding="utf-8")
    assert main([*verify, str(file)]) == 1
    assert "Ankare 1 är inte det som står i driftloggen." in capsys.readouterr().out
    file.write_text("inget här\n", encoding="utf-8")
    assert main([*verify, str(file)]) == 2 and main([*verify, str(tmp_path / "saknas")]) == 2
    capsys.readouterr()


def test_no_hash_is_taken_for_a_personal_number(written: StringIO) -> None:
    """What looks like one is hidden in the log: an anchor's would be lost."""
    text = "account anchor 1 at 2026-11-16T08:00:00+00:00 over 1 chains: "
    logging.getLogger("stafett.account").info("%s%s", text, loop.in_letters("191212121212" * 5 + "abcd"))
    assert [one.hash for one in loop.read(written.getvalue().splitlines())] == ["191212121212" * 5 + "abcd"]


@ON_SQLITE
def test_verify_says_what_is_wrong_and_where(town: Town, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    lived(town)
    with town.store.engine.begin() as tx:
        tx.exec_driver_sql("DROP TRIGGER audit_no_update")
        tx.exec_driver_sql("UPDATE audit SET role = 'unit_manager' WHERE chain = 't:1' AND seq = 2")
    assert main(["audit", "verify", "--database", database]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Rad 2 i kedjan t:1 är ändrad.",
        "Loggen är inte hel: 1 fel. Kontrollerat: 9 rader i 4 kedjor och 0 ankare.",
    ]


@ON_SQLITE
def test_a_restore_is_told_and_is_no_fault(town: Town) -> None:
    """Anchors made between the backup and the restore stand in the log, and others have taken their numbers."""
    lived(town)
    town.do(loop.Anchors(town.store, town.clock).look())
    lost = [Outside(n=2, at=town.clock.care() + timedelta(hours=1), hash="0" * 64)]
    assert found(town, outside=lost) == [("anchor_outside", "", 0, 0, 2)]
    made_at, town.clock.time = town.clock.care(), town.clock.time + timedelta(hours=2)
    town.store.transaction(
        lambda tx: account.note(
            tx, town.clock.care(), person_id=None, action="config", outcome="done", signal=made_at.isoformat(),
            reason=account.RESTORED,
        )
    )  # fmt: skip
    assert found(town, outside=lost) == []
