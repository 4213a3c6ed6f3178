"""A new municipality's profile: asked for, and written as a TOML file with comments that say what each part is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from bot.profiles import questions as q
from bot.profiles.questions import Interview
from bot.profiles.templates import NUMBERS, Template, Templates
from cases.flow import GROUPS, Flow

GROUP_WORDS = {
    "urgent": "Brådskande", "assignments": "Uppdrag och ändringar", "question": "Frågor",
    "plan": "Genomförandeplan",
    "follow_up": "Uppföljning", "meetings": "Möten", "handover": "Överlämning",
    "ends": "Avslut och det som inte har börjat",
    "night": "Jouren", "access": "Behörighet",
}  # fmt: skip
_NOT_CHOSEN = frozenset({"heartbeat"})  # Stafett's own, and no municipality's
_OWN = "Stafetts eget förval, inte ur rutinen."


@dataclass(frozen=True, kw_only=True)
class RuleAnswer:
    """What was said of one rule. Without a `source` it stands in no routine."""

    template: Template
    numbers: Mapping[str, Any]
    source: str
    quote: str


@dataclass(kw_only=True)
class Answers:
    """Everything that was answered."""

    title: str = ""
    routine: str = ""
    review: date | None = None
    office: dict[str, Any] = field(default_factory=dict)
    saturday: bool = False
    closed: list[date] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)
    flows: list[str] = field(default_factory=list)
    rules: list[RuleAnswer] = field(default_factory=list)
    meetings: list[Template] = field(default_factory=list)

    @property
    def name(self) -> str:
        return q.file_name(self.title)


def asked(interview: Interview, flows: Mapping[str, Flow], lent: Templates) -> Answers:
    """Put every question. Raises: Wrong."""
    one = Answers()
    one.title = interview.answer("title", "Vad heter kommunen?", "", q.must)
    one.routine = interview.answer("routine", "Vad heter rutinen, och från när gäller den?", "", q.must)
    review = "När ska rutinen ses över (ÅÅÅÅ-MM-DD)? Tomt: rutinen säger det inte"
    one.review = interview.answer("review", review, "", q.day)
    one.office = {
        "open": interview.answer("open", "När öppnar kontoret?", "07:00", q.clock),
        "close": interview.answer("close", "När stänger kontoret?", "17:00", q.clock),
        "close_summer": interview.answer("close_summer", "När stänger kontoret på sommaren?", "16:00", q.clock),
        "summer_months": interview.answer("summer_months", "Vilka månader är sommartid?", "6, 7, 8", q.months),
    }
    saturday = "Räknas lördag som vardag i rutinen (ja eller nej)? Arbetsdagar är alltid måndag till fredag"
    one.saturday = interview.answer("saturday", saturday, "nej", q.yes)
    closed = "Vilka klämdagar har ni stängt (ÅÅÅÅ-MM-DD, med komma emellan)? Helgdagarna finns redan"
    one.closed = interview.answer("closed", closed, "", q.days)
    one.terms = {
        "client": interview.answer("client", "Vad kallar ni den som har insatser?", "brukaren", q.must),
        "needs_assessor": interview.answer(
            "needs_assessor", "Vad kallar ni handläggaren?", "biståndshandläggare", q.must
        ),
        "home_care": interview.answer("home_care", "Vad kallar ni hemtjänsten?", "hemtjänsten", q.must),
        "case_system": interview.answer("case_system", "Vad heter verksamhetssystemet?", "verksamhetssystemet", q.must),
    }
    for group in GROUPS:
        one.flows += _flows_of(group, interview, flows)
    chosen = [flows[name] for name in one.flows]
    one.rules = [_rule(template, interview) for template in lent.rules_for(chosen)]
    one.meetings = lent.meetings_for(chosen)
    return one


def _flows_of(group: str, interview: Interview, flows: Mapping[str, Flow]) -> list[str]:
    names = {name: flow.title for name, flow in flows.items() if flow.group == group and name not in _NOT_CHOSEN}
    told = "\n".join(f"  {number}. {title} ({name})" for number, (name, title) in enumerate(names.items(), start=1))
    text = f"{GROUP_WORDS[group]}: vilka använder ni? Nummer eller namn med komma emellan, alla eller inga\n{told}\n"

    def read(given: str) -> list[str]:
        chosen = q.some_of(names)(given)
        for first, second in combinations(chosen, 2):
            if set(flows[first].commands) & set(flows[second].commands):
                raise q.Wrong(f"{first} och {second} startas med samma ord. Välj ett av dem.")
        return chosen

    found: list[str] = interview.answer(f"flows.{group}", text, "inga", read)
    return found


def _rule(template: Template, interview: Interview) -> RuleAnswer:
    """The routine's own rules are asked about; what is our own default in every profile is lent as it is."""
    if template.is_own_default:
        return RuleAnswer(template=template, numbers={}, source="", quote="")
    key = f"rules.{template.name}"
    source = interview.answer(
        f"{key}.source", f"\n{template.why}\nVar i er rutin står det? Tomt: det står inte där", "", q.text
    )  # fmt: skip
    numbers = {
        name: interview.answer(f"{key}.{name}", f"  {NUMBERS[name]} ({{{name}}} ovan)?", str(value), _reader(value))
        for name, value in template.numbers.items()
    }
    quote = interview.answer(f"{key}.quote", "  Rutinens egna ord? Frivilligt", "", q.text) if source else ""
    return RuleAnswer(template=template, numbers=numbers, source=source, quote=quote)


