"""What stands on the board's pages as they are drawn: names as they are written, and nothing taken for HTML."""

from bot.board.drawing import Drawing
from bot.board.look import Looked
from bot.board.tabs import TABS
from dialogs.board_values import MeetingDay, MeetingLine, MeetingsPage

HOSTILE = "<script>alert(1)</script> & 'ett' \"två\""


def drawn(**changes: str) -> str:
    told = {"ref": "ST-N5MJ3Q", "title": "Möte", "time": "10.00–11.00", "where": "på plats", "answer": "", "others": ""}
    day = MeetingDay(title="I dag", today=True, lines=(MeetingLine(**told | changes),))
    tab = next(one for one in TABS if one.path == "moten")
    page = MeetingsPage(days=(day,), weeks=((),), more=False)
    looked = Looked(name=HOSTILE, units=HOSTILE, at="09.00", tabs=(tab,), tab=tab, page=page)
    assets = {name: f"/{name}" for name in ("board.css", "board.js", "teams.js")}
    return Drawing(assets).page(looked, base="/tavlan", theme="", chat="https://teams.example/?message=")


def test_names_keep_their_capitals() -> None:
    assert "På plats, Hemtjänst Norr" in drawn(where="på plats, Hemtjänst Norr")
    assert "Teams" in drawn(where="Teams")


def test_what_somebody_has_written_is_never_markup() -> None:
    text = drawn(title=HOSTILE, where=HOSTILE, others=HOSTILE, answer=HOSTILE)
    assert "<script>alert" not in text and text.count("&lt;script&gt;alert") == 6
