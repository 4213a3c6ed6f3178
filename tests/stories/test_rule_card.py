"""«Varför?»: why it is due then, in the routine's words and in ours, and which is which."""

import pytest
from test_lists import asks, sends_urgent
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_rule_of_the_time_that_runs(town: Town) -> None:
    ref = asks(town.karim)
    town.anna.types(ref)
    town.anna.presses("Varför?")
    words = town.anna.newest()
    assert "Läses: senast mån 16 nov kl. 17.00" in words
    assert "ska läsas av varje arbetsdag av ansvarig biståndshandläggare" in words, "the routine's own words"
    assert "Källa: Norrköping 1.1" in words
    assert "Skickat mån 16 nov kl. 09.00, före kl. 14.00. Det räknas till samma dag." in words
    assert "Kallas försenat efter: tis 17 nov, dagens slut" in words
    assert "Vad som är Stafetts läsning" in words and "Rutinen anger inget klockslag." in words
    town.anna.presses("Till meddelandet")
    town.anna.presses("Läst")
    town.anna.presses("Varför?")
    words = town.anna.newest()
    assert "Svar: senast mån 23 nov kl. 17.00" in words and "som är dag 0" in words
    assert "dag 5: mån 23 nov" in words and "lör 21 nov, sön 22 nov (helg)" in words
    assert "tor 19 nov kl. 09.00 till den som har det – kommer" in words, "who is reminded, and when"
    assert "Har löpt" in words and "Läses: senast mån 16 nov kl. 17.00" in words, "what has been done is told too"
    assert "Avslutat mån 16 nov kl. 09.00, i tid. Källa: Norrköping 1.1." in words


def test_what_no_routine_says_is_called_our_own(town: Town) -> None:
    ref = sends_urgent(town.sara)
    town.anna.types(ref)
    town.anna.presses("Varför?")
    words = town.anna.newest()
    assert "Det här står inte i någon rutin. Det är Stafetts eget förval." in words
    assert "Källa" not in words.partition("Löper också")[0] and "20 minuter" in words
    assert "mån 16 nov kl. 09.02–09.10, flera gånger, till mottagarna – kommer" in words
    town.anna.presses("Till meddelandet")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.anna.presses("Varför?")
    words = town.anna.newest()
    assert "Ingen tid löper på meddelandet nu." in words and "Löper också" not in words, "nothing runs any longer"
    assert "Tas om hand: senast mån 16 nov kl. 09.20" in words


def test_a_deadline_that_was_missed_says_so_when_it_is_done(town: Town) -> None:
    ref = asks(town.karim)
    town.until("2026-11-25 10:00")
    town.anna.types(ref)
    town.anna.presses("Varför?")
    assert "Löper. Försenat sedan tis 17 nov, dagens slut." in town.anna.newest()
    town.anna.presses("Till meddelandet")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.anna.presses("Varför?")
    assert "Avslutat ons 25 nov kl. 10.00, försenat." in town.anna.newest()
