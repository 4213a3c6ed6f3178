"""Whom the played Graph knows: people with or without a mailbox, groups of people and of groups, and their apps."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.graph.wire import STOCKHOLM, Json, shown

_NEVER = "0001-01-01T00:00:00.0000000"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(kw_only=True)
class AutoReply:
    """A person's automatic replies, as Outlook has them. Times count only when they are scheduled."""

    status: str = "disabled"  # disabled, alwaysEnabled, scheduled
    start: datetime | None = None
    end: datetime | None = None
    message: str = ""

    def active(self, now: datetime) -> bool:
        """Whether whoever writes just now gets the reply."""
        if self.status != "scheduled":
            return self.status == "alwaysEnabled"
        return self.start is not None and self.end is not None and self.start <= now < self.end


@dataclass(kw_only=True, eq=False)
class Person:
    """Somebody in the directory. Without a mailbox the calendar calls say so, as for one on a server of our own."""

    id: str
    upn: str
    name: str
    has_mailbox: bool = True
    zone: str = STOCKHOLM
    opens: str = "08:00:00.0000000"
    closes: str = "17:00:00.0000000"
    reply: AutoReply = field(default_factory=AutoReply)
    apps: set[str] = field(default_factory=set)  # what is installed for the person, by the app's id in the catalogue
    feed: list[Json] = field(default_factory=list)  # the notices in the person's activity feed

    @property
    def address(self) -> Json:
        return {"name": self.name, "address": self.upn}

    @property
    def working_hours(self) -> Json:
        zone = {"name": self.zone}
        return {"daysOfWeek": list(WEEKDAYS), "startTime": self.opens, "endTime": self.closes, "timeZone": zone}

    def settings(self, zone_name: str = "UTC") -> Json:
        """The mailbox's settings, as far as they are asked for."""
        reply = self.reply
        return {
            "automaticRepliesSetting": {
                "status": reply.status,
                "externalAudience": "all",
                "internalReplyMessage": reply.message,
                "externalReplyMessage": reply.message,
                "scheduledStartDateTime": _shown(reply.start, zone_name),
                "scheduledEndDateTime": _shown(reply.end, zone_name),
            },
            "timeZone": self.zone,
            "workingHours": self.working_hours,
        }


@dataclass(kw_only=True, eq=False)
class Group:
    """A group of the directory. Members are people and groups by id; `log` is what has been done to them, in order."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    log: list[tuple[int, str, bool]] = field(default_factory=list)  # stamp, member, whether it came or went


def _shown(at: datetime | None, zone_name: str) -> Json:
    return {"dateTime": _NEVER, "timeZone": zone_name} if at is None else shown(at, zone_name)
