"""How a form is answered in a window: what the way through the flow says, and a likely answer for the rest."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from playwright.async_api import Locator
from teams_window import TeamsWindow

from cases import fields as f

TEXT = "Står i verksamhetssystemet."


async def fill(
    window: TeamsWindow,
    fields: Sequence[f.Field],
    answers: Mapping[str, str],
    today: date,
    form: Locator | None = None,
) -> None:
    """Answer what must be answered, and what `answers` has. `today` is the local day on which the demo begins."""
    given: dict[str, str] = {}
    for item in fields:
        if item.name not in answers and not item.demanded(given):
            continue
        if isinstance(item, f.PerCase):
            await _each_case(window, item, answers.get(item.name, ""))
            continue
        label = item.label if item.required else f"{item.label} (frivilligt)"
        text = f"{label} Datum" if isinstance(item, f.Moment) else label
        if not await (form or window.cards.last).locator("label").filter(has_text=text).count():
            continue  # not asked here: in this mode, or of this alternative
        given[item.name] = await _answer(window, item, label, answers.get(item.name, ""), today)


async def _each_case(window: TeamsWindow, item: f.PerCase, given: str) -> None:
    """One choice for each case, which is the label of its own; `given` as «NK-2041:adjust,NK-2042:phone»."""
    titles = dict(item.options)
    for one in filter(None, given.split(",")):
        case, _, code = one.partition(":")
        await window.choose(case, titles[code])


async def _answer(window: TeamsWindow, item: f.Field, label: str, given: str, today: date) -> str:
    """Write one answer, a likely one when none is given; the code or text written."""
    if isinstance(item, f.Choice):
        code = given or item.options[0][0]
        title = dict(item.options)[code]
        await (window.check(title) if item.multiple else window.choose(label, title))
        return code
    if isinstance(item, f.UnitChoice | f.SeatChoice):
        await window.choose(label, given or "Hemtjänst Norr")
    elif isinstance(item, f.RosterChoice):
        await (window.choose(label, given) if given else window.choose_first(label))
    elif isinstance(item, f.Day):
        if given or not await window.value(label):
            ahead = timedelta(days=3 if item.future and not item.past else 0)
            await window.set_date(label, given or (today + ahead).isoformat())
    elif isinstance(item, f.Moment):
        if given or not await window.value(f"{label} Datum"):
            day, _, clock = (given or f"{today + timedelta(days=3)} 10:00").partition(" ")
            await window.set_date(f"{label} Datum", day)
            await window.set_time("Klockslag", clock)
    else:
        await window.fill(label, given or ("30" if isinstance(item, f.Number) else TEXT))
    return given or "given"