def _reader(value: Any) -> Any:
    return q.whole if isinstance(value, int) else q.clock_or_word


# --- the file ----------------------------------------------------------------------------------------------------


def written(one: Answers) -> str:
    """The profile as TOML."""
    return "\n".join([*_head(one), *_flows(one), *_meetings(one), *_rules(one)]) + "\n"


def _head(one: Answers) -> Iterator[str]:
    yield f"# {one.title}: {one.routine}."
    yield "# Det som inte står här gäller enligt _standard.toml. Kontrollera med: stafett profile check FIL"
    yield 'extends = "_standard"'
    yield f"title = {_value(one.title)}"
    if one.review is not None:
        yield "\n# När rutinen ska ses över. Det är en upplysning, ingen frist."
        yield f"[[reviews]]\nsource = {_value(f'{one.title}, {one.routine}')}\nfirst = {one.review.isoformat()}"
    yield "\n# Kontorstiden avgör när jouren tar över, och när påminnelser räknas i minuter."
    yield "[office]"
    yield from (f"{key} = {_value(value)}" for key, value in one.office.items())
    yield "\n# Helgdagar och aftnar finns redan. Här står bara det som är kommunens eget."
    yield "[calendar]"
    yield f"saturday_is_vardag = {_value(one.saturday)}"
    yield f"extra_closed_days = {_value(one.closed)}"
    yield "\n# Orden som kort och listor använder."
    yield "[terms]"
    yield from (f"{key} = {_value(value)}" for key, value in one.terms.items())
    yield "\n# pekare: inget om den enskilde står i Stafett. Annat kräver kommunens beslut, se docs/drift/uppgifter.md."
    yield '[privacy]\nmode = "pekare"'


def _flows(one: Answers) -> Iterator[str]:
    yield "\n# Flödena som används. Resten går inte att starta."
    yield "[flows]\non = ["
    yield from (f"  {_value(name)}," for name in one.flows)
    yield "]"


def _meetings(one: Answers) -> Iterator[str]:
    for kind in one.meetings:
        yield f"\n# Mötets längd, deltagare och dagordning är lånade från {kind.title}. Gör dem till era egna."
        yield f"[meetings.{_key(kind.name)}]"
        values = {key: value for key, value in kind.values.items() if key != "source"}
        yield from _lines(values | {"source": "Eget förval"})


def _rules(one: Answers) -> Iterator[str]:
    for rule in one.rules:
        table, theirs = dict(rule.template.values), ("source", "quote", "reading", "own_default", "why", "prompts")
        table = {key: value for key, value in table.items() if key not in theirs} | dict(rule.numbers)
        why = rule.template.why
        if rule.source:
            yield "\n# Ur rutinen. Klockslagen i prompts är Stafetts eget förval."
            table |= {"source": f"{one.title}, {rule.source}", "why": why}
            table |= {"quote": rule.quote} if rule.quote else {}
        else:
            yield "\n# Står inte i rutinen: Stafetts eget förval, och korten säger det."
            table |= {"own_default": True, "source": "Stafett", "why": why if _OWN in why else f"{why} {_OWN}"}
        yield f"[rules.{_key(rule.template.name)}]"
        yield from _lines(table)
        prompts = rule.template.prompts(rule.numbers)
        if prompts:
            yield "prompts = ["
            yield from (f"  {_value(prompt)}," for prompt in prompts)
            yield "]"


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value as TOML writes it. Its basic strings are quoted as JSON's are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
