"""«Visa regeln»: why it is due then, in the routine's words and in ours, and which is which."""

import pytest
from test_lists import asks, sends_urgent
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_rule_of_the_time_that_runs(town: Town) -> None:
    ref = asks(town.karim)
    town.anna.types(ref)
    town.anna.presses("Visa regeln")
    words = town.anna.newest()
    assert "Läses: senast mån 16 nov kl. 17.00" in words
    assert "ska läsas av varje arbetsdag av ansvarig biståndshandläggare" in words, "the routine's own words"
    assert "Källa: Norrköping 1.1" in words
    assert "Skickat mån 16 nov kl. 09.00, före kl. 14.00. Det räknas till samma dag." in words
    assert "Kallas försenat efter: tis 17 nov, dagens slut" in words
    assert "Vad som är Stafetts läsning" in words and "Rutinen anger inget klockslag." in words
    town.anna.presses("Till meddelandet")
    town.anna.presses("Läst")
    town.anna.presses("Visa regeln")
    words = town.anna.newest()
    assert "Svar: senast mån 23 nov kl. 17.00" in words and "som är dag 0" in words
    assert "dag 5: mån 23 nov" in words and "lör 21 nov, sön 22 nov" in words


def test_what_no_routine_says_is_called_our_own(town: Town) -> None:
    ref = sends_urgent(town.sara)
    town.anna.types(ref)
    town.anna.presses("Visa regeln")
    words = town.anna.newest()
    assert "Det här står inte i någon rutin. Det är Stafetts eget förval." in words
    assert "Källa" not in words and "20 minuter" in words
    town.anna.presses("Till meddelandet")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    assert "Visa regeln" not in town.anna.buttons(), "nothing runs any longer"
