"""Drawn files against everything that reads one: a file is refused in words, or what it says can be used."""

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import icalendar
from databases import new_sqlite
from openpyxl import Workbook
from roster_sheets import NOW, PLAIN
from test_care_plan import in_stockholm
from town import Town, shipped

from bot.commands.hours import Refused, brought
from bot.commands.roster import load_roster
from bot.graph.ics import file_of
from bot.house import build_record
from bot.numbers import refuse_in
from bot.roster_files import RosterUnreadable, read_sheet
from cases import group_map, roster
from cases.meeting import MeetingNow
from cases.meeting_kinds import kinds
from cases.roster_values import HEADINGS
from cases.store import Store
from fuzz.draw import Draw
from fuzz.fuzzed_door import told
from reminders.errors import ProfileError
from reminders.localtime import Month
from reminders.profile import FOLDER

LENGTH = 400  # bytes to draw one file from
_MAP = """precedence = "groups"
[[group]]
id = "0f6a2c1e-1111-4222-8333-444455556666"
unit = "MY"
role = "biståndshandläggare"
"""
_HOURS = "arende;bestalld;utford\nNK-2041;33,1;30.5\nNK-2042;33:06;0\n"
_PROFILES = {one.name: one.read_text(encoding="utf-8") for one in sorted(FOLDER.glob("*.toml"))}
Cells = list[list[Any]]


