"""The profile's `[retention]`: how long each kind of data is kept. The numbers are the municipality's to decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from reminders.localtime import add_months, at, to_local
from reminders.profile import Profile
from reminders.profile_schema import Complain, Table, register_section

NO_DECISION = "-"  # what stands in the profile where the municipality has not decided


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Content: days after the end, once both sides have journaled. A thread's own facts, the account, and what the
    roster says of whoever has left: months. Drafts that were never sent: hours."""

    content_days: int
    metadata_months: int
    account_months: int
    draft_hours: int
    roster_months: int


def read_retention(values: Mapping[str, Any], complain: Complain) -> Retention:
    """The table `[retention]`. The defaults are Stafett's own, but for the account's five years, as in health care."""
    table = Table(values=values, complain=complain)
    section = Retention(
        content_days=table.integer("content_days", 30, low=1, high=3_660),
        metadata_months=table.integer("metadata_months", 24, low=3, high=600),
        account_months=table.integer("account_months", 60, low=24, high=1_200),
        draft_hours=table.integer("draft_hours", 24, low=1, high=8_784),
        roster_months=table.integer("roster_months", 24, low=3, high=600),
    )
    table.done()
    if section.account_months < section.metadata_months:
        complain("account_months", f"ska vara minst metadata_months ({section.metadata_months}): loggen tolkar det")
    return section


def register() -> None:
    """Own the table `[retention]` of every profile."""
    register_section("retention", read_retention)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What ended, or was written, before these instants (UTC) has had its time. `decision_ref` is empty without one."""

    decision_ref: str
    content: datetime
    metadata: datetime
    account: datetime
    draft: datetime
    roster: datetime


def limits_of(profile: Profile, now: datetime) -> Limits:
    """The limits of one profile. What may still be reopened keeps its content: `reopen_days` may lengthen its time."""
    kept: Retention = profile.section("retention")
    ref: str = profile.section("privacy").retention_decision_ref
    days = max(kept.content_days, profile.section("flows").reopen_days)
    return Limits(
        decision_ref="" if ref == NO_DECISION else ref,
        content=now - timedelta(days=days),
        metadata=_months_before(now, kept.metadata_months),
        account=_months_before(now, kept.account_months),
        draft=now - timedelta(hours=kept.draft_hours),
        roster=_months_before(now, kept.roster_months),
    )


def common_limits(profiles: Iterable[Profile], now: datetime) -> Limits:
    """For what belongs to no one profile: every one of them must have decided, and the longest time holds."""
    found = [limits_of(one, now) for one in profiles]
    refs = [one.decision_ref for one in found]
    return Limits(
        decision_ref="; ".join(dict.fromkeys(refs)) if refs and all(refs) else "",
        content=min(one.content for one in found),
        metadata=min(one.metadata for one in found),
        account=min(one.account for one in found),
        draft=min(one.draft for one in found),
        roster=min(one.roster for one in found),
    )


def _months_before(now: datetime, months: int) -> datetime:
    """The beginning of the local day so many months ago."""
    day: date = add_months(to_local(now).date(), -months)
    return at(day, time())
