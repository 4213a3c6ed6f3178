"""Whatever stands in the account's tables, the check says where; and a restore excuses only what it took back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from account_town import Step, anchored, found, lived, run
from sqlalchemy import Connection
from town import Town

from bot.cli import main
from cases import account, account_list, anchors
from cases import tables as t
from cases.account_check import Outside, check
from cases.account_cut import dispose
from cases.account_list import Asked
from cases.directory import read

HOUR = timedelta(hours=1)
ROW = "WHERE chain = 't:1' AND seq = 2"
JUNK = {
    "a time that is none": (f"UPDATE audit SET at = 'junk' {ROW}", "t:1"),
    "no time": (f"UPDATE audit SET at = '' {ROW}", "t:1"),
    "a word for a number": (f"UPDATE audit SET seq = 'abc' {ROW}", "t:1"),
    "half a number": (f"UPDATE audit SET seq = 2.5 {ROW}", "t:1"),
    "bytes": (f"UPDATE audit SET role = x'ff' {ROW}", "t:1"),
    "bytes for a chain": (f"UPDATE audit SET chain = x'ff' {ROW}", "t:1"),
    "text that is none": (f"UPDATE audit SET reason = CAST(x'c328' AS TEXT) {ROW}", "t:1"),
    "a person that is none": (f"UPDATE audit SET about_id = 'x' {ROW}", "t:1"),
    "another number": (f"UPDATE audit SET id = id + 5000 {ROW}", "t:1"),
    "a seal of no parts": ("UPDATE audit SET reason = 'x' WHERE action = 'purge'", "purge"),
    "a seal of no time": ("UPDATE audit SET reason = '1 1 abc x' WHERE action = 'purge'", "purge"),
    "a seal of no number": ("UPDATE audit SET reason = '² 1 abc x' WHERE action = 'purge'", "purge"),
    "a seal of bytes": ("UPDATE audit SET reason = x'00ff' WHERE action = 'purge'", "purge"),
    "an anchor's time": ("UPDATE anchor SET at = 'x'", ""),
    "an anchor's end": ("UPDATE anchor SET until_id = x'ff'", ""),
    "an anchor's row": ("UPDATE anchor_head SET seq = 'abc' WHERE chain = 't:1'", ""),
    "an anchor's chain": ("UPDATE anchor_head SET chain = x'ff' WHERE chain = 't:1'", ""),
    "a cut's row": ("UPDATE account_cut SET seq = 'abc'", ""),
    "a cut's number": ("UPDATE account_cut SET n = x'ff'", ""),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything is anchored, and an hour later there is one search more, and one anchor."""
    made = Town(tmp_path_factory.mktemp("town"))
    lived(made)
    anchored(made)
    made.clock.time += HOUR
    made.karim.types("NK-2042")
    made.store.transaction(lambda tx: anchors.make(tx, made.clock.care()))
    yield made
    made.close()


@pytest.fixture
def copies(town: Town) -> list[Outside]:
    return [Outside(n=row.n, at=row.at, hash=row.hash) for row in town.rows(t.anchor)]


@pytest.mark.parametrize("what", JUNK)
def test_whatever_is_put_in_a_row_it_is_located(town: Town, copies: list[Outside], what: str) -> None:
    def cut(tx: Connection) -> None:
        dispose(tx, town.clock.care() + HOUR, (), 1, town.clock.care() + HOUR)

    assert found(town, cut, outside=copies) == []
    statement, chain = JUNK[what]
    wrong = found(town, cut, run(statement), outside=copies)
    assert chain in {one[1] for one in wrong} and wrong != []


# --- restores ----------------------------------------------------------------------------------------------------


def restored(town: Town, backup: str, after: timedelta = 2 * HOUR) -> Step:
    """A row that says so; `backup` is the moment that the backup showed."""
    return lambda tx: account.note(
        tx, town.clock.care() + after, person_id=None, action="config", outcome="done", signal=backup,
        reason=account.RESTORED,
    )  # fmt: skip


