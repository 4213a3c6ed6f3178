"""Another organisation's Teams tries every route: nothing comes further than the door, whoever it says that it is."""

import logging
from typing import Any

import pytest
from activities import AAD_ID, Json, dialog, executed, submitted, typed
from harness import House
from town import shipped

from dialogs import reading
from dialogs.desk import Desk

ANOTHER = "00000000-0000-4000-8000-0000000000ff"
THEIRS: dict[str, Any] = {
    "channelData": {"tenant": {"id": ANOTHER}},
    "conversation": {"conversationType": "personal", "tenantId": ANOTHER, "id": "a:1"},
}


def routes(service_url: str, verb: str) -> list[Json]:
    """A verb of ours by each way that a client may send it."""
    data = {"verb": verb, "thread": 1, "signal": "take", "case_ref": "NK-2041"}
    value = {"action": {"type": "Action.Execute", "title": "x", "verb": verb, "data": data}, "trigger": "manual"}
    return [
        executed(service_url, value=value, **THEIRS),
        submitted(service_url, value=data, **THEIRS),
        dialog(service_url, "task/fetch", value={"data": data}, **THEIRS),
        dialog(service_url, "task/submit", value={"data": data}, **THEIRS),
    ]


async def test_another_tenant_gets_no_further_by_any_route(house: House, caplog: pytest.LogCaptureFixture) -> None:
    url = house.far.service_url
    every = [one for verb in Desk(shipped())._verbs for one in routes(url, verb)]
    every += [typed(url, word, **THEIRS) for word in (*reading.TYPED, "ST-7F3KQ9", "NK-2041", "nöd ST-7F3KQ9")]
    with caplog.at_level(logging.WARNING, logger="stafett"):
        answers = [await house.post({**one, "id": str(number)}) for number, one in enumerate(every)]
    assert {status for status, _ in answers} <= {401, 429} and answers[0][0] == 401
    assert {body for _, body in answers} == {None} and house.came == []
    assert any("refused" in record.message for record in caplog.records), "the attempts are in the log"
    assert AAD_ID not in caplog.text, "and nothing of what was sent is"
