"""A municipality's own flow is one file and some lines of TOML: no other room is touched."""

import shutil
from pathlib import Path

import pytest
from town import Town

from bot.house import build_record
from dialogs.catalogue import HERE, FlowError, load_flows
from reminders.errors import ProfileError
from reminders.profile import FOLDER

TOY = '''
"""Hemtjänsten lends a key and wants it back."""

from cases.flow import Arm, Audience, By, Day, Disarm, Flow, Move, Say, by
from dialogs.common import HOME_CARE, draft_moves, with_common

FORM = (Day(name="lent_on", label="När lånades nyckeln ut?", future=False),)

FLOW = Flow(
    name="key_loan",
    title="Nyckellån",
    source="Lokal rutin 1",
    intro="Påminner om en utlånad nyckel.",
    senders=HOME_CARE,
    commands=("nyckel",),
    urgent=False,
    form=FORM,
    states={
        "draft": "Utkast", "sent": "Utlånad", "returned": "Tillbaka", "withdrawn": "Återkallat", "discarded": "Borta",
    },
    first="draft",
    last=frozenset({"returned", "withdrawn", "discarded"}),
    moves=with_common(
        draft_moves(FORM)
        | {
            ("draft", "send"): Move(
                to="sent", by=by(By.SENDER), label="Skicka",
                then=(
                    Disarm(step="unsent"),
                    Say(to=Audience.RESPONSIBLE_ASSESSOR, text="new"),
                    Arm(step="back", rule="key_back", since="lent_on"),
                ),
            ),
            ("sent", "returned"): Move(to="returned", by=by(By.RECEIVER, By.SENDER), label="Nyckeln är tillbaka"),
        }
    ),
    words={"key_missing": ("Påminnelse", "Nyckeln är inte tillbaka.")},
)
'''
RULE = """
[rules.key_back]
kind = "workdays_after"
n = 2
source = "Lokal rutin 1"
why = "En utlånad nyckel kommer tillbaka inom {n} arbetsdagar."
prompts = [{ step = "missing", workdays = 3, at = "09:00", tell = ["sender", "receivers"], text = "key_missing" }]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with the toy's file, and a copy of the profiles with its lines."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "key_loan.py").write_text(TOY, encoding="utf-8")
    shutil.copytree(FOLDER, tmp_path / "rutiner")
    profile = tmp_path / "rutiner" / "norrkoping.toml"
    text = profile.read_text(encoding="utf-8").replace('"handover_ordinary"]', '"handover_ordinary", "key_loan"]')
    profile.write_text(text + RULE, encoding="utf-8")
    return tmp_path


def test_a_toy_flow_works_from_form_to_reminder_to_end(own: Path) -> None:
    record = build_record(own / "rutiner", (HERE, own / "flows"))
    town = Town(own, record=record)
    try:
        town.karim.types("nyckel")
        town.karim.presses("Nej")
        town.karim.presses("Fortsätt", case_ref="NK-2041", lent_on="2026-11-16")
        town.karim.presses("Skicka")
        assert "NK-2041" in town.anna.newest()
        assert "En utlånad nyckel kommer tillbaka inom 2 arbetsdagar. (Lokal rutin 1)" in town.anna.newest()
        town.until("2026-11-19 09:00")
        assert "Nyckeln är inte tillbaka." in town.anna.newest() and town.karim.sees("Nyckeln är inte tillbaka.")
        assert town.anna.toasts()[-1].startswith("Påminnelse")
        town.anna.presses("Nyckeln är tillbaka")
        assert town.thread().state == "returned" and town.karim.sees("Tillbaka")
    finally:
        town.close()


def test_it_is_offered_only_where_the_profile_has_it_on(own: Path, tmp_path: Path) -> None:
    profile = own / "rutiner" / "norrkoping.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace(', "key_loan"]', "]"), encoding="utf-8")
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
        ('"key_loan"]', '"key_lone"]', "flows.on: key_lone finns inte; de som finns är"),
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
