"""A notice in the activity feed of somebody who has closed their chat with the bot. It leads to Tavlan.

The message itself has already gone to the next in line, or to somebody with a telephone: this is a second way to
whoever was meant, and never the only one. The text stands in the Teams package and is the same for everybody, so that
nothing of what waits is told. https://learn.microsoft.com/graph/api/userteamwork-sendactivitynotification
"""

import logging
from typing import Any

from sqlalchemy import Connection

from bot.errand.door import Later, Never
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from cases import notices
from cases.errands import Errand
from cases.notices import NOTICE

_LOG = logging.getLogger("stafett.errands")

ACTIVITY = "chatClosed"  # as the Teams package has it, with its text
BOARD = "tavlan"  # the tab in the Teams package
_TITLE = "Tavlan"
_PREVIEW = "Stafett når inte din chatt."


class NoticeDoor:
    """Errands of the kind «notice». Without `graph` nobody can be told so, and nobody asks for it again."""

    kind = NOTICE

    def __init__(self, graph: Graph | None) -> None:
        self._graph = graph

    def ready(self, tx: Connection, errand: Errand) -> str | None:
        """The account of whoever has still closed their chat. Raises: Never."""
        if self._graph is None or errand.person_id is None:
            return None
        account = notices.account_of(tx, errand.person_id)
        if account is not None and not self._graph.settings.teams_app:
            raise Never("no_teams_app")
        return account

    async def do(self, errand: Errand, ready: str) -> str:
        """Raises: Later, Never."""
        graph = self._graph
        if graph is None:
            raise Never("not_configured")
        try:
            await graph.warm()
            at = graph.client.users.by_user_id(ready).teamwork.send_activity_notification
            body = _body(f"https://teams.microsoft.com/l/entity/{graph.settings.teams_app}/{BOARD}")
            await graph.call(None, lambda: at.post(body))
        except GraphAway as fault:
            raise Later(fault.code, fault.after) from fault
        except GraphRefused as fault:
            raise Never(fault.code) from fault
        return ready

    def done(self, tx: Connection, errand: Errand) -> None:
        """Nothing more: whoever opens the chat again is reached there."""

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """Whoever is next in line had it all the time; the log says that the second way was closed too."""
        _LOG.warning("no notice to person %s (%s)", errand.person_id, code)


def _body(link: str) -> Any:
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.generated.models.teamwork_activity_topic import TeamworkActivityTopic
    from msgraph.generated.models.teamwork_activity_topic_source import TeamworkActivityTopicSource
    from msgraph.generated.users.item.teamwork.send_activity_notification import (
        send_activity_notification_post_request_body as sent,
    )

    topic = TeamworkActivityTopic(source=TeamworkActivityTopicSource.Text, value=_TITLE, web_url=link)
    return sent.SendActivityNotificationPostRequestBody(
        topic=topic, activity_type=ACTIVITY, preview_text=ItemBody(content=_PREVIEW)
    )
