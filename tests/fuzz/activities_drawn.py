"""Activities drawn from bytes: mostly what a person could press or write just now, with something wrong in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import activities
from cards import actions_of
from counterpart import TENANT
from people import PEOPLE, aad
from played_teams import Message

from fuzz.draw import ODD, WORDS, Draw

Json = dict[str, Any]
STRANGER = "stranger"
SEALING = "skyddade personuppgifter"
KEYS = [key for key, *_ in PEOPLE]
_WRITTEN = ("start", "mina", "hjälp", "NK-2041", "Vilka jobbar?", "jour", "behörighet", "nöd ST-AAAA", "sök NK-2077")
_INVOKES = ("adaptiveCard/action", "task/fetch", "task/submit", "composeExtension/query", "signin/verifyState", "")
_TYPES = (
    "message", "invoke", "conversationUpdate", "installationUpdate", "messageReaction", "typing", "event",
    "messageUpdate", "messageDelete", "handoff", "", "Message",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What is posted. `refused` when the door must answer it with 4xx; `outside` when it must leave no trace in any
    case: a stranger's, or what comes from where others read along."""

    body: bytes
    headers: Mapping[str, str]
    who: str
    refused: bool = False
    outside: bool = False

    @property
    def traceless(self) -> bool:
        return self.refused or self.outside


def drawn(
    draw: Draw, chats: Mapping[str, list[Message]], service_url: str, tokens: Mapping[str, str], number: int
) -> Drawn:
    """The next activity. `chats` are the newest messages of everybody; `tokens` the good one and those that are not."""
    who = STRANGER if draw.once_in(24) else draw.pick(KEYS[: draw.pick((3, 6, len(KEYS)))])
    changes = _sender(who, number if not draw.once_in(32) else max(number - 1, 1))
    activity = _activity(draw, chats.get(who, []), service_url, changes)
    outside = who == STRANGER
    if draw.once_in(24):
        outside = True
        kind = draw.pick(("groupChat", "channel", "", "Personal", None, 7))
        activity["conversation"] = {**activity["conversation"], "conversationType": kind}
    refused = draw.once_in(16)
    token = tokens["good"]
    if refused:
        activity, token = _not_let_in(draw, activity, tokens)
    elif draw.once_in(4):
        activity = _wild(draw, activity)
    raw = _body(draw, activity)
    return Drawn(
        body=raw, headers={"Authorization": token, "Content-Type": "application/json"}, who=who, refused=refused,
        outside=outside,
    )  # fmt: skip


def _sender(who: str, number: int) -> Json:
    known = who != STRANGER
    directory_id = aad(KEYS.index(who) + 1) if known else aad(77)
    return {
        "id": f"f{number}",
        "from": {"id": f"29:{who}", "name": who, "aadObjectId": directory_id},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": f"a:{who}"},
    }


def _activity(draw: Draw, chat: list[Message], service_url: str, changes: Json) -> Json:
    kind = draw.below(16)
    if kind == 0:
        return activities.typed(service_url, draw.pick(_WRITTEN), **changes)
    if kind == 1:
        return activities.typed(service_url, draw.word(), **changes)
    if kind == 2:
        return activities.activity(
            service_url, draw.pick(_TYPES), **changes, name=draw.pick(_INVOKES), value=draw.value()
        )
    if kind == 3:
        given = {"membersAdded": [{"id": activities.BOT_ID}, changes["from"]], "action": draw.pick(("add", "remove"))}
        return activities.activity(
            service_url, draw.pick(("conversationUpdate", "installationUpdate")), **changes, **given
        )
    return _press(draw, chat, service_url, changes)


