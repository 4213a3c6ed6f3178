"""The board's pages: what each is called, who has it, and what it is drawn from. Adding a page is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from dialogs import board_follow_ups, board_meetings, board_night, board_on_time, board_open
from dialogs.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page. `path` is the last part of its address and `code` what the account calls it; `has` tells whether this
    person has it, and `read` reads it on their behalf, from a page number that counts from 0."""

    path: str
    code: str
    name: str
    title: str
    template: str
    has: Callable[[Visit], bool]
    read: Callable[[Visit, int], object]


def _everybody(_visit: Visit) -> bool:
    return True


TABS: tuple[Tab, ...] = (
    Tab(
        path="", code="board_mine", name="Mina", title="Mina öppna", template="open.html", has=_everybody,
        read=board_open.mine,
    ),
    Tab(
        path="enheten", code="board_unit", name="Enheten", title="Öppet i enheten", template="open.html",
        has=_everybody, read=board_open.of_units,
    ),
    Tab(
        path="uppfoljningar", code="board_follow_ups", name="Uppföljningar", title="Uppföljningar",
        template="follow_ups.html", has=lambda visit: bool(board_follow_ups.units(visit)),
        read=lambda visit, _page: board_follow_ups.boards(visit),
    ),
    Tab(
        path="jouren", code="board_night", name="Jouren", title="Jouren", template="night.html",
        has=lambda visit: bool(board_night.units(visit)), read=lambda visit, _page: board_night.page(visit),
    ),
    Tab(
        path="moten", code="board_meetings", name="Möten", title="Möten", template="meetings.html", has=_everybody,
        read=lambda visit, _page: board_meetings.page(visit),
    ),
    Tab(
        path="i-tid", code="board_on_time", name="I tid", title="I tid", template="on_time.html",
        has=board_on_time.has, read=lambda visit, _page: board_on_time.page(visit),
    ),
)  # fmt: skip
