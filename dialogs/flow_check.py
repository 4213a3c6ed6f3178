"""What a flow's file must keep to beside its table, looked at before anything starts.

A slip here would otherwise first be seen by whoever presses the button. Every fault names the place in the file and
what is allowed there.
"""

from collections.abc import Iterable, Iterator, Mapping, Set

from cases.actions import Action, Arm, Audience, Disarm, GiveBack, Invite, Mail, Open, OpenEach, Own, PassOn, Rearm, Say
from cases.fields import Day, Field, Moment, PerCase, UnitChoice
from cases.flow import Flow
from cases.roles import CASE_ROLES, UNIT_KINDS
from cases.route import RECEIVING_UNIT
from dialogs import words
from dialogs.reading import TYPED


def check_flows(flows: Mapping[str, Flow]) -> list[str]:
    """The faults of these flows by file, each beginning with its file and place; none for flows that may start.

    Moves that flows share may stop a step that only some of them start.
    """
    shared = {step for one in flows.values() for step in steps_of(one)}
    return [f"{file}: {fault}" for file, flow in flows.items() for fault in _faults_of(flow, shared)]


def _faults_of(flow: Flow, shared: Set[str]) -> list[str]:
    found = [*_senders(flow), *_fields(flow), *_words(flow), *_commands(flow)]
    for place, action in _actions(flow):
        found += [f"{place}: {fault}" for fault in _action(action, flow, shared)]
    return list(dict.fromkeys(found))


def same_commands(flows: Iterable[Flow]) -> list[str]:
    """Commands that start more than one of these flows: only the first ever would be."""
    taken: dict[str, str] = {}
    found: list[str] = []
    for flow in flows:
        for command in flow.commands:
            first = taken.setdefault(command, flow.name)
            if first != flow.name:
                files = f"{first}.py och {flow.name}.py"
                found.append(f"{files}: commands: {command} finns i båda; upptagna är {_listed(taken)}")
    return found


def steps_of(flow: Flow) -> set[str]:
    """The steps for which the flow's table starts a deadline."""
    return {action.step for _, action in _actions(flow) if isinstance(action, Arm)}


def _actions(flow: Flow) -> Iterator[tuple[str, Action]]:
    for (state, signal), alternatives in flow.moves.items():
        for move in alternatives:
            for action in move.then:
                yield f'moves[("{state}", "{signal}")]', action


def _senders(flow: Flow) -> Iterator[str]:
    unknown = flow.senders - set(CASE_ROLES)
    if unknown:
        yield f"senders: {_listed(unknown)} finns inte; rollerna är {', '.join(CASE_ROLES)}"


def _fields(flow: Flow) -> Iterator[str]:
    for item in flow.fields():
        if isinstance(item, UnitChoice) and item.kind not in UNIT_KINDS:
            yield f"{item.name}: kind {item.kind} finns inte; slagen är {', '.join(UNIT_KINDS)}"


def _words(flow: Flow) -> Iterator[str]:
    """A title stands on a locked phone, so a flow chooses among those that say nothing."""
    for key, (title, _) in flow.words.items():
        if title not in words.TITLES:
            allowed = ", ".join(f"«{one}»" for one in words.TITLES)
            yield f"words.{key}: rubriken «{title}» syns på en låst telefon; tillåtna är {allowed}"


def _commands(flow: Flow) -> Iterator[str]:
    for command in flow.commands:
        if command != " ".join(command.lower().split()):
            yield f"commands: {command} skrivs med små bokstäver och enkla mellanslag"
        if command in TYPED:
            yield f"commands: {command} betyder redan något annat; upptagna är {_listed(TYPED)}"


def _action(action: Action, flow: Flow, shared: Set[str]) -> Iterator[str]:
    if isinstance(action, Say | Mail | PassOn | GiveBack) and not words.known(action.text, flow.words):
        yield (
            f"texten {action.text} har inga ord; lägg till dem i words (där finns {_listed(flow.words)}) "
            "eller välj en gemensam text i dialogs/words.py"
        )
    if isinstance(action, Disarm | Rearm) and action.step not in shared:
        yield f"{type(action).__name__}: steget {action.step} startas aldrig; stegen är {_listed(steps_of(flow))}"
    if isinstance(action, Arm) and action.since is not None:
        times = {item.name for item in flow.fields() if isinstance(item, Day | Moment)}
        if action.since not in times:
            yield f"Arm: since {action.since} är ingen dag eller tid som frågas efter; de är {_listed(times)}"
    if isinstance(action, Invite) and not _asks(flow, Moment, action.starts):
        yield f"Invite: starts {action.starts} är ingen tid som frågas efter"
    if isinstance(action, Invite) and not flow.meeting:
        yield "Invite: flödet saknar meeting, som är mötets slag i profilen"
    if isinstance(action, OpenEach) and not _asks(flow, PerCase, action.field):
        yield f"OpenEach: field {action.field} är ingen fråga med ett val för varje ärende"
    if _audience(action) == Audience.RECEIVING_UNIT and not _asks_receiving_unit(flow):
        chosen = _listed(item.name for item in flow.fields() if isinstance(item, UnitChoice))
        yield f'RECEIVING_UNIT läser svaret på UnitChoice(name="{RECEIVING_UNIT}"); enhetsfrågorna är {chosen}'


def _audience(action: Action) -> Audience | None:
    if isinstance(action, Say | Mail | Own):
        return action.to
    return action.sender if isinstance(action, Open) else None


def _asks(flow: Flow, kind: type[Field], name: str) -> bool:
    return any(isinstance(item, kind) and item.name == name for item in flow.fields())


def _asks_receiving_unit(flow: Flow) -> bool:
    return any(isinstance(item, UnitChoice) and item.name == RECEIVING_UNIT for item in flow.fields())


def _listed(names: Iterable[str] | Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "inga"
