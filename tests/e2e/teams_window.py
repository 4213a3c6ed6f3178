"""What a person does in a window of Microsoft's test client: write, fill in a card, press a button, read.

Nothing here sleeps: every step waits for what it needs, at most the page's own time-out.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Locator, Page

WIDE = 1280
HEIGHT = 900
PHONE = 360
_FIELDS = "input, textarea, [role=radiogroup]"
_MARGIN = 16

# A picture is taken of a copy laid over the page: the client empties every field when its window changes width,
# and it is itself laid out for a desk. Copied radio buttons get other names, or they would unset the real ones.
_LAY_COPY = """
([panel, width, margin]) => {
    const copy = panel.cloneNode(true);
    const fields = panel.querySelectorAll("input, textarea");
    copy.querySelectorAll("input, textarea").forEach((field, index) => {
        field.value = fields[index].value;
        field.name = field.name && "copy-" + field.name;
        field.checked = fields[index].checked;
    });
    copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    const frame = document.createElement("div");
    const size = width || panel.getBoundingClientRect().width + 2 * margin;
    frame.style = `position: fixed; left: 0; top: 0; width: ${size}px; padding: ${margin}px; box-sizing: border-box;
        z-index: 9999; background: white;`;
    frame.append(copy);
    panel.closest(".fui-FluentProvider").append(frame);
    return frame;
}
"""


class TeamsWindow:
    """One person's window. `press`, `fill`, `choose` … work in the newest card that has what they name."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # A card that a button has unfolded has the same class, so only the outermost ones are cards.
        self.cards = page.locator(".ac-preview-panel > .ac-adaptiveCard")

    async def ready(self) -> None:
        """Wait until the window can be written in, and put away the technical log beside the chat."""
        await self._editor().wait_for()
        await self.page.get_by_title("Hide log panel").click()

    async def type_message(self, text: str) -> None:
        """Write in the chat and send."""
        editor = self._editor()
        await editor.click()
        await editor.press_sequentially(text)
        await editor.press("Enter")

    async def ask(self, text: str, answer: str) -> None:
        """Write in the chat and wait for one more card that shows the answer; older cards may show the same."""
        answers = self.cards.filter(has_text=answer)
        before = await answers.count()
        await self.type_message(text)
        await answers.nth(before).wait_for()

    async def press(self, button: str) -> None:
        """Press a button by its whole text. The client folds the seventh and later ones away: they are not found."""
        named = self.page.get_by_role("button", name=button, exact=True)
        await self.cards.filter(has=named).last.get_by_role("button", name=button, exact=True).last.click()

    async def fill(self, label: str, value: str) -> None:
        """Write in a text or number field, found by its label."""
        await self._field(label).fill(value)

    async def choose(self, label: str, option: str) -> None:
        """Choose one of a list, folded (compact) or open (expanded)."""
        field = self._field(label)
        if await field.get_attribute("role") == "radiogroup":
            await field.get_by_role("radio", name=option, exact=True).check()
            return
        await field.click()
        await self.page.get_by_role("option", name=option, exact=True).click()

    async def choose_first(self, label: str) -> None:
        """Choose the first of a folded list, whatever it is called."""
        field = self._field(label)
        await field.click()
        await self.page.get_by_role("option").first.wait_for()
        await field.press("ArrowDown")
        await field.press("Enter")

    async def check(self, title: str) -> None:
        """Tick a box, found by its own text."""
        await self._label(title).check()

    async def value(self, label: str) -> str:
        """What stands in a field now."""
        return await self._field(label).input_value()

    async def set_date(self, label: str, iso: str) -> None:
        """Set a date field; `iso` as 2026-11-16."""
        field = self._field(label)
        await field.fill(iso)
        await field.press("Enter")
        # The calendar stays open and hides the rest of the card from the keyboard and from us.
        await field.press("Escape")

    async def set_time(self, label: str, hhmm: str) -> None:
        """Set a time field; `hhmm` as 08:17."""
        field = self._field(label)
        await field.fill(hhmm)
        await field.press("Tab")

    async def wait_for_text(self, text: str) -> None:
        """Wait until the text is seen in the newest place that has it: a card, a note under one, or a message."""
        await self.page.get_by_text(text).last.wait_for()

    async def wait_for_card(self, text: str) -> None:
        """Wait until some card shows the text."""
        await self.cards.filter(has_text=text).last.wait_for()

    async def texts(self) -> list[str]:
        """What each card says, oldest first, one line per line on the card."""
        return [_tidy(text) for text in await self.cards.all_inner_texts()]

    async def newest(self) -> str:
        """What the newest card says; waits for a first one."""
        return _tidy(await self.cards.last.inner_text())

    async def screenshot(self, path: Path) -> None:
        """A picture of the whole window, as it stands."""
        await self.page.screenshot(path=path)

    async def picture(self, folder: Path, name: str, *, text: str = "") -> None:
        """Pictures of the newest card (with `text`, if given): NAME-wide.png and NAME-narrow.png.

        Wide is the card as the client lays it out; narrow is the same card in the width of a small phone.
        """
        await self.picture_of(self.cards.filter(has_text=text).last, folder, name)

    async def picture_of(self, card: Locator, folder: Path, name: str) -> None:
        """The same two pictures of one card."""
        await self._picture(folder / f"{name}-wide.png", card, width=0)
        await self._picture(folder / f"{name}-narrow.png", card, width=PHONE)

    async def _picture(self, path: Path, card: Locator, width: int) -> None:
        panel = await card.locator("xpath=..").element_handle()
        frame = (await self.page.evaluate_handle(_LAY_COPY, [panel, width, _MARGIN])).as_element()
        assert frame is not None
        try:
            box = await frame.bounding_box()
            assert box is not None
            await self.page.set_viewport_size({"width": WIDE, "height": max(HEIGHT, int(box["height"]) + 1)})
            await self.page.screenshot(
                path=path, clip={"x": 0, "y": 0, "width": box["width"], "height": box["height"]}, animations="disabled"
            )
        finally:
            await frame.evaluate("frame => frame.remove()")
            await self.page.set_viewport_size({"width": WIDE, "height": HEIGHT})

    def _editor(self) -> Locator:
        return self.page.locator("[contenteditable=true]").first

    def _label(self, text: str) -> Locator:
        # A required field's label ends with a star.
        exactly = re.compile(rf"^\s*{re.escape(text)}\s*\*?\s*$")
        named = self.page.locator("label").filter(has_text=exactly)
        return self.cards.filter(has=named).last.locator("label").filter(has_text=exactly).last

    def _field(self, label: str) -> Locator:
        # Found by its place beside the label: ids change whenever the client draws the card anew, and the button that
        # unfolds a field carries the field's accessible name.
        return self._label(label).locator("xpath=following-sibling::*[1]").locator(_FIELDS).first


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
