"""The tab as Teams opens it: in a frame, with Microsoft's own script, a token, and a cookie kept for that frame alone.

Teams itself is played: a page by its name that answers what the script asks. All else is real, also the headers.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from board_tab import Served
from counterpart import TENANT, Counterpart
from cryptography.hazmat.primitives.asymmetric import rsa
from databases import new_sqlite
from harness import settings
from people import aad
from playwright.async_api import BrowserContext, Route, async_playwright
from test_lists import asks
from town import Town

from bot.board.board import OPEN, Board, BoardSettings
from bot.commands.board import CLIENT, SCRIPT
from bot.demo.tools import find_chromium, npm_packages

pytestmark = pytest.mark.e2e

TEAMS = "https://teams.microsoft.com/"
# Chromium asks before a page of the internet may open one on this machine; Teams and Stafett are both out there.
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks")
_PLAYED = """<!doctype html><title>Teams</title><iframe src="{address}"></iframe><script>
addEventListener("message", (told) => {{
  const {{ id, uuid, func }} = told.data ?? {{}};
  const runtime = JSON.stringify({{ apiVersion: 2, supports: {{ pages: {{}} }}, isLegacyTeams: true }});
  const answers = {{
    "initialize": ["content", "web", runtime, "2.0.1"],
    "getContext": [{{ theme: "dark", locale: "sv-se", entityId: "tavlan", frameContext: "content" }}],
    "authentication.getAuthToken": [true, "{token}"],
  }};
  if (func in answers) told.source.postMessage({{ id, uuid, args: answers[func] }}, told.origin);
}});
</script>"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(new_sqlite(tmp_path))
    asks(made.karim)
    yield made
    made.close()


async def opened(context: BrowserContext, address: str, token: str) -> str:
    """Open the tab in Teams and wait until there is something to read: the heading of it."""

    async def played(route: Route) -> None:
        await route.fulfill(body=_PLAYED.format(address=address, token=token), content_type="text/html")

    await context.route(f"{TEAMS}**", played)
    page = await context.new_page()
    await page.goto(TEAMS)
    frame = page.frame_locator("iframe")
    await frame.locator("nav, #igen:not([hidden])").first.wait_for()
    theme = await frame.locator("html").get_attribute("data-theme")
    return f"{theme}: {await frame.locator('main').inner_text()}"


async def test_the_tab_signs_in_by_teams_own_script_and_follows_its_theme(town: Town, tmp_path: Path) -> None:
    script = (
        npm_packages(CLIENT, Path.cwd() / ".stafett" / "board" / "npm", "Microsoft's script for tabs", print) / SCRIPT
    )
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    far = Counterpart(clock=town.clock.machine, signing=key, folder=tmp_path)
    await far.start()
    chosen = settings(far)
    told = BoardSettings(teams_script=script / "dist" / "umd" / "MicrosoftTeams.min.js")
    board = Board(town.store, town.record, town.clock, chosen, told)
    async with Served(town, far, chosen, board) as tab, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(_ARGUMENTS))
        address = f"{tab.url}{OPEN}?theme=default"
        good = far.token(iss=f"{far.login}/{TENANT}/v2.0", tid=TENANT, oid=aad(6), scp="access_as_user")
        context = await browser.new_context()
        annas = await opened(context, address, good)
        assert annas.startswith("dark: Mina öppna") and "NK-2041" in annas
        (cookie,) = await context.cookies()
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "None")
        assert cookie["partitionKey"] == "https://microsoft.com", "kept for Stafett inside Teams alone"
        next_one = far.token(iss=f"{far.login}/{TENANT}/v2.0", tid=TENANT, oid=aad(5), scp="access_as_user")
        birgittas = await opened(context, address, next_one)
        assert "inget öppet" in birgittas and "NK-2041" not in birgittas, "on the same tablet, within the hour"
        strange = far.token(iss=f"{far.login}/{TENANT}/v2.0", tid=TENANT, oid=aad(4711), scp="access_as_user")
        told_no = await opened(await browser.new_context(), address, strange)
        assert "Skriv hej till Stafett i chatten" in told_no and "Mina" not in told_no
        await browser.close()
    await far.stop()
