"""What must be asked of others: Entra ID, Microsoft's keys, Graph, the mail server, and our own address outside."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import jwt

from bot.channel.errors import ChannelError
from bot.channel.settings import ChannelSettings, SettingsError
from bot.channel.tokens import msal_fetch
from bot.channel.wire import Wire
from bot.demo.graph.permissions import ALL
from bot.doctor.finding import Finding, Patient, fault, warning
from bot.secret_files import ENVIRONMENT
from cases.record import Record

_WAIT = 8.0  # seconds for each answer
_SKEW = timedelta(minutes=2)  # Microsoft's tokens are refused at five
_GRAPH = "https://graph.microsoft.com"
_NETWORK = "Kontrollera utgående trafik, brandvägg och proxy"
_SCOPED = frozenset({"Calendars.ReadWrite", "Calendars.ReadBasic", "MailboxSettings.Read"})  # by mailbox, in Exchange
_AWAY = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


async def keys(patient: Patient, channel: ChannelSettings, wire: Wire) -> AsyncIterator[Finding]:
    """Microsoft's signing keys, without which nobody gets in, and what their server says that the time is."""
    try:
        limit = aiohttp.ClientTimeout(total=_WAIT)
        async with wire.session().get(channel.openid_metadata, timeout=limit, raise_for_status=True) as answer:
            where, shown = (await answer.json(content_type=None))["jwks_uri"], answer.headers.get("Date")
        published = (await wire.document(where, seconds=_WAIT))["keys"]
        if not any("msteams" in one.get("endorsements", ()) for one in published if isinstance(one, dict)):
            raise ValueError("endorsements")
    except (*_AWAY, KeyError, TypeError) as wrong:
        yield fault(
            "nycklar",
            f"Microsofts nycklar går inte att hämta ({type(wrong).__name__}). Då släpps ingen in.",
            f"{_NETWORK} till login.botframework.com.",
        )
        return
    apart = abs(parsedate_to_datetime(shown) - patient.clock.own()) if shown else timedelta()
    if apart > _SKEW:
        yield fault(
            "klocka",
            f"Maskinens klocka går {int(apart.total_seconds())} sekunder fel.",
            "Slå på tidssynkronisering (NTP). Frister och inloggning bygger på rätt tid.",
        )


async def token(channel: ChannelSettings) -> AsyncIterator[Finding]:
    """Whether the bot is let in by Entra ID."""
    try:
        await asyncio.to_thread(msal_fetch(channel))
    except ChannelError as wrong:
        away = wrong.code == "token connection"
        yield fault(
            "token",
            f"Boten får ingen token från Entra ID ({wrong.code}).",
            f"{_NETWORK} till login.microsoftonline.com."
            if away
            else "Kontrollera app-id och tenant, och att hemligheten eller certifikatet gäller. Förnya den, starta om.",
        )


async def graph(patient: Patient, channel: ChannelSettings, record: Record | None) -> AsyncIterator[Finding]:
    """Whether the app has been given what is switched on, and no more."""
    if not patient.settings.graph:
        return
    try:
        told = await asyncio.to_thread(msal_fetch(replace(channel, token_resource=_GRAPH)))
        # Looked into, not trusted: it is ours, and Graph is who checks it.
        claims = jwt.decode(told.value, options={"verify_signature": False})
    except (ChannelError, jwt.PyJWTError) as wrong:
        code = wrong.code if isinstance(wrong, ChannelError) else "token"
        yield fault("graph", f"Boten får ingen token för Microsoft Graph ({code}).", "Se felet för token. Starta om.")
        return
    given = frozenset(map(str, claims.get("roles", ())))
    missing = sorted(needed(patient, record) - given)
    if missing:
        yield fault(
            "graph",
            f"Appen saknar behörighet i Microsoft Graph: {', '.join(missing)}.",
            "Lägg till programbehörigheterna i Entra ID och ge administratörens medgivande. Det kan ta en timme.",
        )
    everywhere = sorted(given & _SCOPED)
    if everywhere:
        yield warning(
            "graph",
            f"Appen når alla brevlådor i organisationen: {', '.join(everywhere)}.",
            "Ge rollerna med RBAC for Applications i Exchange Online, och ta bort dem i Entra ID.",
        )
    beyond = sorted(given - ALL)
    if beyond:
        yield warning("graph", f"Appen har mer behörighet än Stafett använder: {', '.join(beyond)}.", "Ta bort den.")


def needed(patient: Patient, record: Record | None) -> frozenset[str]:
    """The permissions that what is switched on cannot do without, but for mailboxes, which may be given in Exchange."""
    told, found = patient.settings, set[str]()
    if told.people is not None:
        found |= {"GroupMember.Read.All", "User.ReadBasic.All"}
    if told.graph_teams_app.strip():
        found.add("TeamsAppInstallation.ReadWriteSelfForUser.All")
    if told.shifts.strip():
        found.add("Schedule.Read.All")
    if record is not None and any(one.section("night_call").on for one in record.profiles.values()):
        found |= {"Calls.Initiate.All", "Calls.AccessMedia.All"}
    return frozenset(found)


async def public(patient: Patient, wire: Wire) -> AsyncIterator[Finding]:
    """Whether Teams can reach the bot, whether strangers are refused, and whether the operators' pages are hidden."""
    try:
        url = patient.settings.public()
    except SettingsError:
        return  # told of already
    if not url:
        yield warning(
            "adress",
            "Stafett vet inte sin adress utifrån.",
            f"Sätt {ENVIRONMENT}DOMAIN eller {ENVIRONMENT}PUBLIC_URL, så kan den prövas.",
        )
        return
    proxy = "Kontrollera DNS, certifikat och proxyns regler; se avsnittet om dörren i driftens sidor."
    alive = await _status(wire, "GET", f"{url}/healthz")
    if alive != HTTPStatus.OK:
        yield fault("adress", f"{url}/healthz svarar {alive or 'inte'}. Teams når inte boten.", proxy)
        return
    stranger = await _status(wire, "POST", f"{url}/api/messages")
    if stranger != HTTPStatus.UNAUTHORIZED:
        yield fault("adress", f"{url}/api/messages svarar {stranger or 'inte'} i stället för 401.", proxy)
    for page in ("/readyz", "/metrics"):
        if await _status(wire, "GET", url + page) == HTTPStatus.OK:
            yield fault("adress", f"Driftens sida {page} är öppen för alla.", "Släpp inte fram driftens port i proxyn.")


async def _status(wire: Wire, method: str, url: str) -> int | None:
    limit = aiohttp.ClientTimeout(total=_WAIT)
    try:
        async with wire.session().request(method, url, timeout=limit, allow_redirects=False) as answer:
            return answer.status
    except _AWAY:
        return None


async def post(patient: Patient) -> AsyncIterator[Finding]:
    """Whether the mail server answers at all; nothing is sent."""
    try:
        mail = patient.settings.mail()
    except SettingsError:
        return  # told of already
    if mail is None:
        return
    try:
        async with asyncio.timeout(_WAIT):
            _, line = await asyncio.open_connection(mail.host, mail.port)
        line.close()
    except (OSError, TimeoutError):
        yield fault("e-post", f"E-postservern svarar inte på port {mail.port}.", f"{_NETWORK} till e-postservern.")
