"""How Python looks for garbage while the bot serves.

What has been loaded by the start stays for as long as the process, so it is never looked through again; and a turn
makes so many small objects that the default would go looking several times in each, for garbage that is not there.
"""

import gc

_NEW_OBJECTS = 20_000  # between two looks at the youngest; a turn makes some thousands and drops them by itself


def seldom() -> None:
    """Set the process at rest, once, when everything has been loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
