"""From the channel's JSON to `Incoming`, by hand.

The SDK's models are left out on purpose: pouring an activity into them costs more than the rest of the turn, and they
lose what we need (the tenant, unknown entities, an Action.Execute's `trigger`). Nothing is trusted to have the right
type: what does not fit is `Malformed`, never an error deep inside.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from bot.channel.body import Malformed
from bot.channel.inbound_auth import tenant_of
from bot.channel.values import Address, Incoming, Kind

Json = Mapping[str, Any]
_EXTENSION = "composeExtension/"
_BY_INVOKE: Mapping[str, Kind] = {
    "adaptiveCard/action": "press", "task/fetch": "open", "task/submit": "submit",
    f"{_EXTENSION}fetchTask": "open", f"{_EXTENSION}submitAction": "submit",
}  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,8}){0,2}")
_BY_TYPE: Mapping[str, Kind] = {"installationUpdate": "installed", "conversationUpdate": "members"}


def is_invoke(activity: Json) -> bool:
    """True when the channel waits for the answer in the HTTP body."""
    return activity.get("type") == "invoke"


def parse(activity: Json) -> Incoming | None:
    """What was done; None for kinds of activity that the bot has no use for. Raises Malformed."""
    kind = _kind(activity)
    if kind is None:
        return None
    sender = _object(activity.get("from"))
    return Incoming(
        # Without an id a repeat cannot be told from a new one: give each its own.
        activity_id=_short(activity, "id", 240) or f"none-{uuid4()}",
        kind=kind,
        invoke=is_invoke(activity),
        channel_user_id=_required(_short(sender, "id", 200), "from.id"),
        aad_object_id=_short(sender, "aadObjectId", 40) or None,
        user_name=_text(sender.get("name")),
        locale=_locale(activity),
        address=_address(activity, said=not _is_extension(activity)),
        text=_typed(activity) if kind == "text" else "",
        data=_DATA.get(kind, _nothing)(activity),
        reply_to_id=_short(activity, "replyToId", 250) or None,
        extension=_is_extension(activity),
        automatic=_object(activity.get("value")).get("trigger") == "automatic" and kind == "press",
    )


def _kind(activity: Json) -> Kind | None:
    type_ = activity.get("type")
    if type_ == "invoke":
        return _BY_INVOKE.get(_text(activity.get("name")))
    if type_ == "message":
        return "press" if _object(activity.get("value")) else "text"
    if type_ == "installationUpdate" and _text(activity.get("action")).startswith("remove"):
        return "removed"
    return _BY_TYPE.get(_text(type_))


def _is_extension(activity: Json) -> bool:
    return is_invoke(activity) and _text(activity.get("name")).startswith(_EXTENSION)


def _address(activity: Json, *, said: bool) -> Address:
    """Where it was done. From a message extension Teams may leave the conversation out (`said`)."""
    conversation = _object(activity.get("conversation"))
    conversation_id = _short(conversation, "id", 250)
    return Address(
        conversation_id=_required(conversation_id, "conversation.id") if said else conversation_id,
        service_url=_required(_short(activity, "serviceUrl", 250), "serviceUrl"),
        tenant_id=tenant_of(activity) or _text(conversation.get("tenantId")),
        bot_id=_short(_object(activity.get("recipient")), "id", 120),
        conversation_type=_conversation_type(conversation),
    )


def _conversation_type(conversation: Json) -> str:
    """Personal only when it is said outright: where others may read along, nothing about a case is shown."""
    said = _text(conversation.get("conversationType"))
    if said == "personal" and conversation.get("isGroup") is not True:
        return said
    return said if said in ("groupChat", "channel") else "other"


def _locale(activity: Json) -> str | None:
    """The language, which is kept: what is no language is as if it were not told."""
    clients = [one for one in _objects(activity.get("entities")) if one.get("type") == "clientInfo"]
    told = (_text(one.get("locale")) for one in (activity, *clients))
    return next((one for one in told if _LANGUAGE.fullmatch(one)), None)


def _typed(activity: Json) -> str:
    """The text without the mention of the bot that a team or group chat demands."""
    text = _text(activity.get("text"))
    bot_id = _object(activity.get("recipient")).get("id")
    for entity in _objects(activity.get("entities")):
        mention = _text(entity.get("text"))
        if entity.get("type") == "mention" and mention and _object(entity.get("mentioned")).get("id") == bot_id:
            text = text.replace(mention, " ")
    return " ".join(text.split())


def _pressed(activity: Json) -> Json:
    value = _object(activity.get("value"))
    if not is_invoke(activity):  # Action.Submit: the message's value is the data itself
        return _without_host_keys(value)
    action = _object(value.get("action"))
    if not action:
        raise Malformed("value.action")
    return {**_without_host_keys(_object(action.get("data"))), "verb": _text(action.get("verb"))}


def _dialog(activity: Json) -> Json:
    value = _object(activity.get("value"))
    if _is_extension(activity) and _kind(activity) == "open":  # nothing has been filled in yet
        return {"command": _text(value.get("commandId"))}
    return _without_host_keys(_object(value.get("data")))


def _without_host_keys(data: Json) -> Json:
    """Without Teams' own directions to its client, and with a verb that is text if there is one."""
    own = {key: value for key, value in data.items() if key != "msteams"}
    return {**own, "verb": _text(own["verb"])} if "verb" in own else own


def _installation(activity: Json) -> Json:
    return {"action": _text(activity.get("action")) or "add"}


def _members(activity: Json) -> Json:
    bot_id = _object(activity.get("recipient")).get("id")
    added, removed = (_accounts(activity.get(key)) for key in ("membersAdded", "membersRemoved"))
    return {
        "added": [member for member in added if member["id"] != bot_id],
        "removed": [member for member in removed if member["id"] != bot_id],
        "bot_added": any(member["id"] == bot_id for member in added),
        "bot_removed": any(member["id"] == bot_id for member in removed),
    }


def _accounts(listed: Any) -> list[dict[str, str | None]]:
    return [
        {"id": _text(a.get("id")), "aad_object_id": _text(a.get("aadObjectId")) or None, "name": _text(a.get("name"))}
        for a in _objects(listed)
    ]


def _nothing(activity: Json) -> Json:
    return {}


_DATA: Mapping[Kind, Callable[[Json], Json]] = {
    "press": _pressed,
    "open": _dialog,
    "submit": _dialog,
    "installed": _installation,
    "removed": _installation,
    "members": _members,
}


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _short(values: Json, name: str, most: int) -> str:
    """An identifier, of at most so many signs: the record keeps no longer ones. Raises: Malformed."""
    found = _text(values.get(name))
    if len(found) > most:
        raise Malformed(name)
    return found


def _required(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise Malformed(name)
    return value
