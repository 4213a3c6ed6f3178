"""Nobody else decides: where a person's roles are looked at, where threads are read, and who draws them, each with why.

What is not named here asks the policy, or is a fault. A line that nothing needs any more is one too.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from cases.policy import Act
from cases.roles import ROLES

ROOT = Path(__file__).parents[2]
POLICY = ("cases/policy.py", "cases/policy_relations.py", "cases/policy_units.py", "cases/policy_words.py")

# Who looks at the roles somebody holds in a unit without asking the policy, and what for. None of it lets anybody in.
ROLES_LOOKED_AT = {
    "cases/access.py": "whom an application for access is put to, and what it may be for",
    "cases/access_review.py": "whose review a list is",
    "cases/convene.py": "whom a meeting is with",
    "cases/invite.py": "whom a meeting is with",
    "cases/leaving.py": "whose seats go to somebody else",
    "cases/route.py": "who sits in a seat",
}
# Who names a role, beside the flows, the profiles' words and the roster's reading.
ROLES_NAMED = {
    "bot/profiles/new.py": "what a role is called",
    "cases/absence.py": "whose automatic replies are asked for",
    "cases/access_review.py": "whose review a list is",
    "cases/actions.py": "audiences",
    "cases/directory.py": "which roles answer for cases",
    "cases/meeting_kinds.py": "whom a meeting is with",
    "cases/passes.py": "which role has passes",
    "cases/roles.py": "the roles themselves",
    "cases/roster_check_people.py": "the roster's own rules",
    "cases/roster_words.py": "the roster's own words",
    "cases/route.py": "audiences",
    "dialogs/care_plans.py": "who sends a flow",
    "dialogs/common.py": "who sends a flow",
    "dialogs/duty.py": "who is told silently",
    "dialogs/handover.py": "who sends a flow",
    "dialogs/lists_access.py": "whom a list is sent to",
    "dialogs/lists_meetings.py": "whom a list is sent to",
    "dialogs/lists_open.py": "which buttons are offered",
    "dialogs/role_words.py": "what a role is called",
    "dialogs/sealing.py": "whom a list is sent to",
    "dialogs/terms.py": "what a role is called",
    "dialogs/starting.py": "what is said to whom a flow is not for",
    "dialogs/supervision.py": "who sends a flow",
}
# Who reads whole threads without asking the policy: nothing of it reaches a person, or only whom the flow tells.
THREADS_READ = {
    "bot/errand/mail.py": "a pointer to a unit's mailbox",
    "bot/graph/calendar_back.py": "what somebody's calendar says comes in",
    "bot/graph/calendar_door.py": "the meeting's own words go out",
    "bot/graph/calendar_looks.py": "calendars are compared",
    "bot/graph/calendar_plan.py": "the meeting's own words go out",
    "bot/setbacks.py": "what could not be delivered",
    "cases/case_given.py": "the record's own moves",
    "cases/case_wide.py": "the record's own moves",
    "cases/leaving.py": "the record's own moves",
    "cases/opening.py": "the record's own moves",
    "cases/planned_meetings.py": "which units have a meeting planned",
    "cases/recompute.py": "the record's own moves",
    "cases/record.py": "the record's own moves: its planner asks",
    "cases/relay.py": "the record's own moves",
    "cases/sealing.py": "the record's own moves",
    "dialogs/lists_case.py": "what its list has let through",
    "dialogs/night_call.py": "whom the flow rings",
    "dialogs/painter.py": "what a view lets through",
    "dialogs/starting.py": "which thread a form has made already; the desk opens it",
    "dialogs/supervision_openings.py": "what is opened by the clock",
}
# Who makes a view of a thread; all of them ask it, or are asked themselves, before anything is drawn.
VIEWS_MADE = {
    "dialogs/break_glass.py", "dialogs/case_file.py", "dialogs/desk.py", "dialogs/lists_rows.py", "dialogs/painter.py",
}  # fmt: skip
# Who looks at relations themselves, to know on which side of a thread somebody stands.
SIDES_LOOKED_AT = {"cases/plan.py", "cases/telling.py", "dialogs/thread_card.py", "dialogs/view.py"}
_OUTSIDE = ("migrations", "demo", "flows")  # the flows say who sends them


@cache
def rooms() -> dict[str, ast.Module]:
    """Every module of the three rooms, parsed."""
    found = {}
    for room in ("cases", "dialogs", "bot"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if not set(_OUTSIDE) & set(path.relative_to(ROOT).parts):
                found[str(path.relative_to(ROOT))] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def asks(module: ast.Module) -> bool:
    """Whether it asks the policy: `decide`, or `may` of a view."""
    calls = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    return any(
        (isinstance(one, ast.Name) and one.id == "decide") or (isinstance(one, ast.Attribute) and one.attr == "may")
        for one in calls
    )


def attributes(module: ast.Module) -> set[str]:
    return {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}


def texts(module: ast.Module) -> Iterator[str]:
    return (
        node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )  # fmt: skip


def imports(module: ast.Module) -> set[str]:
    return {
        f"{node.module}.{name.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def looks_at_roles(module: ast.Module) -> bool:
    return "roles_of" in attributes(module)


def names_a_role(module: ast.Module) -> bool:
    return bool(set(texts(module)) & set(ROLES))


def reads_threads(module: ast.Module) -> bool:
    return "cases.load" in imports(module) and not asks(module)


def makes_views(module: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "View"
        for node in ast.walk(module)
    )


def looks_at_sides(module: ast.Module) -> bool:
    return any(name.startswith("cases.policy_relations.") for name in imports(module))


CHECKS = {
    "roles are looked at": (looks_at_roles, ROLES_LOOKED_AT.keys()),
    "roles are named": (names_a_role, ROLES_NAMED.keys()),
    "threads are read": (reads_threads, THREADS_READ.keys()),
    "views are made": (makes_views, VIEWS_MADE),
    "relations are looked at": (looks_at_sides, SIDES_LOOKED_AT),
}


@pytest.mark.parametrize("what", CHECKS)
def test_nobody_but_the_policy_decides(what: str) -> None:
    check, known = CHECKS[what]
    found = {name for name, module in rooms().items() if name not in POLICY and check(module)}
    assert found == set(known)


PLANTS: Mapping[str, str] = {
    "roles are looked at": "def may(who, unit, directory): return 'x' in directory.roles_of(who, unit)",
    "roles are named": "LET = {'unit_manager'}",
    "threads are read": "from cases import load\ndef shown(tx, n): return load.one(tx, n).values",
    "views are made": "from dialogs.view import View\ndef card(thread): return View(thread=thread)",
    "relations are looked at": "from cases.policy_relations import relations",
}


@pytest.mark.parametrize("what", CHECKS)
def test_a_module_that_decides_for_itself_is_found(what: str) -> None:
    check, _ = CHECKS[what]
    assert check(ast.parse(PLANTS[what])) and not check(ast.parse("from cases.policy import decide"))


def test_every_act_is_asked_about_somewhere() -> None:
    asked = {
        node.attr
        for name, module in rooms().items()
        if name not in POLICY
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Act"
    }
    assert asked == {act.name for act in Act}
