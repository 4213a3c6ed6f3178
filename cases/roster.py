"""The roster: units, people, roles, on-call passes and cases, checked as a whole and brought in at once."""

from datetime import datetime

from sqlalchemy import Connection

from cases import account
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
    return describe(plan(tx, roster, now, groups))


def apply(tx: Connection, roster: Roster, now: datetime, groups: GroupMap | None = None) -> Diff:
    """Make the record equal to the roster, in the caller's transaction, and tell what was done.

    Nothing that is referred to is taken away: people become inactive, units stay without roles, and a case stays while
    a message about it is open. A case that gets another responsible assessor takes its plan for following up with it.
    Who a person is in Teams is kept, and what groups of the directory give is left to them (`groups`). One audit row
    tells that it happened; none when nothing changed.
    """
    todo = plan(tx, roster, now, groups)
    done = describe(todo)
    if not done.empty:
        write(tx, todo)
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
        )
    return done
