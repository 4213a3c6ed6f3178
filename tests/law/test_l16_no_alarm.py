"""L16: Stafett says that it is no alarm and takes no applications: before anything is sent, and to whoever asks."""

from town import Town

ALARM, APPLICATION = "ring 112 vid fara för liv", "Ansökningar tas inte emot här"


def test_l16_everybody_is_told_when_they_start_and_when_they_ask(town: Town) -> None:
    for who in town.residents.values():
        for typed in ("start", "hjälp"):
            who.types(typed)
            assert ALARM in who.newest() and APPLICATION in who.newest(), f"{who.key}: {typed}"


def test_l16_what_looks_like_a_call_for_help_starts_nothing(town: Town) -> None:
    town.sara.types("Hjälp, hon andas inte!")
    assert ALARM in town.sara.newest()
    assert town.rows_of("thread") == []
