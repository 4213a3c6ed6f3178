"""Pages of HTML, by templates that escape everything that is put into them."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.board import plots
from bot.board.look import Looked

_TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("default", "dark", "contrast")


class Drawing:
    """The templates, with where the pages fetch what else they need."""

    def __init__(self, assets: Mapping[str, str]) -> None:
        made = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        made.globals.update(assets=assets, columns=plots.columns, night=plots.night, rates=plots.rates, quote=quote)
        self._templates = made

    def page(self, looked: Looked, *, base: str, theme: str, chat: str) -> str:
        """A page of the board. `base` is the address of the first one, `chat` begins the address that opens the chat
        with Stafett about a thread; empty where there is no such address."""
        return self._templates.get_template(looked.tab.template).render(
            looked=looked, tab=looked.tab, page=looked.page, base=base, theme=theme, chat=chat,
            query=f"?theme={theme}" if theme else "",
        )  # fmt: skip

    def sign_in(self, *, theme: str, can_sign_in: bool) -> str:
        """The page that asks Teams who it is; or says that Stafett lacks what it takes."""
        return self._templates.get_template("sign_in.html").render(theme=theme, can_sign_in=can_sign_in)

    def message(self, title: str, text: str, *, theme: str) -> str:
        return self._templates.get_template("message.html").render(title=title, text=text, theme=theme)

    def people(self, people: Mapping[str, str], *, theme: str) -> str:
        """Whose board one may look at, in the demo: address → who."""
        return self._templates.get_template("people.html").render(people=people, theme=theme)
