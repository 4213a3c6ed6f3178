"""Asks this machine's own Stafett whether it lives: `python -m bot.alive`, for a container that is looked at often.

It loads nothing of the house, since what is asked twice a minute must cost next to nothing. Exit code 0 when it does.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

_USUAL_PORT = 3979
_PATIENCE = 4.0  # seconds


def is_alive(port: int) -> bool:
    """Whether `/healthz` on this machine's port for operators answers 200 in time."""
    line = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(os.environ.get("STAFETT_INTERNAL_PORT") or _USUAL_PORT)) else 1)
