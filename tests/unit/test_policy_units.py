"""What a role lets somebody do in a unit and with an on-call pass, written by hand and held against the policy."""

from datetime import datetime

from policy_roster import AFTER, DAY, LATER, NIGHT, NUMBERS, PEOPLE, UNITS, roster, who
from town import shipped

from cases.flow import Flow
from cases.policy import Act, OfPass, OfUnit, Verdict, decide

# By role, in one's own unit: LEAD its day, take out QUALITY, BOARD (o: one's own cases), NOT_STARTED, REVIEW of roles,
# STATISTICS, HOLD a case back from disposal, CONFIGURE, AUDIT. Whoever is not named may do none of it, and in another
# unit nobody may.
UNIT_TABLE = """
    assessor        -  -  o  o  -  -  -  -  -
    colleague       -  -  o  o  -  -  -  -  -
    lead            x  x  x  x  -  x  x  -  -
    chief           x  x  x  x  x  x  x  -  -
    profile_admin   -  -  -  -  x  x  x  x  -
    auditor         -  -  -  -  -  x  x  -  x
    manager         x  -  -  x  x  x  -  -  -
    deputy          x  -  -  -  -  -  -  -  -
    other_manager   x  -  -  x  x  x  -  -  -
"""
IN_UNIT = (
    Act.LEAD, Act.QUALITY, Act.BOARD, Act.NOT_STARTED, Act.REVIEW, Act.STATISTICS, Act.HOLD, Act.CONFIGURE, Act.AUDIT,
)  # fmt: skip


def test_what_a_role_lets_in_its_own_unit_and_in_no_other() -> None:
    said = {words[0]: words[1:] for line in UNIT_TABLE.strip().splitlines() if (words := line.split())}
    for key in PEOPLE:
        own = PEOPLE[key].partition(" ")[0]
        for unit in UNITS:
            found = [sign(decide(who(key, DAY), act, OfUnit(unit_id=unit)), key) for act in IN_UNIT]
            expected = said.get(key, ["-"] * len(IN_UNIT)) if unit == own else ["-"] * len(IN_UNIT)
            assert found == expected, (key, unit)


def sign(verdict: Verdict, key: str) -> str:
    if not verdict:
        return "-"
    assert verdict.only in (None, NUMBERS[key])
    return "x" if verdict.only is None else "o"


def test_whoever_holds_a_role_anywhere_and_who_holds_none() -> None:
    """Of what goes across units the unit is left out; who has left, or has no role, may do nothing."""
    assert decide(who("auditor", DAY), Act.AUDIT, OfUnit()) and not decide(who("manager", DAY), Act.AUDIT, OfUnit())
    for key in ("gone", "left"):
        for act in (*IN_UNIT, Act.WORK):
            assert not decide(who(key, DAY), act, OfUnit()) and not decide(who(key, DAY), act, OfUnit(unit_id="NORR"))


def test_the_jour_starts_messages_during_the_pass_alone() -> None:
    record = shipped()
    profile = record.profiles["norrkoping"]
    grant, swap, urgent = (record.flows[name] for name in ("on_call_grant", "on_call_swap", "urgent_lasting"))
    for now, has in ((DAY, False), (NIGHT, True), (AFTER, False), (LATER, False)):
        for flow in (grant, urgent):
            assert starts("jour", flow, now) is has, (flow.name, now)
        assert starts("jour", swap, now), "a pass is swapped by day"
        assert decide(who("jour", now), Act.TAKE_DUTY, OfUnit(unit_id="NORR")).allowed is has
    assert not decide(who("jour", NIGHT), Act.TAKE_DUTY, OfUnit(unit_id="SODER"))
    assert not decide(who("jour", NIGHT), Act.START, OfUnit(unit_id="SODER", flow=grant, profile=profile)), (
        "the pass is of one unit"
    )


def starts(key: str, flow: Flow, now: datetime) -> bool:
    what = OfUnit(unit_id="NORR", flow=flow, profile=shipped().profiles["norrkoping"])
    return decide(who(key, now), Act.START, what).allowed


def test_only_who_sends_a_flow_starts_it_and_only_where_it_is_in_use() -> None:
    record = shipped()
    for flow in record.flows.values():
        for key, held in PEOPLE.items():
            unit, _, role = held.partition(" ")
            if role in ("", "on_call_supervisor") or key == "gone":
                continue
            for profile in record.profiles.values():
                what = OfUnit(unit_id=unit, flow=flow, profile=profile)
                may = role in flow.senders and flow.name in profile.section("flows").on
                assert decide(who(key, DAY), Act.START, what).allowed is may, (flow.name, key, profile.name)
    assert not decide(who("gone", DAY), Act.START, OfUnit(unit_id="NORR", flow=record.flows["question"]))


def test_a_pass_is_handed_on_by_who_has_it_and_by_who_answers_for_the_unit() -> None:
    one, profile = roster().passes["NORR"][0], shipped().profiles["norrkoping"]
    may = {key for key in PEOPLE if decide(who(key, DAY), Act.HAND_ON, OfPass(one=one, profile=profile))}
    assert may == {"jour", "manager", "deputy", "team_lead", "team_lead_too"}
