"""The account in Swedish: what is wrong with it, and what stands in it, as sheets."""

from collections.abc import Sequence
from typing import Any

from cases import account_check as wrong
from cases.account_check import Fault
from cases.account_month import Looked, Monthly
from cases.directory import Directory
from cases.thread import thread_ref
from dialogs.sheets import Cell, Sheet
from reminders.localtime import to_local

_HEADINGS = (
    "Tid", "Vem", "Roll", "Enhet", "Vad", "Ärende", "Beteckning", "Flöde", "Väg", "Signal", "Utfall", "Skäl", "Om vem",
    "Kedja", "Nummer",
)  # fmt: skip
_ACTIONS = {
    "create": "skapade", "view": "visade", "signal": "gjorde", "answer": "svarade", "forward": "skickade vidare",
    "escalate": "gick vidare", "export": "tog ut", "search": "sökte", "config": "ändrade inställning",
    "permission": "ändrade behörighet", "purge": "gallrade", "denied": "nekades", "open": "läste i nödläge",
    "seal": "förseglade", "call": "svarade i telefon", "journal": "journalförde", "rota": "ändrade jourschema",
    "audit": "läste loggen",
}  # fmt: skip
_FAULTS = {
    wrong.CHANGED: "Rad {seq} i kedjan {chain} är ändrad.",
    wrong.REPLACED: "Rad {seq} i kedjan {chain} är utbytt mot en annan.",
    wrong.MISSING: "{rows} i kedjan {chain} är borta.",
    wrong.TAIL: "{rows} i slutet av kedjan {chain} är borta. Ankare {n} har sett dem.",
    wrong.GONE: "Hela kedjan {chain} är borta, minst till rad {until}. Ankare {n} har sett den.",
    wrong.REWRITTEN: "Kedjan {chain} är omskriven: rad {seq} är inte den som ankare {n} har sett.",
    wrong.ANCHOR_CHANGED: "Ankare {n} är ändrat, eller inte gjort av Stafett.",
    wrong.ANCHOR_MISSING: "Ankare {n} är borta.",
    wrong.ANCHOR_OUTSIDE: "Ankare {n} är inte det som står i driftloggen.",
    wrong.UNREADABLE: "En rad i kedjan {chain} (nummer {n} i tabellen) är ändrad: den går inte att läsa.",
    wrong.MOVED: "Rad {seq} i kedjan {chain} har fått ett annat nummer i tabellen.",
    wrong.NOT_RESTORED: "Rad {seq} i kedjan {chain} säger att en säkerhetskopia återställdes. Det stämmer inte.",
    wrong.UNSEALED: "Gallring {n} av loggen stämmer inte med vad loggen säger om den.",
}
_MONTH = {
    "outside": "Utanför enheten", "without_action": "Utan åtgärd efteråt", "opened": "Nödläsningar",
    "at_night": "Nattetid",
}  # fmt: skip


def told(fault: Fault) -> str:
    """What is wrong, and where."""
    rows = f"Rad {fault.seq}" if fault.seq == fault.until else f"Raderna {fault.seq}–{fault.until}"
    return _FAULTS[fault.kind].format(
        chain=fault.chain, seq=fault.seq, until=fault.until, n=fault.n, rows=rows
    )  # fmt: skip


def listed_sheet(directory: Directory, rows: Sequence[Any]) -> Sheet:
    """One row for each row of the account."""
    lines: list[tuple[Cell, ...]] = [
        (
            f"{to_local(row.at):%Y-%m-%d %H:%M:%S}",
            _who(directory, row.person_id),
            row.role,
            _unit(directory, row.unit_id),
            _ACTIONS.get(row.action, row.action),
            row.case_ref,
            thread_ref(row.thread_id) if row.thread_id else "",
            row.flow,
            row.channel,
            row.signal,
            row.outcome,
            row.reason,
            _who(directory, row.about_id) if row.about_id else "",
            row.chain,
            str(row.seq),
        )
        for row in rows
    ]
    return Sheet(title="Logg", headings=_HEADINGS, rows=tuple(lines))


def month_sheets(directory: Directory, month: Monthly) -> list[Sheet]:
    """One for each thing that a manager goes through."""
    headings = ("Tid", "Vem", "Roll", "Ärende", "Beteckning", "Skäl")
    sheets = [
        Sheet(title=title, headings=headings, rows=tuple(_look(directory, one) for one in getattr(month, name)))
        for name, title in _MONTH.items()
    ]
    much: tuple[tuple[Cell, ...], ...] = tuple((case, str(n), str(who)) for case, n, who in month.much_looked)
    return [*sheets, Sheet(title="Mycket visade", headings=("Ärende", "Visningar", "Personer"), rows=much)]


def _look(directory: Directory, one: Looked) -> tuple[Cell, ...]:
    when = f"{to_local(one.at):%Y-%m-%d %H:%M}"
    return (when, _who(directory, one.person_id), one.role, one.case_ref, thread_ref(one.thread_id), one.reason)


def _who(directory: Directory, person_id: int | None) -> str:
    if person_id is None:
        return "Stafett"
    person = directory.people.get(person_id)
    return f"{person.name} ({person_id})" if person is not None else str(person_id)


def _unit(directory: Directory, unit_id: str) -> str:
    return directory.units[unit_id].name if unit_id in directory.units else unit_id
