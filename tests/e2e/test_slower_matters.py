"""What can wait, in the client: a handover that two must acknowledge, and a question that only an åtgärd answers."""

from pathlib import Path

import pytest
from client_stage import Playing, playing

pytestmark = pytest.mark.e2e


async def begin(play: Playing, who: str, title: str, group: str = "") -> None:
    """From the start card, and through the button of a group when the flow lies behind one, to the form."""
    window = play[who]
    await window.ask("start", "Vad vill du skicka?")
    if group:
        await window.press(group)
        await window.wait_for_card(title)
    await window.press(title)
    await window.wait_for_card("Har personen skyddade personuppgifter?")
    await window.press("Nej")
    await window.wait_for_card("Ärendenummer")


async def test_what_can_wait_is_acknowledged_and_answered(tmp_path: Path) -> None:
    async with playing(tmp_path / "demo", "lena", "anna", "olle") as play:
        await _a_handover_is_acknowledged_by_both(play)
        await _a_question_is_answered_with_what_will_be_done(play)


async def _a_handover_is_acknowledged_by_both(play: Playing) -> None:
    lena, anna, olle = play["lena"], play["anna"], play["olle"]
    await play.picture("lena", "start-hemgangsteam")
    await begin(play, "lena", "Överlämning – vanlig")
    await play.picture("lena", "overlamning-formular", "Ärendenummer")
    await lena.fill("Ärendenummer", "NK-2077")
    await lena.set_date("När sker överlämningen? Datum", "2026-11-18")
    await lena.set_time("Klockslag", "13:00")
    await lena.choose("Vilken hemtjänst tar över?", "Hemtjänst Söder")
    await lena.choose("Är mallen med insatser skickad till handläggarnas funktionsbrevlåda?", "Ja")
    await lena.press("Fortsätt")
    await lena.wait_for_card("Hemtjänst Söder, funktionsbrevlådan")
    await play.picture("lena", "overlamning-kontrollera", "Hemtjänst Söder, funktionsbrevlådan")
    await lena.press("Meddela överlämningen")
    await olle.wait_for_card("Ny uppgift")
    await play.picture("olle", "overlamning-mottagen", "Ny uppgift")
    await olle.press("Kvittera")
    await lena.wait_for_card("1 av 2 kvitterat")
    await play.picture("lena", "overlamning-1-av-2", "1 av 2 kvitterat")
    await anna.press("Kvittera")
    await lena.wait_for_card("Meddelad – alla har kvitterat")
    await play.picture("lena", "overlamning-alla", "alla har kvitterat")
    await anna.press("Överlämningen är klar")
    await anna.wait_for_card("Hur gick det?")
    await anna.choose("Hur gick det?", "Uppdraget är flyttat till vald hemtjänst")
    await anna.press("Överlämningen är klar")
    await lena.wait_for_card("Läge: Överlämningen är klar")
    await play.picture("lena", "overlamning-klar", "Läge: Överlämningen är klar")


async def _a_question_is_answered_with_what_will_be_done(play: Playing) -> None:
    olle, anna = play["olle"], play["anna"]
    await begin(play, "olle", "Fråga i enskilt ärende", "Frågor och kontakt …")
    await olle.fill("Ärendenummer", "NK-2077")
    await olle.choose("Vad gäller frågan?", "Uppdraget")
    await olle.fill("Din fråga", "Vilken dag gäller det nya uppdraget från?")
    await play.picture("olle", "fraga-formular", "Ärendenummer")
    await olle.press("Fortsätt")
    await olle.wait_for_card("Kontrollera och skicka")
    await olle.press("Skicka")
    await anna.wait_for_card("Ny uppgift")
    await play.picture("anna", "fraga-mottagen", "Ny uppgift")
    await anna.press("Lämna återkoppling")
    await anna.wait_for_card("Vilken åtgärd kommer att vidtas?")
    await anna.press("Lämna återkoppling")  # without an åtgärd: the client itself says what is missing
    await anna.wait_for_text("Svara på frågan: Vilken åtgärd kommer att vidtas?")
    await anna.choose("Vilken åtgärd kommer att vidtas?", "Telefonkontakt med brukaren")
    await anna.press("Lämna återkoppling")
    await olle.wait_for_card("Telefonkontakt med brukaren")
    await play.picture("olle", "fraga-svar", "Telefonkontakt med brukaren")
