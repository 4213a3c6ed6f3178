"""Norrköping 5.8: hemgångsteamet hands over. It is Monday 16 November 2026 at 09.00 unless the story says otherwise."""

from town import Town

FRIDAY = {"handover_date": "2026-11-20"}
ORDINARY = {
    "handover_at_date": "2026-11-18",
    "handover_at_time": "10:00",
    "receiving_unit": "HT-SODER",
    "form_sent": "yes",
}


def simplified(town: Town, day: str = "2026-11-20", case_ref: str = "NK-2041") -> None:
    town.lena.begins("handover_simplified", case_ref, handover_date=day)


def ordinary(town: Town, **changes: str) -> None:
    town.lena.begins("handover_ordinary", "NK-2041", **ORDINARY | changes)


# --- 5.8.1: two vardagar's notice to the assessor ------------------------------------------------------------------


def test_the_good_way(town: Town) -> None:
    simplified(town)
    assert town.lena.sees("Anna Berg, biståndshandläggare")
    town.lena.presses("Meddela överlämningen")
    assert town.thread().state == "notified"
    assert "fre 20 nov 2026" in town.anna.newest()
    town.anna.presses("Kvittera")
    assert town.thread().state == "received"
    assert town.lena.sees("Läst av Anna Berg") and town.lena.sees("alla har kvitterat")
    town.until("2026-11-20 09:00")
    assert "Överlämningen är i dag." in town.anna.newest()
    town.anna.answers("Överlämningen är klar", outcome="moved")
    assert town.thread().is_closed
    assert town.lena.sees("Mottagaren har markerat överlämningen som klar.") or town.lena.sees("Avslutat")


def test_the_plan_is_reminded_of_until_it_is_told(town: Town) -> None:
    """D13: Wednesday 25 November is to be told by Monday 23 November; three vardagar before comes an early word."""
    town.until("2026-11-19 15:00")
    simplified(town, day="2026-11-25")
    town.until("2026-11-20 09:00")
    assert town.lena.sees("Överlämningen är snart. Meddela den i tid.")
    notice = town.thread().deadlines["notice"]
    assert f"{notice.soft_at:%Y-%m-%d %H:%M}" == "2026-11-23 13:00", "14.00 local time, while somebody reads"


def test_on_the_last_day_it_is_still_in_time(town: Town) -> None:
    town.until("2026-11-18 23:00")
    simplified(town)
    assert "Meddela överlämningen" in town.lena.buttons()


def test_short_notice_is_sent_with_its_reason_and_marked(town: Town) -> None:
    town.until("2026-11-19 00:01")
    simplified(town)
    assert "Meddela överlämningen" not in town.lena.buttons()
    town.lena.presses("Meddela med kort varsel")
    town.lena.presses("Meddela med kort varsel")
    assert town.lena.sees("Svara på frågan «Varför blir varslet kortare än rutinen säger?»")
    assert town.thread().state == "planned", "without a reason it is not sent"
    town.lena.presses("Meddela med kort varsel", short_notice_reason="late_word")
    assert town.thread().state == "short_notice"
    assert "Kort varsel: kortare än rutinen säger." in town.anna.newest()
    assert "Sent besked från sjukhus eller korttidsboende" in town.anna.newest()
    town.anna.presses("Kvittera")
    assert town.thread().state == "received"


def test_nobody_receipts(town: Town) -> None:
    simplified(town)
    town.lena.presses("Meddela överlämningen")
    town.until("2026-11-16 11:00")
    assert "Överlämningen väntar på din kvittens." in town.anna.newest()
    town.until("2026-11-17 09:00")
    for resident in (town.lena, town.anna, town.eva):
        assert resident.sees("Överlämningen är inte kvitterad av alla."), resident.key


def test_nobody_says_that_it_is_done(town: Town) -> None:
    simplified(town)
    town.lena.presses("Meddela överlämningen")
    town.anna.presses("Kvittera")
    town.until("2026-11-23 09:00")
    for resident in (town.lena, town.anna, town.eva):
        assert resident.sees("Överlämningen är inte markerad som klar."), resident.key


def test_called_off(town: Town) -> None:
    simplified(town)
    town.lena.presses("Meddela överlämningen")
    old, message = town.anna.keeps()
    town.lena.presses("Ställ in")
    assert town.thread().state == "cancelled"
    assert town.anna.sees("Inställd")
    town.anna.presses_old(old, "Kvittera", message)
    assert town.anna.sees("Läget har ändrats sedan kortet visades.")
    sends = town.teams.sends
    town.until("2026-11-24 09:00")
    assert town.teams.sends == sends


def test_moved_to_another_day_it_is_receipted_anew(town: Town) -> None:
    simplified(town)
    town.lena.presses("Meddela överlämningen")
    town.anna.presses("Kvittera")
    town.lena.answers("Ändra tiden", handover_date="2026-11-25")
    assert town.thread().state == "notified"
    assert "Tiden är ändrad. Kvittera den nya tiden." in town.anna.newest()
    assert "ons 25 nov 2026" in town.anna.newest()
    assert town.thread().deadlines["handover"].round == 2
    town.until("2026-11-20 12:00")
    assert not town.anna.sees("Överlämningen är i dag."), "the old day no longer counts"
    town.anna.presses("Kvittera")
    assert town.thread().state == "received"
    town.until("2026-11-25 09:00")
    assert town.anna.sees("Överlämningen är i dag.")