@pytest.mark.parametrize("backup", ["2000-01-01T00:00:00+00:00", "junk", "", "9999-12-31T23:59:59-14:00"])
def test_a_forged_restore_excuses_nothing(town: Town, copies: list[Outside], backup: str) -> None:
    wipe = (run("DELETE FROM anchor_head"), run("DELETE FROM anchor"), run("DELETE FROM audit WHERE chain = 't:1'"))
    wrong = found(town, *wipe, restored(town, backup), outside=copies)
    assert {("not_restored", "config", 1, 1, 0), ("anchor_outside", "", 0, 0, 1)} <= set(wrong)


def test_a_restore_excuses_only_what_came_between(town: Town, copies: list[Outside]) -> None:
    """What the backup held is still held against the copies; what it could not hold is counted."""
    now = town.clock.care()
    lost = Outside(n=3, at=now + HOUR, hash="0" * 64)
    late = Outside(n=4, at=now + 3 * HOUR, hash="1" * 64)
    back = restored(town, now.isoformat())
    counted: list[list[int]] = []

    def look(tx: Connection) -> None:
        counted.append(check(tx, [*copies, lost]).replaced)

    assert found(town, back, look, outside=[*copies, lost]) == [] and counted == [[3]]
    assert found(town, back, outside=[*copies, lost, late]) == [("anchor_outside", "", 0, 0, 4)]
    early = [Outside(n=one.n, at=one.at, hash="f" * 64) for one in copies[:1]]
    assert found(town, back, outside=early) == [("anchor_outside", "", 0, 0, 1)]


def test_what_a_restore_left_unchecked_has_its_own_code(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("restored")
    town = Town(folder)
    lived(town)
    anchored(town)
    at: datetime = town.clock.care()
    town.store.transaction(restored(town, at.isoformat()))
    one = town.rows(t.anchor)[0]
    url = str(town.store.engine.url)
    town.close()
    letters = str.maketrans("0123456789", "ghijklmnop")
    lines = [(1, at, one.hash), (2, at + HOUR, "0" * 64)]
    log = folder / "stafett.log"
    log.write_text(
        "".join(f"account anchor {n} at {t_.isoformat()} over 1 chains: {h.translate(letters)}\n" for n, t_, h in lines)
    )
    assert main(["audit", "verify", "--database", url, "--anchors", str(log)]) == 3
    assert "återställd från en säkerhetskopia: 1 ankare" in capsys.readouterr().out


# --- searches ----------------------------------------------------------------------------------------------------


def test_a_search_for_a_case_that_was_not_theirs_is_the_cases(town: Town) -> None:
    town.olle.types("NK-2041")
    noted = town.rows(t.audit)[-1]
    assert (noted.action, noted.outcome, noted.case_ref, noted.reason) == ("search", "nothing", "NK-2041", "")


def test_no_search_tells_of_a_sealed_case_nor_does_an_old_one(town: Town) -> None:
    """Old rows had the case as their reason."""

    def numbers(tx: Connection) -> list[int]:
        now, who = town.clock.care(), town.olle.id
        account.note(tx, now, person_id=who, action="search", outcome="nothing", reason="NK-2042")
        account.note(tx, now, person_id=who, action="search", outcome="nothing", case_ref="NK-2042")
        directory = read(tx, "")
        asked = (Asked(person_id=who), Asked(case_ref="nk-2042", person_id=who))
        before = [len(account_list.rows(tx, directory, {"HT-SODER"}, one)) for one in asked]
        sealed = {"key": "NK2042", "thread_id": 2, "person_id": town.anna.id, "at": now}
        tx.execute(t.sealed_case.insert().values(sealed))
        return [*before, *(len(account_list.rows(tx, directory, {"HT-SODER"}, one)) for one in asked)]

    every, of_case, left, none = town.store.transaction(numbers)
    assert (of_case, none) == (2, 0) and left == every - 2


def test_a_number_in_the_table_hides_no_row(town: Town) -> None:
    """Whoever owns the database can give the rows of a thread other numbers, in the same order."""
    begin, lists = town.clock.care() - timedelta(days=1), list[list[tuple[str, int]]]()

    def listed(tx: Connection) -> None:
        rows = account_list.rows(tx, read(tx, ""), {"HT-NORR", "MYND"}, Asked(first=begin))
        lists.append([(row.chain, row.seq) for row in rows])

    found(town, listed, run("UPDATE audit SET id = id - 1000000 WHERE chain = 't:1'"), listed)
    assert lists[0] == lists[1] and ("t:1", 1) in lists[0]
