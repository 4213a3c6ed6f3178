"""Norrköping 5.8.2: hemgångsteam on request and back, and the form that goes to the assessors' function mailbox.

It is Monday 16 November 2026 at 09.00 unless the story says otherwise.
"""

from collections.abc import Iterator

import pytest
from post import PostOffice
from sqlalchemy import Connection, update
from test_handover import ORDINARY
from town import Town

from bot.errand.mail import MailDoor
from bot.errand.smtp import MailSettings
from cases import tables as t
from cases.directory import roster_changed

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ASKED = {"wished_from": "2026-11-23", "wished_to": "2026-12-07"}
AGREED = {"moved_on": "2026-11-23", "period_ends": "2026-12-04"}
BACK = {"back_at_date": "2026-12-08", "back_at_time": "10:00"}


def asked_for(town: Town) -> None:
    town.maria.begins("return_home_team_request", "NK-2041", **ASKED)
    town.maria.presses("Skicka")


def agreed(town: Town) -> None:
    asked_for(town)
    town.anna.answers("Hemgångsteamet tar över", **AGREED)


def test_the_good_way(town: Town) -> None:
    asked_for(town)
    assert "mån 23 nov 2026" in town.anna.newest() and town.lena.has_heard_nothing()
    town.anna.answers("Hemgångsteamet tar över", **AGREED)
    assert "Överenskommet: hemgångsteamet tar över en tid." in town.maria.newest()
    assert "Ett ärende läggs över till er en tid." in town.lena.newest()
    town.until("2026-12-04 09:00")
    for one in (town.lena, town.maria):
        assert one.sees("Perioden är slut. Är det dags att gå tillbaka"), one.key
    town.lena.answers("Dags att gå tillbaka", **BACK)
    assert town.thread().state == "coming_back" and not town.thread().marks
    assert "tis 8 dec kl. 10.00" in town.anna.newest()
    town.until("2026-12-08 09:00")
    assert town.anna.sees("I dag går uppdraget tillbaka till hemtjänsten.")
    town.anna.presses("Uppdraget är tillbaka")
    assert town.thread().is_closed
    assert "Uppdraget är tillbaka hos hemtjänsten." in town.maria.newest()


@sqlite
class TestTheRequest:
    def test_nobody_answers(self, town: Town) -> None:
        """Read within the day (D01), answered within five working days (D03); then the lead is next."""
        asked_for(town)
        town.until("2026-11-17 08:00")
        assert town.anna.sees("Meddelandet är inte läst. Läs det i dag.")
        town.until("2026-11-24 09:00")
        assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()
        town.eva.answers("Ingen överenskommelse", declined_reason="team_full")
        assert town.thread().is_closed and "Hemgångsteamet har inte plats" in town.maria.newest()
        assert town.lena.has_heard_nothing()

    def test_nobody_says_that_it_is_time_to_go_back(self, town: Town) -> None:
        agreed(town)
        town.until("2026-12-08 12:00")
        assert "Meddelandet är fortfarande öppet." in town.lena.newest(), "the team has it, and is reminded each day"

    def test_it_is_needed_longer(self, town: Town) -> None:
        agreed(town)
        town.until("2026-12-04 09:00")
        town.lena.answers("Behövs längre", period_ends="2026-12-18")
        assert "Hemgångsteamet behövs längre." in town.anna.newest()
        heard = len(town.lena.chat())
        town.until("2026-12-17 12:00")
        assert len(town.lena.chat()) == heard
        town.until("2026-12-18 09:00")
        assert town.lena.sees("Perioden är slut.")

    def test_hemtjanst_may_say_so_too_and_short_notice_has_its_reason(self, town: Town) -> None:
        agreed(town)
        town.until("2026-12-04 12:00")
        soon = {"back_at_date": "2026-12-04", "back_at_time": "16:00"}
        town.maria.answers("Dags att gå tillbaka", **soon)
        assert town.thread().state == "with_team", "less than 24 hours' notice is given with its reason"
        town.maria.presses("Dags att gå tillbaka", **soon, short_notice_reason="changed")
        assert town.thread().state == "coming_back"
        assert "Kort varsel: kortare än rutinen säger." in town.anna.newest()
        assert "I dag går uppdraget tillbaka till hemtjänsten." in town.lena.newest()

    def test_the_day_passes_and_it_is_not_marked_as_back(self, town: Town) -> None:
        agreed(town)
        town.lena.answers("Dags att gå tillbaka", **BACK)
        town.until("2026-12-09 09:00")
        assert town.anna.sees("Uppdraget är inte markerat som tillbaka hos hemtjänsten.")

    def test_the_wrong_assessor_gives_it_back(self, town: Town) -> None:
        asked_for(town)
        town.anna.answers("Fel mottagare", misdirected_reason="not_my_case")
        town.maria.answers("Skicka till rätt mottagare", right_receiver="needs_assessor:MYND:7")
        town.johan.answers("Hemgångsteamet tar över", **AGREED)
        assert town.thread().state == "with_team"

    def test_withdrawn(self, town: Town) -> None:
        agreed(town)
        town.maria.presses("Återkalla")
        for one in (town.anna, town.lena):
            assert "återkallat" in one.newest(), one.key
        assert town.thread().is_closed


