"""Short runs of the kill harness: nothing lost, nothing doubled that could have been known, no wrong state.

The long ones are `make chaos`.
"""

from chaos.account import DOUBLED, LOST, WRONG, Account
from chaos.play import run
from chaos.recorder import LISTS
from chaos.run import Options
from dialogs import lists_sent


def all_is_well(account: Account) -> None:
    assert not account.wrong, str(account)
    assert account.doubled_in_flight <= account.in_flight, str(account)


async def test_one_server_on_sqlite() -> None:
    all_is_well(await run(Options(seed=7, kills=12, database="sqlite")))


async def test_two_replicas_on_postgresql() -> None:
    all_is_well(await run(Options(seed=7, kills=8, database="postgres", replicas=2)))


async def test_an_error_is_found() -> None:
    account = await run(Options(seed=7, kills=5, database="sqlite", plant="marked_before_send"))
    assert account.count(LOST) + account.count(WRONG) + account.count(DOUBLED), str(account)


def test_every_list_that_comes_by_itself_is_known_to_the_recorder() -> None:
    assert {kind.title for kind in lists_sent.LISTS.values()} == set(LISTS)
