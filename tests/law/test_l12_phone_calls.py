"""L12: a telephone call that a routine demands is asked for and written down: when, who answered, in what role."""

from nights import grants, pass_of, phoned
from town import Town


def anna_sends_late(town: Town) -> None:
    """On Friday after two, for Monday."""
    town.until("2026-11-20 14:30")
    town.anna.begins(
        "assignment_notice", "NK-2077", receiving_unit="HT-SODER", urgent_services="yes", execute_on="2026-11-23"
    )  # fmt: skip
    town.anna.presses("Skicka och ring")


def test_l12_an_urgent_assignment_after_two_is_rung_and_the_call_is_noted(town: Town) -> None:
    anna_sends_late(town)
    assert "Ring också Hemtjänst Söder, 08-465 004 02." in town.anna.newest() and not town.thread().is_closed
    told = {"phoned_at_time": "14:25", "answered_by_role": "unit_administrator", "phone_answered_by": "Olle Dahl"}
    town.anna.answers("Ringt och fått svar", **told)
    assert town.thread().is_closed
    for line in ("Ringt: fre 20 nov kl. 14.25", "Svarade: Olle Dahl", "Svarade som: Administratör"):
        assert line in town.anna.newest()


def test_l12_a_word_on_help_that_goes_on_is_rung_before_the_thread_can_end(town: Town) -> None:
    pass_of(town, "2026-11-20 17:00", "2026-11-23 07:00")
    town.until("2026-11-20 19:00")
    grants(town, "NK-2041")
    town.until("2026-11-23 08:30")
    town.anna.presses("Ta emot ärendet")
    town.until("2026-11-23 12:00")
    town.anna.answers("Lämna besked om hjälpen", continued_help="granted")
    assert town.thread().state == "to_phone" and not town.thread().is_closed
    town.anna.presses("Jag har ringt")
    town.anna.presses("Jag har ringt", phone_answered_by="")
    assert town.thread().state == "to_phone", "who answered must be told"
    town.anna.presses("Jag har ringt", **phoned(town))
    assert town.thread().state == "order_due"
    assert {"phoned_at", "phone_answered_by"} <= town.thread().values.keys()
