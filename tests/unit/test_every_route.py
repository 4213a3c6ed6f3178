"""Every route to one thread, tried by people to whom it does not exist: they are answered as if it were not there.

What is tried is not listed here: the desk's own verbs, the flow's own signals, the words one may type, the commands
that take something out for a named person. A new one is tried as it comes.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cards import words_of
from databases import new_sqlite
from flow_walk import led_to
from people import aad
from privacy_town import keeping_content
from sqlalchemy import Connection, insert
from told_statements import statements_of
from town import Resident, Town

from bot import cli
from bot.channel.values import Answer
from bot.commands import (
    audit,
    explain,
    export,
    export_access,
    export_case,
    export_meeting,
    export_not_started,
    export_on_time,
    hold,
    statistics,
)
from cases import tables as t
from cases.directory import roster_changed
from cases.policy import Who
from cases.record import Record
from cases.thread import thread_ref
from dialogs import absence, reading
from dialogs.glass_words import GLASS_REASON
from reminders.localtime import Month

ELSEWHERE = 4711  # no such thread
NO_CASE = "NK-9999"  # no such case
FLOW = "urgent_lasting"
SEEN = "NK-2041"  # its case

# A second provider, another kind of team, colleagues in the sender's own unit with no part in it, and the two roles
# that see configuration and account but no case.
NEWCOMERS = (
    ("ulla", "care_worker", "HT-NORR"), ("alva", "profile_admin", "MYND"), ("rut", "auditor", "MYND"),
    ("agnes", "profile_admin", "HT-NORR"),
)  # fmt: skip
STRANGERS = ("birgitta", "olle", "lena", "nils", *(key for key, *_ in NEWCOMERS))
SECOND_PROVIDER, PATIENT = "birgitta", ("birgitta", "nils", "ulla", "rut")  # who try every verb
OWN, THREAD = 1, 2  # a message of the second provider's own, in both towns; and the thread


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Town]]:
    """A town with the thread, in which much has happened to it, and one in which nobody has written anything."""
    with ExitStack() as open_towns:
        made = [
            open_towns.enter_context(closing(settled(tmp_path_factory.mktemp(name)))) for name in ("with", "without")
        ]
        there, _ = made
        assert led_to(there, FLOW, "sent", content={"need_text": "Hemligt"}) == THREAD
        there.anna.types(thread_ref(THREAD))
        yield made[0], made[1]


def settled(folder: Path) -> Town:
    """A town that keeps content, with the newcomers, in which Olle has written a message to be sent."""
    record = Record(keeping_content().flows, keeping_content().profiles)  # which keeps a roster: one for each
    town = Town(new_sqlite(folder), record=record)
    town.store.transaction(lambda tx: [newcomer(tx, *one) for one in enumerate(NEWCOMERS, start=11)])
    for number, (key, *_) in enumerate(NEWCOMERS, start=11):
        town.residents[key] = Resident(town=town, key=key, id=number)
        town.residents[key].installs()
    town.olle.begins("question", "NK-2077", category="other", question_text="Vilken dag?")
    return town


def newcomer(tx: Connection, number: int, told: tuple[str, str, str]) -> None:
    key, role, unit = told
    person = {
        "id": number, "aad_object_id": aad(number), "upn": f"{key}@exempel.invalid", "name": key.title(), "title": "",
        "phone": "", "active": True,
    }  # fmt: skip
    tx.execute(insert(t.person).values(person))
    tx.execute(insert(t.role).values(person_id=number, unit_id=unit, role=role))
    roster_changed(tx)


# --- by the thread -------------------------------------------------------------------------------------------------

# Verbs that name no thread: they are tried all the same, and answer the same.
WITHOUT_THREAD = frozenset({*reading.VERBS, "new", "gate", "draft", "glass"})


def tried(town: Town, who: str, number: int, kind: str, data: dict[str, Any]) -> tuple[str, list[str], int]:
    """What is answered, which statements were run, and how many attempts stand in the account."""
    before = len(denials(town))
    given = {**data, "thread": number, "of": thread_ref(number), "action_code": "other", GLASS_REASON.name: "danger"}
    with statements_of(town) as seen:
        answer = town.residents[who]._turn(kind, given)
    return plain(answer, number), seen, len(denials(town)) - before


def plain(answer: Answer, number: int) -> str:
    """The answer without the number and the reference that whoever asks has given."""
    return repr(answer).replace(thread_ref(number), "ST").replace(f"'thread': {number}", "'thread': N")


def denials(town: Town) -> list[Any]:
    return [row for row in town.rows_of("audit") if row.action == "denied"]


@pytest.mark.parametrize("who", PATIENT)
def test_no_verb_tells_a_stranger_that_the_thread_is_there(towns: tuple[Town, Town], who: str) -> None:
    there, _ = towns
    tried(there, who, ELSEWHERE, "press", {"verb": "show"})  # the first row of a person's account looks back further
    silent = set()
    for kind in ("press", "open") if who == SECOND_PROVIDER else ("press",):
        for verb in there.desk._verbs:
            real = tried(there, who, THREAD, kind, {"verb": verb, "signal": "take"})
            unreal = tried(there, who, ELSEWHERE, kind, {"verb": verb, "signal": "take"})
            assert real == unreal, (kind, verb)
            assert verb == "help" or (SEEN not in real[0] and "Hemligt" not in real[0]), verb
            if not real[2]:
                silent.add(verb)
    assert silent == WITHOUT_THREAD, "every attempt on a thread stands in the account"
    mine = [row for row in denials(there) if row.person_id == there.residents[who].id and row.thread_id == THREAD]
    assert len(mine) >= len(there.desk._verbs) - len(silent)
    assert {(row.outcome, row.case_ref) for row in mine} == {("refused", SEEN)}


def test_nor_does_any_move_of_its_table(towns: tuple[Town, Town]) -> None:
    there, who = towns[0], SECOND_PROVIDER
    version = there.thread(THREAD).version
    tried(there, who, ELSEWHERE, "press", {"verb": "show"})
    for signal in sorted({name for _, name in there.record.flows[FLOW].moves}):
        for verb in ("ask", "do"):
            data = {"verb": verb, "signal": signal}
            assert tried(there, who, THREAD, "press", data) == tried(there, who, ELSEWHERE, "press", data), (
                verb,
                signal,
            )
    assert there.thread(THREAD).version == version


def test_nor_a_card_of_several_among_which_it_is_named(towns: tuple[Town, Town]) -> None:
    """Whoever may open the one may not slip in the other."""
    there, _ = towns
    tried(there, "olle", ELSEWHERE, "press", {"verb": "show"})
    found = []
    for other in (THREAD, ELSEWHERE):
        with statements_of(there) as seen:
            answer = there.olle.forges(verb="unfold", thread=OWN, of=f"{OWN},{other}")
        found.append((repr(answer), seen, denials(there)[-1].person_id))
    assert found[0] == found[1] and SEEN not in found[0][0]
    assert denials(there)[-2].thread_id == THREAD


@pytest.mark.parametrize("who", STRANGERS)
def test_nor_its_reference_nor_its_case_when_typed(towns: tuple[Town, Town], who: str) -> None:
    there, _ = towns
    stranger = there.residents[who]
    stranger.types(thread_ref(ELSEWHERE))
    pairs = [
        (thread_ref(THREAD), thread_ref(ELSEWHERE)),
        (SEEN, NO_CASE),
        (f"sök {SEEN.lower()}", f"sök {NO_CASE.lower()}"),
    ]
    for real, unreal in pairs:
        found = []
        for typed in (real, unreal):
            with statements_of(there) as seen:
                stranger.types(typed)
            found.append((stranger.newest().replace(typed, ""), seen))
        assert found[0] == found[1], real


def test_nor_is_anybody_asked_about_who_would_get_it(towns: tuple[Town, Town]) -> None:
    """Before a press the network is asked who is away: not for whom the thread does not exist."""
    there, _ = towns

    def reached(tx: Connection, key: str, verb: str) -> list[int]:
        scene = there.record.scene(tx)
        who = Who(person_id=there.residents[key].id, directory=scene.directory, now=there.clock.care())
        moves = there.record.flows[FLOW].moves
        signals = {name for state, name in moves if state == "sent"}
        data = [{"verb": verb, "thread": THREAD, "signal": name} for name in signals]
        return [one for given in data for one in absence.would_reach(tx, scene, who, given)]

    for key in STRANGERS:
        for verb in ("do", "ask"):
            assert there.store.transaction(lambda tx, key=key, verb=verb: reached(tx, key, verb)) == [], key


# --- where nobody names it -----------------------------------------------------------------------------------------


def words_to_type(town: Town) -> list[str]:
    """One word for each thing that may be looked up, and one that starts a message."""
    one_each = {str(verb): word for word, verb in reading.TYPED.items()}
    return ["start", *one_each.values(), town.record.flows[FLOW].title]


@pytest.mark.parametrize("who", STRANGERS)
def test_every_list_is_as_in_a_town_where_nobody_has_written_it(towns: tuple[Town, Town], who: str) -> None:
    there, _ = towns
    for word in words_to_type(there):
        found = []
        for town in towns:
            with statements_of(town) as seen:
                town.residents[who].types(word)
            found.append((town.residents[who].newest(), seen))
        assert found[0] == found[1], word
    chat = [words_of(message.card) for message in there.residents[who].chat()]
    assert not [words for words in chat if thread_ref(THREAD) in words], "nor has anything come by itself"


# --- what is taken out ---------------------------------------------------------------------------------------------

Taken = Callable[[Connection, Town, argparse.Namespace], Any]


def _sheet(module: Any) -> Taken:
    return lambda tx, town, args: module.taken_out(tx, town.record, args, town.clock)


def _read(of: Callable[..., Any]) -> Taken:
    return lambda tx, town, args: of(tx, town.record.directory(tx), args, town.clock.care())


# Every command that does something for a named person: what it takes out. Most write files, which come after this.
COMMANDS: dict[str, Taken] = {
    "export quality": _sheet(export), "export board": _sheet(export), "export not-started": _sheet(export_not_started),
    "export answers": _sheet(export_meeting), "export evaluation": _sheet(export_meeting),
    "export access": _sheet(export_access), "statistics": _sheet(statistics), "export on-time": _sheet(export_on_time),
    "export case": lambda tx, town, args: export_case.taken_out(tx, town.record, args.case, args.by, town.clock),
    "explain": lambda tx, town, args: explain.looked_up(tx, town.record, THREAD, args.by, town.clock),
    "hold": lambda tx, town, args: hold.held(tx, town.record, args, town.clock),
    "audit list": _read(audit._list), "audit month": _read(audit._month_list),
}  # fmt: skip
MAY = {("agnes", "hold"), ("alva", "hold"), ("rut", "hold"), ("rut", "audit list"), ("rut", "audit month")}


def test_every_command_for_a_named_person_is_tried() -> None:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    for command in cli._COMMANDS:
        command.add_parser(subparsers)
    assert {path for path, one in leaves(subparsers) if "--by" in one._option_string_actions} == COMMANDS.keys()


def leaves(subparsers: Any, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for name, parser in subparsers.choices.items():
        inner = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
        yield f"{path}{name}", parser
        for one in inner:
            yield from leaves(one, f"{path}{name} ")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_stranger_takes_out_is_the_same_and_the_attempt_is_noted(towns: tuple[Town, Town], command: str) -> None:
    for who in STRANGERS:
        own = {"birgitta": "HT-SODER", "olle": "HT-SODER", "lena": "HGT"}.get(who, "")
        for unit in filter(None, ("HT-NORR", "MYND", own)):
            taken = [asked(town, command, who, unit) for town in towns]
            if who != "rut" or taken[0][0] is None:
                assert taken[0] == taken[1], (command, who, unit)
            assert SEEN not in repr(taken[0][0]) or who == "rut", "an auditor reads the account, and no content"
            assert "Hemligt" not in repr(taken[0][0])
            if unit != own and (who, command) not in MAY and not _is_theirs(who, command, unit):
                assert taken[0] == (None, ["denied"]), (command, who, unit)


def _is_theirs(who: str, command: str, unit: str) -> bool:
    """What an administrator and an auditor have of the units they answer for: no case."""
    units = {"alva": ("MYND", "HT-NORR"), "rut": ("MYND", "HT-NORR"), "agnes": ("HT-NORR",)}
    return unit in units.get(who, ()) and command in ("export access", "statistics", "export on-time")


def asked(town: Town, command: str, who: str, unit: str) -> tuple[Any, list[str]]:
    """What was taken out, and what the account has of it."""
    args = argparse.Namespace(
        what=command.removeprefix("export "), sheet=command.removeprefix("export "), unit=unit, case=SEEN, out=Path(),
        by=f"{who}@exempel.invalid", first=date(2026, 11, 1), last=date(2026, 11, 30), meeting="MÖTE-XXXXXX",
        reason="dispute", release=False, list=False, person="", month=Month.of(date(2026, 11, 1)),
    )  # fmt: skip
    if command in ("statistics", "export on-time"):
        args.first = args.last = Month.of(date(2026, 11, 1))
    before = len(town.rows_of("audit"))
    found = town.store.transaction(lambda tx: COMMANDS[command](tx, town, args))
    noted = [row.action for row in town.rows_of("audit")[before:]]
    assert noted or command == "hold", "whatever comes of it is noted; what is held already is not held anew"
    return found, noted
