"""An urgent message that nobody takes at night rings the jour in Teams. Monday 16 November 2026, Nils has the night."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import aiohttp
import pytest
from calling import Switchboard, switchboard
from municipality import write
from nights import moment, pass_of
from played_graph import PlayedGraph
from town import Town, instant, shipped

from bot.channel.settings import ChannelSettings
from bot.graph.client import Graph
from bot.house import House, build_record
from cases.record import Record
from reminders.profile import FOLDER, Profile

ON = "[night_call]\non = true\nminutes = 10\nring_seconds = 45"


@pytest.fixture(scope="module")
def rings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Profile]:
    """Norrköping's routine, in a municipality that has switched the night calls on."""
    folder = tmp_path_factory.mktemp("rutiner")
    (folder / "_boken.toml").write_text((FOLDER / "norrkoping.toml").read_text(encoding="utf-8"), encoding="utf-8")
    write(folder, ON)
    return build_record(folder).profiles


@pytest.fixture
def town(database: str, rings: Mapping[str, Profile]) -> Iterator[Town]:
    """The town, whose profile rings at night."""
    made = Town(database, record=Record(shipped().flows, rings))
    yield made
    made.close()


@pytest.fixture
def night(town: Town, graph_world: PlayedGraph, town_graph: Graph) -> Iterator[Switchboard]:
    pass_of(town, "2026-11-16 17:00", "2026-11-17 07:00")
    with switchboard(town, graph_world, town_graph) as made:
        yield made


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def sends_assignment(town: Town, local: str = "2026-11-16 19:00", button: str = "Skicka och ring") -> None:
    """Anna has sent an urgent assignment late, and says so to hemtjänsten."""
    town.until(local)
    town.anna.begins(
        "assignment_notice", "NK-2041", receiving_unit="HT-NORR", urgent_services="yes", execute_on=local[:10],
        **moment("assignment_sent_at", town.clock.time),
    )  # fmt: skip
    town.anna.presses(button)


def calls(town: Town) -> list[str]:
    return [row.status for row in sorted(town.rows_of("phone_call"), key=lambda row: row.id)]


