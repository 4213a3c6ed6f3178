"""Who may do what, line by line: what the law's access list and the routines say, written by hand and held against the
policy. No database, no flow: a roster, a thread and a time.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from policy_roster import AFTER, DAY, LATER, NEXT_NIGHT, NIGHT, NUMBERS, PEOPLE, who
from town import shipped

from cases.flow import By
from cases.policy import Act, Grant, OfThread, OfUnit, Verdict, Who, decide
from cases.thread import LEFT, RETURNED, SEALED, NotRead, Party, ThreadNow

# What each letter stands for; the four that follow L and S are tried beside them.
ACTS = {
    "S": Act.SEE, "L": Act.LIST, "R": Act.READ, "M": Act.MOVE, "W": Act.MOVE, "C": Act.STEP_IN, "G": Act.BREAK_GLASS,
    "E": Act.EXPORT_CASE,
}  # fmt: skip
BY = {"M": frozenset({By.RECEIVER, By.INFORMED}), "W": frozenset({By.SENDER})}
AS_LISTED, AS_SEEN = (Act.ASK, Act.JOURNAL, Act.SEAL), (Act.FETCH,)

# S see its card, L find it, R read it where the mode lets, M answer as who has it, W act as its sender, C step in for a
# colleague, G ask to read it in an emergency, E take it out with its case. Whoever is not named may do nothing at all.
TABLE = {
    # An urgent message from the provider to the responsible assessor. Own cases; a colleague's only by stepping in.
    ("to_assessor", "DAY"): """
        assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("to_assessor", "NIGHT"): """
        assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW    jour SLRW
    """,  # the jour acts for the unit during the pass
    ("to_assessor", "AFTER"): """
        assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,  # and not a minute more, for what others have written
    # Of a case that nobody answers for: every assessor's queue.
    ("to_queue", "DAY"): """
        assessor SLRM     colleague SLRM    lead GE        chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    # The assessor has not acted: the lead is told, and may take it over.
    ("escalated", "DAY"): """
        assessor SLRM     colleague CG      lead SLRME     chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    # It has gone to another assessor: who had it has no part in it any more, or looks on.
    ("passed_on", "DAY"): """
        assessor CG       colleague SLRM    lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("given_back", "DAY"): """
        assessor SLRM     colleague G       lead GE        chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    # From an assessor to the provider's queue: the unit's own leaders, and nobody of another unit.
    ("to_provider", "DAY"): """
        assessor SLRW     colleague CG      lead SLRWE     chief GE
        team_lead SLRM    team_lead_too SLRM    administrator SLRM    manager SLRME    deputy G
    """,
    ("to_provider", "NIGHT"): """
        assessor SLRW     colleague CG      lead SLRWE     chief GE
        team_lead SLRM    team_lead_too SLRM    administrator SLRM    manager SLRME    deputy G      jour G
    """,
    # Care staff see what they are named in.
    ("to_contact", "DAY"): """
        assessor SLRW     colleague CG      lead SLRWE     chief GE
        contact SLRM      team_lead CG      team_lead_too CG      administrator C     manager CGE      deputy CG
    """,
    ("to_team", "DAY"): """
        team SLRM         team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    # What the jour has written during the pass, and what has come to the jour: until the notes are written.
    ("by_jour", "NIGHT"): """
        jour SLRW         assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("by_jour", "AFTER"): """
        jour SLRW         assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("by_jour", "LATER"): """
        assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("by_jour", "NEXT_NIGHT"): """
        next_jour SLRW    assessor SLRM     colleague CG      lead CGE       chief GE
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("to_jour", "NIGHT"): """
        jour SLRM         assessor SLRW     colleague CG      lead SLRWE     chief GE
        team_lead CG      team_lead_too CG      administrator C     manager CGE      deputy CG
    """,
    ("to_jour", "AFTER"): """
        jour SLRM         assessor SLRW     colleague CG      lead SLRWE     chief GE
        team_lead CG      team_lead_too CG      administrator C     manager CGE      deputy CG
    """,
    ("to_jour", "LATER"): """
        assessor SLRW     colleague CG      lead SLRWE     chief GE
        team_lead CG      team_lead_too CG      administrator C     manager CGE      deputy CG
    """,
    # A draft is its sender's side's; what has ended is covered for by nobody; of what is sealed only that it has ended.
    ("draft", "DAY"): """
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("closed", "NIGHT"): """
        assessor SLRM     colleague G       lead GE        chief GE        jour G
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
    """,
    ("sealed", "NIGHT"): """
        assessor S        team_lead S       team_lead_too S       administrator S       manager S       deputy S
    """,
    # A seat of one's own that came with a role one no longer has: the jour has it during the pass, the others not.
    ("to_who_has_the_jour", "DAY"): "team_lead SLRW team_lead_too SLRW administrator SLRW manager SLRWE deputy SLRW",
    ("to_auditor", "DAY"): """
        team_lead SLRW    team_lead_too SLRW    administrator SLRW    manager SLRWE    deputy SLRW
        lead CGE          assessor CG       colleague CG      chief GE
    """,
}  # fmt: skip


def seat(side: str, role: str, unit: str, who: str = "") -> Party:
    number = NUMBERS[who] if who else None
    return Party(id=1, side=side, role=role, unit_id=unit, person_id=number, because="new")


SENDER = seat("sender", "sender", "NORR", "team_lead")
ASSESSOR = seat("receiver", "responsible_assessor", "MYND", "assessor")
THREADS: dict[str, list[Party]] = {
    "to_assessor": [SENDER, ASSESSOR],
    "to_queue": [SENDER, seat("receiver", "function_mailbox", "MYND")],
    "escalated": [SENDER, ASSESSOR, seat("informed", "lead_needs_assessor", "MYND")],
    "passed_on": [SENDER, replace(ASSESSOR, side=LEFT), seat("receiver", "needs_assessor", "MYND", "colleague")],
    "given_back": [SENDER, replace(ASSESSOR, side=RETURNED)],
    "to_provider": [seat("sender", "sender", "MYND", "assessor"), seat("receiver", "function_mailbox", "NORR")],
    "to_contact": [
        seat("sender", "sender", "MYND", "assessor"), seat("receiver", "fixed_care_contact", "NORR", "contact")
    ],
    "to_team": [SENDER, seat("receiver", "function_mailbox", "HGT")],
    "by_jour": [seat("sender", "sender", "NORR", "jour"), ASSESSOR],
    "to_jour": [
        seat("sender", "sender", "MYND", "assessor"), seat("receiver", "on_call_supervisor", "NORR", "jour")
    ],
    "draft": [SENDER],
    "closed": [SENDER, ASSESSOR],
    "sealed": [SENDER, ASSESSOR],
    "to_who_has_the_jour": [SENDER, seat("informed", "team_lead", "NORR", "jour")],
    "to_auditor": [SENDER, seat("receiver", "needs_assessor", "MYND", "auditor")],
}  # fmt: skip


def of(name: str) -> OfThread:
    """A thread of the table, in a municipality that keeps content. Nobody's answers are looked at."""
    record = shipped()
    flow, profile, parties = record.flows["urgent_lasting"], record.profiles["norrkoping"], THREADS[name]
    sender = parties[0]
    thread = ThreadNow(
        id=41, flow=flow.name, profile=profile.name, state=flow.first if name == "draft" else "sent", version=1,
        case_ref="NK-2041", case_known=True, sender_id=sender.person_id or 0, sender_unit_id=sender.unit_id,
        sender_side="provider", opened_at=DAY, closed_at=DAY if name in ("closed", "sealed") else None,
        parties=parties, owner=parties[-1], values=NotRead(), marks=[SEALED] if name == "sealed" else [],
    )  # fmt: skip
    return OfThread(thread=thread, flow=flow, profile=profile, mode="visa")


