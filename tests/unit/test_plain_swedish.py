"""What people read is plain Swedish: «vårdat, enkelt och begripligt» (språklagen 2009:600, 11 §).

The list is our own. That such words make texts of authorities hard to read, and what to write instead, is common
knowledge of klarspråk, as the government offices' list of words to avoid («Svarta listan») and the language council's
advice tell. Words that the law or the routine itself uses, and that people therefore meet elsewhere, are let through.
"""

import re

import pytest
from swedish_texts import Text, of_code, of_handbook, sentences, strings

# hard word, or how it begins → what to write
PLAIN = {
    "anmod": "be", "angående": "om", "avseende": "om", "beträffande": "om", "blott": "bara", "därest": "om",
    "detsamma": "samma sak", "densamma": "samma", "effektuer": "göra", "emedan": "eftersom", "endast": "bara",
    "enär": "eftersom", "erford": "behövs", "erhåll": "få", "ev": "kanske", "förevarande": "den här",
    "föreligg": "finns", "förefinns": "finns", "föranled": "leda till", "härmed": "", "härvid": "då",
    "ifrågavarande": "den", "implementer": "införa", "inhämt": "hämta", "initier": "börja", "innefatt": "ha med",
    "jml": "", "jämlikt": "enligt", "likaledes": "också", "medelst": "med", "nedan": "här under", "nödga": "måste",
    "nyttja": "använda", "ombesörj": "ordna", "ovan": "här över", "samtliga": "alla", "såvida": "om",
    "såvitt": "om", "tillhandahåll": "ge", "tillse": "se till", "tillställ": "skicka", "ånyo": "igen",
    "vederbörande": "den", "vidtaga": "göra", "åtfölj": "följa med", "översänd": "skicka",
}  # fmt: skip
SHORTENED = re.compile(
    r"\b(?:t\.?\s?ex|bl\.?\s?a|m\.?\s?m|d\.?\s?v\.?\s?s|o\.?\s?s\.?\s?v|etc|f\.?\s?n|p\.?\s?g\.?\s?a)\.", re.I
)
BLAMES = re.compile(r"\b(?:du|ni) (?:har )?(?:missat|glömt|slarvat|försummat)\b|\bditt fel\b", re.I)
# Long words that are the field's own: they stand in the law, in the routines or on the signs of the house.
OF_THE_FIELD = {
    "administrationscenter", "biståndshandläggare", "debiteringsunderlag", "ersättningsmodell", "förtroendevald",
    "funktionsbrevlåda", "genomförandeplan", "informationsområde", "informationspunkt", "myndighetsjournal",
    "omvårdnadspersonal",
    "personuppgiftsansvarig", "personuppgiftsbiträde", "programbehörighet", "rehabiliteringsärende",
    "samverkansledning", "sekretessprövning", "verksamhetsansvarig", "verksamhetssystem", "verkställighetsdatum",
    "återkallelseförbehåll",
}  # fmt: skip
LONGEST_WORD, LONGEST_SENTENCE, LONGEST_IN_HANDBOOK = 18, 25, 32  # letters, words, words


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    found = list(of_code())
    assert len(found) > 1_000
    return found


@pytest.fixture(scope="module")
def handbook() -> list[Text]:
    return list(of_handbook())


def hard(text: Text) -> list[str]:
    """The words on the list that are in a text."""
    said = {word.lower() for word in text.words() if not word.isupper()}
    return [f"{word} → {PLAIN[one]}" for word in sorted(said) for one in PLAIN if _is(word, one)]


def _is(word: str, listed: str) -> bool:
    return word == listed or (len(listed) > 5 and word.startswith(listed))


def test_no_text_has_a_word_that_a_plain_one_can_stand_for(texts: list[Text], handbook: list[Text]) -> None:
    found = {f"{text.where} {text.said[:60]}": words for text in (*texts, *handbook) if (words := hard(text))}
    assert found == {}


def test_nothing_is_shortened_and_nobody_is_blamed(texts: list[Text], handbook: list[Text]) -> None:
    every = [*texts, *handbook]
    assert [(text.where, text.said) for text in every if SHORTENED.search(text.said) or BLAMES.search(text.said)] == []


def test_a_long_word_is_one_of_the_field(texts: list[Text], handbook: list[Text]) -> None:
    long = {
        (word.lower(), text.where)
        for text in (*texts, *handbook)
        for word in text.words()
        if len(word) > LONGEST_WORD and not any(word.lower().startswith(one) for one in OF_THE_FIELD)
    }
    assert long == set()


def test_no_sentence_is_longer_than_a_breath(texts: list[Text], handbook: list[Text]) -> None:
    for every, most in ((texts, LONGEST_SENTENCE), (handbook, LONGEST_IN_HANDBOOK)):
        long = [(text.where, " ".join(one)) for text in every for one in sentences(text) if len(one) > most]
        assert long == []


def test_the_checks_can_fail() -> None:
    text = Text(where="", said="Samtliga uppgifter inhämtas, t.ex. beträffande öppna ärenden.")
    assert [one.partition(" ")[0] for one in hard(text)] == ["beträffande", "inhämtas", "samtliga"]
    assert SHORTENED.search(text.said) and BLAMES.search("Du har glömt att svara.")
    assert not hard(Text(where="", said="Ev. ÅÅÅÅ-MM-DD")) or "ev → kanske" in hard(Text(where="", said="ev. frånvaro"))
    assert list(strings('"""Är en beskrivning."""\nx = f"Här är {y} ord"\n')) == [(2, "Här är x ord")]
