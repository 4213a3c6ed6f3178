"""What a Stafett that works does beside turns and deadlines: a loop for each, and a way out for each kind of errand.

Each stands here once; the house starts them, stops them and tells health their names.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.absences import Absences
from bot.anchors import Anchors
from bot.clock import Clock
from bot.delivery.jobs import Channel
from bot.disposals import Disposals
from bot.errand.door import Door
from bot.errand.lists import ListDoor
from bot.errand.mail import MailDoor
from bot.errand.smtp import MailSettings
from bot.figures import Figures
from bot.graph.calendar_door import CalendarDoor
from bot.graph.calendar_looks import CalendarLooks
from bot.graph.client import Graph
from bot.graph.install_door import InstallDoor
from bot.graph.notice_door import NoticeDoor
from bot.heartbeat import Heartbeat, HeartbeatSettings
from bot.jour import Jour
from bot.looks import Looks
from bot.openings import Openings
from bot.people import People
from bot.throttle import Throttle
from cases.group_map import GroupMap
from cases.record import Record
from cases.store import Store

# The names of the loops' tasks, for health.
ROUNDS = frozenset(
    {
        "openings", "absences", "people", "calendars", "rota", "night_calls", "disposals", "anchors", "heartbeat",
        "figures",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Around:
    """What loops and doors are made of. `added` is called when there is something to send or to do, `moved` when
    threads have moved; `throttle` tells the limits that the outbox keeps to."""

    store: Store
    record: Record
    clock: Clock
    channel: Channel
    throttle: Callable[[], Throttle]
    mail: MailSettings | None
    graph: Graph | None
    groups: GroupMap | None
    jour: Jour
    heartbeat: HeartbeatSettings | None
    added: Callable[[], None]
    moved: Callable[[], None]

    def rounds(self) -> tuple[Looks, ...]:
        """Every loop of a process that works, not yet started."""
        return (
            Openings(self.store, self.record, self.clock, opened=self.moved),
            CalendarLooks(self.store, self.record, self.clock, self.graph, changed=self.moved),
            Absences(self.store, self.record, self.clock, self.graph),
            People(self.store, self.record, self.clock, self.graph, self.groups, changed=self.added),
            self.jour.rota,
            self.jour.night,
            Anchors(self.store, self.clock),
            Figures(self.store, self.clock),
            Disposals(self.store, self.record, self.clock),
            Heartbeat(self.store, self.record, self.clock, self.heartbeat, asked=self.moved),
        )

    def doors(self) -> tuple[Door, ...]:
        """The way out of every kind of errand."""
        return (
            MailDoor(self.record, self.clock, self.mail),
            ListDoor(self.record, self.clock, self.channel, self.throttle),
            CalendarDoor(self.record, self.clock, self.graph),
            InstallDoor(self.record, self.clock, self.graph),
            NoticeDoor(self.graph),
            self.jour.door,
        )