def test_moved_closer_it_needs_a_reason(town: Town) -> None:
    simplified(town, day="2026-11-25")
    town.lena.presses("Meddela överlämningen")
    town.lena.answers("Ändra tiden", handover_date="2026-11-17")
    assert town.lena.sees("Svar saknas: Varför blir varslet kortare än rutinen säger?")
    assert town.thread().values["handover_date"] == "2026-11-25", "nothing has been changed yet"
    town.lena.presses("Ändra tiden", short_notice_reason="changed")
    assert town.thread().state == "short_notice"
    assert "Kort varsel" in town.anna.newest()


def test_moved_off_at_the_last_minute_it_needs_no_reason(town: Town) -> None:
    simplified(town, day="2026-11-20")
    town.lena.presses("Meddela överlämningen")
    town.until("2026-11-20 08:00")
    town.lena.answers("Ändra tiden", handover_date="2026-12-02")
    assert town.thread().state == "notified" and "ons 2 dec 2026" in town.anna.newest()


def test_moved_further_off_the_notice_is_no_longer_short(town: Town) -> None:
    simplified(town, day="2026-11-17")
    town.lena.answers("Meddela med kort varsel", short_notice_reason="planning")
    assert "Kort varsel" in town.anna.newest()
    town.lena.answers("Ändra tiden", handover_date="2026-11-25")
    assert town.thread().state == "notified"
    assert "Kort varsel" not in town.anna.newest()


# --- 5.8.2: twenty-four hours' notice to assessor and receiving unit -----------------------------------------------


def test_two_receivers_and_each_receipt_is_counted(town: Town) -> None:
    ordinary(town)
    assert town.lena.sees("Anna Berg, biståndshandläggare") and town.lena.sees("Hemtjänst Söder, funktionsbrevlådan")
    town.lena.presses("Meddela överlämningen")
    assert town.anna.sees("ons 18 nov kl. 10.00") and town.olle.sees("ons 18 nov kl. 10.00")
    assert town.karim.has_heard_nothing(), "the unit that does not receive hears nothing"
    assert "0 av 2 kvitterat" in town.lena.newest()

    town.olle.presses("Kvittera")
    for resident in (town.lena, town.anna, town.olle):
        assert "1 av 2 kvitterat" in resident.newest(), resident.key
    assert town.thread().state == "notified"
    assert "Kvittera" not in town.olle.buttons() and "Kvittera" not in town.birgitta.buttons(), "one seat, one receipt"

    town.anna.presses("Kvittera")
    assert town.thread().state == "received"
    assert "2 av 2 kvitterat" in town.lena.newest()


def test_only_the_one_who_has_not_receipted_is_reminded(town: Town) -> None:
    ordinary(town)
    town.lena.presses("Meddela överlämningen")
    town.anna.presses("Kvittera")
    before = len(town.anna.chat())
    town.until("2026-11-16 11:00")
    assert "Överlämningen väntar på din kvittens." in town.olle.newest()
    assert len(town.anna.chat()) == before
    town.until("2026-11-17 09:00")
    assert town.lena.sees("Överlämningen är inte kvitterad av alla.")
    assert town.eva.sees("Överlämningen är inte kvitterad av alla.")


def test_twenty_four_hours_to_the_minute(town: Town) -> None:
    town.until("2026-11-17 09:55")
    ordinary(town)
    assert "Meddela överlämningen" in town.lena.buttons()
    town.until("2026-11-17 10:01")
    town.lena.types(town.thread().ref)
    assert "Meddela med kort varsel" in town.lena.buttons()


def test_an_old_card_does_not_get_short_notice_through_without_a_reason(town: Town) -> None:
    ordinary(town, handover_at_date="2026-11-17", handover_at_time="09:30")
    old, message = town.lena.keeps()
    town.until("2026-11-16 09:31")
    town.lena.presses_old(old, "Meddela överlämningen", message)
    assert town.thread().state == "planned"
    assert "Varför blir varslet kortare än rutinen säger?" in town.lena.newest() or town.lena.sees(
        "Varför blir varslet"
    )


def test_the_time_must_lie_ahead(town: Town) -> None:
    ordinary(town, handover_at_date="2026-11-16", handover_at_time="08:00")
    assert town.lena.sees("Tiden har redan varit. Välj en tid framåt.")
    assert town.rows_of("thread") == []


def test_only_hemgangsteamet_starts_a_handover(town: Town) -> None:
    for resident in (town.sara, town.karim, town.anna):
        resident.types("överlämning")
        assert "Din roll kan inte starta det meddelandet." in resident.newest()


def test_the_receiving_unit_may_say_that_it_is_done(town: Town) -> None:
    ordinary(town)
    town.lena.presses("Meddela överlämningen")
    town.until("2026-11-18 11:00")
    town.olle.answers("Överlämningen är klar", outcome="new_assignment")
    assert town.thread().is_closed
    assert town.lena.sees("Nytt uppdrag är skickat till vald hemtjänst")
    assert town.anna.sees("Avslutat")
