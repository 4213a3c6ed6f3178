"""Asking the directory about groups: whether anything has changed in one, and who is in it at any depth."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph
from bot.graph.errors import GraphRefused
from bot.graph.ids import directory_id
from cases.groups import Member
from dialogs.personal_number import has_personal_number

if TYPE_CHECKING:
    from msgraph.generated.models.directory_object_collection_response import DirectoryObjectCollectionResponse

_PAGE = 999
_NAMES = ["id", "displayName", "userPrincipalName"]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A group as it stands: its members at any depth, and the groups inside it."""

    members: tuple[Member, ...]
    nested: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class News:
    """Whether a group's own members have changed since the last question, and where the next one goes on."""

    changed: bool
    link: str


async def whole(graph: Graph, group_id: str) -> Whole:
    """Read a group page by page. Raises: GraphAway, GraphRefused; nothing that was read before that is used."""
    await graph.warm()
    at = graph.client.groups.by_group_id(group_id).transitive_members
    answer = await graph.call(None, lambda: at.get(request_configuration=_named()))
    members: list[Member] = []
    nested: list[str] = []
    while answer is not None:
        members += _members(answer)
        nested += [known for one in answer.value or [] if _kind(one) == "group" and (known := directory_id(one.id))]
        link = graph.own(answer.odata_next_link)
        if link is None:
            break
        following = at.with_url(link)
        answer = await graph.call(None, following.get)
    return Whole(members=tuple(members), nested=tuple(nested))


async def news(graph: Graph, group_id: str, link: str | None) -> News:
    """What has come since `link`; without one, or with one that is too old, everything has. Raises: GraphAway,
    GraphRefused."""
    await graph.warm()
    changed = link is None
    at = graph.client.groups.delta
    try:
        answer = await graph.call(None, at.with_url(link).get) if link else await _from_the_start(graph, group_id)
    except GraphRefused as fault:
        if link is None or fault.status not in (400, 410):
            raise
        changed, answer = True, await _from_the_start(graph, group_id)
    while answer is not None:
        changed |= bool(answer.value)
        if later := graph.own(answer.odata_delta_link):
            return News(changed=changed, link=later)
        if (more := graph.own(answer.odata_next_link)) is None:
            break
        following = at.with_url(more)
        answer = await graph.call(None, following.get)
    raise GraphRefused("no_delta_link")


async def _from_the_start(graph: Graph, group_id: str) -> Any:
    asked = _of_one(group_id)
    return await graph.call(None, lambda: graph.client.groups.delta.get(request_configuration=asked))


def _members(answer: "DirectoryObjectCollectionResponse") -> Iterator[Member]:
    for one in answer.value or []:
        if _kind(one) == "user" and (known := directory_id(one.id)):
            upn, name = (_allowed(getattr(one, key, None)) for key in ("user_principal_name", "display_name"))
            yield Member(aad_object_id=known, upn=upn, name=name)


def _allowed(told: str | None) -> str | None:
    """A name as the directory has it; one that holds a personal number is as if it were not told."""
    return None if told is not None and has_personal_number(told) else told


def _kind(one: Any) -> str:
    return str(one.odata_type or "").rpartition(".")[2]


def _named() -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.groups.item.transitive_members.transitive_members_request_builder import (
        TransitiveMembersRequestBuilder,
    )

    asked = TransitiveMembersRequestBuilder.TransitiveMembersRequestBuilderGetQueryParameters(select=_NAMES, top=_PAGE)
    return RequestConfiguration(query_parameters=asked)


def _of_one(group_id: str) -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.groups.delta.delta_request_builder import DeltaRequestBuilder

    asked = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["members"], filter=f"id eq '{group_id}'")
    return RequestConfiguration(query_parameters=asked)
