"""A short run of what is drawn after the schemas, and that what must hold can fail."""

import activities
import pytest

from cases.fields import Choice, TextField
from fuzz import schemas

RUNS = 20
NOTE = TextField(name="note", label="Notering")
PICK = Choice(name="pick", label="Val", options=(("a", "A"),))


@pytest.mark.parametrize("name", schemas.CHECKS)
def test_what_must_hold_does(name: str) -> None:
    schemas.hold(name, RUNS, seeded=7)


def test_what_is_wrong_is_found() -> None:
    with pytest.raises(AssertionError, match="taken for text"):
        schemas.understood("press", activities.typed("http://127.0.0.1/teams/"))
    with pytest.raises(AssertionError, match="Välj"):
        schemas.taken((PICK,), {"pick": "b"})
    with pytest.raises(AssertionError):
        schemas.taken((NOTE, PICK), {"note": "känt"})


def test_what_is_found_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy, _ = schemas.CHECKS["astray"]
    monkeypatch.setitem(schemas.CHECKS, "astray", (strategy, lambda activity: activity["missing"]))  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match=r"astray .*KeyError"):
        schemas.hold("astray", 5, seeded=7)