def test_the_jour_answers_and_presses_one(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.until("2026-11-16 19:09")
    assert night.calls == []
    night.until("2026-11-16 19:10")
    assert night.rung() == ["nils"] and calls(town) == ["ringing"]
    assert night.calls[0].callback_uri == f"{night.address}/api/calls/1", "the address says nothing of the case"
    assert town.nils.sees("Stafett ringer dig i Teams"), "the card says what the voice does not"
    assert night.answers() == 202
    assert night.calls[0].prompts == [f"{night.address}/api/calls/prompt.wav"] * 3 and night.calls[0].listens
    assert night.presses("tone5") == 202 and calls(town) == ["answered"], "only key 1 counts"
    assert night.presses() == 202
    assert calls(town) == ["acknowledged"] and night.calls[0].state == "terminated"
    thread = town.thread()
    seat = next(party for party in thread.parties if party.person_id == town.nils.id)
    assert seat.read_by == town.nils.id and not any(party.taken_at for party in thread.parties), "read, and not taken"
    assert [row.signal for row in town.rows_of("log") if row.person_id == town.nils.id] == ["heard_by_phone"]
    assert [row.outcome for row in town.rows_of("audit") if row.action == "call"] == ["acknowledged"]
    assert town.anna.sees("Meddelandet är hört i telefon. Ingen har tagit det än.")
    assert "Läst av Nils" in town.anna.newest() and "19.10" in town.anna.newest(), "who has heard it, and when"
    town.nils.types(thread.ref)
    assert "NK-2041" in town.nils.newest()
    town.nils.presses("Uppdraget är mottaget")
    night.until("2026-11-16 23:00")
    assert len(night.calls) == 1, "whoever has taken it is left alone"


def test_whoever_presses_one_and_falls_asleep_is_rung_anew(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.until("2026-11-16 19:10")
    night.answers()
    night.presses()
    town.nils.types(town.thread().ref)
    night.until("2026-11-16 19:39")
    assert night.rung() == ["nils"], "read in the card, and still not taken"
    night.until("2026-11-16 19:40")
    assert night.rung() == ["nils", "nils"], "whoever has heard it goes before the others"
    night.hangs_up(408)
    assert night.rung() == ["nils", "nils", "maria"], "and the next in line when there is no answer"
    night.answers()
    night.presses()
    night.until("2026-11-16 20:10")
    assert night.rung()[3:] == ["maria"]
    night.answers()
    night.presses()
    night.until("2026-11-16 20:40")
    assert night.rung()[4:] == ["karim"], "who has heard it twice gives way to who has not heard it"
    for _ in range(3):
        night.hangs_up(408)
    assert night.rung()[4:] == ["karim", "nils", "maria"]
    assert town.anna.sees("Ingen svarar när Stafett ringer i Teams. Ring i stället.")


def test_it_ends_when_the_office_opens(town: Town, night: Switchboard) -> None:
    sends_assignment(town, "2026-11-17 06:15", "Skicka")
    night.until("2026-11-17 06:25")
    night.answers()
    night.presses()
    assert night.rung() == ["nils"]
    for local in ("2026-11-17 08:30", "2026-11-17 12:00", "2026-11-17 16:50"):
        night.until(local)
    assert night.rung() == ["nils"]


def test_nobody_who_could_be_rung_is_told_so(town: Town, night: Switchboard) -> None:
    """Graph knows none of their accounts: nobody has been rung, and nobody is said not to have answered."""
    sends_assignment(town)
    night.played.world.faults.fail(404, times=6)
    night.until("2026-11-16 19:10")
    assert set(calls(town)) == {"unreachable"} and night.calls == []
    assert town.anna.sees("Stafett kunde inte ringa upp i Teams. Ring i stället.")
    assert not town.anna.sees("Ingen svarar")


def test_nobody_answers_and_the_next_in_line_is_rung(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.until("2026-11-16 19:10")
    town.clock.time += timedelta(seconds=44)
    town.do(night.jour.night.look())
    assert night.rung() == ["nils"]
    town.clock.time += timedelta(seconds=1)
    town.do(night.jour.night.look())
    night.settle()
    assert night.rung() == ["nils", "maria"] and calls(town) == ["unanswered", "ringing"]
    assert night.hangs_up(603) == 202, "Maria refuses the call"
    assert night.rung() == ["nils", "maria", "karim"]
    assert night.answers() == 202
    assert night.hangs_up() == 202, "Karim puts down without a key"
    assert calls(town) == ["unanswered"] * 3
    assert town.anna.sees("Ingen svarar när Stafett ringer i Teams. Ring i stället.")
    assert town.maria.sees("Ingen svarar när Stafett ringer i Teams. Ring i stället.")
    night.until("2026-11-17 06:00")
    assert len(night.calls) == 3, "nobody is rung twice about the same"


def test_somebody_takes_it_while_it_rings(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.until("2026-11-16 19:10")
    town.karim.types(town.thread().ref)
    town.karim.presses("Uppdraget är mottaget")
    night.hangs_up(408)
    assert night.rung() == ["nils"] and calls(town) == ["unanswered"]


def test_graph_is_down_and_somebody_is_asked_to_ring_by_hand(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.played.world.faults.down()
    night.until("2026-11-16 19:10")
    assert calls(town) == ["asked"] and town.nils.sees("Stafett ringer dig i Teams"), "the card goes another way"
    for minute in (11, 12, 13, 14):
        night.until(f"2026-11-16 19:{minute}")
    assert calls(town) == ["away"] and night.calls == []
    for one in (town.anna, town.maria):
        assert one.sees("Stafett kunde inte ringa upp i Teams. Ring i stället.")
        assert not one.sees("Ingen svarar")


def test_graph_comes_back_in_time(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.played.world.faults.fail(503, times=1)
    night.until("2026-11-16 19:10")
    night.until("2026-11-16 19:11")
    assert night.rung() == ["nils"] and calls(town) == ["ringing"]


def test_nobody_has_the_night_and_whoever_leads_is_rung(town: Town, night: Switchboard) -> None:
    sends_assignment(town, "2026-11-17 19:00")
    night.until("2026-11-17 19:10")
    assert night.rung() == ["maria"]


def test_by_day_and_without_the_switch_nobody_is_rung(town: Town, night: Switchboard) -> None:
    sends_assignment(town, "2026-11-16 15:00")
    night.until("2026-11-16 16:50")
    assert night.calls == []
    town.record.take(shipped().profiles)
    night.until("2026-11-16 19:00")
    assert night.calls == [] and town.rows_of("phone_call") == []


def test_what_waited_since_the_afternoon_is_the_jours_from_when_the_pass_begins(town: Town, night: Switchboard) -> None:
    sends_assignment(town, "2026-11-16 15:00")
    night.until("2026-11-16 17:09")
    assert night.calls == []
    night.until("2026-11-16 17:10")
    assert night.rung() == ["nils"]


def test_who_is_not_microsoft_is_not_heard(town: Town, night: Switchboard) -> None:
    sends_assignment(town)
    night.until("2026-11-16 19:10")
    pressed = {"state": "established", "toneInfo": {"tone": "tone1"}}
    at = f"/communications/calls/{night.calls[0].id}"
    body = {"value": [{"changeType": "updated", "resourceUrl": at, "resourceData": pressed}]}
    changed: list[dict[str, object]] = [{"aud": "x"}, {"iss": "https://evil.invalid"}, {"tid": "x"}, {"exp": 1}]
    tokens = ["", "garbage", *(night.signer.token(**one) for one in changed)]

    async def post(token: str, what: object) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession() as http,
            http.post(night.calls[0].callback_uri, json=what, headers=headers) as answer,
        ):
            return answer.status

    assert [town.do(post(token, body)) for token in tokens] == [401] * 6 and calls(town) == ["ringing"]
    good = night.signer.token()
    other = [{"changeType": "deleted", "resourceUrl": "/communications/calls/another", "resourceData": {}}]
    for odd in ({"value": other}, {"value": [1, {"resourceData": 2}]}, {"value": None}):
        assert town.do(post(good, odd)) == 202 and calls(town) == ["ringing"], (
            "a good token, and nothing about this call"
        )
    assert [town.do(post(good, odd)) for odd in ([], "x")] == [400, 400] and calls(town) == ["ringing"]
    assert town.do(post(good, body)) == 202 and calls(town) == ["acknowledged"]


def test_a_replica_that_dies_leaves_nothing_behind(town: Town, night: Switchboard) -> None:
    """Another process looks at the same time, and goes on from what is on disk."""
    sends_assignment(town)
    town.until("2026-11-16 19:10")
    assert [town.do(night.jour.night.look()) for _ in range(2)] == [1, 0]
    night.settle()
    assert night.rung() == ["nils"]
    assert town.clock.time == instant("2026-11-16 19:10")


def test_the_routes_are_there_only_where_graph_is(town: Town, graph_world: PlayedGraph, town_graph: Graph) -> None:
    channel = ChannelSettings(demo=True)
    for graph, there in ((town_graph, True), (None, False)):
        house = House.build(town.store, town.record, channel, town.clock, graph=graph, public="https://stafett.invalid")
        paths = {resource.canonical for resource in house.app().router.resources()}
        assert ({"/api/calls/prompt.wav", "/api/calls/{number}"} <= paths) is there
        house.moved()
        assert house.errands._wake.is_set(), "the next in line is rung at once"
        town.do(house.jour.close())
        town.do(house.door.close())
