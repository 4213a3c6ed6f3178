"""Single sign-on of the tab: a token that Entra ID gave Teams for us, on behalf of whoever has the tab open.

Source: learn.microsoft.com, «tab-sso-code» and «access-token-claims-reference». A token of version 1 names the app by
its address (`api://…`), one of version 2 by its id; both come from the tenant's own issuer, and both are signed with
the keys that the tenant publishes. Only what is given for a person (`scp`) is taken, never an app's own token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channel.bearer import Bearer, Unauthorized, authorization_of
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire

SCOPE = "access_as_user"
_FIRST_ISSUER = "https://sts.windows.net"  # of tokens of version 1


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who the directory says it is."""

    tenant: str
    object_id: str


class SignIn:
    """The check of such tokens. `domain` is the host name in the app's own address; `now` gives the machine's time."""

    def __init__(self, settings: ChannelSettings, wire: Wire, now: Callable[[], datetime], domain: str) -> None:
        self._tenants = settings.tenants
        app, authority = settings.app_id, settings.login_authority.rstrip("/")
        issuers = {tenant: (f"{authority}/{tenant}/v2.0", f"{_FIRST_ISSUER}/{tenant}/") for tenant in settings.tenants}
        self._issuers: Mapping[str, tuple[str, ...]] = issuers
        names = [f"api://{domain}/{app}", f"api://{domain}/botid-{app}"] if domain else []
        self._bearer = Bearer(
            wire, f"{authority}/{settings.tenant_id}/v2.0/.well-known/openid-configuration", now, audience=app,
            other_names=names, issuers=[one for some in issuers.values() for one in some],
        )  # fmt: skip

    async def of(self, request: web.Request) -> SignedIn:
        """Who has sent this. Raises: Unauthorized."""
        claims = await self._bearer.claims(authorization_of(request))
        tenant, who = claims.get("tid"), claims.get("oid")
        if not isinstance(tenant, str) or tenant not in self._tenants:
            raise Unauthorized("tenant")
        if claims["iss"] not in self._issuers[tenant]:
            raise Unauthorized("issuer")
        if not _is_for_a_person(claims) or not isinstance(who, str) or not who:
            raise Unauthorized("not_a_person")
        return SignedIn(tenant=tenant, object_id=who)


def _is_for_a_person(claims: Mapping[str, Any]) -> bool:
    given = claims.get("scp")
    return isinstance(given, str) and SCOPE in given.split() and claims.get("idtyp") in (None, "user")
