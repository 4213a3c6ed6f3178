"""Norrköping 5.5: a need that cannot wait and is likely to last."""

from cards import words_of
from people import leaves
from town import Town

from bot.channel.errors import Throttled

FORM = {
    "extra_help_start_date": "2026-11-16",
    "extra_help_start_time": "07:30",
    "noticed_by_role": "care_worker",
}


def sara_sends(town: Town, case_ref: str = "NK-2041") -> None:
    town.sara.begins("urgent_lasting", case_ref, **FORM)
    town.sara.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **FORM)
    assert town.sara.sees("Anna Berg, biståndshandläggare"), "the named receiver is shown before sending"
    assert town.anna.has_heard_nothing()

    town.sara.presses("Skicka")
    assert town.anna.sees("Brådskande: nytt meddelande")
    assert town.anna.sees("NK-2041")
    assert town.sara.sees("Levererat till Anna Berg")

    town.anna.presses("Ta ärendet")
    assert town.sara.sees("Taget av Anna Berg")

    town.anna.answers("Lämna återkoppling", action_code="home_visit", planned_date="2026-11-17")
    assert town.sara.sees("Hembesök bokas")
    assert town.thread().is_closed
    assert town.sara.sees("Återkopplat – avslutat")
    assert town.anna.sees("Återkopplat – avslutat")


def test_the_receiver_is_told_what_date_a_decision_would_have(town: Town) -> None:
    sara_sends(town)
    assert town.anna.sees("dateras beslutet från mån 16 nov"), "5.5: from the day the extra help began"


def test_both_cards_are_changed_in_place(town: Town) -> None:
    sara_sends(town)
    saras, annas = town.sara.chat()[-1], town.anna.chat()[-1]
    town.anna.presses("Läst")
    assert "Läst av Anna Berg i dag kl. 09.00" in town.sara.newest()
    town.anna.presses("Ta ärendet")
    assert town.sara.chat()[-1] is saras and town.anna.chat()[-1] is annas, "no new message for a receipt"
    assert saras.times_changed >= 2
    assert "Ligger nu hos: Anna Berg" in town.sara.newest().replace("  ", " ")


def test_a_receipt_is_no_answer_and_thanks_cannot_be_said(town: Town) -> None:
    sara_sends(town)
    assert town.anna.moves() == ["Ta ärendet", "Lämna återkoppling", "Läst", "Mer …"], "the rare ones lie behind one"
    town.anna.presses("Läst")
    town.anna.presses("Ta ärendet")
    town.anna.types("tack")
    assert town.thread().state == "taken"

    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="tack")
    assert town.anna.sees("Välj ett av alternativen.")
    assert town.thread().state == "taken", "only a stated åtgärd closes"

    town.until("2026-11-17 09:00")
    assert "återkoppling om åtgärd saknas" in town.anna.newest()
    town.until("2026-11-18 09:00")
    assert town.eva.sees("Återkoppling om åtgärd saknas fortfarande")


def told(town: Town, who: str, text: str) -> int:
    """How many times somebody has been told this."""
    wanted = town.residents[who].id
    return sum((row.person_id, row.text, row.status) == (wanted, text, "sent") for row in town.rows_of("outbox"))


