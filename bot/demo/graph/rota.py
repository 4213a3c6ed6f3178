"""What stands in Teams Shifts: a pass somebody works, or time somebody has off."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A pass, or with `off` time off. One that has not been shared with the team is a draft: only its planner sees it.

    `group` is the schedule's group (a row of the rota), such as the one for those on call.
    """

    person_id: str
    start: datetime
    end: datetime
    group: str = ""
    off: bool = False
    shared: bool = True
    name: str = ""
    notes: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
