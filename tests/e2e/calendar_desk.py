"""The demo's calendar pages, which stand for Outlook, as they look on a screen and on a small phone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser
from teams_window import HEIGHT, PHONE, WIDE

_TRIES = 30
_WAIT_SECONDS = 1.0  # the calendar follows the record a little later: it is written to by an errand


class CalendarDesk:
    """Whoever looks in a calendar. `address` is where the demo serves them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address

    async def picture(self, upn: str, week: str, folder: Path, name: str, *, shows: str = "") -> None:
        """NAME-wide.png and NAME-narrow.png of the person's week, such as «2026-W48», once something stands there.

        `shows` is what is waited for instead, such as «Inställt». Raises: AssertionError when it never comes.
        """
        context = await self._browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
        try:
            page = await context.new_page()
            for _ in range(_TRIES):
                await page.goto(f"{self._address}/kalender/{upn}?vecka={week}")
                if await page.locator("article").filter(has_text=shows).count():
                    break
                await asyncio.sleep(_WAIT_SECONDS)
            else:
                raise AssertionError(f"the calendar of {upn} never showed {shows or 'anything'} in {week}")
            for width, called in ((WIDE, "wide"), (PHONE, "narrow")):
                await page.set_viewport_size({"width": width, "height": HEIGHT})
                await page.screenshot(path=folder / f"{name}-{called}.png", full_page=True)
        finally:
            await context.close()
