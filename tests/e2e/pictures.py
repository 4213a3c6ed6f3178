"""Pictures of every flow in Microsoft's own client: `make bilder` takes them all; give `--flows` for some of them.

A button or a question that is missing ends its way with the name of what was looked for, and a picture of the window.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from client_stage import playing
from gallery import FLOWS, Gallery
from ways import DAYS, Day
from ways_meetings import MEETING_DAYS

OUT = Path(".stafett/bilder")


async def take(day: Day, out: Path, flows: Sequence[str], options: tuple[str, ...]) -> Gallery | None:
    """Walk one day; None when nothing of it was asked for."""
    wanted = [way for way in day.ways if not flows or way.called in flows or way.flow in flows]
    if not wanted:
        return None
    with tempfile.TemporaryDirectory() as folder:
        options = (*day.options, *options)
        acting = {
            key
            for way in wanted
            for key in (way.who, *way.seen_by, *(name for step in way.steps for name in (step[0], step[2])))
        }
        people = [key for key in day.people if not flows or key in acting]
        async with playing(Path(folder) / "demo", *people, start=day.start, options=options) as play:
            gallery = Gallery(play=play, day=day, out=out, mode="-pekare" if "--pekare" in options else "")
            for way in wanted:
                print(way.called, flush=True)  # noqa: T201 (for whoever watches)
                await gallery.tried(way.called, gallery.walk(way))
            if not flows:
                for post in day.signposts:
                    await gallery.tried(post.told, gallery.signposted(post))
                for way in day.left_open:
                    await gallery.drafted(way, FLOWS[way.flow], pictured=False)
                    await play[way.who].press("Skicka")
                for who, typed, heading in day.lists:
                    await gallery.tried(f"{who} {typed}", gallery.looked_up(who, typed, heading))
            return gallery


async def take_all(out: Path, flows: Sequence[str], options: tuple[str, ...]) -> list[Gallery]:
    return [one for day in (*DAYS, *MEETING_DAYS) if (one := await take(day, out, flows, options))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=OUT)
    parser.add_argument("--flows", nargs="+", default=(), help="only these")
    parser.add_argument("--pekare", action="store_true", help="as where no content may be kept")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    walked = asyncio.run(take_all(args.out, args.flows, ("--pekare",) if args.pekare else ()))
    taken = sum(one.taken for one in walked)
    print(f"{taken} cards, {2 * taken} pictures in {args.out}")  # noqa: T201 (the answer to the command)
    missed = [text for one in walked for text in one.missed]
    sys.exit("\n".join(missed) or None)


if __name__ == "__main__":
    main()
