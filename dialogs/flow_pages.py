"""A page for each flow, written from its table and the rules it starts: the pages cannot disagree with the flows."""

from collections.abc import Mapping

from cases.flow import Choice, Field, Flow, Signpost
from cases.roster_words import ROLE_WORDS
from dialogs.diagrams import diagram, staying
from dialogs.flow_facts import rules_of
from dialogs.terms import worded
from reminders.profile import Profile
from reminders.rule_spec import Rule

MADE_BY = "Sidan skrivs av `stafett diagrams` ur flödets egen tabell. Ändra flödet, inte sidan."
INDEX = "README.md"


def pages(flows: Mapping[str, Flow], profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Each page by its file name, in Swedish markdown with Mermaid diagrams, and a list of them all."""
    found = {f"{flow.name}.md": _page(flow, _profile_of(flow, profiles)) for flow in flows.values()}
    return {INDEX: _index(flows), **found}


def _index(flows: Mapping[str, Flow]) -> str:
    rows = "".join(f"| [{flow.title}]({flow.name}.md) | `{flow.name}` | {flow.source} |\n" for flow in flows.values())
    return f"# Flödena\n\n{MADE_BY}\n\n| Flöde | Namn | Källa |\n|---|---|---|\n{rows}"


def _page(flow: Flow, profile: Profile | None) -> str:
    flow = worded(flow, profile.section("terms")) if profile is not None else flow
    commands = ", ".join(f"`{word}`" for word in flow.commands) or "–"
    senders = (
        ", ".join(sorted(ROLE_WORDS.get(role, role) for role in flow.senders)) or "ingen, det kommer ur ett annat flöde"
    )
    return (
        f"# {flow.title}\n\n{MADE_BY}\n\n{flow.intro}\n\n"
        f"- Namn: `{flow.name}`\n- Källa: {flow.source}\n- Startas av: {senders}\n- Skriv: {commands}\n"
        f"- Brådskande: {'ja' if flow.urgent else 'nej'}\n\n"
        f"## Frågor\n\n{_questions(flow)}\n"
        f"## Frister\n\n{_deadlines(flow, profile)}\n"
        f"{_signposts(flow)}"
        f"## Lägen\n\n```mermaid\n{diagram(flow)}```\n"
        f"{_staying(flow)}"
    )


def _signposts(flow: Flow) -> str:
    """What the form says instead of going on, and after which answer."""
    lines = [f"- {_answer(flow, one)}{one.text} ({one.source})\n" for one in flow.signposts]
    return f"## Vägvisare\n\n{''.join(lines)}\n" if lines else ""


def _answer(flow: Flow, post: Signpost) -> str:
    if post.when is None:
        return "Före frågorna: "
    asked = {item.name: item for item in flow.form}[post.when[0]]
    options = dict(asked.options) if isinstance(asked, Choice) else {}
    return f"«{asked.label}» – {options.get(post.when[1], post.when[1])}: "


def _staying(flow: Flow) -> str:
    lines = [f"- {flow.states[state]}: {' · '.join(said)}\n" for state, said in staying(flow).items()]
    return f"\nUtan att läget ändras:\n\n{''.join(lines)}" if lines else ""


def _questions(flow: Flow) -> str:
    asked = [_question(item) for item in flow.form]
    asked_later = [_question(item) for item in flow.fields() if item not in flow.form]
    later = ["", "När en knapp trycks:", "", *asked_later] if asked_later else []
    return "".join(f"{line}\n" for line in [*(asked or ["Inga."]), *later])


def _question(item: Field) -> str:
    marks = [] if item.required else ["frivillig"]
    marks += ["känsligt, står aldrig i en avisering"] if item.sensitive else []
    said = f" ({'; '.join(marks)})" if marks else ""
    options = f": {' · '.join(label for _, label in item.options)}" if isinstance(item, Choice) else ""
    return f"- {item.label}{said}{options}"


def _deadlines(flow: Flow, profile: Profile | None) -> str:
    rows = [_deadline(name, profile.rules.get(name) if profile else None) for name in rules_of(flow)]
    return "| Regel | Källa | Vad den säger |\n|---|---|---|\n" + "".join(rows) if rows else "Inga.\n"


def _deadline(name: str, rule: Rule | None) -> str:
    if rule is None:
        return f"| `{name}` | – | – |\n"
    number = f" ({rule.id})" if rule.id else ""
    return f"| `{name}`{number} | {rule.source} | {rule.why} |\n"


def _profile_of(flow: Flow, profiles: Mapping[str, Profile]) -> Profile | None:
    """The first profile that has the flow on: the rules are told as they stand there."""
    return next((one for one in profiles.values() if flow.name in one.section("flows").on), None)
