"""The on-call passes of a team, read from Teams Shifts: what has been shared with the team, less what somebody has off.

Drafts are the planner's own and are never read. A shift is a pass on call when its label says so.
"""

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph
from bot.graph.ids import directory_id
from reminders.rota import Span, without

if TYPE_CHECKING:
    from msgraph.generated.models.shift import Shift

_MOST_PAGES = 50
Passes = list[tuple[str, Span]]  # the directory id of each person, and what they have


async def read(graph: Graph, team_id: str, word: str, begins: datetime, ends: datetime) -> Passes:
    """The passes of the team that touch the time between (UTC), whole. Those whose label has `word` in it count; with
    no word, every shift does.

    Raises: GraphAway, GraphRefused.
    """
    await graph.warm()
    schedule = graph.client.teams.by_team_id(team_id).schedule
    shifts = await _all(graph, schedule.shifts, _asked("shifts", begins, ends))
    off = await _all(graph, schedule.times_off, _asked("times_off", begins, ends))
    free: dict[str, list[Span]] = defaultdict(list)
    for person, span in (_when(one.user_id, one.shared_time_off) for one in off):
        if person and span is not None:
            free[person].append(span)
    found: Passes = []
    for one in shifts:
        person, span = _when(one.user_id, one.shared_shift)
        if person and span is not None and _is_on_call(one, word):
            found += [(person, rest) for rest in without(span, free[person])]
    return found


def _is_on_call(shift: "Shift", word: str) -> bool:
    label = (shift.shared_shift.display_name or "") if shift.shared_shift is not None else ""
    return word.casefold() in label.casefold()


def _when(user_id: str | None, item: Any) -> tuple[str, Span | None]:
    """Who, and when; nothing for what is a draft or has no length."""
    begins, ends = (item.start_date_time, item.end_date_time) if item is not None else (None, None)
    person = directory_id(user_id)
    if not person or begins is None or ends is None or _utc(begins) >= _utc(ends):
        return "", None
    return person, Span(starts_at=_utc(begins), ends_at=_utc(ends))


def _utc(told: datetime) -> datetime:
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)


async def _all(graph: Graph, builder: Any, configured: Any) -> list[Any]:
    """Every page of a list. Raises: GraphAway, GraphRefused."""
    found: list[Any] = []
    page = await graph.call(None, lambda: builder.get(request_configuration=configured))
    for _ in range(_MOST_PAGES):
        if page is None:
            break
        found += page.value or []
        following = graph.own(page.odata_next_link)
        if following is None:
            break
        page = await graph.call(None, builder.with_url(following).get)
    return found


def _asked(what: str, begins: datetime, ends: datetime) -> Any:
    """What ends after `begins` and begins before `ends`: a filter may name each property once, and this is enough."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.teams.item.schedule.shifts.shifts_request_builder import ShiftsRequestBuilder
    from msgraph.generated.teams.item.schedule.times_off.times_off_request_builder import TimesOffRequestBuilder

    item = {"shifts": "sharedShift", "times_off": "sharedTimeOff"}[what]
    text = f"{item}/endDateTime ge {_stamp(begins)} and {item}/startDateTime le {_stamp(ends)}"
    kinds: dict[str, Any] = {
        "shifts": ShiftsRequestBuilder.ShiftsRequestBuilderGetQueryParameters,
        "times_off": TimesOffRequestBuilder.TimesOffRequestBuilderGetQueryParameters,
    }
    return RequestConfiguration(query_parameters=kinds[what](filter=text))


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
