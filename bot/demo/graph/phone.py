"""The answers about calls: place one, play a prompt, ask for keys, put down."""

import uuid
from typing import Any

from bot.demo.graph.calls import Rung
from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.wire import Json, Refusal, invalid

_HOSTED = "#microsoft.graph.serviceHostedMediaConfig"
_MOST_PROMPTS = 20
_LONGEST_CONTEXT = 256


async def place(asked: Asked) -> Said:
    body = asked.body
    targets = body.get("targets") or []
    if len(targets) != 1 or "audio" not in (body.get("requestedModalities") or []) or not body.get("callbackUri"):
        raise invalid("One target, a callbackUri and the modality audio are needed.", "BadRequest")
    if (body.get("mediaConfig") or {}).get("@odata.type") != _HOSTED:
        raise invalid("Only media that the service hosts are played here.", "BadRequest")
    person_id = _dig(targets[0], "identity", "user", "id")
    person = asked.world.people.get(str(person_id))
    if person is None:
        raise Refusal(404, "NotFound", "The user is not found.")
    rung = asked.world.calls.place(person, str(body["callbackUri"]))
    answer = body | asked.world.calls.state_of(rung) | {"tenantId": asked.world.tenant_id}
    return Said(status=201, body=answer, headers={"Location": f"{asked.request.url}/{rung.id}"})


async def play_prompt(asked: Asked) -> Said:
    rung = _established(asked)
    prompts = asked.body.get("prompts") or []
    uris = [_dig(prompt, "mediaInfo", "uri") for prompt in prompts]
    if not uris or len(uris) > _MOST_PROMPTS or not all(isinstance(uri, str) and uri for uri in uris):
        raise invalid("Between one and twenty prompts with a mediaInfo are needed.", "BadRequest")
    rung.prompts.extend(uris)
    operation = _operation(asked, "playPromptOperation")
    done = operation | {"status": "completed", "resultInfo": {"@odata.type": "#microsoft.graph.resultInfo",
                                                              "code": 200, "subcode": 0}}  # fmt: skip
    asked.world.calls.say_later(rung, done, change="deleted", under=f"/operations/{operation['id']}")
    return Said(body=operation | {"status": "running"})


async def subscribe_to_tone(asked: Asked) -> Said:
    rung = _established(asked)
    rung.listens = True
    return Said(body=_operation(asked, "subscribeToToneOperation") | {"status": "completed"})


async def put_down(asked: Asked) -> Said:
    rung = asked.world.calls.find(asked.part("call"))
    rung.state = "terminated"
    asked.world.calls.say_later(rung, asked.world.calls.state_of(rung), change="deleted")
    return Said(status=204)


def _established(asked: Asked) -> Rung:
    rung = asked.world.calls.find(asked.part("call"))
    if rung.state != "established":
        raise invalid("The call is not established.", "BadRequest")
    return rung


def _operation(asked: Asked, kind: str) -> Json:
    context = asked.body.get("clientContext")
    if context is not None and len(str(context)) > _LONGEST_CONTEXT:
        raise invalid("clientContext is too long.", "BadRequest")
    return {"@odata.type": f"#microsoft.graph.{kind}", "id": str(uuid.uuid4()), "clientContext": context}


def _dig(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
