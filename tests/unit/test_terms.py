"""A municipality's own words: every card, form, list and answer follows them, and nothing that anybody typed does."""

from contextlib import closing
from pathlib import Path

import pytest
from every_card import OTHERS, with_terms
from town import Town, shipped

from dialogs.terms import Terms, read_terms, worded


@pytest.mark.parametrize(
    ("terms", "text", "said"),
    [
        (OTHERS, "Hjälp brukaren att nå handläggaren", "Hjälp kunden att nå biståndsbedömaren"),
        (OTHERS, "Brukarens namn. Handläggarnas brevlåda.", "Kundens namn. Biståndsbedömarnas brevlåda."),
        (OTHERS, "inga namn på brukare, någon brukare", "inga namn på kunder, någon kund"),
        (OTHERS, "Hemtjänsten skriver i verksamhetssystemet", "Hemvården skriver i Treserva"),
        (OTHERS, "Verksamhetssystemet och hemtjänstens svar", "Treserva och hemvårdens svar"),
        (Terms(client="den enskilde"), "Brukaren vill. Brukarens. Brukarna. Någon brukare.",
         "Den enskilde vill. Den enskildes. De enskilda. Någon enskild."),
        (Terms(needs_assessor="handläggare"), "biståndshandläggaren, Handläggarens", "handläggaren, Handläggarens"),
        (Terms(client="omsorgstagaren"), "brukare, brukarnas", "omsorgstagare, omsorgstagarnas"),
        (OTHERS, "utan hemtjänst, brukarärenden", "utan hemtjänst, brukarärenden"),
        (Terms(), "Hjälp brukaren att nå handläggaren", "Hjälp brukaren att nå handläggaren"),
    ],
)  # fmt: skip
def test_each_form_of_a_word_is_bent_as_its_own(terms: Terms, text: str, said: str) -> None:
    assert terms.put(text) == said


@pytest.mark.parametrize(
    ("key", "value"), [("client", "brukare"), ("needs_assessor", "bedömaren"), ("home_care", "hemtjänst")]
)
def test_a_word_that_cannot_be_bent_is_refused_by_name(key: str, value: str) -> None:
    told: list[tuple[str, str]] = []
    read_terms({key: value}, lambda where, why: told.append((where, why)))
    assert [where for where, _ in told] == [key]


def test_the_standard_words_leave_a_flow_as_it_is_and_others_keep_its_names_and_codes() -> None:
    for flow in shipped().flows.values():
        assert worded(flow, Terms()) is flow
        other = worded(flow, OTHERS)
        assert worded(flow, OTHERS) is other
        assert (other.name, list(other.states), list(other.moves)) == (flow.name, list(flow.states), list(flow.moves))
        for mine, its in zip(other.fields(), flow.fields(), strict=True):
            assert (mine.name, mine.demanded_if, mine.sensitive) == (its.name, its.demanded_if, its.sensitive)
            codes = [[code for code, _ in getattr(one, "options", ())] for one in (mine, its)]
            assert codes[0] == codes[1]


def test_what_somebody_typed_stays_as_it_was_typed(tmp_path: Path) -> None:
    with closing(Town(tmp_path, record=with_terms(shipped(), OTHERS))) as town:
        typed = "Brukaren undrar vad handläggaren menar."
        town.karim.begins("question", "NK-2041", category="assignment", question_text=typed)
        assert town.thread(1).values.get("question_text") in (typed, None)
