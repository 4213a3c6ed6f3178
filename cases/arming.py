"""Starting and stopping the deadlines of a thread, as its moves say."""

from datetime import datetime

from cases.actions import Arm, Disarm, Rearm
from cases.errors import AnswerRefused
from cases.ladder import arm
from cases.thread import ThreadNow
from reminders.errors import BadSince
from reminders.profile import Profile


def set_deadline(thread: ThreadNow, action: Arm | Rearm | Disarm, profile: Profile, now: datetime) -> None:
    """Start, start anew or stop a deadline; `now` is care time (UTC).

    Raises: AnswerRefused where the rule refuses the answer that it is to count from.
    """
    known = thread.deadlines.get(action.step)
    runs = known is not None and known.status == "armed"
    if isinstance(action, Arm):
        since = thread.values[action.since] if action.since else now.isoformat()
        if runs and known is not None and (known.rule, known.basis) == (action.rule, since):
            return  # it counts from where it counted: nothing that was said is said again
        try:
            arm(thread, action.step, action.rule, since, profile, now)
        except BadSince as refused:
            raise AnswerRefused(action.since or "", str(refused)) from refused
    elif isinstance(action, Rearm) and known is not None:
        arm(thread, action.step, known.rule, now.isoformat(), profile, now)
    elif runs and known is not None:
        known.status = "disarmed"
