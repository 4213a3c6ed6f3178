"""Questions to an information meeting, their answers, and the evaluation: gathered without persons, and published so.

Norrköping's own meeting took questions in the chat, published them with answers, and asked three questions afterwards.
Who asked, and who evaluated, stands nowhere here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from cases.collected import collected
from cases.flow import Choice, Field, Number, TextField
from dialogs import parts
from dialogs.parts import Element
from dialogs.sheets import Cell, Sheet
from dialogs.view import View
from dialogs.visit import Desked, Visit

FEWEST = 5  # answers, before anything of an evaluation is shown: fewer could be told apart

_NO_PERSONS = "Skriv inget om någon brukare eller medarbetare. Frågan publiceras utan namn."
QUESTION = TextField(name="question", label="Vad vill du fråga?", max=500, help=_NO_PERSONS, hidden=True)
NUMBER = Number(
    name="question_number", label="Vilken fråga svarar du på?", least=Decimal(1), most=Decimal(999), hidden=True,
    help="Numret i listan «Frågor och svar».",
)  # fmt: skip
WORDING = TextField(
    name="question_wording", label="Frågan som den publiceras", max=500, required=False, hidden=True,
    help="Lämna tomt om den står bra. Ta bort det som pekar ut någon.",
)  # fmt: skip
ANSWER = TextField(name="question_answer", label="Svar", max=1500, hidden=True)
PUBLISH = Choice(
    name="question_publish",
    label="Ska fråga och svar publiceras?",
    options=(("yes", "Ja"), ("no", "Nej, visa den bara för mig")),
    hidden=True,
)
ANSWERING: tuple[Field, ...] = (NUMBER, ANSWER, WORDING, PUBLISH)

# The three questions of the municipality's own evaluation, word for word but for the brand; the scale is ours.
GOOD_WAY = Choice(
    name="evaluation_way",
    label="Är Teams ett bra sätt att förmedla information på?",
    options=(("yes", "Ja"), ("partly", "Delvis"), ("no", "Nej")),
    hidden=True,
)
MORE_AREAS = TextField(
    name="evaluation_areas",
    label="Finns det ytterligare informationsområden som du som utförare av hemtjänst har behov av?",
    max=500, required=False, hidden=True,
)  # fmt: skip
OTHER = TextField(
    name="evaluation_other", label="Övriga synpunkter", max=500, required=False, hidden=True, help=_NO_PERSONS
)
EVALUATION: tuple[Field, ...] = (GOOD_WAY, MORE_AREAS, OTHER)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it is to be read, and its answer; `published` once somebody has decided so."""

    number: int
    question: str
    answer: str = ""
    published: bool = False


def questions(tx: Connection, thread_id: int) -> list[Asked]:
    """Every question of a meeting in the order they came, with the latest answer."""
    found: list[Asked] = []
    for given in collected(tx, thread_id):
        if given.get(QUESTION.name):
            found.append(Asked(number=len(found) + 1, question=given[QUESTION.name]))
        number = int(Decimal(given.get(NUMBER.name) or 0))
        if 0 < number <= len(found):
            found[number - 1] = _answered(found[number - 1], given)
    return found


def published(tx: Connection, thread_id: int) -> list[Asked]:
    """Those that have been answered for everybody."""
    return [one for one in questions(tx, thread_id) if one.published and one.answer]


def show(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """«Frågor och svar»: all of them for whoever called the meeting, what is to be published for the others."""
    found = questions(visit.tx, view.thread.id)
    if not view.is_sender:
        found = [one for one in found if one.published]
    body = [parts.heading("Frågor och svar"), parts.labelled(view.flow.matter, view.thread.case_ref)]
    for one in found:
        body.append(parts.line(f"{one.number}. {one.question}", strong=True, space=True))
        body.append(parts.line(one.answer or "Inte besvarad än.", subtle=not one.answer))
        if one.answer and not one.published:
            body.append(parts.line("Publiceras inte.", subtle=True))
    if not found:
        body.append(parts.line("Det finns inga frågor att visa."))
    if view.is_sender:
        body += _evaluated(visit.tx, view.thread.id)
    return Desked(card=parts.card(body, [parts.button("Tillbaka", "show", {"thread": view.thread.id})]))


def button(view: View) -> list[Element]:
    """The way to the list, on the cards of a meeting that gathers questions."""
    if view.is_draft or QUESTION.name not in {item.name for item in view.flow.fields()}:
        return []
    return [parts.button("Frågor och svar", "questions", {"thread": view.thread.id})]


def answers_sheet(tx: Connection, thread_id: int) -> Sheet:
    """What is published: the questions and answers, without persons."""
    found = enumerate(published(tx, thread_id), start=1)
    rows = tuple((str(count), one.question, one.answer) for count, one in found)
    return Sheet(title="Frågor och svar", headings=("Nummer", "Fråga", "Svar"), rows=rows)


def evaluation_sheet(tx: Connection, thread_id: int) -> Sheet:
    """The evaluation summed up; with fewer than five answers only that they are fewer."""
    return Sheet(title="Utvärdering", headings=("Fråga", "Svar", "Antal"), rows=tuple(_summary(tx, thread_id)))


# --- pieces ------------------------------------------------------------------------------------------------------


def _answered(asked: Asked, given: Mapping[str, Any]) -> Asked:
    return replace(
        asked,
        question=given.get(WORDING.name) or asked.question,
        answer=str(given.get(ANSWER.name) or ""),
        published=given.get(PUBLISH.name) == "yes",
    )


def _summary(tx: Connection, thread_id: int) -> list[tuple[Cell, ...]]:
    given = [one for one in collected(tx, thread_id) if one.get(GOOD_WAY.name)]
    if len(given) < FEWEST:
        return [("Antal svar", f"färre än {FEWEST}, visas inte", "")]
    codes = [one[GOOD_WAY.name] for one in given]
    rows: list[tuple[Cell, ...]] = [
        (GOOD_WAY.label, label, str(codes.count(code))) for code, label in GOOD_WAY.options if code in codes
    ]
    for item in (MORE_AREAS, OTHER):  # in the order of the alphabet, so that no two answers can be put together
        rows += [(item.label, text, "") for text in sorted(str(one[item.name]) for one in given if one.get(item.name))]
    return rows


def _evaluated(tx: Connection, thread_id: int) -> list[Element]:
    rows = _summary(tx, thread_id)
    made = [parts.line("Utvärderingen", strong=True, space=True)]
    return made + [parts.line(" – ".join(str(cell) for cell in row if cell)) for row in rows]
