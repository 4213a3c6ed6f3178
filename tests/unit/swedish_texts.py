"""Every Swedish text that people may read: the strings of the code, and the handbook."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("dialogs", "bot")
_SWEDISH = re.compile(r"[åäöÅÄÖ]")
_WORD = re.compile(r"(?<!\w)[A-Za-zÅÄÖåäöÉé]+(?!\w)")
_ENDS = re.compile(r"(?<=[.!?:;·])\s+|\n|</?\w+[^>]*>")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|`[^`]*`|\*\*")


@dataclass(frozen=True, kw_only=True)
class Text:
    where: str
    said: str

    def words(self) -> list[str]:
        return _WORD.findall(self.said)


def of_code() -> Iterator[Text]:
    """The texts of the code: more than a word, in Swedish, and no description of the code itself."""
    for room in ROOMS:
        for path in sorted((HOUSE / room).rglob("*.py")):
            if "demo" not in path.parts:
                name = path.relative_to(HOUSE)
                yield from (Text(where=f"{name}:{line}", said=said) for line, said in strings(path.read_text()))


def of_handbook() -> Iterator[Text]:
    """The handbook, a line of markdown or a cell of a table at a time."""
    docs = HOUSE / "docs"
    for path in (docs / "handbok.md", *sorted((docs / "handbok").glob("*.md"))):
        plain = _MARKUP.sub(lambda found: found[1] or "", path.read_text())
        for block in re.split(r"\n\s*\n|\n(?=[-#|\d])|\|", plain):
            yield Text(where=path.name, said=" ".join(block.split()))


def strings(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the Swedish strings of a module. What is filled in is an x."""
    nodes = list(ast.walk(ast.parse(source)))
    told = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    left_out = {id(node.body[0].value) for node in nodes if isinstance(node, told) and _is_doc(node)}
    left_out |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in left_out:
            text = _text(node)
            if " " in text and _SWEDISH.search(text) and r"\b" not in text:
                yield node.lineno, text


def _is_doc(node: ast.AST) -> bool:
    body = getattr(node, "body", [])
    return bool(body) and isinstance(body[0], ast.Expr)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def sentences(text: Text) -> list[list[str]]:
    """The words of each sentence; a colon and a semicolon let the reader breathe as well."""
    return [_WORD.findall(part) for part in _ENDS.split(text.said)]
