"""The board in a real browser: no fault that axe knows of in any theme or width, by keyboard, and without scripts."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from board_town import lived_in, served
from browser import chromium
from playwright.async_api import Browser, Page
from town import Town

from bot.board.tabs import TABS
from bot.demo.tools import find_chromium, npm_packages

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
WIDE, PHONE = 1100, 360
# Who has which pages: the lead assessor all but the jour's, the manager of home care that one.
LOOKS = [("eva", one.path) for one in TABS if one.path != "jouren"] + [("maria", "jouren")]
# In the light theme everything; in the others the colours alone, since nothing else is another there.
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = lived_in(tmp_path_factory.mktemp("board"))
    yield town
    town.close()


@pytest.fixture
async def board(lived: Town) -> AsyncIterator[str]:
    async with served(lived) as address:
        yield address


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium(find_chromium()) as found:
        yield found


def address(board: str, lived: Town, who: str, path: str) -> str:
    return f"{board}/som/{lived.residents[who].id}" + (f"/{path}" if path else "")


async def faults(page: Page, rules: Mapping[str, object] = ALL) -> list[str]:
    """What axe finds, as rule and place."""
    asked = json.dumps({**rules, "resultTypes": ["violations"], "elementRef": False})
    told = await page.evaluate(
        f"async () => (await axe.run(document, {asked})).violations"
        ".flatMap(one => one.nodes.map(node => `${one.id}: ${node.target}`))"
    )
    return [str(one) for one in told]


async def test_axe_finds_nothing_in_any_theme_or_width(board: str, lived: Town, browser: Browser) -> None:
    folder = npm_packages(HERE / "axe", Path.cwd() / ".stafett" / "axe", "axe", print)
    axe = (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for width in (WIDE, PHONE):
        context = await browser.new_context(viewport={"width": width, "height": 800}, locale="sv-SE", bypass_csp=True)
        await context.add_init_script(axe)
        page = await context.new_page()
        for who, path in LOOKS:
            await page.goto(address(board, lived, who, path))
            await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            for theme in ("default", "dark", "contrast"):
                await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                found[f"{path or 'mina'} {theme} {width}"] = await faults(page, ALL if theme == "default" else COLOURS)
            across = await page.evaluate("document.documentElement.scrollWidth")
            assert across <= width, f"{path} is {across} wide on a screen of {width}"
        await page.evaluate(
            "document.documentElement.dataset.theme = 'default'; document.querySelector('h1').style.color = '#ddd'"
        )
        assert any(one.startswith("color-contrast") for one in await faults(page, COLOURS)), "axe is awake"
        await context.close()
    assert {name: some for name, some in found.items() if some} == {}
    assert len(found) == len(LOOKS) * 6


async def test_by_keyboard_and_without_scripts(board: str, lived: Town, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 800})
    page = await context.new_page()
    await page.goto(address(board, lived, "eva", "") + "?theme=dark")
    await page.keyboard.press("Tab")
    assert await page.locator(":focus").inner_text() == "Hoppa till innehållet"
    assert (await page.locator(":focus").bounding_box() or {"x": -1})["x"] >= 0, "it is seen when it has the focus"
    for name in ("Uppdatera", "Mina", "Enheten"):
        await page.keyboard.press("Tab")
        assert await page.locator(":focus").inner_text() == name
    outline = await page.locator(":focus").evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Öppet i enheten", level=1).wait_for()
    assert "theme=dark" in page.url, "the theme goes along"
    assert await page.locator("[aria-current=page]").inner_text() == "Enheten"
    await page.locator("summary").first.press("Enter")
    assert await page.get_by_role("table", name="När det ska göras, i siffror").is_visible()
    rows = page.get_by_role("table", name="Försenat")
    assert await rows.get_by_role("rowheader").first.is_visible()
    assert await rows.get_by_role("columnheader", name="Läge").count() == 1, "a phone's cards are a table still"
    await context.close()


async def test_the_wish_of_the_machine_holds_where_teams_has_said_nothing(
    board: str, lived: Town, browser: Browser
) -> None:
    grounds = []
    for wish in ("light", "dark"):
        context = await browser.new_context(color_scheme=wish, forced_colors="none")
        page = await context.new_page()
        await page.goto(address(board, lived, "anna", ""))
        grounds.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
        await context.close()
    assert grounds == ["rgb(245, 245, 245)", "rgb(31, 31, 31)"]
