"""The token endpoint: an app that shows its secret gets a token for Graph (OAuth 2.0, client credentials)."""

import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.demo.graph.world import World

_SCOPE = "https://graph.microsoft.com/.default"
_LASTS = 3599  # seconds
_CALL = "POST /oauth2/v2.0/token"


def add_tokens(app: web.Application, world: World) -> None:
    """Serve tokens, and the page that says where they are to be had."""
    app.router.add_post("/{tenant}/oauth2/v2.0/token", _token(world))
    app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", _where)


def _token(world: World) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if world.faults.strike(_CALL):
            return _refused(503, "temporarily_unavailable", "AADSTS90033: A transient error has occurred.")
        asked = await request.post()
        if request.match_info["tenant"] != world.tenant_id:
            return _refused(400, "invalid_request", "AADSTS90002: Tenant not found.")
        if asked.get("grant_type") != "client_credentials" or asked.get("scope") != _SCOPE:
            return _refused(400, "invalid_request", "AADSTS70011: The grant or the scope is not valid.")
        if asked.get("client_id") != world.app_id:
            return _refused(400, "unauthorized_client", "AADSTS700016: The application was not found.")
        if not secrets.compare_digest(str(asked.get("client_secret") or ""), world.app_secret):
            return _refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        token = secrets.token_urlsafe(24)
        world.tokens.add(token)
        kind = {"token_type": "Bearer", "expires_in": _LASTS, "ext_expires_in": _LASTS}
        return web.json_response({**kind, "access_token": token})

    return answer


async def _where(request: web.Request) -> web.StreamResponse:
    base = f"{request.url.origin()}/{request.match_info['tenant']}"
    return web.json_response(
        {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
    )


def _refused(status: int, code: str, text: str) -> web.Response:
    return web.json_response({"error": code, "error_description": text}, status=status)