def _press(draw: Draw, chat: list[Message], service_url: str, changes: Json) -> Json:
    """A button of a card they have, its questions answered somehow."""
    message = chat[-1 - draw.below(draw.pick((1, 1, 2, 4))) % len(chat)] if chat else None
    card = message.card if message else {}
    actions = [one for one in actions_of(card) if isinstance(one.get("data"), dict)]
    if not draw.once_in(40):  # it takes every thread of the case out of the town
        actions = [one for one in actions if SEALING not in one.get("title", "")]
    data: Json = {**_answers(draw, card), **draw.pick(actions)["data"]} if actions else {"verb": draw.pick(WORDS)}
    if draw.once_in(5):
        data = _object(draw.changed(data, draw.value))
    verb = data.pop("verb", "")
    match draw.below(6):
        case 0:
            return activities.submitted(service_url, value={"verb": verb, **data}, **changes)
        case 1:
            name = draw.pick(("task/fetch", "task/submit"))
            return activities.dialog(service_url, name, value={"data": {"verb": verb, **data}}, **changes)
        case _:
            action = {"type": "Action.Execute", "verb": verb, "data": {"verb": verb, **data}}
            trigger = "automatic" if draw.once_in(24) else "manual"
            given = {"value": {"action": action, "trigger": trigger}, "replyToId": message.id if message else "x"}
            return activities.executed(service_url, **{**changes, **given})


def _answers(draw: Draw, card: Any) -> Json:
    """Every question of the card, answered rightly more often than not."""
    found: Json = {}
    nodes = [card]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            if str(node.get("type", "")).startswith("Input.") and "id" in node:
                found[node["id"]] = _answer(draw, node)
            nodes += [node[key] for key in ("body", "items", "columns") if key in node]
    return found


def _answer(draw: Draw, question: Json) -> Any:
    if draw.once_in(10):
        return draw.value()
    choices = [one["value"] for one in question.get("choices", ())]
    match question["type"]:
        case "Input.ChoiceSet" if choices:
            return draw.pick(choices)
        case "Input.Date":
            return draw.pick(("2026-11-16", "2026-11-17", "2026-11-20", "2026-12-01", "2026-10-01", "2027-01-01"))
        case "Input.Time":
            return draw.pick(("07:30", "09:00", "13:15", "23:59"))
        case "Input.Number":
            return draw.pick(("1", "2", "10"))
        case "Input.Toggle":
            return draw.pick(("true", "false"))
    return draw.pick((question.get("value") or "NK-2041", "NK-2041", "NK-2077", "NK-2042", "Trapphuset är avstängt."))


def _not_let_in(draw: Draw, activity: Json, tokens: Mapping[str, str]) -> tuple[Json, str]:
    """Something that makes the door refuse whatever else is right."""
    bad = sorted(set(tokens) - {"good"})
    match draw.below(4):
        case 0:
            told = {"tenant": {"id": "11111111-2222-4333-8444-555555555555"}}
            conversation = {**activity["conversation"], "tenantId": told["tenant"]["id"]}
            return {**activity, "channelData": told, "conversation": conversation}, tokens["good"]
        case 1:
            return {**activity, "serviceUrl": "http://127.0.0.2/teams/"}, tokens["good"]
        case _:
            return activity, tokens[draw.pick(bad)]


def _wild(draw: Draw, activity: Json) -> Json:
    """The same with anything replaced but who sends it and from where: those are drawn by themselves."""
    kept = ("from", "conversation", "serviceUrl", "channelData", "id", "replyToId", "recipient")
    rest = {name: one for name, one in activity.items() if name not in kept}
    for _ in range(1 + draw.below(3)):
        rest = _object(draw.changed(rest, draw.value))
    whole = {**rest, **{name: activity[name] for name in kept if name in activity}}
    if draw.once_in(8):  # Teams' own names for things: nothing to keep secret in them, and they may be anything
        whole[draw.pick(("id", "replyToId"))] = draw.pick(ODD + WORDS)
    return {name: one for name, one in whole.items() if name != "id"} if draw.once_in(16) else whole


def _body(draw: Draw, activity: Json) -> bytes:
    raw = json.dumps(activity).encode()
    if not draw.once_in(32):
        return raw
    match draw.below(4):
        case 0:
            return b'{"a":' * 60 + b"1" + b"}" * 60
        case 1:
            return json.dumps({**activity, "value": [0] * 12_000}).encode()
        case 2:
            return json.dumps({**activity, "text": "x" * 300_000}).encode()
        case _:
            return draw.spoilt(raw)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
