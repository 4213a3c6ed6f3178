"""Activities as Teams sends them, with invented people."""

from typing import Any

from counterpart import APP_ID, TENANT

BOT_ID = f"28:{APP_ID}"
USER_ID = "29:1abcHemtjanst"
AAD_ID = "c0ffee00-1111-4222-8333-444455556666"
CONVERSATION = "a:1personal-conversation"
Json = dict[str, Any]


def activity(service_url: str, type_: str = "message", **changes: Any) -> Json:
    """A personal activity from a home care worker; a value of None takes the field away."""
    base: Json = {
        "type": type_,
        "id": "1763280000001",
        "timestamp": "2026-11-16T08:00:00.123Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": USER_ID, "name": "Alva Exempel", "aadObjectId": AAD_ID},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": CONVERSATION},
        "recipient": {"id": BOT_ID, "name": "Stafett"},
        "entities": [{"locale": "sv-SE", "country": "SE", "platform": "iOS", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "sv-SE",
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def typed(service_url: str, text: str = "mina", **changes: Any) -> Json:
    """A typed message."""
    return activity(service_url, text=text, textFormat="plain", **changes)


def executed(service_url: str, **changes: Any) -> Json:
    """Action.Execute pressed on a card."""
    action = {"type": "Action.Execute", "title": "Ta ärendet", "verb": "take", "data": {"thread": 7, "note": "hej"}}
    value = {"action": action, "trigger": "manual"}
    given = {"name": "adaptiveCard/action", "value": value, "replyToId": "1763270000000", **changes}
    return activity(service_url, "invoke", **given)


def submitted(service_url: str, **changes: Any) -> Json:
    """Action.Submit pressed on a card."""
    value = {"verb": "take", "thread": 7, "msteams": {"type": "messageBack"}}
    return activity(service_url, **{"value": value, "replyToId": "1763270000000", **changes})


def dialog(service_url: str, name: str, **changes: Any) -> Json:
    """A dialog asked for (task/fetch) or sent in (task/submit)."""
    value = {"data": {"thread": 7, "msteams": {"type": "task/fetch"}}, "context": {"theme": "default"}}
    return activity(service_url, "invoke", **{"name": name, "value": value, **changes})
