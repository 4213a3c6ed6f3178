"""Draws the two icons of the Teams package: a relay baton on its way. Run: `python manifest/draw_icons.py`."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

Colour = tuple[int, int, int]
Point = tuple[float, float]
# What stands at a point: a colour, or None where nothing is drawn.
Drawing = Callable[[float, float], Colour | None]

_TEAL: Colour = (15, 94, 102)
_PALE: Colour = (126, 190, 192)
_WHITE: Colour = (255, 255, 255)
_AMBER: Colour = (255, 185, 56)
_SAMPLES = 5


def color_icon() -> bytes:
    """192×192: amber baton with white bands, and lines of speed, within the middle 96×96."""

    def drawing(x: float, y: float) -> Colour | None:
        along, away = _on_baton((66, 134), (140, 60), x, y)
        if away <= 12:
            return _WHITE if 0.08 <= along <= 0.2 or 0.8 <= along <= 0.92 else _AMBER
        lines = (((54, 116), (98, 72)), ((50, 90), (72, 68)), ((98, 132), (124, 106)))
        if any(_on_baton(start, end, x, y)[1] <= 4 for start, end in lines):
            return _PALE
        return _TEAL

    return _png(192, drawing)


def outline_icon() -> bytes:
    """32×32: the baton in white, its bands left open, on a transparent ground."""

    def drawing(x: float, y: float) -> Colour | None:
        along, away = _on_baton((6, 26), (26, 6), x, y)
        band = 0.12 <= along <= 0.2 or 0.78 <= along <= 0.86
        return _WHITE if away <= 4 and not band else None

    return _png(32, drawing)


def _on_baton(start: Point, end: Point, x: float, y: float) -> tuple[float, float]:
    """How far along the line from start to end a point lies (0–1 inside), and how far from the line it is."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy)
    nearest = min(1.0, max(0.0, along))
    return along, math.hypot(x - start[0] - nearest * dx, y - start[1] - nearest * dy)


def _pixel(drawing: Drawing, column: int, row: int) -> bytes:
    """Red, green, blue, alpha: the mean of several points in the pixel, so that edges are smooth."""
    steps = [(step + 0.5) / _SAMPLES for step in range(_SAMPLES)]
    seen = [drawing(column + right, row + down) for down in steps for right in steps]
    drawn = [colour for colour in seen if colour is not None]
    if not drawn:
        return bytes((255, 255, 255, 0))
    mean = (round(sum(part) / len(drawn)) for part in zip(*drawn, strict=True))
    return bytes((*mean, round(255 * len(drawn) / len(seen))))


def _png(size: int, drawing: Drawing) -> bytes:
    rows = b"".join(b"\0" + b"".join(_pixel(drawing, column, row) for column in range(size)) for row in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


if __name__ == "__main__":
    folder = Path(__file__).parent
    (folder / "color.png").write_bytes(color_icon())
    (folder / "outline.png").write_bytes(outline_icon())
