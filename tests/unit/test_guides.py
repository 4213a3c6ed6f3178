"""Help texts are data in the profile: read with their faults named, and Norrköping's tables as its source has them."""

from bot.house import build_record
from dialogs.guide_section import guides_of, read_guides
from reminders.profile_schema import Complain


def test_a_fault_in_a_help_text_is_named() -> None:
    faults: list[str] = []
    told = {
        "one": {"title": "Ett", "words": ["ord"], "source": "Kommunen", "tables": [{"title": "Rader"}]},
        "two": {"title": "Två", "words": ["Ord"], "source": "Kommunen", "txt": ["fel"]},
        "three": "ingen tabell",
    }
    read_guides(told, Complain(faults=faults, origin={}, file="kommun.toml"))
    assert [fault.removeprefix("kommun.toml: ").split(":")[0] for fault in faults] == [
        "one.tables.1.rows", "two.txt", "two.words", "three",
    ]  # fmt: skip


def test_norrkopings_frame_time_tables_and_nobody_elses() -> None:
    profiles = build_record().profiles
    tables = {table.title: len(table.rows) for table in guides_of(profiles["norrkoping"])["ramtid"].tables}
    assert tables == {
        "RAM-tid ska användas": 18,
        "RAM-tid ska inte användas": 7,
        "Ersätts för utförd tid upp till den beviljade": 4,
        "Utanför ramtid enligt överenskommelsen": 5,
    }
    assert not guides_of(profiles["osthammar"]) and not guides_of(profiles["stockholm"])
