"""What the pages fetch besides themselves: our own style and scripts, and Microsoft's script for tabs.

All of it comes from this server. The name of each says what is in it, so a browser may keep it for as long as it likes.
"""

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

_LOG = logging.getLogger("stafett.board")

PATH = "/tavlan/filer/"
STATIC = Path(__file__).parent / "static"
TEAMS = "teams.js"
USUAL = Path(".stafett") / "board" / "MicrosoftTeams.min.js"  # where `stafett board fetch` puts it
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The files, read once. `teams` is Microsoft's script, None where it is nowhere to be had."""

    def __init__(self, teams: Path | None) -> None:
        files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}
        if teams is not None:
            try:
                files[TEAMS] = teams.read_bytes()
            except OSError:
                _LOG.warning(
                    "nobody can sign in to the board: %s cannot be read; run «stafett board fetch»", teams.name
                )
        self._files: dict[str, tuple[str, bytes]] = {}
        self._names: dict[str, str] = {}
        for name, body in files.items():
            stem, suffix = Path(name).stem, Path(name).suffix
            address = f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}{suffix}"
            self._names[name] = PATH + address
            self._files[address] = _TYPES[suffix], body

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each is fetched, by its plain name."""
        return self._names

    @property
    def can_sign_in(self) -> bool:
        return TEAMS in self._names

    async def answer(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        kind, body = found
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=_FOREVER)
