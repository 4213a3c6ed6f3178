"""A municipality's own flow is one file and some lines of TOML, as `docs/adding-a-flow.md` prints them."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from town import Town

from bot.house import build_record
from cases.flow import GROUPS, Audience, By
from dialogs.catalogue import HERE, FlowError, load_flows
from dialogs.words import TITLES
from reminders.errors import ProfileError
from reminders.ladder import ANCHORS, AUDIENCES, MOVES, Rung
from reminders.localtime import to_local
from reminders.profile import FOLDER
from reminders.rule_spec import KINDS, Rule
from reminders.rules import due

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-flow.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def printed(language: str, page: Path = PAGE) -> list[str]:
    """What a page, that on adding a flow, shows in this language."""
    return [body for found, body in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


TOY, STORY, PATHS = printed("python")
RULE, DAY_BEFORE = printed("toml")
ALL_KEYS = {one.name for kind in KINDS.values() for one in fields(kind)}
TALES: dict[str, Any] = {}
exec(compile(STORY, "the story of the page", "exec"), TALES)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with the toy's file, and a copy of the profiles with its lines."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "key_loan.py").write_text(TOY, encoding="utf-8")
    shutil.copytree(FOLDER, tmp_path / "rutiner")
    profile = tmp_path / "rutiner" / "norrkoping.toml"
    text = profile.read_text(encoding="utf-8").replace("on = [", 'on = ["key_loan",')
    profile.write_text(f"{text}\n{RULE}\n{DAY_BEFORE}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def town(own: Path) -> Iterator[Town]:
    there = Town(own, record=build_record(own / "rutiner", (HERE, own / "flows")))
    yield there
    there.close()


@pytest.mark.parametrize("tale", [name for name in TALES if name.startswith("test_")])
def test_the_story_of_the_page(town: Town, tale: str) -> None:
    TALES[tale](town)


def test_a_toy_flow_works_from_form_to_reminder_to_end(town: Town) -> None:
    town.karim.types("nyckel")
    town.karim.presses("Nej")
    town.karim.presses("Fortsätt", case_ref="NK-2041", lent_on="2026-11-16")
    town.karim.presses("Skicka")
    assert "En utlånad nyckel kommer tillbaka inom 2 arbetsdagar. (Lokal rutin 1)" in town.anna.newest()
    town.until("2026-11-19 09:00")
    assert "Nyckeln är inte tillbaka." in town.anna.newest() and town.karim.sees("Nyckeln är inte tillbaka.")
    assert town.anna.toasts()[-1].startswith("Påminnelse")
    town.anna.answers("Nyckeln är tillbaka", returned_on="2026-11-19")
    assert town.thread().state == "returned" and town.karim.sees("Tillbaka")


def test_the_day_before_and_the_paths_of_the_page(town: Town) -> None:
    found = due("key_handover", date(2026, 11, 20), town.record.profiles["norrkoping"])
    assert [f"{to_local(one.at):%d %H}" for one in found.prompts] == ["19 09", "23 09"]
    walked: dict[str, Any] = {}
    exec(PATHS, walked)
    assert set(walked["PATHS"]["key_loan"]) == set(town.record.flows["key_loan"].states)


def rows(heading: str) -> dict[str, str]:
    """The table under a heading of the page: its first column without its code signs, and the rest of the line."""
    part = PAGE.read_text(encoding="utf-8").split(f"# {heading}\n")[1].split("\n#")[0]
    cells = [line.strip("| ").split(" | ", 1) for line in part.splitlines() if line.startswith("| `")]
    return {name: rest for names, rest in cells for name in re.findall(r"`(\w+)`", names)}


def test_the_tables_of_the_page_are_complete() -> None:
    assert set(rows("Who is told: `Audience`")) == set(Audience.__members__)
    assert set(rows("Who may press: `By`")) == set(By.__members__)
    kinds = rows("Kinds of rule")
    assert set(kinds) == set(KINDS)
    for name, kind in KINDS.items():
        keys = {one.name for one in fields(kind)}
        assert keys == set(re.findall(r"`(\w+)`", kinds[name].rsplit("|", 1)[-1])) & (keys | ALL_KEYS), name
        needed = {one.name for one in fields(kind) if one.default is MISSING}
        assert needed == set(re.findall(r"\*\*`(\w+)`\*\*", kinds[name])), name
    prompts = rows("Prompts")
    read = {one.name for one in fields(Rung)} - {"move", "amount", "series"}
    assert set(prompts) == read | set(MOVES) | {"every_minutes", "until_minutes", "off"}
    assert set(re.findall(r"`(\w+)`", prompts["tell"])) == set(AUDIENCES)
    assert set(re.findall(r"`(\w+)`", prompts["on"])) - {"on"} == set(ANCHORS)
    taught = PAGE.read_text(encoding="utf-8")
    assert all(f"`{one.name}" in taught for one in fields(Rule) if one.name not in ("name", "kind", "ladder"))
    assert all(f"*{title}*" in taught for title in TITLES) and all(f"`{group}`" in taught for group in GROUPS)


def test_it_is_offered_only_where_the_profile_has_it_on(own: Path, tmp_path: Path) -> None:
    profile = own / "rutiner" / "norrkoping.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace('"key_loan",', ""), encoding="utf-8")
    town = Town(own, record=build_record(own / "rutiner", (HERE, own / "flows")))
    try:
        town.karim.types("nyckel")
        assert "Din roll kan inte starta det meddelandet." in town.karim.newest()
    finally:
        town.close()


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "[rules.key_back]",
            "[rules.key_forth]",
            "norrkoping.toml: rules.key_back: saknas; flödet key_loan behöver den",
        ),
        ('text = "key_missing"', 'text = "key_gone"', "texten key_gone har inga ord"),
        (
            'step = "missing",',
            'step = "missing", signal = "esclate",',
            "prompts.missing: signal esclate har ingen rad i key_loan.py som klockan får göra .* discard",
        ),
        ('"key_loan",', '"key_lone",', "flows.on: key_lone finns inte; de som finns är"),
    ],
)
def test_a_slip_in_the_toml_stops_the_start_and_says_where(own: Path, wrong: str, right: str, said: str) -> None:
    profile = own / "rutiner" / "norrkoping.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace(wrong, right), encoding="utf-8")
    with pytest.raises(ProfileError, match=said):
        build_record(own / "rutiner", (HERE, own / "flows"))


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('to="returned"', 'to="retorned"', "läget retorned saknar ord i states"),
        (
            "    | {",
            '    | {("discarded", "send"): Move(to="sent", by=by(By.SENDER)),',
            "sluttillståndet discarded har moves",
        ),
        ('name="key_loan"', 'name="question"', "flödet question finns redan"),
        ("FLOW = Flow(", "FLOD = Flow(", "filen saknar FLOW"),
    ],
)
def test_a_table_that_contradicts_itself_stops_the_start(own: Path, wrong: str, right: str, said: str) -> None:
    file = own / "flows" / "key_loan.py"
    file.write_text(TOY.replace(wrong, right), encoding="utf-8")
    with pytest.raises(FlowError, match=said):
        load_flows((HERE, own / "flows"))


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('text="key_returned"', 'text="key_hnd"', r'moves\[\("sent", "returned"\)\]: texten key_hnd .*key_missing'),
        ('Disarm(step="unsent")', 'Disarm(step="unsnt")', "Disarm: steget unsnt startas aldrig; stegen är back, "),
        ('since="lent_on"', 'since="lent_dya"', "since lent_dya är ingen dag eller tid .*; de är lent_on, returned_on"),
        ("RESPONSIBLE_ASSESSOR", "RECEIVING_UNIT", r'läser svaret på UnitChoice\(name="receiving_unit"\)'),
        ("senders=HOME_CARE", 'senders=frozenset({"team_leed"})', "senders: team_leed finns inte; rollerna är care_w"),
        ('("nyckel",)', '("dagen",)', "commands: dagen betyder redan något annat"),
        ('("nyckel",)', '("Nyckel",)', "commands: Nyckel skrivs med små bokstäver"),
        ('("Påminnelse", "Ny', '("Nyckel borta", "Ny', "words.key_missing: rubriken «Nyckel borta» syns på en låst"),
        ("HOME_CARE, draft_moves,", "HOMECARE, draft_moves,", "rad 4: cannot import name 'HOMECARE'"),
        ("urgent=False,\n    form", "urgnt=False,\n    form", "rad 10: .*unexpected keyword argument 'urgnt'"),
        ("FLOW = Flow(", "FLOW = = Flow(", "rad 10: invalid syntax"),
        ('kind="home_care"', 'kind="homecare"', "holder: kind homecare finns inte; slagen är home_care, "),
    ],
)
def test_a_slip_in_the_flow_stops_the_start_with_file_place_and_what_is_allowed(
    own: Path, wrong: str, right: str, said: str
) -> None:
    text = asking_for_a_unit("holder") if "home_care" in wrong else TOY
    assert wrong in text
    (own / "flows" / "key_loan.py").write_text(text.replace(wrong, right), encoding="utf-8")
    with pytest.raises(FlowError, match=f"^key_loan.py:? .*{said}"):
        load_flows((HERE, own / "flows"))


def test_a_command_is_of_one_flow_in_a_municipality(own: Path) -> None:
    (own / "flows" / "key_loan.py").write_text(TOY.replace('("nyckel",)', '("fråga",)'), encoding="utf-8")
    with pytest.raises(ProfileError, match=r"key_loan\.py och question\.py: commands: fråga finns i båda; "):
        build_record(own / "rutiner", (HERE, own / "flows"))


def test_a_unit_does_not_send_to_itself(own: Path) -> None:
    text = asking_for_a_unit("receiving_unit").replace("RESPONSIBLE_ASSESSOR", "RECEIVING_UNIT")
    (own / "flows" / "key_loan.py").write_text(text, encoding="utf-8")
    town = Town(own, record=build_record(own / "rutiner", (HERE, own / "flows")))
    try:
        town.karim.types("nyckel")
        town.karim.presses("Nej")
        offered = next(one for one in town.karim.chat()[-1].card["body"] if one.get("id") == "receiving_unit")
        assert [one["value"] for one in offered["choices"]] == ["HT-SODER"]
        town.karim.presses("Fortsätt", case_ref="NK-2041", lent_on="2026-11-16", receiving_unit="HT-NORR")
        assert town.karim.sees("behöver rättas")
        town.karim.presses("Fortsätt", case_ref="NK-2041", lent_on="2026-11-16", receiving_unit="HT-SODER")
        town.karim.presses("Skicka")
        assert town.olle.sees("NK-2041")
    finally:
        town.close()


def asking_for_a_unit(name: str) -> str:
    """The toy with one more question in its form."""
    asked = f'future=False), UnitChoice(name="{name}", label="Vem har den?", kind="home_care"),)\nRETURNED'
    return TOY.replace("future=False),)\nRETURNED", asked).replace("Say, by", "Say, UnitChoice, by")