def test_the_nagging_stops_when_somebody_takes_it(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 09:07")
    town.anna.presses("Ta ärendet")
    town.until("2026-11-16 11:00")
    assert told(town, "anna", "untaken_remind") == 3
    assert town.eva.has_heard_nothing()


def test_a_step_with_nobody_in_it_is_passed_over_at_once(town: Town) -> None:
    """Eva, the next in line, has left: twenty minutes after it was sent the sender's own manager is told."""
    sara_sends(town)
    town.store.transaction(lambda tx: leaves(tx, town.eva.id))
    town.until("2026-11-16 09:19")
    assert town.maria.has_heard_nothing()
    town.until("2026-11-16 09:20")
    assert town.maria.sees("Ingen har tagit er enhets meddelande.")
    assert town.sara.sees("Nästa i tur kunde inte nås i Teams. Ring i stället.")
    town.until("2026-11-16 12:00")
    assert told(town, "maria", "untaken_manager") == 1


def test_after_a_pause_that_teams_asked_for_the_latest_reminder_is_enough(town: Town) -> None:
    sara_sends(town)
    town.teams.refuse[town.anna.conversation] = [Throttled("429", retry_after=600.0)]
    town.until("2026-11-16 09:13")
    assert told(town, "anna", "untaken_remind") == 1


def test_nobody_acts(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 09:02")
    assert town.anna.sees("Meddelandet väntar på att någon tar det.")
    town.until("2026-11-16 09:11")
    assert town.sara.sees("Ingen har tagit meddelandet. Ring, så att det når fram.")
    town.until("2026-11-16 09:19")
    assert town.eva.has_heard_nothing()
    assert told(town, "anna", "untaken_remind") == 9, "every other minute for twenty minutes"

    town.until("2026-11-16 09:39")
    assert town.eva.sees("Ingen har tagit meddelandet. Du är nästa i tur.")
    assert told(town, "eva", "untaken_next_in_line") == 10, "and the next in line as long"
    assert town.maria.has_heard_nothing()
    town.until("2026-11-16 10:00")
    assert (told(town, "anna", "untaken_remind"), told(town, "eva", "untaken_next_in_line")) == (9, 10)
    assert town.maria.sees("Ingen har tagit er enhets meddelande. Nästa i tur är meddelad.")
    assert town.sara.sees("Skickat – även till nästa i tur")

    town.eva.presses("Ta ärendet")
    assert town.sara.sees("Taget av Eva Sund")
    assert town.anna.sees("Taget av Eva Sund"), "the one it was meant for sees who has it"
    town.eva.answers("Lämna återkoppling", action_code="phone_client")
    assert town.thread().is_closed
    assert town.anna.sees("Avslutat")


def test_the_senders_own_manager_cannot_take_what_the_authority_owes(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 10:00")
    assert town.maria.sees("NK-2041")
    assert not {"Ta ärendet", "Lämna återkoppling", "Läst"} & set(town.maria.buttons())
    town.maria.presses("Återkalla")
    assert town.thread().state == "withdrawn", "she may act for the sender"


def test_unread_is_asked_for_at_closing_time_and_goes_on_to_the_next_in_line(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 17:00")
    assert town.anna.sees("Meddelandet är inte läst. Läs det i dag.")
    town.until("2026-11-18 09:00")
    assert town.eva.sees("Meddelandet är fortfarande inte läst.")


def test_withdrawn_before_anybody_took_it(town: Town) -> None:
    sara_sends(town)
    town.sara.presses("Återkalla")
    assert "Avsändaren har återkallat" in town.anna.newest() or "Återkallat" in town.anna.newest()
    assert town.anna.moves() == []
    before = town.teams.sends
    town.until("2026-11-20 17:00")
    assert town.teams.sends == before, "a withdrawn message reminds nobody"


def test_a_late_press_on_an_old_card_is_answered_with_the_present_state(town: Town) -> None:
    sara_sends(town)
    old, message = town.anna.keeps()
    town.sara.presses("Återkalla")
    town.anna.presses_old(old, "Ta ärendet", message)
    assert "Läget har ändrats sedan kortet visades. Här är läget nu." in words_of(message.card)
    assert "Läge: Återkallat" in words_of(message.card), "the old card itself becomes the present one"
    assert town.thread().state == "withdrawn"


def test_a_form_sent_in_too_late_changes_nothing(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Lämna återkoppling")
    town.sara.presses("Återkalla")
    town.anna.presses("Lämna återkoppling", action_code="home_visit")
    assert town.anna.sees("Läget har ändrats sedan kortet visades.")
    assert town.thread().state == "withdrawn"


def test_a_reminder_does_not_wipe_the_form_somebody_is_filling_in(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 09:05")
    town.anna.presses("Lämna återkoppling")
    form = town.anna.chat()[-1]
    town.until("2026-11-16 09:10")
    assert "väntar på att någon tar det" in town.anna.newest() and town.anna.chat()[-1] is not form
    assert "Vilken åtgärd kommer att vidtas?" in words_of(form.card), "her half-written answer stays where it is"


def test_sending_twice_sends_once(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **FORM)
    old, message = town.sara.keeps()
    town.sara.presses("Skicka")
    town.sara.presses_old(old, "Skicka", message)
    assert len([one for one in town.anna.chat() if one.toast != "Stafett"]) == 1


def test_the_draft_must_be_sent_by_the_next_weekday(town: Town) -> None:
    """D10: help since Monday 07.30, the draft is made on Tuesday at 14.00: asked for before office close."""
    town.until("2026-11-17 14:00")
    town.sara.begins("urgent_lasting", "NK-2041", **FORM)
    town.until("2026-11-17 15:00")
    assert town.sara.sees("Utkastet ska skickas i dag.")
    assert town.anna.has_heard_nothing(), "the authority hears nothing of a draft"
    town.until("2026-11-18 07:00")
    assert town.sara.sees("Tiden för att meddela har gått ut. Skicka ändå.")
    assert town.maria.sees("Tiden för att meddela har gått ut.")
    town.sara.presses("Skicka")
    assert town.anna.sees("NK-2041"), "late is still sent"


def test_noticed_at_night_it_belongs_to_the_evening_before(town: Town) -> None:
    """D10 with the night rule: 02.15 on a Monday is to be told that same Monday, and is late only after Tuesday."""
    town.until("2026-11-23 06:00")
    town.sara.begins(
        "urgent_lasting", "NK-2041", **FORM | {"extra_help_start_date": "2026-11-23", "extra_help_start_time": "02:15"}
    )
    notice = town.thread().deadlines["notice"]
    assert f"{notice.soft_at:%Y-%m-%d %H:%M}" == "2026-11-23 16:00", "17.00 local time"
    assert f"{notice.hard_at:%Y-%m-%d %H:%M}" == "2026-11-24 22:59", "the end of Tuesday"
