"""The demo's tales in the terminal: the same house, for a machine without node."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.demo.tales import TALES
from bot.demo.transcript import play
from reminders.localtime import to_utc

MONDAY = to_utc(datetime(2026, 11, 16, 9))  # noqa: DTZ001 (local on purpose)
TOLD = {
    "dagar": (
        "Sara Lind trycker: send",
        "Taget av Anna Berg",
        "Åtgärd: Hembesök bokas",
        "Dag 4: svara om behovet kvarstår",
        "Ingen har tagit meddelandet. Du är nästa i tur.",
    ),
    "midsommar": (
        "Gäller till: mån 22 juni kl. 12.00 – 86 tim kvar",
        "Gäller till: mån 22 juni kl. 12.00 – 30 min kvar",
        "Ansvaret ligger nu hos biståndshandläggaren.",
        "Beviljas hjälp: dateras beslutet från tor 18 juni",
        "Svarade: gruppledare",
    ),
    "dagen": (
        "Gäller till: mån 16 nov kl. 12.00 – 14 tim kvar",
        "Handläggaren är frånvarande och det kan inte vänta. Du kontaktas också.",
        "Kvittenser: 2 av 2 kvitterat",
        "Ring också Birgitta Holm, enhetschef",
        "Läge: Ringt och besvarat – avslutat",
        "Kollega har gått in: Kollegan är ledig eller på semester",
        "Läge: Registrerat – avslutat",
        "Johan Nyman ser: Mina öppna Du har inget öppet just nu.",
        "Försenat: 0 Har kommit in och ingen har tagit: 0 Öppet i allt: 1",
    ),
    "bistandsmote": (
        "Läge: Kallat – ärendelistan är inte skickad",
        "Mötet är flyttat. Se den nya tiden och svara om du kommer.",
        "Sista dagen att lägga till ärenden. Inget svar betyder inget att lägga till.",
        "Utfall: NK-2041: Justera tid; NK-2042: Telefonuppföljning; NK-2090: Ingen åtgärd",
        "Läge: Justerat och planerat – avslutat",
        "Beslutet har inte justerats inom 10 arbetsdagar. Tiden för insatsen före biståndsmötet kvarstår.",
        "Läge: Tiden före mötet kvarstår – avslutat",
    ),
    "handledning": (
        "Torsdagar kl. 14.00–14.30, 5 gånger till och med fre 8 jan 2027",
        "v. 53 till ons 30 dec, för tor 31 dec är ingen arbetsdag",
        "Handledningen är nästa arbetsdag. Säg i dag vilka ärenden den ska ta upp.",
        "Vad det blev: NK-2041: Insatserna förändras; NK-2042: Ingen förändring",
        "Besked: Beslutet justeras",
        "v. 51 (teamträff tis 15 dec)",
        "Uppföljning från föregående vecka: NK-2041, NK-2042",
        "Fyll i: 1,5 handledningstimmar för dec 2026",
        "Läge: Inskickat",
    ),
    "nyår": (
        "Gäller till: mån 4 jan kl. 12.00 – 112 tim kvar",
        "Beviljas hjälp: dateras beslutet från ons 30 dec",
        "Läge: Besked lämnat – avslutat",
    ),
}
REFUSED = ("behöver rättas", "Svara på frågan", "har ändrats sedan kortet visades", "Din roll kan inte")


@pytest.mark.parametrize("name", TALES)
def test_the_tale_is_told_to_its_end(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tale = TALES[name]
    assert play(tmp_path / "story", tale.start or MONDAY, tale.tell, tale.profile) == 0
    told = " ".join(line.strip(" │") for line in capsys.readouterr().out.splitlines())
    for words in TOLD[name]:
        assert words in told
    assert not [words for words in REFUSED if words in told], "every press does something"
