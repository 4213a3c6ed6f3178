"""What must hold between flows and profiles before anything starts."""

from collections.abc import Mapping

from cases.flow import Arm, Flow
from cases.ladder import STILL_OPEN
from dialogs import words
from reminders.errors import ProfileError
from reminders.profile import Profile


def check_words(profile: Profile, flows: Mapping[str, Flow]) -> None:
    """Every flow that is on exists, its rules are in the profile, and every prompt of theirs has words; and what is
    not done is reminded of.

    Raises: ProfileError with every fault, naming file, key and what is allowed.
    """
    faults: list[str] = []
    file = f"{profile.name}.toml"
    for name in profile.section("flows").on:
        flow = flows.get(name)
        if flow is None:
            faults.append(f"{file}: flows.on: {name} finns inte; de som finns är {', '.join(sorted(flows))}")
            continue
        for rule in sorted(armed_rules(flow)):
            faults += _faults_of(rule, flow, profile, file)
    if STILL_OPEN not in profile.rules:
        faults.append(f"{file}: rules.{STILL_OPEN}: saknas; utan den påminner ingen om det som inte är gjort")
    if faults:
        raise ProfileError(tuple(faults))


def armed_rules(flow: Flow) -> set[str]:
    """The deadline rules that the flow's table arms."""
    moves = [move for alternatives in flow.moves.values() for move in alternatives]
    return {action.rule for move in moves for action in move.then if isinstance(action, Arm)}


def _faults_of(rule: str, flow: Flow, profile: Profile, file: str) -> list[str]:
    found = profile.rules.get(rule)
    if found is None:
        return [f"{file}: rules.{rule}: saknas; flödet {flow.name} behöver den"]
    return [
        f"{file}: rules.{rule}.prompts.{rung.step}: texten {rung.text} har inga ord"
        for rung in found.ladder
        if not words.known(rung.text, flow.words)
    ]
