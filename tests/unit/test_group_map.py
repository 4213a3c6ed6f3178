"""The municipality's file of groups: read as it is meant, or every fault told with its place."""

from pathlib import Path

import pytest

from cases.group_map import GroupMapError, Mapped, read_group_map

ID = "0f6a2c1e-0000-4000-8000-0000000000aa"


def written(folder: Path, text: str) -> Path:
    file = folder / "grupper.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_roles_are_told_in_swedish_or_by_identifier(tmp_path: Path) -> None:
    text = f"""
precedence = "groups"

[[group]]
id = "{ID.upper()}"
unit = "MYND"
role = "Biståndshandläggare"

[[group]]
id = "{ID}"
unit = "HT-NORR"
role = "care_worker"
"""
    found = read_group_map(written(tmp_path, text))
    assert found.mapped == (
        Mapped(group_id=ID, unit_id="MYND", role="needs_assessor"),
        Mapped(group_id=ID, unit_id="HT-NORR", role="care_worker"),
    )
    assert found.group_ids == (ID,)
    assert found.overrules("MYND", "needs_assessor") and not found.overrules("MYND", "unit_manager")


def test_with_the_roster_first_nothing_is_overruled(tmp_path: Path) -> None:
    text = f'precedence = "roster"\n[[group]]\nid = "{ID}"\nunit = "MYND"\nrole = "enhetschef"\n'
    assert not read_group_map(written(tmp_path, text)).overrules("MYND", "unit_manager")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ("precedence ska vara", "ingen [[group]] finns")),
        ('precedence = "groups"\nfoo = 1\n', ("foo känns inte igen",)),
        ("precedence = ", ("inte rätt TOML",)),
        (
            'precedence = "both"\n[[group]]\nid = "abc"\nrole = "kung"\nmore = 1\n',
            ("precedence ska vara", "nummer 1, id: «abc» är inget objekt-id", "nummer 1, unit: saknas", "«kung» känns",
             "more: känns inte igen"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    with pytest.raises(GroupMapError) as refused:
        read_group_map(written(tmp_path, text))
    for one in said:
        assert one in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GroupMapError, match="går inte att läsa"):
        read_group_map(tmp_path / "borta.toml")
