"""L13: a text for each side's journal, the word that it is written there, and a weekly list of what is not."""

from town import Town


def answered(town: Town) -> str:
    """Karim at the provider asks, Anna at the authority answers; the reference."""
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.until("2026-11-16 10:15")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    return town.thread().ref


def week_begins(town: Town, local: str) -> None:
    town.do(town.occasions.look())
    town.until(local)
    town.do(town.occasions.look())
    town.settle()


def test_l13_each_side_gets_the_text_for_its_own_journal_and_says_that_it_is_written(town: Town) -> None:
    ref = answered(town)
    for who, journal, told in (
        (town.karim, "För utförarjournalen.", "Meddelande enligt Norrköping 1.1 lämnat."),
        (town.anna, "För myndighetsjournalen.", "inkommet från Hemtjänst Norr."),
    ):
        who.types(ref)
        who.presses("Journaltext")
        text = who.newest()
        assert journal in text and told in text
        assert "2026-11-16 09.00 Från: Karim Aziz, gruppledare, Hemtjänst Norr." in text, "who and when"
        assert f"Källa: Stafett {ref}, ärende NK-2041." in text
        who.presses("Journalfört")
    assert {(row.unit_id, row.person_id) for row in town.rows_of("journaled")} == {
        ("HT-NORR", town.karim.id), ("MYND", town.anna.id),
    }  # fmt: skip
    assert [row.outcome for row in town.rows_of("audit") if row.action == "journal"] == ["ticked", "ticked"]


def test_l13_what_has_ended_and_is_not_journaled_is_told_once_a_week(town: Town) -> None:
    ref = answered(town)
    town.karim.types(ref)
    town.karim.presses("Journaltext")
    town.karim.presses("Journalfört")
    for monday in ("2026-11-23 09:00", "2026-11-30 09:00"):
        week_begins(town, monday)
        assert "Avslutat men inte journalfört" in town.anna.newest() and ref in town.anna.newest()
    assert town.anna.toasts().count("Påminnelse: journalföring. Öppna Stafett.") == 2
    assert "Påminnelse: journalföring. Öppna Stafett." not in town.karim.toasts(), "the provider is up to date"
