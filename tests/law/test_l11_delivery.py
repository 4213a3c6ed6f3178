"""L11: what does not arrive, or is not read in time, is told to the sender at once, with the number to ring now."""

from nights import pass_of
from test_drafts import BEGIN
from town import Town

from bot.channel.errors import Blocked


def sara_sends(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
    town.sara.presses("Skicka")


def test_l11_what_teams_refuses_is_told_to_the_sender_at_once(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Blocked("403 MessageWritesBlocked")]
    sara_sends(town)
    assert "Inte levererat – ring Myndigheten äldreomsorg, 08-465 004 03." in town.sara.newest(), "the unit by day"
    assert "Meddelandet nådde inte mottagaren i Teams. Du är nästa i tur." in town.eva.newest(), "and somebody gets it"


def test_l11_at_night_it_is_the_jour_who_is_rung(town: Town) -> None:
    pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
    town.until("2026-11-16 20:00")
    town.teams.refuse[town.anna.conversation] = [Blocked("403 MessageWritesBlocked")]
    sara_sends(town)
    assert "Inte levererat – ring jouren, 070-174 06 05." in town.sara.newest()


def test_l11_urgent_and_untaken_becomes_a_call_well_within_thirty_minutes(town: Town) -> None:
    sara_sends(town)
    assert "Ring, så att det når fram" not in town.sara.newest()
    town.until("2026-11-16 09:21")
    assert "Ring Myndigheten äldreomsorg, 08-465 004 03, så att det når fram." in town.sara.newest()
    assert town.thread().state == "escalated" and town.eva.sees(town.thread().ref), "and the next in line has it"
