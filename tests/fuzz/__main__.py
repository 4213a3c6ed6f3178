"""`python -m fuzz`: a long run by hand. Ends with 1 when something was found, and tells what led to it."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

from fuzz.guided import guide

FILES = ("roster_csv", "roster_xlsx", "hours", "profile", "group_map", "calendar_file")
TELL_EVERY = 10  # times in a run
_PAGE = resource.getpagesize()


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description="Drawn input against every door, and what must hold.")
    parser.add_argument("what", choices=("door", "files", "graph", "schema", *FILES), nargs="?", default="door")
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--guided", action="store_true", help="let Atheris choose the bytes by what they reach")
    parser.add_argument("--kept", type=Path, default=Path(".stafett/fuzz"), help="where Atheris leaves what it found")
    given = parser.parse_args()
    if given.guided:
        if given.what == "files":
            parser.error("Atheris follows one kind of file: choose which")
        if given.what in ("graph", "schema"):
            parser.error(f"{given.what} is not among what Atheris follows")
        return guide(given.what, given.runs, given.seed, given.kept)
    from fuzz import fuzzed_door, fuzzed_files, fuzzed_graph, schemas  # here, since Atheris must be there before them

    told = Told(given.what, given.runs)
    try:
        if given.what == "door":
            count = fuzzed_door.run(given.runs, given.seed, lambda door: told.tell(door.number))
        elif given.what == "graph":
            count = fuzzed_graph.run(given.runs, given.seed, told.tell)
        elif given.what == "schema":
            count = schemas.run(given.runs, given.seed)
        else:
            targets = list(FILES) if given.what == "files" else [given.what]
            count = fuzzed_files.run(targets, given.runs, given.seed, told.tell)
    except AssertionError as found:
        sys.stdout.write(f"FOUND\n{found}\n")
        return 1
    sys.stdout.write(f"{given.what}: {given.runs} runs, nothing found. {json.dumps(dict(sorted(count.items())))}\n")
    return 0


class Told:
    """Now and then a line with the memory held, so that a long run is seen to go on and not to grow."""

    def __init__(self, what: str, runs: int) -> None:
        self._what, self._step, self._next, self._began = what, max(runs // TELL_EVERY, 1), 0, time.monotonic()

    def tell(self, done: int) -> None:
        if done < self._next:
            return
        self._next = (done // self._step + 1) * self._step
        took = time.monotonic() - self._began
        sys.stderr.write(f"{self._what}: {done} runs, {took:.0f} s, {memory() / 2**20:.0f} MB\n")


def memory() -> int:
    """What this process holds in memory, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


if __name__ == "__main__":
    sys.exit(main())
