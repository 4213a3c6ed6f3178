"""One look at a page: everything read in one transaction on behalf of one person, and the look in the account."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.board.tabs import TABS, Tab
from bot.clock import Clock
from cases import account
from cases.record import Record
from dialogs.swedish import clock_text
from dialogs.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a page is drawn from: whose it is, which pages they have, and what stands on this one."""

    name: str
    units: str
    at: str
    tabs: tuple[Tab, ...]
    tab: Tab
    page: object


def look(tx: Connection, record: Record, clock: Clock, person_id: int, path: str, number: int) -> Looked | None:
    """The page at this path as the person may see it, noted in their account; None for somebody who has no role here,
    or has not this page."""
    scene, now = record.scene(tx), clock.care()
    visit = Visit(tx=tx, scene=scene, person_id=person_id, now=now, machine_now=clock.machine())
    if person_id not in scene.directory.people:
        return None
    held = visit.held() if scene.directory.is_active(person_id) else []
    tabs = tuple(one for one in TABS if one.has(visit)) if held else ()
    tab = next((one for one in tabs if one.path == path), None)
    if tab is None:
        _note(visit, "denied", "refused", next((one.code for one in TABS if one.path == path), account.BOARD))
        return None
    page = tab.read(visit, number)
    _note(visit, "view", "listed", tab.code)
    units = dict.fromkeys(one.unit_name for one in held)
    return Looked(
        name=scene.directory.people[person_id].name, units=", ".join(units), at=clock_text(now), tabs=tabs, tab=tab,
        page=page,
    )  # fmt: skip


def _note(visit: Visit, action: str, outcome: str, code: str) -> None:
    account.note(
        visit.tx, visit.now, person_id=visit.person_id, action=action, outcome=outcome, reason=code,
        directory=visit.scene.directory, channel=account.BOARD,
    )  # fmt: skip
