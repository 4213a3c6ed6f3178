"""Files of hours, as a municipality's own system writes them."""

from pathlib import Path

HEAD = "arende;bestalld;utford\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "timmar.csv"
    path.write_text(text, encoding="utf-8")
    return path
