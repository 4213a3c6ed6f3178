"""Every call that Stafett makes to Graph, and the application permission it needs: the least that Microsoft documents.

This Graph answers nothing else. Operators read the same table in the guide to operations, and a test holds the two, and
the calls that Stafett's own code makes, against each other.
"""

from dataclasses import dataclass

_EVENTS = "/users/{id}/events"
_MODELS = "msgraph.generated.models."
_EVENT = "msgraph.generated.users.item.events.item."


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call. `needs` must be granted, and `also` for all of the answer; `about_mailbox` says that Outlook's limits
    for one mailbox hold. `body` is the SDK's class for what is sent, by module and name.
    """

    method: str
    path: str
    needs: tuple[str, ...]
    also: tuple[str, ...] = ()
    about_mailbox: bool = False
    body: str = ""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def _calendar(method: str, path: str, body: str = "", needs: str = "Calendars.ReadWrite") -> Call:
    return Call(method=method, path=path, needs=(needs,), about_mailbox=True, body=body)


CALLS: tuple[Call, ...] = (
    _calendar("POST", _EVENTS, f"{_MODELS}event:Event"),
    _calendar("GET", f"{_EVENTS}/{{event}}"),
    _calendar("PATCH", f"{_EVENTS}/{{event}}", f"{_MODELS}event:Event"),
    _calendar("DELETE", f"{_EVENTS}/{{event}}"),
    _calendar("POST", f"{_EVENTS}/{{event}}/cancel", f"{_EVENT}cancel.cancel_post_request_body:CancelPostRequestBody"),
    _calendar("GET", f"{_EVENTS}/{{event}}/instances"),
    _calendar("GET", "/users/{id}/calendarView/delta"),
    _calendar(
        "POST",
        "/users/{id}/calendar/getSchedule",
        "msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body:GetSchedulePostRequestBody",
        needs="Calendars.ReadBasic",
    ),
    _calendar("GET", "/users/{id}/mailboxSettings", needs="MailboxSettings.Read"),
    Call(
        method="GET",
        path="/groups/{id}/transitiveMembers",
        needs=("GroupMember.Read.All",),
        also=("User.ReadBasic.All",),
    ),
    Call(method="GET", path="/groups/delta", needs=("GroupMember.Read.All",)),
    Call(
        method="POST",
        path="/users/{id}/teamwork/installedApps",
        needs=("TeamsAppInstallation.ReadWriteSelfForUser.All",),
        body=f"{_MODELS}user_scope_teams_app_installation:UserScopeTeamsAppInstallation",
    ),
    Call(
        method="POST",
        path="/users/{id}/teamwork/sendActivityNotification",
        needs=("TeamsActivity.Send.User",),
        body="msgraph.generated.users.item.teamwork.send_activity_notification"
        ".send_activity_notification_post_request_body:SendActivityNotificationPostRequestBody",
    ),
    Call(method="GET", path="/teams/{id}/schedule/shifts", needs=("Schedule.Read.All",)),
    Call(method="GET", path="/teams/{id}/schedule/timesOff", needs=("Schedule.Read.All",)),
    Call(method="POST", path="/communications/calls", needs=("Calls.Initiate.All",), body=f"{_MODELS}call:Call"),
    Call(
        method="POST",
        path="/communications/calls/{call}/playPrompt",
        needs=("Calls.Initiate.All",),
        body="msgraph.generated.communications.calls.item.play_prompt.play_prompt_post_request_body"
        ":PlayPromptPostRequestBody",
    ),
    Call(
        method="POST",
        path="/communications/calls/{call}/subscribeToTone",
        needs=("Calls.AccessMedia.All",),
        body="msgraph.generated.communications.calls.item.subscribe_to_tone.subscribe_to_tone_post_request_body"
        ":SubscribeToTonePostRequestBody",
    ),
    Call(method="DELETE", path="/communications/calls/{call}", needs=("Calls.Initiate.All",)),
)

# What a wider permission covers besides itself, of those above.
COVERS = {"Calendars.ReadWrite": frozenset({"Calendars.ReadBasic"})}
ALL = frozenset(need for call in CALLS for need in call.needs + call.also)


def covered(granted: frozenset[str], needs: tuple[str, ...]) -> bool:
    """Whether what has been granted is enough for a call."""
    have = granted.union(*(COVERS.get(one, frozenset()) for one in granted))
    return have.issuperset(needs)
