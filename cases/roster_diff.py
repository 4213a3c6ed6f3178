"""A plan in plain Swedish: what is new, what changes, what goes away, and what stays although it is gone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.roster_plan import AbsenceKey, Changes, K, PassKey, Plan, RoleKey, Values
from cases.roster_values import Who
from cases.roster_words import GROUND_WORDS, KIND_WORDS, PROVIDER_WORDS, ROLE_WORDS
from reminders.localtime import to_local


@dataclass(frozen=True, kw_only=True)
class Diff:
    """Readable lines, one per changed row under a counted heading. `remarks` are no changes: they recur every time."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...]
    new: int
    changed: int
    gone: int

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


_VERBS: Mapping[str, tuple[str, str, str]] = {
    "new": ("ny", "nytt", "nya"),
    "changed": ("ändrad", "ändrat", "ändrade"),
    "gone": ("borttagen", "borttaget", "borttagna"),
}


@dataclass(frozen=True, kw_only=True)
class _Noun:
    """How a kind of row is spoken of: «Enheter», «enhet», and its gender."""

    heading: str
    one: str
    neuter: bool = False

    def word(self, verb: str, count: int = 1) -> str:
        """«ny», «nytt» or «nya»."""
        common, neuter, many = _VERBS[verb]
        return many if count != 1 else neuter if self.neuter else common


_SOURCES: Mapping[str, str] = {
    "group": "grupp i Entra ID", "roster": "registret", "shifts": "Teams Shifts", "swap": "godkänt byte"
}  # fmt: skip
_WORDS = (KIND_WORDS, PROVIDER_WORDS, GROUND_WORDS, _SOURCES)
_UNIT = _Noun(heading="Enheter", one="enhet")
_PERSON = _Noun(heading="Personer", one="person")
_ROLE = _Noun(heading="Roller", one="roll")
_PASS = _Noun(heading="Jourpass", one="jourpass", neuter=True)
_CASE = _Noun(heading="Ärenden", one="ärende", neuter=True)
_ABSENCE = _Noun(heading="Frånvaro", one="frånvaro")

_COLUMNS: Mapping[str, str] = {
    "name": "namn", "kind": "slag", "profile": "profil", "provider_kind": "driftsform",
    "authority_unit_id": "myndighet", "phone": "telefon", "on_call_phone": "jourtelefon",
    "last_resort_role": "sista utväg, roll", "last_resort_phone": "sista utväg, telefon",
    "mailbox": "funktionsbrevlåda", "disclosure_basis": "grund för utlämnande",
    "disclosure_ref": "beslut om utlämnande", "mode_cap": "högsta läge", "aad_object_id": "aad_object_id",
    "upn": "upn", "title": "titel",
    "active": "aktiv", "ends_at": "till", "source": "källa", "unit_id": "enhet", "responsible_id": "ansvarig",
    "decision_date": "beslutsdatum", "in_effect_date": "verkställd", "last_follow_up": "senaste uppföljning",
    "fixed_contact_id": "fast omsorgskontakt",
}  # fmt: skip


def describe(plan: Plan) -> Diff:
    """The plan's lines, grouped per sheet."""

    def name(who: Who | None) -> str:
        return "(tomt)" if who is None else plan.names.get(who, str(who))

    def role(key: RoleKey) -> str:
        return f"{name(key[0])}, {ROLE_WORDS.get(key[2], key[2])} i {key[1]}"

    def on_call(key: PassKey) -> str:
        return f"{name(key[0])}, {key[1]}, från {_shown(key[2])}"

    def absence(key: AbsenceKey) -> str:
        return f"{name(key[0])}, från {_shown(key[1])}"

    def value(column: str, found: Any) -> str:
        return name(found) if column in ("responsible_id", "fixed_contact_id") else _shown(found)

    groups = (
        _group(_UNIT, plan.units, str, value),
        _group(_PERSON, plan.people, name, value),
        _group(_ROLE, plan.roles, role, value),
        _group(_PASS, plan.passes, on_call, value),
        _group(_CASE, plan.cases, str, value),
        _group(_ABSENCE, plan.absences, absence, value),
    )
    tables: tuple[Changes[Any], ...] = (
        plan.units, plan.people, plan.roles, plan.passes, plan.cases, plan.absences,
    )  # fmt: skip
    return Diff(
        lines=tuple(line for group in groups for line in group),
        remarks=tuple(_remarks(plan)),
        new=sum(len(one.new) for one in tables),
        changed=sum(len(one.changed) for one in tables),
        gone=sum(len(one.gone) for one in tables),
    )


def _group(
    noun: _Noun, changes: Changes[K], label: Callable[[K], str], value: Callable[[str, Any], str]
) -> Iterator[str]:
    if not changes:
        return
    counts = {"new": len(changes.new), "changed": len(changes.changed), "gone": len(changes.gone)}
    yield f"{noun.heading}: " + ", ".join(f"{n} {noun.word(verb, n)}" for verb, n in counts.items() if n)
    for key, values in changes.new.items():
        yield f"  {noun.word('new')} {noun.one} {label(key)}" + _new_detail(noun, values, value)
    for key, (before, after) in changes.changed.items():
        told = ", ".join(
            f"{_COLUMNS[column]} {value(column, before[column])} → {value(column, after[column])}"
            for column in after
            if before[column] != after[column]
        )
        yield f"  {noun.word('changed')} {noun.one} {label(key)}: {told}"
    for key in changes.gone:
        yield f"  {noun.word('gone')} {noun.one} {label(key)}"


def _new_detail(noun: _Noun, values: Values, value: Callable[[str, Any], str]) -> str:
    """What tells a new row from its like."""
    if noun is _UNIT:
        return f": {values['name']}, {_shown(values['kind'])}, profil {values['profile']}"
    if noun is _PERSON:
        return f" ({values['upn'] or values['aad_object_id']})"
    if noun is _PASS:
        return f" till {_shown(values['ends_at'])}"
    if noun is _CASE and values["responsible_id"] is not None:
        return f", ansvarig {value('responsible_id', values['responsible_id'])}"
    return ""


def _remarks(plan: Plan) -> Iterator[str]:
    for unit_id in plan.units.kept:
        yield f"Enheten {unit_id} finns inte längre i filen men står kvar utan roller: tidigare uppgifter hör till den."
    for unit_id in plan.rota_elsewhere:
        yield f"Jouren i {unit_id} hämtas från Teams Shifts. Bladet jour används inte för den enheten."
    for case_ref in plan.cases.kept:
        yield f"Ärendet {case_ref} finns inte längre i filen men står kvar så länge ett meddelande om det är öppet."


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "(tomt)"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return f"{to_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return next((words[value] for words in _WORDS if value in words), str(value))
