"""The account of who saw and did what, and the counters that stand for what is not stored.

A row is chained to the one before it in its chain, of which there is one for each thread and one for each person
outside threads. Two transactions that add to the same chain at once cannot both be kept: the unique key of chain and
number decides, and the one that lost is done again from the start. On PostgreSQL whoever has not locked the thread
waits for their turn at its chain, and so does whoever has lost once: many at once all come through.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cases import postgresql as server
from cases import tables as t
from cases.chain import FIELDS, START, chain_of, digest
from cases.statements import Statement, new_row

if TYPE_CHECKING:
    from cases.directory import Directory
    from cases.telling import Change
    from cases.thread import Party, ThreadNow

# By which way somebody acted, beside a person in Teams.
TEAMS, COMMAND, PHONE, GROUPS, SHIFTS, ROUTINES = "teams", "command", "phone", "groups", "shifts", "routines"
FILES = "files"  # a calendar file, fetched over HTTP
BOARD = "board"  # a page of the personal tab
PERMISSION = "permission"  # the action, and the chain of what nobody in particular did
RESTORED = "restored"  # the reason of the row that tells of a restore; its signal is the moment of the backup

# Signals that are actions of their own; all others are told by their name.
_ACTIONS = {"open": "create", "answer": "answer", "forward": "forward"}
_MOST_OF_ROLES = 120  # characters

_ROW, _CUT = t.audit.c, t.account_cut.c
_NEW = Statement(new_row(t.audit, *FIELDS, "hash"))
_HEAD = Statement(
    select(_ROW.seq, _ROW.hash).where(_ROW.chain == bindparam("chain")).order_by(_ROW.seq.desc()).limit(1)
)
_LAST_CUT = Statement(
    select(_CUT.seq, _CUT.hash).where(_CUT.chain == bindparam("chain")).order_by(_CUT.seq.desc()).limit(1)
)
_LAST = (
    select(_ROW.chain, func.max(_ROW.seq).label("seq"))
    .where(_ROW.chain.in_(bindparam("chains", expanding=True)))
    .group_by(_ROW.chain)
    .subquery()
)
_HEADS = Statement(
    select(_ROW.chain, _ROW.seq, _ROW.hash).join(_LAST, (_LAST.c.chain == _ROW.chain) & (_LAST.c.seq == _ROW.seq))
)
_HELD = Statement(
    select(t.role.c.role, t.role.c.unit_id).where(t.role.c.person_id == bindparam("person")).order_by(t.role.c.id)
)
_THREAD = Statement(select(t.thread.c.case_ref, t.thread.c.flow).where(t.thread.c.id == bindparam("id")))

_DAY = [t.counter.c.name, t.counter.c.day]
_MORE = {"n": t.counter.c.n + 1}
_ONE_MORE = {
    "sqlite": sqlite.insert(t.counter).on_conflict_do_update(index_elements=_DAY, set_=_MORE),
    "postgresql": postgresql.insert(t.counter).on_conflict_do_update(index_elements=_DAY, set_=_MORE),
}


def note(
    tx: Connection, now: datetime, *, person_id: int | None, action: str, outcome: str,
    thread: "ThreadNow | None" = None, thread_id: int | None = None, directory: "Directory | None" = None,
    signal: str = "", reason: str = "", case_ref: str = "", flow: str = "", unit_id: str = "",
    about_id: int | None = None, channel: str = TEAMS, stranger: bool = False,
) -> None:  # fmt: skip
    """One row: `action` is view, search, export, open, config, permission, denied …; `reason` a code, never content.

    `person_id` is who acted, `about_id` whose rights it is about. Role and unit are those that the person holds, as
    `directory` has them; of a thread that is only named by its number, case and flow are looked up.

    What a `stranger` tries with a thread is chained to the person's own rows: the same is asked of the database whether
    it is there or not, and nobody gets in the way of a thread that is not theirs.
    """
    if thread is not None:
        thread_id, case_ref, flow = thread.id, thread.case_ref, thread.flow
    elif thread_id is not None and not flow:
        case_ref, flow = _THREAD.first(tx, {"id": thread_id}) or (case_ref, flow)
    role, own_unit = _held(tx, person_id) if directory is None else acting(directory, person_id, thread)
    row = {
        "at": now, "person_id": person_id, "role": role, "unit_id": own_unit or unit_id, "action": action,
        "thread_id": thread_id, "case_ref": case_ref, "flow": flow, "channel": channel, "signal": signal,
        "outcome": outcome, "reason": reason, "about_id": about_id,
        "chain": chain_of(None if stranger else thread_id, person_id, action),
    }  # fmt: skip
    _add(tx, [row])


def note_each(
    tx: Connection, now: datetime, threads: Iterable["ThreadNow"], *, person_id: int, action: str, outcome: str,
    directory: "Directory", signal: str = "", reason: str = "", channel: str = TEAMS,
) -> None:  # fmt: skip
    """One such row for each of the threads, in the order that keeps two transactions from waiting for each other."""
    rows = []
    for thread in sorted(threads, key=lambda one: one.id):
        role, unit_id = acting(directory, person_id, thread)
        rows.append(
            {
                "chain": f"t:{thread.id}", "at": now, "person_id": person_id, "role": role, "unit_id": unit_id,
                "action": action, "thread_id": thread.id, "case_ref": thread.case_ref, "flow": thread.flow,
                "channel": channel, "signal": signal, "outcome": outcome, "reason": reason, "about_id": None,
            }
        )  # fmt: skip
    _add(tx, rows)


def note_roles(
    tx: Connection, now: datetime, changed: Iterable[tuple[int, str, str]], *, signal: str, channel: str
) -> None:
    """Roles that were given or taken, as (person, unit, role): one row for each."""
    rows = [
        {
            "chain": PERMISSION, "at": now, "person_id": None, "role": "", "unit_id": "", "action": PERMISSION,
            "thread_id": None, "case_ref": "", "flow": "", "channel": channel, "signal": signal, "outcome": "done",
            "reason": f"{unit_id} {role}", "about_id": about_id,
        }
        for about_id, unit_id, role in changed
    ]  # fmt: skip
    _add(tx, rows)


def note_changes(tx: Connection, changes: Sequence["Change"], now: datetime) -> None:
    """What people did to threads, and whom the clock has let see one: a row for each such change, not yet written.

    Its `reason` is the seats that it gives: unit, role, and the person where it is one's own.
    """
    rows = []
    for change in changes:
        given, thread = change.signal, change.thread
        by = given.by
        seats = [party for party in thread.parties if party.id is None]
        if by.kind != "person" and not seats:
            continue
        role, unit_id = change.acting
        action = _ACTIONS.get(given.name, "signal") if by.kind == "person" else "escalate"
        rows.append(
            {
                "chain": f"t:{thread.id}", "at": now, "person_id": by.person_id, "role": role, "unit_id": unit_id,
                "action": action, "thread_id": thread.id, "case_ref": thread.case_ref, "flow": thread.flow,
                "channel": by.via, "signal": given.name, "outcome": "done",
                "reason": ", ".join([_seat(party) for party in seats]) if seats else "", "about_id": None,
            }
        )  # fmt: skip
    _add(tx, rows, locked=True)


def acting(directory: "Directory", person_id: int | None, thread: "ThreadNow | None" = None) -> tuple[str, str]:
    """The roles a person holds and the unit in which they do: the one that has a part in the thread, if any has."""
    held = directory.memberships(person_id) if person_id is not None else ()
    if len(held) == 1:
        return held[0].role, held[0].unit_id
    if not held:
        return "", ""
    units = dict.fromkeys(one.unit_id for one in held)
    unit_id = next(iter(units))
    if thread is not None and len(units) > 1:
        seated = {party.unit_id for party in thread.parties if party.person_id == person_id}
        about = seated & units.keys() or {thread.sender_unit_id, *(party.unit_id for party in thread.parties)}
        unit_id = next((unit for unit in units if unit in about), unit_id)
    return _joined(one.role for one in held if one.unit_id == unit_id), unit_id


def count(tx: Connection, name: str, day: date) -> None:
    """Count one more of something on a local date."""
    tx.execute(_ONE_MORE[tx.dialect.name], {"name": name, "day": day, "n": 1})


# --- pieces ------------------------------------------------------------------------------------------------------


def _seat(party: "Party") -> str:
    who = f" {party.person_id}" if party.person_id is not None else ""
    return f"{party.unit_id} {party.role}{who}"


def _add(tx: Connection, rows: Sequence[dict[str, Any]], *, locked: bool = False) -> None:
    """Chain the rows to what is there, and write them. With `locked`, of threads that the caller has locked."""
    if not rows:
        return
    chains = {row["chain"] for row in rows}
    if tx.dialect.name == "postgresql" and (not locked or tx.get_execution_options().get(server.AGAIN)):
        server.in_turn(tx, chains)
    heads = _heads(tx, chains)
    for row in rows:
        seq, row["prev"] = heads.get(row["chain"]) or _cut(tx, row["chain"])
        row["seq"] = seq + 1
        row["hash"] = digest(row)
        heads[row["chain"]] = row["seq"], row["hash"]
    _NEW.many(tx, rows)


def _heads(tx: Connection, chains: Collection[str]) -> dict[str, tuple[int, str]]:
    """The last row of each chain that has any: its number and its hash."""
    if len(chains) == 1:
        (chain,) = chains
        head = _HEAD.first(tx, {"chain": chain})
        return {} if head is None else {chain: (head[0], head[1])}
    return {chain: (seq, hash_) for chain, seq, hash_ in _HEADS.rows(tx, {"chains": sorted(chains)})}


def _cut(tx: Connection, chain: str) -> tuple[int, str]:
    """Where a chain goes on of which no row is left, or begins."""
    seq, hash_ = _LAST_CUT.first(tx, {"chain": chain}) or (0, START)
    return seq, hash_


def _held(tx: Connection, person_id: int | None) -> tuple[str, str]:
    """The roles in the first unit in which the roster has the person."""
    rows = _HELD.rows(tx, {"person": person_id}) if person_id is not None else []
    unit_id = rows[0][1] if rows else ""
    return _joined(role for role, unit in rows if unit == unit_id), unit_id


def _joined(roles: Iterable[str]) -> str:
    return ",".join(roles)[:_MOST_OF_ROLES]
