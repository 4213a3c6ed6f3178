"""The roster: units, people, roles, on-call passes and cases, checked as a whole and brought in at once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from cases import account, sealing
from cases.case_given import hand_over
from cases.directory import roster_changed
from cases.group_map import GroupMap
from cases.roster_check import check
from cases.roster_diff import Diff, describe
from cases.roster_plan import plan
from cases.roster_values import Fault, Roster, Row, Sheets
from cases.roster_write import write

__all__ = ["Diff", "Fault", "Roster", "Row", "Sheets", "apply", "check", "diff"]


def diff(tx: Connection, roster: Roster, now: datetime, groups: GroupMap | None = None) -> Diff:
    """What `apply` would do. `now` is UTC: passes that are over are history and are left alone."""
    roster, remarks = _without_sealed(tx, roster)
    return _remarked(describe(plan(tx, roster, now, groups)), remarks)


def apply(tx: Connection, roster: Roster, now: datetime, groups: GroupMap | None = None) -> Diff:
    """Make the record equal to the roster, in the caller's transaction, and tell what was done.

    Nothing that is referred to is taken away: people become inactive, units stay without roles, and a case stays while
    a message about it is open. A case that gets another responsible assessor takes its plan for following up with it.
    Who a person is in Teams is kept, and what groups of the directory give is left to them (`groups`). One audit row
    tells that it happened; none when nothing changed.
    """
    roster, remarks = _without_sealed(tx, roster)
    todo = plan(tx, roster, now, groups)
    done = _remarked(describe(todo), remarks)
    if not done.empty:
        write(tx, todo, now)
        hand_over(tx, todo.given_away, now)
        roster_changed(tx)
        account.note(
            tx,
            now,
            person_id=None,
            action="config",
            signal="roster_import",
            outcome="done",
            reason=f"new={done.new} changed={done.changed} gone={done.gone}",
            channel=account.COMMAND,
        )
    return done


def _without_sealed(tx: Connection, roster: Roster) -> tuple[Roster, tuple[str, ...]]:
    """The roster without the cases that have been taken out of Stafett, and how many they are; not which, nor why."""
    sealing.settle(tx)
    kept = sealing.without_sealed(roster.cases, sealing.sealed_keys(tx))
    left_out = len(roster.cases) - len(kept)
    if not left_out:
        return roster, ()
    what = "Ett ärende" if left_out == 1 else f"{left_out} ärenden"
    return replace(roster, cases=kept), (f"{what} i filen läses inte in: ta bort det som är avslutat i Stafett.",)


def _remarked(found: Diff, remarks: tuple[str, ...]) -> Diff:
    return replace(found, remarks=(*found.remarks, *remarks))