def letters(key: str, thread: str, now: datetime) -> str:
    """What this person may do, as the table writes it."""
    what, person = of(thread), who(key, now)
    found = [letter for letter, act in ACTS.items() if decided(person, letter, act, what)]
    return "".join(found)


def decided(person: Who, letter: str, act: Act, what: OfThread) -> Verdict:
    return decide(person, act, replace(what, by=BY.get(letter, frozenset())))


@pytest.mark.parametrize(("thread", "when"), TABLE)
def test_everybody_may_do_what_the_table_says_and_nothing_else(thread: str, when: str) -> None:
    words = TABLE[thread, when].split()
    said = dict(zip(words[::2], words[1::2], strict=True))
    assert said.keys() <= PEOPLE.keys()
    now = {"DAY": DAY, "NIGHT": NIGHT, "AFTER": AFTER, "LATER": LATER, "NEXT_NIGHT": NEXT_NIGHT}[when]
    found = {key: letters(key, thread, now) for key in PEOPLE}
    assert {key: text for key, text in found.items() if text} == said


@pytest.mark.parametrize("thread", THREADS)
def test_acts_that_follow_others(thread: str) -> None:
    """To ask about it, journal it and seal it is for whoever finds it; its calendar file for whoever sees it; its
    content for nobody where only pointers may be shown."""
    for key in PEOPLE:
        person, what = who(key, NIGHT), of(thread)
        listed, seen = decide(person, Act.LIST, what), decide(person, Act.SEE, what)
        assert {decide(person, act, what).allowed for act in AS_LISTED} == {listed.allowed}, key
        assert {decide(person, act, what).allowed for act in AS_SEEN} == {seen.allowed}, key
        assert not decide(person, Act.READ, replace(what, mode="pekare")), key
        publishes = decide(person, Act.PUBLISH, what)
        assert publishes.allowed == (listed.allowed and By.SENDER in seen.relations), key
        covers = decide(person, Act.MOVE, replace(what, by=frozenset({By.COLLEAGUE, By.SENDER})))
        if covers and not seen:
            assert covers.relations == {By.COLLEAGUE} and covers.seat is not None, key


