"""Pictures of the board for the handbook: `python tests/e2e/board_pictures.py [FOLDER]`, by default docs/bilder."""

import asyncio
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[1]
sys.path[:0] = [str(HERE), *(str(HERE.parent / room) for room in ("stories", "contract", "unit"))]

from board_town import lived_in, served  # noqa: E402 (the tests' own folders come first)
from browser import chromium  # noqa: E402
from town import Town  # noqa: E402

from bot.demo.tools import find_chromium  # noqa: E402

# The file, whose page, which, the theme, and how wide and high it is.
PICTURES = (
    ("tavlan", "eva", "/enheten", "default", 1000, 760),
    ("tavlan-telefon", "anna", "", "dark", 360, 760),
    ("tavlan-jouren", "maria", "/jouren", "default", 1000, 720),
)


async def take(town: Town, folder: Path) -> None:
    """Put each picture in the folder."""
    async with served(town) as board, chromium(find_chromium()) as browser:
        for name, who, path, theme, width, height in PICTURES:
            page = await browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE")
            await page.goto(f"{board}/som/{town.residents[who].id}{path}?theme={theme}")
            await page.screenshot(path=folder / f"{name}.png")
            await page.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        lived = lived_in(Path(place))
        asyncio.run(take(lived, Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "docs" / "bilder"))
        lived.close()
