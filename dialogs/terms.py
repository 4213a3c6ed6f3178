"""The municipality's own words: brukaren, kunden or den enskilde; biståndshandläggare or biståndsbedömare.

Flows and cards are written once, in the words of Norrköping's routine. Where a profile's `[terms]` say something else,
those words stand in what its people read. Only Stafett's own texts are changed, never what somebody has typed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from cases.fields import Field
from cases.flow import Flow, Situation
from cases.record import Scene
from cases.thread import ThreadNow
from reminders.profile_schema import Complain, Table

CLIENT, ASSESSOR, HOME_CARE, CASE_SYSTEM = "brukaren", "biståndshandläggare", "hemtjänsten", "verksamhetssystemet"

_WORDS = re.compile(
    r"\b(?:(?P<before>(?:[Ee]n|[Nn]ågon|[Vv]arje|[Nn]y) )?(?P<client>[Bb]rukar(?:en|na|e))"
    r"|(?P<assessor>(?:[Bb]iståndsh|[Hh])andläggar(?:en|na|e))"
    r"|(?P<home_care>[Hh]emtjänsten)"
    r"|(?P<case_system>[Vv]erksamhetssystemet))(?P<owns>s?)\b"
)
_DEN = re.compile(r"den (\w+)e")
_KEPT = frozenset({"name", "among", "kind", "of", "cases", "pass_in", "demanded_if", "demanded_if_any", "when"})
_FLOW_TEXTS = ("title", "intro", "later_label", "unit_question", "form", "signposts")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The municipality's own words. `client`, `home_care` and `case_system` in the definite form, as «brukaren»."""

    client: str = CLIENT
    needs_assessor: str = ASSESSOR
    home_care: str = HOME_CARE
    case_system: str = CASE_SYSTEM

    @cached_property
    def is_standard(self) -> bool:
        return self == Terms()

    def put(self, text: str) -> str:
        """One of Stafett's own texts in these words."""
        return text if self.is_standard else _WORDS.sub(self._said, text)

    def _said(self, found: re.Match[str]) -> str:
        before = found["before"] or ""
        word = found[0][len(before) : len(found[0]) - len(found["owns"])]
        new = self._instead(found, word.lower(), alone=not before)
        new = new[:1].upper() + new[1:] if word[0].isupper() else new
        return f"{before}{new}{'' if new.endswith('s') else found['owns']}"

    def _instead(self, found: re.Match[str], word: str, *, alone: bool) -> str:
        if found["home_care"]:
            return self.home_care
        if found["case_system"]:
            return self.case_system
        if found["client"]:
            the, some, every, one = client_forms(self.client)
            return {"en": the, "na": every}.get(word[-2:], some if alone else one)
        if word.startswith("handläggar") and self.needs_assessor.endswith("handläggare"):
            return word  # short for every word that ends so; another stands in its place
        return self.needs_assessor[:-1] + word.rpartition("handläggar")[2]


@lru_cache
def client_forms(the: str) -> tuple[str, str, str, str]:
    """(the one, some, all of them, one) of a word for the client in its definite form.

    «brukaren» → brukare, brukarna, brukare; «kunden» → kunder, kunderna, kund; «den enskilde» → enskilda, de enskilda,
    enskild. A word that bends in another way is refused when the profile is read.
    """
    den = _DEN.fullmatch(the)
    if den is not None:
        return the, f"{den[1]}a", f"de {den[1]}a", den[1]
    if the.endswith("aren"):
        return the, the[:-1], f"{the[:-2]}na", the[:-1]
    return the, f"{the[:-2]}er", f"{the[:-2]}erna", the[:-2]


def read_terms(values: Mapping[str, Any], complain: Complain) -> Terms:
    """Read `[terms]` of a profile; a word that cannot be bent is complained of, with the words that can."""
    table = Table(values=values, complain=complain)
    found = Terms(
        client=table.text("client", CLIENT),
        needs_assessor=table.text("needs_assessor", ASSESSOR),
        home_care=table.text("home_care", HOME_CARE),
        case_system=table.text("case_system", CASE_SYSTEM),
    )
    table.done()
    if not (_DEN.fullmatch(found.client) or found.client.endswith("en")):
        complain("client", "ska stå i bestämd form, som brukaren, kunden eller den enskilde")
    if not found.needs_assessor.endswith("are"):
        complain("needs_assessor", "ska sluta på -are, som biståndshandläggare, handläggare eller biståndsbedömare")
    if not found.home_care.endswith("en"):
        complain("home_care", "ska stå i bestämd form, som hemtjänsten, hemvården eller utföraren")
    return found


# --- flows -------------------------------------------------------------------------------------------------------

_MOST = 500
# By identity, for a flow has no hash; it is kept beside what was made of it, so that its number stays its own.
_worded: dict[tuple[int, Terms], tuple[Flow, Flow]] = {}


def flow_of(scene: Scene, thread: ThreadNow) -> Flow:
    """The thread's flow in the words of the thread's profile."""
    return worded(scene.record.flows[thread.flow], scene.profile(thread).section("terms"))


def worded(flow: Flow, terms: Terms) -> Flow:
    """The flow in these words; the very same where they are its own. Its names and codes stay."""
    if terms.is_standard:
        return flow
    kept = _worded.get((id(flow), terms))
    if kept is not None:
        return kept[1]
    if len(_worded) >= _MOST:
        _worded.clear()
    made = _made(flow, terms)
    _worded[id(flow), terms] = flow, made
    return made


Asked = TypeVar("Asked", bound=Field)


def asked_in(item: Asked, terms: Terms) -> Asked:
    """A question in these words."""
    made: Asked = _put(item, terms)
    return made


def _made(flow: Flow, terms: Terms) -> Flow:
    told = {name: _put(getattr(flow, name), terms) for name in _FLOW_TEXTS}
    suggestions, journal = flow.suggestions, flow.journal
    return replace(
        flow,
        **told,
        states={code: terms.put(text) for code, text in flow.states.items()},
        moves={
            key: tuple(
                replace(
                    one, label=terms.put(one.label), consequence=terms.put(one.consequence),
                    needs=_put(one.needs, terms),
                )
                for one in moves
            )
            for key, moves in flow.moves.items()
        },
        words={key: (title, terms.put(sentence)) for key, (title, sentence) in flow.words.items()},
        suggestions=_all_put(suggestions, terms) if suggestions is not None else None,
        journal=_all_put(journal, terms) if journal is not None else None,
    )  # fmt: skip


def _all_put(told: Callable[[Situation], Any], terms: Terms) -> Callable[[Situation], Any]:
    """What a flow's own function says, in these words. It says nothing that anybody has typed."""

    def said(situation: Situation) -> Any:
        return _put(told(situation), terms)

    said.__doc__ = told.__doc__
    return said


def _put(value: Any, terms: Terms) -> Any:
    """Every text in a value, but for the codes and names in it."""
    if isinstance(value, str):
        return terms.put(value)
    if isinstance(value, tuple | list):
        return type(value)(_put(one, terms) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        every = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in _KEPT}
        if isinstance(every.get("options"), tuple):
            every["options"] = tuple((code, terms.put(text)) for code, text in every["options"])
        texts = {name: every[name] if name == "options" else _put(one, terms) for name, one in every.items()}
        return replace(value, **{name: one for name, one in texts.items() if one != getattr(value, name)})
    return value
