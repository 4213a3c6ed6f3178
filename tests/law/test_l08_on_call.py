"""L08: the jour has access during the own pass; for twelve hours after it only to what the jour has written."""

from nights import grants, pass_of
from town import Town

from cases.thread import thread_ref

NO_PASS, UNKNOWN = "Du har inget jourpass", "Det finns inget meddelande med den beteckningen"


def sees(town: Town, number: int) -> bool:
    """Whether the message is there at all for the jour; an attempt in vain stands in the account."""
    tried = len([row for row in town.rows_of("audit") if row.action == "denied"])
    town.nils.types(thread_ref(number))
    there = UNKNOWN not in town.nils.newest()
    assert there == (thread_ref(number) in town.nils.newest())
    denied = [row for row in town.rows_of("audit") if row.action == "denied"][tried:]
    assert [(row.person_id, row.thread_id) for row in denied] == ([] if there else [(town.nils.id, number)])
    return there


def may_begin(town: Town) -> bool:
    town.nils.forges(verb="new", flow="on_call_grant")
    town.nils.types("jour")
    return NO_PASS not in town.nils.newest()


def test_l08_what_the_unit_has_open_is_seen_during_the_pass_and_not_a_minute_more(town: Town) -> None:
    pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
    town.karim.begins("question", "NK-2041", category="planning")
    for time, has in (("16 16:59", False), ("16 17:00", True), ("17 06:59", True), ("17 07:00", False)):
        town.until(f"2026-11-{time}")
        assert (sees(town, 1), may_begin(town)) == (has, has), time


def test_l08_what_the_jour_has_written_can_be_documented_for_twelve_hours(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
    town.until("2026-11-16 21:30")
    grants(town)
    assert town.thread(2).sender_id == town.nils.id
    for time, own in (("17 07:00", True), ("17 18:59", True), ("17 19:00", False)):
        town.until(f"2026-11-{time}")
        assert (sees(town, 2), sees(town, 1)) == (own, False), time
    version = town.thread(2).version
    town.nils.forges(verb="do", thread=2, signal="withdraw")
    assert town.thread(2).version == version, "what is not there can not be changed either"
