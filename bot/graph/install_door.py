"""Installing the bot for somebody who lacks it, so that Stafett has a chat to write in.

Teams itself tells the bot when it has been done, and only then is the person reached. Whoever has blocked the bot has
it already, and is left alone.
"""

import logging
from typing import Any

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.errand.door import Later, Never
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from cases import groups, installs
from cases import tables as t
from cases.errands import Errand
from cases.installs import INSTALL
from cases.record import Record
from dialogs import lists_access

_LOG = logging.getLogger("stafett.errands")

_THERE_ALREADY = 409


class InstallDoor:
    """Errands of the kind «install». Without `graph` nobody can be helped so, and nobody asks for it again."""

    kind = INSTALL

    def __init__(self, record: Record, clock: Clock, graph: Graph | None) -> None:
        self._record, self._clock, self._graph = record, clock, graph

    def ready(self, tx: Connection, errand: Errand) -> str | None:
        """The account of whoever still lacks the bot. Raises: Never."""
        if self._graph is None or errand.person_id is None or not installs.lacks_it(tx, errand.person_id):
            return None
        who = t.person.c
        row = tx.execute(select(who.aad_object_id, who.upn).where(who.id == errand.person_id, who.active)).first()
        if row is None:
            return None
        if not self._graph.settings.teams_app:
            raise Never("no_teams_app")
        account: str | None = row.aad_object_id or row.upn
        if not account:
            raise Never("no_account")
        return account

    async def do(self, errand: Errand, ready: str) -> str:
        """Raises: Later, Never."""
        graph = self._graph
        if graph is None:
            raise Never("not_configured")
        try:
            await graph.warm()
            at = graph.client.users.by_user_id(ready).teamwork.installed_apps
            body = _body(f"{graph.settings.base_url}/appCatalogs/teamsApps/{graph.settings.teams_app}")
            await graph.call(None, lambda: at.post(body))
        except GraphAway as fault:
            raise Later(fault.code, fault.after) from fault
        except GraphRefused as fault:
            if fault.status != _THERE_ALREADY:
                raise Never(fault.code) from fault
        return ready

    def done(self, tx: Connection, errand: Errand) -> None:
        """Nothing more: Teams tells the bot that it has been installed, and who was waited for is reached then."""

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """Whoever answers for the unit is told, so that somebody installs it by hand."""
        _LOG.error("the bot is not installed for person %s (%s)", errand.person_id, code)
        if errand.person_id is None:
            return
        scene, now = self._record.scene(tx), self._clock.care()
        installs.tell(tx, errand.person_id, groups.NOT_INSTALLED, now)
        units = {one.unit_id for one in scene.directory.memberships(errand.person_id)}
        lists_access.tell(tx, scene, units, now)


def _body(app: str) -> Any:
    from msgraph.generated.models.user_scope_teams_app_installation import UserScopeTeamsAppInstallation

    return UserScopeTeamsAppInstallation(additional_data={"teamsApp@odata.bind": app})
