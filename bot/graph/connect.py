"""The line to Graph: the SDK, loaded here and nowhere else, with our own HTTP client beneath it.

Loading takes seconds, and the SDK loads much of itself when a call is first written and its answer first read. So a
line is made in a thread of its own, where it also takes every call once as far as can be without sending it.
"""

import ssl
from collections.abc import Callable
from typing import Any

import httpx
from azure.core.credentials import AccessToken
from azure.identity.aio import CertificateCredential, ClientSecretCredential, ManagedIdentityCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph.generated.communications.calls.item.play_prompt.play_prompt_post_request_body import (
    PlayPromptPostRequestBody,
)
from msgraph.generated.communications.calls.item.subscribe_to_tone.subscribe_to_tone_post_request_body import (
    SubscribeToTonePostRequestBody,
)
from msgraph.generated.models.call import Call
from msgraph.generated.models.event import Event
from msgraph.generated.models.invitation_participant_info import InvitationParticipantInfo
from msgraph.generated.models.mailbox_settings import MailboxSettings
from msgraph.generated.models.media_prompt import MediaPrompt
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.schedule_information import ScheduleInformation
from msgraph.generated.models.service_hosted_media_config import ServiceHostedMediaConfig
from msgraph.generated.models.shift import Shift
from msgraph.generated.models.time_off import TimeOff
from msgraph.generated.models.user import User
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import GetSchedulePostRequestBody
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from bot.channel.settings import Certificate, ClientSecret, ManagedIdentity, SettingsError
from bot.graph.settings import GraphSettings

SCOPE = "https://graph.microsoft.com/.default"
_HOSTS = ["graph.microsoft.com"]
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1"]
_FAR_AHEAD = 4_102_444_800  # 2100 in seconds: a played Graph decides itself when its token is over
_CONNECTIONS = 20


class Line:
    """The SDK's client and what must be closed with it. Raises SettingsError for a certificate that cannot be read."""

    def __init__(self, settings: GraphSettings) -> None:
        self._credential = _credential(settings)
        self._http = httpx.AsyncClient(
            timeout=settings.timeout, limits=httpx.Limits(max_connections=_CONNECTIONS), trust_env=False,
            verify=_trust(settings), proxy=settings.proxy, follow_redirects=False,
        )  # fmt: skip
        provider = AzureIdentityAuthenticationProvider(
            self._credential, scopes=[SCOPE], allowed_hosts=_LOCAL_HOSTS if settings.is_local else _HOSTS
        )
        adapter = GraphRequestAdapter(provider, client=self._http)
        adapter.base_url = settings.base_url
        self.client = GraphServiceClient(request_adapter=adapter)
        for touch in TOUCHED:
            touch(self.client)

    async def let_in(self) -> None:
        """Get a token ahead of the first call."""
        await self._credential.get_token(SCOPE)

    async def close(self) -> None:
        await self._http.aclose()
        await self._credential.close()


class _Told:
    """The credential of a Graph on this machine: the token it was started with."""

    def __init__(self, token: str) -> None:
        self._token = AccessToken(token, _FAR_AHEAD)

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return self._token

    async def close(self) -> None:
        """Nothing to close."""


def _credential(settings: GraphSettings) -> Any:
    """Managed identity, certificate or secret, as the bot's own settings have it."""
    if settings.is_local:
        return _Told(settings.token)
    tenant, app = settings.tenant_id, settings.app_id
    more: dict[str, Any] = {"use_env_settings": False}
    if settings.ca_file is not None:
        more["connection_verify"] = str(settings.ca_file)
    if settings.proxy is not None:
        more["proxies"] = {"https": settings.proxy}
    match settings.credentials:
        case ManagedIdentity():
            return ManagedIdentityCredential(client_id=app)
        case Certificate(private_key=pem):
            try:
                return CertificateCredential(
                    tenant, app, certificate_data=pem.encode(), authority=settings.login_authority, **more
                )
            except ValueError:
                raise SettingsError(
                    "STAFETT_CERTIFICATE_FILE: nyckel och certifikat i PEM gick inte att läsa"
                ) from None
        case ClientSecret(value=secret):
            return ClientSecretCredential(tenant, app, secret, authority=settings.login_authority, **more)
        case _:
            raise SettingsError("graph: hemlighet, certifikat eller hanterad identitet krävs")


def _trust(settings: GraphSettings) -> ssl.SSLContext | bool:
    if settings.is_local:
        return False  # plain http on loopback: loading the machine's certificates would only cost time
    return ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)


def _calendar(client: GraphServiceClient) -> None:
    mailbox = client.users.by_user_id("-")
    event = mailbox.events.by_event_id("-")
    for one in (mailbox.events, event, event.cancel, event.instances, mailbox.calendar_view.delta):
        one.with_url("https://graph.microsoft.com/-")
    Event().get_field_deserializers()
    ODataError().get_field_deserializers()


def _schedule(client: GraphServiceClient) -> None:
    client.users.by_user_id("-").calendar.get_schedule.with_url("https://graph.microsoft.com/-")
    GetSchedulePostRequestBody().get_field_deserializers()
    ScheduleInformation().get_field_deserializers()


def _people(client: GraphServiceClient) -> None:
    nowhere = "https://graph.microsoft.com/-"
    mailbox, group = client.users.by_user_id("-"), client.groups.by_group_id("-")
    apps, feed = mailbox.teamwork.installed_apps, mailbox.teamwork.send_activity_notification
    for one in (mailbox.mailbox_settings, apps, feed, group.transitive_members):
        one.with_url(nowhere)
    client.groups.delta.with_url(nowhere)
    MailboxSettings().get_field_deserializers()
    User().get_field_deserializers()


def _rota(client: GraphServiceClient) -> None:
    schedule = client.teams.by_team_id("-").schedule
    for one in (schedule.shifts, schedule.times_off):
        one.with_url("https://graph.microsoft.com/-")
    Shift().get_field_deserializers()
    TimeOff().get_field_deserializers()


def _calls(client: GraphServiceClient) -> None:
    calls = client.communications.calls
    item = calls.by_call_id("-")
    for one in (calls, item, item.play_prompt, item.subscribe_to_tone):
        one.with_url("https://graph.microsoft.com/-")
    for model in (Call(), MediaPrompt(), ServiceHostedMediaConfig(), InvitationParticipantInfo()):
        model.get_field_deserializers()
    for body in (PlayPromptPostRequestBody(), SubscribeToTonePostRequestBody()):
        body.get_field_deserializers()


# What loads the parts of the SDK that a call needs: each room that asks Graph adds its own.
TOUCHED: list[Callable[[GraphServiceClient], None]] = [_calendar, _schedule, _people, _rota, _calls]
