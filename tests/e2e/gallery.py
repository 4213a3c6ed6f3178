"""Pictures of every flow in Microsoft's own client, as its users meet it: wide, and 360 pixels wide.

No test: it shows what tests cannot judge. Here are the walks; `pictures.py` opens the windows and takes them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from answering import fill
from client_stage import Playing
from playwright.async_api import Locator, TimeoutError
from ways import Day, Signposted, Step, Way

from cases.flow import Flow
from dialogs.catalogue import load_flows
from dialogs.menu import BY_WORD, fold_name

FLOWS = load_flows()
_BEHIND = {"Varför?": "Till meddelandet", "Journaltext": "Till meddelandet", "Mer …": "Tillbaka"}
_PRESSES = 3
_EDIT_SECONDS = 1.5  # a picture can wait for what a test may not: the edit that follows on a press
_REFERENCE = re.compile(r"ST-\w+")
BESIDE = ("calendar", "look", "newest")


@dataclass(kw_only=True)
class Gallery:
    """One demo, walked through. `taken` counts the pictures of each width."""

    play: Playing
    day: Day
    out: Path
    taken: int = 0
    mode: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return date.fromisoformat(self.day.start[:10])

    async def tried(self, called: str, walk: Awaitable[None]) -> None:
        """One way. What is missing on it is told at the end, so that the rest is seen as well."""
        try:
            await walk
        except (AssertionError, TimeoutError) as fault:
            self.missed.append(f"{called}: {fault}")
            print(f"{called}: {fault}", flush=True)  # noqa: T201 (for whoever watches)
            for key, window in self.play.windows.items():
                await window.screenshot(self.out / f"_missed-{called}-{key}.png")

    # --- a flow ---------------------------------------------------------------------------------------------------

    async def walk(self, way: Way) -> None:
        """The whole way, with pictures of all that its people meet."""
        flow = FLOWS[way.flow]
        ref = await self.drafted(way, flow)
        state = flow.first
        for at, step in enumerate(way.steps, start=1):
            who, button, after = step[:3]
            key = way.who if who == "sender" else who
            if key in BESIDE:
                await self.beside(way, ref, step)
                continue
            if key == "clock":
                await self.play.clock(button)
                state = after or state
            else:
                await self.press(way, flow, ref, state, key, button, _answers(step))
                state = after
                await self.shows(key, ref, flow, state).wait_for()
                await asyncio.sleep(_EDIT_SECONDS)  # the others' cards show the same state before and after
            if after:
                await self.seen(way, flow, ref, state, f"{at}")
            if at == 1:
                await self.behind(way, ref)

    async def drafted(self, way: Way, flow: Flow, *, pictured: bool = True) -> str:
        """From the start card to the draft; its reference."""
        window = self.play[way.who]
        await self.form(way.who, flow)
        if way.case:
            await window.fill("Ärendenummer", way.case)
        await fill(window, flow.form, way.answers, self.today)
        if pictured:
            await self.picture(way.called, way.who, "formular", window.cards.last)
        await window.press("Fortsätt")
        post = window.cards.last.get_by_text("Läs det här först")
        draft = window.cards.filter(has_text=f"Läge: {flow.states[flow.first]}").last
        await draft.or_(post).first.wait_for()
        if not await draft.count():
            await self.picture(way.called, way.who, "vagvisning", window.cards.last)
            await window.press("Fortsätt ändå")
        await draft.wait_for()
        if pictured:
            await self.picture(way.called, way.who, "utkast", draft)
        found = _REFERENCE.search(await draft.inner_text())
        assert found, "the draft has no reference"
        return found[0]

    async def form(self, who: str, flow: Flow) -> None:
        """From the start card, through the button of a group where the flow lies behind one, past the gate."""
        window = self.play[who]
        if flow.group in BY_WORD:
            await self.typed(who, flow.commands[0])
        else:
            card = await self.typed(who, "start")
            direct = card.get_by_role("button", name=flow.title, exact=True)
            if not await direct.count():
                await window.press(fold_name(flow.group))
            await window.press(flow.title)
        if not flow.caseless:
            await window.wait_for_card("Har personen skyddade personuppgifter?")
            await window.press("Nej")
            await window.cards.last.get_by_text("Ärendenummer").first.wait_for()
            return
        asked = next(item.label for item in flow.form if not item.hidden)
        form = window.cards.last.get_by_text(asked).first
        unit = window.cards.last.get_by_text(flow.unit_question).first
        await form.or_(unit).first.wait_for()
        if await unit.count():  # who sits in several units is asked which
            await window.press("Fortsätt")
        await form.wait_for()

    async def press(
        self, way: Way, flow: Flow, ref: str, state: str, key: str, button: str, answers: Mapping[str, str]
    ) -> None:
        """A button of the thread's card, and its form where it has one."""
        window = self.play[key]
        moves = [one for (at, _), some in flow.moves.items() if at == state for one in some if one.label == button]
        assert moves, f"{flow.name}: in {state} there is no move called {button}"
        card = self.shows(key, ref, flow, state)
        named, more = (card.get_by_role("button", name=one, exact=True) for one in (button, "Mer …"))
        await named.or_(more).first.wait_for()
        if not await named.count():  # what is pressed seldom lies behind
            await self.opened(more, window.page.get_by_role("button", name="Tillbaka", exact=True).last)
            named = window.cards.filter(has_text="Det här har hänt").last.get_by_role("button", name=button, exact=True)
        await named.click()
        needs = {item.name: item for move in moves for item in move.needs}
        if not needs:
            return
        form = window.cards.filter(has=window.page.get_by_role("button", name="Tillbaka", exact=True)).last
        await form.wait_for()
        await fill(window, tuple(needs.values()), answers, self.today, form)
        await self.picture(way.called, key, "svarsformular", form)
        await form.get_by_role("button", name=button, exact=True).click()

    async def seen(self, way: Way, flow: Flow, ref: str, state: str, at: str) -> None:
        """The card as each of them has it now. Who has no part in the thread yet is passed over the first times."""
        for key in (way.who, *way.seen_by):
            card = self.shows(key, ref, flow, state)
            if key == way.who or await self.has_part(key, ref, at):
                await card.wait_for()
                await self.picture(way.called, key, f"{at}-{state}", card)

    async def has_part(self, key: str, ref: str, at: str) -> bool:
        """Whether the thread has reached this person, who is given a moment the first time."""
        window = self.play[key]
        try:
            await window.cards.filter(has_text=ref).last.wait_for(timeout=8_000 if at == "1" else 1_000)
        except TimeoutError:
            return False
        return True

    async def behind(self, way: Way, ref: str) -> None:
        """What lies behind the first receiver's «Visa», «Varför?», «Journaltext» and «Mer …»."""
        for key in (*way.seen_by[:1], way.who)[:1]:
            window = self.play[key]
            for button, told in _BEHIND.items():
                named = window.cards.filter(has_text=ref).last.get_by_role("button", name=button, exact=True)
                if not await named.count():
                    continue
                back = window.page.get_by_role("button", name=told, exact=True)
                await self.opened(named, back.last)
                card = window.cards.filter(has=back).last
                await self.picture(way.called, key, button.strip(" …").replace(" ", "-").lower(), card)
                await back.last.click()
                await window.cards.filter(has_text=ref).filter(has_text="Läge:").last.wait_for()
            shown = window.cards.filter(has_text=ref).last.get_by_role("button", name="Visa", exact=True)
            reads = any(step[1] == "Läst" for step in way.steps)  # «Visa» takes that button away
            if not reads and await shown.count():
                await shown.click()
                await shown.wait_for(state="detached")
                await self.picture(way.called, key, "visa", window.cards.filter(has_text=ref).last)

    async def beside(self, way: Way, ref: str, step: Step) -> None:
        """What is met beside the thread's own card: a calendar, a button that only shows something, another card."""
        kind, what, whose = step[:3]
        if kind == "calendar":
            name = self.numbered(way.called, f"{what}-kalender")
            await self.play.calendar(what, whose, self.out, name, shows=_answers(step).get("shows", ""))
            return
        window = self.play[whose]
        if kind == "newest":
            await window.wait_for_card(what)
            await self.picture(way.called, whose, "annat-kort", window.cards.filter(has_text=what).last)
            return
        button = window.cards.filter(has_text=ref).last.get_by_role("button", name=what, exact=True)
        back = window.page.get_by_role("button", name="Tillbaka", exact=True).last
        await self.opened(button, back)
        await self.picture(way.called, whose, what.replace(" ", "-").lower(), window.cards.filter(has=back).last)
        await back.click()
        await window.cards.filter(has_text=ref).filter(has_text="Läge:").last.wait_for()

    async def opened(self, button: Locator, sign: Locator) -> None:
        """Press until it opens: an edit of the card that was already on its way may come after the first press."""
        for _ in range(_PRESSES):
            await button.or_(sign).first.wait_for()
            if await button.is_visible():
                await button.click()
            try:
                await sign.wait_for(timeout=5_000)
            except TimeoutError:
                continue
            await asyncio.sleep(_EDIT_SECONDS)
            if await sign.is_visible():
                return
        await sign.wait_for()

    # --- pieces ---------------------------------------------------------------------------------------------------

    async def signposted(self, post: Signposted) -> None:
        """What the routine says of these answers, instead of a draft."""
        window, flow = self.play[post.who], FLOWS[post.flow]
        await self.form(post.who, flow)
        await window.fill("Ärendenummer", "NK-2041")
        await fill(window, flow.form, post.answers, self.today)
        await window.press("Fortsätt")
        card = window.cards.filter(has_text="Läs det här först").filter(has_text=post.told).last
        await card.wait_for()
        await self.picture(f"{flow.name}_vagvisning", post.who, "_".join(list(post.answers.values())[:1]), card)

    def shows(self, key: str, ref: str, flow: Flow, state: str) -> Locator:
        """The person's card of the thread, when it shows this state."""
        return self.play[key].cards.filter(has_text=ref).filter(has_text=f"Läge: {flow.states[state]}").last

    async def typed(self, who: str, text: str) -> Locator:
        """Write, and wait for the card that answers."""
        window = self.play[who]
        before = await window.cards.count()
        await window.type_message(text)
        await window.cards.nth(before).wait_for()
        return window.cards.last

    async def looked_up(self, who: str, typed: str, heading: str) -> None:
        card = await self.typed(who, typed)
        if heading:
            await card.get_by_text(heading).first.wait_for()
        await self.picture("_lista", who, typed.replace(" ", "-"), card)

    async def picture(self, called: str, who: str, what: str, card: Locator) -> None:
        """Both pictures of a card, numbered in the order they are met."""
        await self.play[who].picture_of(card, self.out, self.numbered(called, f"{who}-{what}"))

    def numbered(self, called: str, what: str) -> str:
        self.taken += 1
        number = self.numbers[called] = self.numbers.get(called, 0) + 1
        return f"{called}{self.mode}-{number:02}-{what}"


def _answers(step: Step) -> Mapping[str, str]:
    return step[3] if len(step) == 4 else {}
