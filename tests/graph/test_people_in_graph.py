"""Who is free, who is away, who is in which group and who works when, in the played Graph as Microsoft documents it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from graph_words import address
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.groups.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.user_scope_teams_app_installation import UserScopeTeamsAppInstallation
from msgraph.generated.teams.item.schedule.shifts.shifts_request_builder import ShiftsRequestBuilder
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
    GetSchedulePostRequestBody,
)
from people import aad
from played_graph import PlayedGraph

from bot.demo.graph.rota import Shift
from bot.graph.client import Graph
from bot.graph.errors import GraphRefused

HOME, NIGHT, TEAM = "g-home", "g-night", "t-norr"
DAY = datetime(2026, 11, 19, tzinfo=UTC)


def at(hour: int) -> datetime:
    return DAY.replace(hour=hour)


async def schedule(graph: Graph, *keys: str) -> list[Any]:
    body = GetSchedulePostRequestBody(
        schedules=[key if "@" in key else address(key) for key in keys],
        start_time=DateTimeTimeZone(date_time="2026-11-19T08:00:00", time_zone="UTC"),
        end_time=DateTimeTimeZone(date_time="2026-11-19T10:00:00", time_zone="UTC"),
        availability_view_interval=30,
    )
    await graph.warm()
    asked = graph.client.users.by_user_id(address("anna")).calendar.get_schedule
    answer = await graph.call(None, lambda: asked.post(body))
    return list(answer.value)


async def test_free_and_busy_as_one_sign_for_each_half_hour(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.block(address("sara"), at(8), at(9))
    graph_world.world.block(address("sara"), at(9), at(10), "oof")
    graph_world.world.block(address("maria"), at(9), at(10), "tentative")
    sara, maria, stranger = await schedule(graph, "sara", "maria", "nobody@elsewhere.invalid")
    assert (sara.availability_view, maria.availability_view) == ("2233", "0011")
    assert [day.value for day in sara.working_hours.days_of_week][::4] == ["monday", "friday"]
    assert stranger.error.response_code == "ErrorMailRecipientNotFound"


async def test_more_calendars_than_twenty_are_not_asked_at_once(graph: Graph) -> None:
    with pytest.raises(GraphRefused, match="ErrorInvalidParameter"):
        await schedule(graph, *["sara"] * 21)


@pytest.mark.parametrize("scheduled", [True, False])
async def test_automatic_replies(graph: Graph, graph_world: PlayedGraph, scheduled: bool) -> None:
    graph_world.world.away(address("anna"), *((at(8), at(15)) if scheduled else ()))
    await graph.warm()
    asked = graph.client.users.by_user_id(aad(6)).mailbox_settings
    replies = (await asked.get()).automatic_replies_setting
    assert replies.status.value == ("scheduled" if scheduled else "alwaysEnabled")
    if scheduled:
        assert replies.scheduled_end_date_time.date_time == "2026-11-19T15:00:00.0000000"


async def test_one_without_a_mailbox_has_no_settings(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.person(address("anna")).has_mailbox = False
    await graph.warm()
    asked = graph.client.users.by_user_id(address("anna")).mailbox_settings
    with pytest.raises(GraphRefused, match="404 MailboxNotEnabledForRESTAPI"):
        await graph.call(None, asked.get)


async def test_members_at_any_depth_come_once_and_page_by_page(graph: Graph, graph_world: PlayedGraph) -> None:
    world = graph_world.world
    world.page_size = 2
    world.group(NIGHT, "Nattpatrull", [aad(1), aad(2)])
    world.group(HOME, "Hemtjänst", [NIGHT, aad(2), aad(3)])
    await graph.warm()
    members = graph.client.groups.by_group_id(HOME).transitive_members
    page = await members.get()
    found = list(page.value)
    while page.odata_next_link:
        page = await members.with_url(page.odata_next_link).get()
        found += page.value
    assert sorted(one.id for one in found) == [aad(1), aad(2), aad(3), NIGHT]


async def test_without_leave_to_read_names_members_are_ids_alone(graph: Graph, graph_world: PlayedGraph) -> None:
    world = graph_world.world
    world.group(HOME, "Hemtjänst", [aad(1)])
    world.granted -= {"User.ReadBasic.All"}
    await graph.warm()
    answer = await graph.client.groups.by_group_id(HOME).transitive_members.get()
    (one,) = answer.value
    assert (one.id, one.display_name) == (aad(1), None)


async def test_a_groups_delta_says_who_has_come_and_gone(graph: Graph, graph_world: PlayedGraph) -> None:
    world = graph_world.world
    world.group(HOME, "Hemtjänst", [aad(1), aad(2)])
    await graph.warm()
    delta = graph.client.groups.delta
    asked = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["members"], filter=f"id eq '{HOME}'")
    first = await delta.get(RequestConfiguration(query_parameters=asked))
    assert first is not None and len(first.value[0].additional_data["members@delta"]) == 2
    link = str(first.odata_delta_link)
    assert (await delta.with_url(link).get()).value == []
    world.leave(HOME, aad(1))
    world.join(HOME, aad(3))
    changed = (await delta.with_url(link).get()).value[0].additional_data["members@delta"]
    assert {(str(one["id"]), "@removed" in one) for one in changed} == {(aad(1), True), (aad(3), False)}
    world.forget_links()
    with pytest.raises(GraphRefused, match="410 SyncStateNotFound"):
        await graph.call(None, delta.with_url(link).get)


async def test_an_app_is_installed_once(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.catalogue.add("stafett")
    await graph.warm()
    installed = graph.client.users.by_user_id(aad(1)).teamwork.installed_apps
    bind = {"teamsApp@odata.bind": f"{graph_world.address}/v1.0/appCatalogs/teamsApps/stafett"}
    body = UserScopeTeamsAppInstallation(additional_data=bind)
    await installed.post(body)
    assert graph_world.world.person(address("sara")).apps == {"stafett"}
    with pytest.raises(GraphRefused, match="409"):
        await graph.call(None, lambda: installed.post(body))


async def test_shifts_that_are_shared_and_meet_the_filter(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.shifts[TEAM] = [
        Shift(person_id=aad(9), start=at(17), end=at(23), name="Jour"),
        Shift(person_id=aad(9), start=at(17), end=at(23), name="Utkast", shared=False),
        Shift(person_id=aad(9), start=at(8), end=at(9), off=True),
    ]
    await graph.warm()
    shifts = graph.client.teams.by_team_id(TEAM).schedule.shifts
    Asked = ShiftsRequestBuilder.ShiftsRequestBuilderGetQueryParameters
    wanted = "sharedShift/startDateTime ge 2026-11-19T00:00:00Z and sharedShift/endDateTime le 2026-11-20T00:00:00Z"
    found = await shifts.get(RequestConfiguration(query_parameters=Asked(filter=wanted)))
    assert [one.shared_shift.display_name for one in found.value] == ["Jour"]
    twice = "sharedShift/startDateTime ge 2026-11-19T00:00:00Z and sharedShift/startDateTime le 2026-11-20T00:00:00Z"
    with pytest.raises(GraphRefused, match="400"):
        await graph.call(None, lambda: shifts.get(RequestConfiguration(query_parameters=Asked(filter=twice))))