class Files:
    """The targets, in a folder, with a record to bring things into. Each returns whether the file was taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "town").mkdir()
        self.town = Town(new_sqlite(folder / "town"))
        in_stockholm(self.town)  # whose routine compares hours
        (folder / "empty").mkdir()
        self.store = Store(new_sqlite(folder / "empty"))

    def close(self) -> None:
        self.town.close()
        self.store.close()

    # --- the roster ---------------------------------------------------------------------------------------------

    def roster_csv(self, draw: Draw) -> bool:
        """A folder of CSV files."""
        folder = self._new_folder("csv")
        spoilt = draw.below(len(PLAIN)) if draw.once_in(3) else -1
        for number, (name, cells) in enumerate(_sheets(draw).items()):
            out = io.StringIO()
            csv.writer(out, delimiter=draw.pick((";", ","))).writerows(cells)
            raw = out.getvalue().encode("utf-8", "surrogatepass")
            (folder / f"{name}.csv").write_bytes(draw.spoilt(raw) if number == spoilt else raw)
        return self._roster(folder)

    def roster_xlsx(self, draw: Draw) -> bool:
        """A workbook; now and then its bytes are spoilt as well."""
        path = self.folder / "roster.xlsx"
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, cells in _sheets(draw).items():
            sheet = book.create_sheet(name)
            for row in cells:
                sheet.append([_cell(draw, one) for one in row])
        book.save(path)
        book.close()
        if draw.once_in(3):
            path.write_bytes(draw.spoilt(path.read_bytes()))
        return self._roster(path)

    def _roster(self, path: Path) -> bool:
        try:
            found = load_roster(path)
        except RosterUnreadable as refusal:
            self._said(str(refusal))
            return False
        if isinstance(found, list):
            assert found, "refused without a word"
            self._said("\n".join(map(str, found)))
            return False
        self._said(repr(found))
        with self.store.engine.connect() as tx:  # never committed
            roster.apply(tx, found, NOW)
            again = roster.diff(tx, found, NOW)
            tx.rollback()
        assert again.empty, f"brought in, and then not as it is: {again.lines[:3]}"
        return True

    # --- the others ---------------------------------------------------------------------------------------------

    def hours(self, draw: Draw) -> bool:
        """A month of hours, brought into the town."""
        path = self.folder / "timmar.csv"
        path.write_bytes(_text(draw, _HOURS))
        try:
            rows = read_sheet(path)
            with self.town.store.engine.connect() as tx:  # never committed
                kept, _ = brought(
                    tx, self.town.record, "HT-NORR", Month(2026, 10), rows, self.town.clock, dry_run=False
                )
                tx.rollback()
        except (RosterUnreadable, Refused) as refusal:
            self._said(str(refusal))
            return False
        self._said(repr(kept))
        assert all(min(one.ordered, one.performed) >= 0 for one in kept.hours), "hours that nobody has"
        return True

    def group_map(self, draw: Draw) -> bool:
        """Which group gives which role."""
        path = self.folder / "groups.toml"
        path.write_bytes(_text(draw, _MAP))
        try:
            refuse_in(path, group_map.GroupMapError)
            found = group_map.read_group_map(path)
        except group_map.GroupMapError as refusal:
            self._said(str(refusal))
            return False
        self._said(repr(found))
        assert found.mapped, "a map of nothing"
        return True

    def profile(self, draw: Draw) -> bool:
        """A municipality's routine, with the others that it may lean on."""
        folder = self._new_folder("rutiner")
        name = draw.pick(sorted(_PROFILES))
        for file, text in _PROFILES.items():
            (folder / file).write_bytes(_profile(draw, text) if file == name else text.encode())
        try:
            record = build_record(folder)
        except ProfileError as refusal:
            self._said(str(refusal))
            return False
        for one in record.profiles.values():
            self._said(repr(one.sections))
            assert one.calendar.is_workday(NOW.date()) in (True, False)
        return True

    def calendar_file(self, draw: Draw) -> bool:
        """A meeting as a calendar file, which says what was put into it and nothing else."""
        all_kinds = kinds(shipped().profiles["norrkoping"])
        kind = all_kinds[draw.pick(sorted(all_kinds))]
        place = "".join(sign for sign in draw.word() if not "\ud800" <= sign <= "\udfff").replace("\0", "")
        meeting = MeetingNow(
            id=draw.below(10_000), slot="main", kind=kind.name, organizer_id=1, starts_at=NOW, mode="on_site",
            ends_at=NOW + timedelta(minutes=draw.below(500)), place=place,
        )  # fmt: skip
        raw = file_of(meeting, kind, NOW)
        (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
        expected = {
            "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "SEQUENCE", "STATUS", "CLASS",
        }  # fmt: skip
        assert set(event) == expected, f"put in by a place: {set(event) - expected}"
        return True

    # ------------------------------------------------------------------------------------------------------------

    def _new_folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for one in folder.iterdir():
            one.unlink()
        return folder

    @staticmethod
    def _said(text: str) -> None:
        assert text, "refused without a word"
        assert not told(text.encode("utf-8", "replace")), f"a personal number was taken in or told again: {text[:300]}"


def _sheets(draw: Draw) -> dict[str, Cells]:
    """The plain roster with some cells, rows, columns or headings changed."""
    found: dict[str, Cells] = {
        name: [list(HEADINGS[name]), *(list(row) for row in rows)] for name, rows in PLAIN.items()
    }
    for _ in range(draw.below(4)):
        name = draw.pick(sorted(found))
        rows = found[name]
        row = draw.pick(rows) if rows else []
        match draw.below(8):
            case 0:
                rows.append(list(row))
            case 1 if len(rows) > 1:
                rows.pop(1 + draw.below(len(rows) - 1))
            case 2:
                row.append(draw.word())
            case 3 if draw.once_in(2):
                found.pop(name)
                found["".join(sign for sign in draw.word()[:20] if sign.isalnum()) or "x"] = rows
            case _ if row:
                row[draw.below(len(row))] = draw.word()
    return found


def _cell(draw: Draw, text: str) -> Any:
    """What a workbook can hold."""
    if draw.once_in(40):
        return draw.pick((7, 0.5, NOW.replace(tzinfo=None), NOW.date(), NOW.time(), timedelta(hours=40), True, 10**15))
    plain = "".join(
        sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"
    )
    return plain[:30_000]


def _text(draw: Draw, plain: str) -> bytes:
    """A text with some of its words replaced, or its bytes spoilt."""
    if draw.once_in(8):
        return plain.encode()
    if not draw.once_in(4):
        lines = plain.splitlines()
        at = draw.below(len(lines))
        cut = draw.below(len(lines[at]) + 1)
        lines[at] = lines[at][:cut] + draw.word() + (lines[at][cut:] if draw.once_in(2) else "")
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    return draw.spoilt(plain.encode())


def _profile(draw: Draw, text: str) -> bytes:
    """A routine with one value replaced by another, or its text changed."""
    if draw.once_in(3):
        return _text(draw, text)
    lines = text.splitlines()
    valued = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    at = draw.pick(valued)
    name, _, _value = lines[at].partition(" = ")
    lines[at] = f"{name} = {_toml(draw)}"
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _toml(draw: Draw) -> str:
    plain = (
        "true", "false", "0", "-1", "1", "7", "10000000000000000000", "1e400", "nan", "inf", "[]", "{}", '[""]',
        "2026-11-16", "07:30:00", "2026-11-16T07:30:00+01:00", '{ at = "09:00" }', '[{ }]', '"07:30"', '"25:00"',
        '"visa"', '"chatt"', '""',
    )  # fmt: skip
    if not draw.once_in(3):
        return draw.pick(plain)
    word = draw.word().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{word}"'


TARGETS: Mapping[str, Callable[[Files, Draw], bool]] = {
    "roster_csv": Files.roster_csv, "roster_xlsx": Files.roster_xlsx, "hours": Files.hours, "profile": Files.profile,
    "group_map": Files.group_map, "calendar_file": Files.calendar_file,
}  # fmt: skip


def play(files: Files, target: str, data: bytes) -> bool:
    """One file. Raises: AssertionError, with the bytes that it was drawn from."""
    try:
        return TARGETS[target](files, Draw(data))
    except Exception as fault:
        raise AssertionError(f"{target} {data.hex()}: {type(fault).__name__}: {fault}") from fault


def run(targets: Sequence[str], runs: int, seed: int, tell: Callable[[int], None] = lambda _done: None) -> Counter[str]:
    """So many files, in turn of each kind: how many of each were taken and how many refused."""
    rng, count = Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder))
        try:
            for number in range(runs):
                target = targets[number % len(targets)]
                count[f"{target} {'taken' if play(files, target, rng.randbytes(LENGTH)) else 'refused'}"] += 1
                tell(number + 1)
        finally:
            files.close()
    return count
