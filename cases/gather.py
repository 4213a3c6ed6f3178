"""What several people add to a list, one after the other: nobody's answer takes another's place."""

from cases.actions import Gather
from cases.fields import codes_of
from cases.telling import Change
from cases.thread import ThreadNow


def gather(thread: ThreadNow, change: Change, action: Gather) -> None:
    """Put what has just been answered in the list of all, each once and in order, and forget whose answer it was."""
    added = codes_of(thread.values.pop(action.field, ""))
    change.content.pop(action.field, None)
    every = ",".join(dict.fromkeys((*codes_of(thread.values.get(action.into)), *added)))
    thread.values[action.into] = change.content[action.into] = every
