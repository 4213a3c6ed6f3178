"""Norrköping 5.5: a need that cannot wait and is likely to last."""

from town import Town

FORM = {
    "need_category": "toilet",
    "extra_help_start_date": "2026-11-16",
    "extra_help_start_time": "07:30",
    "noticed_by_role": "care_worker",
}


def sara_sends(town: Town, case_ref: str = "NK-2041") -> None:
    town.sara.starts("Brådskande behov som antas bestå", case_ref, **FORM)
    town.sara.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    town.sara.starts("Brådskande behov som antas bestå", "NK-2041", **FORM)
    assert town.sara.sees("Anna Berg, biståndshandläggare"), "the named receiver is shown before sending"
    assert town.anna.has_heard_nothing()

    town.sara.presses("Skicka")
    assert town.anna.sees("Brådskande: nytt meddelande")
    assert town.anna.sees("NK-2041")
    assert town.sara.sees("Levererat till Anna Berg")

    town.anna.presses("Ta ärendet")
    assert town.sara.sees("Taget av Anna Berg")

    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="home_visit", planned_date="2026-11-17")
    assert town.sara.sees("Hembesök bokas")
    assert town.thread().is_closed
    assert town.sara.sees("Återkopplat – avslutat")
    assert town.anna.sees("Återkopplat – avslutat")
