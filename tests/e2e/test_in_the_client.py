"""Care work in Microsoft's own client, in a real browser, against the whole house on a real record."""

from pathlib import Path

import pytest
from client_stage import Playing, playing

pytestmark = pytest.mark.e2e

LASTING = "Brådskande – antas bestå"
LIMITED = "Brådskande – kortare tid"


async def start_flow(play: Playing, title: str, name: str = "") -> None:
    """From the start card, past the first question, to the form."""
    sara = play["sara"]
    await sara.ask("start", "Vad vill du skicka?")
    await sara.press(title)
    await sara.wait_for_card("Har personen skyddade personuppgifter?")
    if name:
        await play.picture("sara", f"{name}-skyddade", "Har personen skyddade")
    await sara.press("Nej")
    await sara.wait_for_card("Ärendenummer")


async def send_lasting(play: Playing, name: str = "") -> None:
    sara = play["sara"]
    await start_flow(play, LASTING, name)
    if name:
        await play.picture("sara", f"{name}-formular", "Ärendenummer")
    await sara.fill("Ärendenummer", "NK-2041")
    await sara.choose("Vad behövs?", "Hjälp vid toalettbesök")
    await sara.set_time("Klockslag", "07:30")
    await sara.choose("Vem uppmärksammade behovet?", "Omvårdnadspersonal")
    await sara.press("Fortsätt")
    await sara.wait_for_card("Anna Berg, biståndshandläggare")
    if name:
        await play.picture("sara", f"{name}-kontrollera", "Kontrollera och skicka")
    await sara.press("Skicka")
    await sara.wait_for_card("Läge: Skickat")


async def start_limited(play: Playing, name: str = "") -> None:
    sara = play["sara"]
    await start_flow(play, LIMITED)
    if name:
        await play.picture("sara", f"{name}-formular", "Ärendenummer")
    await sara.fill("Ärendenummer", "NK-2041")
    await sara.choose("Vad behövs?", "Få i sig mat och dryck")
    await sara.choose("Vem uppmärksammade behovet?", "Fast omsorgskontakt")
    await sara.press("Fortsätt")
    await sara.wait_for_card("Kontrollera och skicka")
    if name:
        await play.picture("sara", f"{name}-kontrollera", "Kontrollera och skicka")
    await sara.press("Börja räkna dagarna")
    await sara.wait_for_card("Dag 1–3")


async def anna_answers(play: Playing, name: str) -> None:
    anna, sara = play["anna"], play["sara"]
    await anna.press("Ta ärendet")
    await anna.wait_for_card("Läge: Taget")
    await play.picture("anna", f"{name}-taget", "Läge: Taget")
    await sara.wait_for_card("Taget av Anna Berg")
    await play.picture("sara", f"{name}-taget-avsandare", "Taget av Anna Berg")
    await anna.press("Lämna återkoppling")
    await anna.wait_for_card("Vilken åtgärd kommer att vidtas?")
    await play.picture("anna", f"{name}-aterkoppling", "Vilken åtgärd kommer att vidtas?")
    await anna.choose("Vilken åtgärd kommer att vidtas?", "Hembesök bokas")
    await anna.press("Lämna återkoppling")
    await anna.wait_for_card("Återkopplat – avslutat")
    await sara.wait_for_card("Hembesök bokas")
    await play.picture("anna", f"{name}-avslutat", "Återkopplat – avslutat")
    await play.picture("sara", f"{name}-svar", "Hembesök bokas")


async def test_a_lasting_need_is_answered_and_when_nobody_acts_the_next_in_line_gets_it(tmp_path: Path) -> None:
    async with playing(tmp_path / "demo", "sara", "anna", "eva", "maria") as play:
        await _goes_to_the_assessor_and_comes_back_answered(play)
        await _nobody_acts(play)


async def _goes_to_the_assessor_and_comes_back_answered(play: Playing) -> None:
    await play.picture("sara", "start-hemtjanst")
    await play.picture("anna", "start-handlaggare")
    await send_lasting(play, "bestaende")
    await play["anna"].wait_for_card("Brådskande: nytt meddelande")
    await play.picture("anna", "bestaende-mottaget", "Brådskande: nytt meddelande")
    await play["sara"].wait_for_card("Levererat till Anna Berg")
    await play.picture("sara", "bestaende-skickat", "Levererat till Anna Berg")

    await play["anna"].press("Visa")
    await play["anna"].wait_for_card("Hjälp vid toalettbesök")
    await play.picture("anna", "bestaende-visat", "Hjälp vid toalettbesök")
    await anna_answers(play, "bestaende")


async def _nobody_acts(play: Playing) -> None:
    await send_lasting(play)
    await play["anna"].wait_for_card("Brådskande: nytt meddelande")
    await play.clock("next")
    await play["anna"].wait_for_card("Meddelandet väntar på att någon tar det")
    await play.picture("anna", "ingen-paminnelse", "väntar på att någon tar det")
    await play.clock("+9m")  # eleven minutes after it was sent
    await play["sara"].wait_for_card("Ingen har tagit meddelandet. Ring")
    await play.picture("sara", "ingen-ring", "Ingen har tagit meddelandet. Ring")
    await play.clock("+29m")
    for key, words in (("eva", "Du är nästa i tur"), ("maria", "Nästa i tur är meddelad")):
        await play[key].wait_for_card(words)
        await play.picture(key, f"ingen-nasta-{key}", words)
    await play["eva"].press("Ta ärendet")
    await play["sara"].wait_for_card("Taget av Eva Sund")


async def test_a_limited_need_reaches_the_assessor_on_day_four_and_not_before(tmp_path: Path) -> None:
    async with playing(tmp_path / "demo", "sara", "anna", "eva", "maria") as play:
        await _ends_on_day_two_and_is_never_sent(play)
        await _remains_on_day_four(play)


async def _ends_on_day_two_and_is_never_sent(play: Playing) -> None:
    await start_limited(play)
    untouched = await play["anna"].texts()
    await play.clock("+1d")
    await play["sara"].press("Behovet har upphört")
    await play["sara"].wait_for_card("Behovet upphörde – avslutat, inget skickat")
    await play.picture("sara", "kortare-upphort", "Behovet upphörde")
    await play.clock("+1d")
    await play.clock("+1d")
    assert await play["anna"].texts() == untouched


async def _remains_on_day_four(play: Playing) -> None:
    await start_limited(play, "kortare")
    await play.picture("sara", "kortare-dag1", "Dag 1–3")
    untouched = await play["anna"].texts()
    await play.clock("+1d")
    await play.clock("+1d")
    await play.clock("next")  # day 3, 15.00
    await play["sara"].wait_for_text("Dag 3: kvarstår behovet")
    await play.picture("sara", "kortare-dag3", "Dag 3: kvarstår behovet")
    assert await play["anna"].texts() == untouched

    await play.clock("next")  # day 4, 07.00
    await play["sara"].wait_for_card("Behovet kvarstår:")
    await play.picture("sara", "kortare-dag4", "Behovet kvarstår")
    assert await play["anna"].texts() == untouched
    await play["sara"].press("Behovet kvarstår")
    await play["anna"].wait_for_card("Brådskande: nytt meddelande")
    await play.picture("anna", "kortare-mottaget", "Brådskande: nytt meddelande")
    await anna_answers(play, "kortare")
