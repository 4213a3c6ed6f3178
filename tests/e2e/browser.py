"""A headless Chromium whose pages are windows of Microsoft's test client, set up as on a Swedish work computer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Route, async_playwright
from teams_window import HEIGHT, WIDE, TeamsWindow

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ACTION_MILLISECONDS = 30_000  # a busy machine draws slowly; what works never waits so long
_OPENING_MILLISECONDS = 60_000  # the client's first page is large, and may be the seventh on the machine


@asynccontextmanager
async def chromium(program: Path) -> AsyncIterator[Browser]:
    """One browser for a whole test run. `program` is what `bot.demo.tools.find_chromium` found."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def open_window(browser: Browser, url: str) -> TeamsWindow:
    """Open a window of the test client in a session of its own and wait until one can write in it.

    Open it before anything is sent to its person: the client shows only what arrives while it is open.
    """
    context = await browser.new_context(
        viewport={"width": WIDE, "height": HEIGHT}, locale="sv-SE", timezone_id="Europe/Stockholm"
    )
    context.set_default_timeout(_ACTION_MILLISECONDS)
    await context.route("**/*", _local_only)
    page = await context.new_page()
    await page.goto(url, timeout=_OPENING_MILLISECONDS)
    window = TeamsWindow(page)
    await window.ready()
    return window


async def _local_only(route: Route) -> None:
    # The client asks a far server for fonts; a test must not depend on whether it answers.
    if urlsplit(route.request.url).hostname in {"localhost", "127.0.0.1"}:
        await route.continue_()
    else:
        await route.abort()
