"""Lists that come a page at a time, and links that remember where one was."""

import base64
import binascii
import json

from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.wire import Json, Refusal


def paged(asked: Asked, rows: list[Json]) -> Said:
    """A list, a page at a time."""
    top = min(int(asked.option("$top") or asked.world.page_size), asked.world.page_size)
    skip = int(asked.option("$skip") or 0)
    answer: Json = {"value": rows[skip : skip + top]}
    if skip + top < len(rows):
        answer["@odata.nextLink"] = str(asked.request.url.update_query({"$skip": str(skip + top)}))
    return Said(body=answer)


def selected(asked: Asked, row: Json) -> Json:
    """Only what was asked for, where that was said."""
    wanted = asked.option("$select")
    if not wanted:
        return row
    names = {name.strip() for name in wanted.split(",")} | {"id", "@odata.etag"}
    return {name: value for name, value in row.items() if name in names}


def link(asked: Asked, name: str, state: Json) -> str:
    """The same address with a state that only this Graph reads."""
    token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
    return str(asked.request.url.with_query({name: token}))


def unpacked(token: str) -> Json:
    """The state of a link. Raises: Refusal for one that this Graph has not handed out."""
    try:
        found: Json = json.loads(base64.urlsafe_b64decode(token.encode()))
        return found
    except (binascii.Error, ValueError):
        raise Refusal(400, "SyncStateInvalid", "The sync state is not valid.") from None
