"""Questions about several cases at once: which cases, and one choice for each of them. As texts; drawn elsewhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cases.fields import CaseList, DayList, Field, PerCase, codes_of, per_case, per_case_text
from dialogs import day_lists

_BETWEEN = re.compile(r"[,;\n\r]+")
_LONGEST = 40  # signs in one reference


def typed_cases(text: str) -> list[str]:
    """What has been typed between commas, semicolons and line breaks, each once."""
    found = (" ".join(one.split()) for one in _BETWEEN.split(text))
    return list(dict.fromkeys(one for one in found if one))


def known_cases(
    fields: Sequence[Field], data: Mapping[str, Any], known_as: Callable[[str], str | None]
) -> dict[str, dict[str, str]]:
    """How the roster spells the cases that have been typed, by question; those that it does not know are left out."""
    found: dict[str, dict[str, str]] = {}
    for item in [one for one in fields if isinstance(one, CaseList)]:
        typed = [one for one in typed_cases(str(data.get(item.name) or "")) if len(one) <= _LONGEST][: item.most]
        spelled = {one: known_as(one) for one in typed}
        found[item.name] = {one: ref for one, ref in spelled.items() if ref is not None}
    return found


def fault_of(item: CaseList, text: str, known: Mapping[str, str]) -> str:
    """What is wrong with a typed list of cases, by name; nothing when the roster knows all of them."""
    typed = typed_cases(text)
    if len(typed) > item.most:
        return f"Listan har {len(typed)} ärenden. Den får ha högst {item.most}."
    unknown = [one for one in typed if one not in known]
    if not unknown:
        return ""
    what = "det" if len(unknown) == 1 else "dem"
    return f"Finns inte i Stafetts register: {', '.join(unknown)}. Rätta eller ta bort {what}."


def listed(text: str, known: Mapping[str, str]) -> str:
    """The cases as they are kept, each once and spelled as the roster does."""
    return ",".join(dict.fromkeys(known[one] for one in typed_cases(text)))


def cases_of(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The cases that a choice for each is to be made of, by question."""
    asked = [item for item in fields if isinstance(item, PerCase)]
    return {item.name: {case: case for case in codes_of(values.get(item.cases))} for item in asked}


def input_of(item: PerCase, case: str) -> str:
    """The name of the input for one case: it carries the case, because the list may grow while the form is open."""
    return f"{item.name}:{case}"


def chosen(item: PerCase, texts: Mapping[str, str]) -> str:
    """The choices as they are kept; cases without one are left out, and so is a choice that is not offered."""
    offered = {code for code, _ in item.options}
    cut = len(item.name) + 1
    return per_case_text({name[cut:]: code for name, code in texts.items() if code in offered})


def given(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """The choices made before, as the form shows them."""
    asked = [item for item in fields if isinstance(item, PerCase)]
    return {input_of(item, case): code for item in asked for case, code in per_case(values.get(item.name)).items()}


def shown(item: PerCase | CaseList | DayList, value: Any) -> str:
    """«NK-2041: Justera tid; NK-2042: Hembesök», or a list of cases or of days."""
    if isinstance(item, DayList):
        return day_lists.shown(value)
    if isinstance(item, CaseList):
        return ", ".join(codes_of(value))
    names = dict(item.options)
    return "; ".join(f"{case}: {names.get(code, code)}" for case, code in per_case(value).items())
