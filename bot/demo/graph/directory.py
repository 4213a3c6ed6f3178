"""The answers about groups and their members, and about apps that are installed for people."""

import re
from collections.abc import Iterator

from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.listing import link, paged, unpacked
from bot.demo.graph.people import Group, Person
from bot.demo.graph.wire import Json, Refusal, invalid
from bot.demo.graph.world import World

_IS = re.compile(r"\s*id eq '([^']+)'\s*")
_MOST_TRACKED = 50
_APP = re.compile(r"/appCatalogs/teamsApps(?:/([^/()]+)|\('([^']+)'\))$")
_NAMES = frozenset({"User.ReadBasic.All", "User.Read.All", "Directory.Read.All"})


async def transitive_members(asked: Asked) -> Said:
    """Everybody in the group and in the groups within it, each once; the groups too."""
    group = _group(asked.world, asked.part("id"))
    wanted = [name.strip() for name in (asked.option("$select") or "id,displayName,userPrincipalName").split(",")]
    names = bool(_NAMES & asked.world.granted)
    found = sorted(_within(asked.world, group, {group.id}), key=lambda one: one.id)
    return paged(asked, [_member(one, wanted, names=names) for one in found])


def _within(world: World, group: Group, seen: set[str]) -> Iterator[Person | Group]:
    for member in group.members:
        if member in seen:
            continue
        seen.add(member)
        if member in world.people:
            yield world.people[member]
        elif member in world.groups:
            yield world.groups[member]
            yield from _within(world, world.groups[member], seen)


def _member(one: Person | Group, wanted: list[str], *, names: bool) -> Json:
    """A member; without the right to read people's names only who it is."""
    known: Json = {"id": one.id, "displayName": one.name if names else None}
    if isinstance(one, Person):
        known |= dict.fromkeys(("userPrincipalName", "mail"), one.upn if names else None)
    kind = "user" if isinstance(one, Person) else "group"
    row = {"@odata.type": f"#microsoft.graph.{kind}", "id": one.id}
    return row | {name: known[name] for name in wanted if name in known}


async def groups_delta(asked: Asked) -> Said:
    """The members of the groups, and later who has come and gone. Only a group's own members, not of those within."""
    token = asked.option("$deltatoken")
    state = unpacked(token) if token else {}
    if state and int(state["since"]) <= asked.world.forgotten:
        raise Refusal(410, "SyncStateNotFound", "The delta token is too old; a full sync is needed.")
    ids = state["ids"] if state else _tracked(asked)
    since = int(state.get("since", -1))
    rows = [row for one in ids if one in asked.world.groups if (row := _group_row(asked.world, one, since))]
    now = asked.world.calendar.stamp
    following = link(asked, "$deltatoken", {"ids": ids, "since": now})
    return Said(body={"@odata.context": "$metadata#groups", "value": rows, "@odata.deltaLink": following})


def _tracked(asked: Asked) -> list[str]:
    if asked.option("$select") != "members":
        raise invalid("Only $select=members is played here.", "Request_UnsupportedQuery")
    parts = [_IS.fullmatch(part) for part in (asked.option("$filter") or "").split(" or ")]
    if not all(parts) or len(parts) > _MOST_TRACKED:
        raise invalid("Only id eq '…' is supported, of at most 50 objects.", "Request_UnsupportedQuery")
    return [part[1] for part in parts if part]


def _group_row(world: World, group_id: str, since: int) -> Json:
    group = world.groups[group_id]
    if since < 0:
        return {"id": group_id, "members@delta": [_change(world, member, True) for member in sorted(group.members)]}
    last = {member: comes for stamp, member, comes in group.log if stamp > since}
    if not last:
        return {}
    return {"id": group_id, "members@delta": [_change(world, member, comes) for member, comes in last.items()]}


def _change(world: World, member: str, comes: bool) -> Json:
    kind = "group" if member in world.groups else "user"
    row: Json = {"@odata.type": f"#microsoft.graph.{kind}", "id": member}
    return row if comes else row | {"@removed": {"reason": "deleted"}}


def _group(world: World, group_id: str) -> Group:
    if group_id not in world.groups:
        text = f"Resource '{group_id}' does not exist or one of its queried reference-property objects are not present."
        raise Refusal(404, "Request_ResourceNotFound", text)
    return world.groups[group_id]


async def install_app(asked: Asked) -> Said:
    """Install an app of the organisation's catalogue for a person."""
    person = asked.world.person(asked.part("id"))
    found = _APP.search(str(asked.body.get("teamsApp@odata.bind") or ""))
    app = (found[1] or found[2]) if found else ""
    if not app:
        raise invalid("Bad or missing app id in the request body.", "BadRequest")
    if app not in asked.world.catalogue:
        raise Refusal(404, "NotFound", "The app is not found in the organisation's catalogue.")
    if app in person.apps:
        raise Refusal(409, "Conflict", "App already installed for the user.")
    person.apps.add(app)
    return Said(status=201)


async def notify(asked: Asked) -> Said:
    """A notice in somebody's activity feed, by an app that is installed for them and has a type for it."""
    person = asked.world.person(asked.part("id"))
    topic = asked.body.get("topic") or {}
    if not str(topic.get("webUrl") or "").startswith("https://teams.microsoft.com/l/"):
        raise invalid("Topic.WebUrl must be a Microsoft Teams deep link when its source is text.", "BadRequest")
    if not asked.body.get("activityType"):
        raise invalid("Activity type is required.", "BadRequest")
    if not person.apps:
        raise Refusal(403, "Forbidden", "Application is not installed for the recipient.")
    person.feed.append(dict(asked.body))
    return Said(status=204)
