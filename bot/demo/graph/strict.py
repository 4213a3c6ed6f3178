"""Reading a request's body back through the SDK's own classes: what they do not know, Graph does not know either.

The SDK is loaded at the first body. It must read what it wrote with nothing left over, all the way down.
"""

import importlib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from kiota_abstractions.serialization import AdditionalDataHolder, Parsable
from kiota_serialization_json.json_parse_node import JsonParseNode

from bot.demo.graph.wire import Json

_BIND = "@odata.bind"


@cache
def _model(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


def unknown_properties(where: str, body: Json) -> list[str]:
    """The paths of what the class at `where` (module:name) does not know; empty for a body that Graph documents."""
    read: Any = JsonParseNode(body).get_object_value(_model(where))
    return sorted(_left_over(read, ""))


def _left_over(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _left_over(one, f"{path}[{number}]")
        return
    if not isinstance(value, Parsable):
        return
    if isinstance(value, AdditionalDataHolder):
        known = set(value.get_field_deserializers())
        for name in value.additional_data or {}:
            if not (name.endswith(_BIND) and name.removesuffix(_BIND) in known):
                yield f"{path}.{name}".lstrip(".")
    for one in fields(value):
        if one.name not in ("additional_data", "backing_store"):
            yield from _left_over(getattr(value, one.name), f"{path}.{one.name}".lstrip("."))