# --- the form and the pointer --------------------------------------------------------------------------------------


def has_mailbox(town: Town, address: str = "myndighet@exempel.invalid") -> None:
    def work(tx: Connection) -> None:
        tx.execute(update(t.unit).where(t.unit.c.id == "MYND").values(mailbox=address))
        roster_changed(tx)

    town.store.transaction(work)


@pytest.fixture
def office(town: Town) -> Iterator[PostOffice]:
    """A mail server, to which the town's Stafett hands in; the assessors have a function mailbox."""
    opened = PostOffice()
    town.do(opened.open())
    has_mailbox(town)
    settings = MailSettings.parse(f"smtp://127.0.0.1:{opened.port}", "stafett@exempel.invalid")
    town.doors[0] = MailDoor(town.record, town.clock, settings)
    yield opened
    town.do(opened.close())


def handed_over(town: Town, **changes: str) -> None:
    town.lena.begins("handover_ordinary", "NK-2041", **ORDINARY | changes)
    town.lena.presses("Meddela överlämningen")


@sqlite
class TestTheForm:
    def test_a_pointer_goes_to_the_function_mailbox_and_says_nothing_of_the_matter(
        self, town: Town, office: PostOffice
    ) -> None:
        handed_over(town)
        (message,) = office.came
        text = message["Subject"] + message.get_content()
        assert message["To"] == "myndighet@exempel.invalid"
        assert f"Stafett: Ny uppgift {town.thread().ref}" == message["Subject"]
        assert "ärende NK-2041" in text and "Öppna Stafett i Teams." in text
        for told in ("verlämning", "emgång", "Hemtjänst Söder", "Lena", "mall", "insats"):
            assert told not in text, told
        assert town.lena.sees("hänvisning skickad till mottagarens funktionsbrevlåda")
        assert not town.anna.sees("hänvisning skickad"), "the receivers need not know"

    def test_without_a_mailbox_the_card_says_so_and_everybody_is_told_in_teams(self, town: Town) -> None:
        handed_over(town)
        assert town.lena.sees("Kan inte skickas med e-post: ingen adress är inlagd.")
        assert town.anna.sees("Kvittera") or "Kvittera" in town.anna.buttons()
        assert [row.failure for row in town.rows(t.errand)] == ["not_configured"]
        assert town.lena.toasts()[-1] == "Stafett", "nobody is disturbed by what nobody has set up"

    def test_a_mailbox_that_refuses_is_told_to_the_sender(self, town: Town, office: PostOffice) -> None:
        office.refuse["RCPT"] = ["550 no such mailbox"]
        handed_over(town)
        assert office.came == []
        assert "Hänvisningen med e-post kom inte fram." in town.lena.newest()
        assert town.rows(t.errand)[0].failure == "550"

    def test_a_server_that_is_full_gets_it_later_once(self, town: Town, office: PostOffice) -> None:
        office.refuse["DATA"] = ["452 full"] * 3
        handed_over(town)
        for _ in range(3):
            town.clock.time = town.rows(t.errand)[0].retry_at
            town.settle()
        assert len(office.came) == 1 and town.rows(t.errand)[0].status == "sent"

    def test_a_form_that_is_not_sent_is_reminded_of(self, town: Town) -> None:
        handed_over(town, form_sent="no")
        town.until("2026-11-16 11:00")
        assert "Mallen med insatser är inte skickad." in town.lena.newest()
        town.lena.answers("Mallen är skickad", form_sent_at_date="2026-11-16", form_sent_at_time="10:45")
        assert "Mallen med insatser är skickad till funktionsbrevlådan." in town.anna.newest()
        assert "Mallen är skickad" not in town.lena.buttons()
        heard = len(town.lena.chat())
        town.until("2026-11-17 08:00")
        assert len(town.lena.chat()) == heard

    def test_what_is_called_off_before_it_went_is_not_pointed_to(self, town: Town, office: PostOffice) -> None:
        office.refuse["DATA"] = ["452 full"]
        handed_over(town)
        town.lena.presses("Ställ in")
        town.clock.time = town.rows(t.errand)[0].retry_at
        town.settle()
        assert office.came == [] and town.rows(t.errand)[0].status == "superseded"