def test_a_leave_to_read_is_for_one_person_one_thread_and_a_while() -> None:
    what, colleague = of("to_assessor"), who("colleague", NIGHT)
    grant = Grant(person_id=colleague.person_id, thread_id=41, until=NIGHT + timedelta(minutes=60))
    assert decide(colleague, Act.READ, replace(what, grant=grant)).reason == "granted"
    for act in (Act.SEE, Act.LIST, Act.ASK, Act.JOURNAL, Act.MOVE, Act.FETCH, Act.SEAL):
        assert not decide(colleague, act, replace(what, grant=grant)), f"{act}: it is for reading alone"
    others = (
        replace(grant, thread_id=42), replace(grant, person_id=NUMBERS["lead"]), replace(grant, until=NIGHT),
    )  # fmt: skip
    for other in others:
        assert not decide(colleague, Act.READ, replace(what, grant=other))
    assert not decide(colleague, Act.READ, replace(what, grant=grant, mode="pekare")), "never more than the mode"
    for stranger in ("other_manager", "care_worker", "profile_admin"):
        lent = replace(grant, person_id=NUMBERS[stranger])
        assert not decide(who(stranger, NIGHT), Act.READ, replace(what, grant=lent)), "it goes with the role"
    assert not decide(colleague, Act.READ, replace(of("sealed"), grant=grant))


def test_an_act_on_the_wrong_thing_is_a_mistake_and_not_an_answer() -> None:
    with pytest.raises(KeyError):
        decide(who("manager", DAY), Act.SEE, OfUnit(unit_id="NORR"))
    with pytest.raises(KeyError):
        decide(who("manager", DAY), Act.LEAD, of("to_assessor"))
