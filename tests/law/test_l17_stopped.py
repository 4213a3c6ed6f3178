"""L17: after a stop the stored times hold; what was missed is said once and marked late; nothing comes twice."""

from test_drafts import BEGIN
from town import Town


def sends(town: Town, flow: str, **more: str) -> None:
    town.sara.begins(flow, "NK-2042", **BEGIN.get(flow, ("", {}))[1] | more)
    town.sara.presses("Skicka")


def test_l17_what_was_missed_is_said_once_and_late(town: Town) -> None:
    town.until("2026-11-20 16:55")
    sends(town, "urgent_lasting", extra_help_start_date="2026-11-20")
    due = {(row.step, row.round, row.soft_at) for row in town.rows_of("deadline") if row.status == "armed"}
    heard = {key: len(resident.chat()) for key, resident in town.residents.items()}
    town.down_until("2026-11-23 12:00")
    assert town.thread().state == "escalated"
    stored = {(row.step, row.round, row.soft_at) for row in town.rows_of("deadline")}
    assert due <= stored, "the times are those that were written down before the stop"
    for key, resident in town.residents.items():
        new = [message for message in resident.chat()[heard[key] :] if town.thread().ref in message.toast]
        assert len(new) <= 1, f"{key} heard of it more than once"
    assert town.eva.sees("Skulle ha kommit"), "late, and said to be"
    posted = town.teams.sends
    town.settle()
    assert town.teams.sends == posted, "once"


def test_l17_a_death_and_a_need_in_haste_are_never_told_twice(town: Town) -> None:
    sends(town, "death_notice")
    town.johan.presses("Kvittera")
    sends(town, "urgent_lasting")
    told = {number: [m.toast for m in town.johan.chat() if town.thread(number).ref in m.toast] for number in (1, 2)}
    rows = len(town.rows_of("outbox"))
    for _ in range(3):  # a start after a start: nothing is due, nothing is said
        town.down_until("2026-11-16 09:01")
    assert len(town.rows_of("outbox")) == rows
    for number, toasts in told.items():
        assert [m.toast for m in town.johan.chat() if town.thread(number).ref in m.toast] == toasts
