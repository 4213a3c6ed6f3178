"""What a deadline is: two instants, the prompts before and after them, and the reason in plain Swedish."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One rung of a rule's ladder: at this instant somebody is told, or a clock signal is given.

    `at` is UTC. `tell` names audiences (roles or relations to the thread), `text` a text key; neither is
    interpreted here. `signal` is the clock signal that changes the thread's state, or None for a mere reminder.
    One that lies before the moment it is armed comes at once, unless `at_once` is false: then it is left out, because
    the card that armed it says the same. `series` is shared by the prompts of one rung that repeats. With `or_next`,
    when there is nobody to tell, the next such prompt of another series is given at once.
    """

    step: str
    at: datetime
    tell: tuple[str, ...]
    text: str
    signal: str | None = None
    at_once: bool = True
    series: str = ""
    or_next: bool = False

    def moved_to(self, at: datetime) -> "Prompt":
        """The same prompt at another time. A ladder has twenty of them, and is laid out for each deadline that is due:
        this costs a tenth of what `dataclasses.replace` does."""
        moved = object.__new__(Prompt)
        moved.__dict__.update(self.__dict__, at=at)
        return moved


@dataclass(frozen=True, kw_only=True)
class Due:
    """A computed deadline. `soft` drives reminders, only after `hard` is anything late; both are UTC or None.

    `why` is plain Swedish without dates of its own that could leak anything; `source` is the routine's section.
    """

    rule: str
    source: str
    soft: datetime | None
    hard: datetime | None
    prompts: tuple[Prompt, ...]
    why: str
