"""What must hold between flows and profiles before anything starts."""

from collections.abc import Iterable, Mapping

from cases.flow import Arm, By, Flow, Invite
from cases.ladder import STILL_OPEN
from cases.meeting_kinds import kinds
from dialogs import words
from dialogs.flow_check import same_commands
from reminders.errors import ProfileError
from reminders.profile import Profile


def check_words(profile: Profile, flows: Mapping[str, Flow]) -> None:
    """Every flow that is on exists and is started by words of its own; its rules are in the profile, every prompt of
    theirs has words and gives a signal that the clock may give; and what is not done is reminded of.

    Raises: ProfileError with every fault, naming file, key and what is allowed.
    """
    faults: list[str] = []
    armed = {name: armed_rules(flow) for name, flow in flows.items()}
    file = f"{profile.name}.toml"
    for name in profile.section("flows").on:
        flow = flows.get(name)
        if flow is None:
            faults.append(f"{file}: flows.on: {name} finns inte; de som finns är {', '.join(sorted(flows))}")
            continue
        faults += _meetings_of(flow, profile, file)
        for rule in sorted(armed[name]):
            sharing = [one for one in flows.values() if rule in armed[one.name]]
            faults += _faults_of(rule, flow, profile, file) + _signals_of(rule, flow, profile, file, sharing)
    faults += same_commands(flows[name] for name in profile.section("flows").on if name in flows)
    faults += _missing(armed, profile, file)
    if STILL_OPEN not in profile.rules:
        faults.append(f"{file}: rules.{STILL_OPEN}: saknas; utan den påminner ingen om det som inte är gjort")
    if faults:
        raise ProfileError(tuple(faults))


def _meetings_of(flow: Flow, profile: Profile, file: str) -> list[str]:
    """The kinds of meeting that the flow calls to are in the profile."""
    moves = [move for alternatives in flow.moves.values() for move in alternatives]
    named = [action.kind for move in moves for action in move.then if isinstance(action, Invite) and action.kind]
    wanted = dict.fromkeys([*([flow.meeting] if flow.meeting else []), *named])
    return [
        f"{file}: meetings.{kind}: saknas; flödet {flow.name} behöver mötets slag"
        for kind in wanted
        if kind not in kinds(profile)
    ]


def armed_rules(flow: Flow) -> set[str]:
    """The deadline rules that the flow's table arms."""
    moves = [move for alternatives in flow.moves.values() for move in alternatives]
    return {action.rule for move in moves for action in move.then if isinstance(action, Arm)}


def _missing(armed: Mapping[str, set[str]], profile: Profile, file: str) -> list[str]:
    """Each rule that the profile lacks is named once, however many flows want it."""
    wanted: dict[str, list[str]] = {}
    for name in profile.section("flows").on:
        for rule in sorted(armed.get(name, set()) - set(profile.rules) - {STILL_OPEN}):
            wanted.setdefault(rule, []).append(name)
    return [
        f"{file}: rules.{rule}: saknas; {'flödet' if len(flows) == 1 else 'flödena'} {', '.join(flows)} behöver den"
        for rule, flows in wanted.items()
    ]


def _faults_of(rule: str, flow: Flow, profile: Profile, file: str) -> list[str]:
    found = profile.rules.get(rule)
    if found is None:
        return []
    return [
        f"{file}: rules.{rule}.prompts.{rung.step}: texten {rung.text} har inga ord"
        for rung in found.ladder
        if not words.known(rung.text, flow.words)
    ]


def _signals_of(rule: str, flow: Flow, profile: Profile, file: str, sharing: Iterable[Flow]) -> list[str]:
    """A rung whose signal nobody has a move for does nothing. The flows `sharing` the ladder may have fewer moves."""
    found = profile.rules.get(rule)
    if found is None or all(rung.signal is None for rung in found.ladder):
        return []
    known = {signal for one in sharing for signal in _of_the_clock(one)}
    allowed = ", ".join(sorted(_of_the_clock(flow))) or "ingen"
    return [
        f"{file}: rules.{rule}.prompts.{rung.step}: signal {rung.signal} har ingen rad i {flow.name}.py som klockan "
        f"får göra (By.CLOCK); de som finns är {allowed}"
        for rung in found.ladder
        if rung.signal is not None and rung.signal not in known
    ]


def _of_the_clock(flow: Flow) -> set[str]:
    return {signal for (_, signal), moves in flow.moves.items() if any(By.CLOCK in move.by for move in moves)}
