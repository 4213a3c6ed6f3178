"""The simulation: the same engine on a clock that jumps, with care work and faults drawn from a seed."""

import sys
from pathlib import Path

_TESTS = Path(__file__).parent.parent
for _room in ("stories", "unit"):  # the cards of the stories, and the oracle of the rules
    if str(_TESTS / _room) not in sys.path:
        sys.path.append(str(_TESTS / _room))
