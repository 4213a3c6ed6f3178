"""The profile's sections of this room: what may stand in Teams, the municipality's words, which flows are on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.modes import IN_CHAT, MODES, POINTERS
from dialogs import access_section, assignments, delivery_section, guide_section, lists_section, on_call_section
from dialogs.terms import read_terms
from reminders.profile_schema import Complain, Table, register_section

_REFS = ("decision_ref", "dpia_ref", "retention_decision_ref")


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """`pekare`: content stays in the case system. `visa`: content in Stafett, shown on an explicit, logged «Visa».

    `chatt`: content in the card. The last two need references to the municipality's own decisions.
    """

    mode: str
    decision_ref: str
    dpia_ref: str
    retention_decision_ref: str

    @property
    def keeps_content(self) -> bool:
        return self.mode != POINTERS

    def in_mode(self, mode: str) -> "Privacy":
        """The same decisions with another mode."""
        return self if mode == self.mode else replace(self, mode=mode)

    @property
    def is_in_chat(self) -> bool:
        """Whether the content of what is under way stands in the card itself."""
        return self.mode == IN_CHAT


@dataclass(frozen=True, kw_only=True)
class FlowSection:
    """Which flows the municipality uses, and for how many days a thread that has ended may be taken up again."""

    on: tuple[str, ...]
    reopen_days: int


def read_privacy(values: Mapping[str, Any], complain: Complain) -> Privacy:
    table = Table(values=values, complain=complain)
    mode = table.choice("mode", MODES, POINTERS)
    refs = {name: table.text(name, "-") for name in _REFS}
    table.done()
    if mode != POINTERS:
        for name, value in refs.items():
            if not any(sign.isdecimal() for sign in value):  # every register number has one; «klart» has none
                complain(name, f"krävs när mode är {mode}; ska vara diarienummer eller annan hänvisning till beslutet")
    return Privacy(mode=mode, **refs)


def read_flows(values: Mapping[str, Any], complain: Complain) -> FlowSection:
    table = Table(values=values, complain=complain)
    section = FlowSection(
        on=table.names("on", default=()), reopen_days=table.integer("reopen_days", 14, low=0, high=366)
    )
    table.done()
    return section


def register() -> None:
    """Own the tables of every profile that this room reads: `[privacy]`, `[terms]`, `[flows]`, `[lists]` and more."""
    register_section("privacy", read_privacy)
    register_section("terms", read_terms)
    register_section("flows", read_flows)
    delivery_section.register()
    guide_section.register()
    lists_section.register()
    assignments.register()
    on_call_section.register()
    access_section.register()
