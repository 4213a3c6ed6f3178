"""Ringing somebody in Teams: placing the call, playing the prompt, asking for keys, and putting down.

The service hosts the media: no sound passes us. Who answers hears a prompt that says nothing of what it is about, and
what they say is neither heard nor kept; a key is all that comes back.
"""

from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph

if TYPE_CHECKING:
    from msgraph.generated.communications.calls.item.call_item_request_builder import CallItemRequestBuilder

_PLAYED = 3  # times: whoever wakes up misses the first


class Ringer:
    """Calls by way of Graph, in the name of this tenant. `prompt` is the address of the sound, 16 kHz mono WAV."""

    def __init__(self, graph: Graph, tenant_id: str, prompt: str) -> None:
        self._graph, self._tenant_id, self._prompt = graph, tenant_id, prompt

    async def place(self, account: str, callback: str) -> str:
        """Ring an account by its directory id; what the service calls the call. `callback` is where it tells us more.

        Raises: GraphAway, GraphRefused.
        """
        await self._graph.warm()
        calls, body = self._graph.client.communications.calls, self._call(account, callback)
        made = await self._graph.call(None, lambda: calls.post(body))
        return (made.id or "") if made is not None else ""

    async def speak(self, call_id: str) -> None:
        """Play the prompt and listen for keys. Raises: GraphAway, GraphRefused."""
        from msgraph.generated.communications.calls.item.play_prompt.play_prompt_post_request_body import (
            PlayPromptPostRequestBody,
        )
        from msgraph.generated.communications.calls.item.subscribe_to_tone.subscribe_to_tone_post_request_body import (
            SubscribeToTonePostRequestBody,
        )

        call = await self._item(call_id)
        listen = SubscribeToTonePostRequestBody(client_context=call_id)
        await self._graph.call(None, lambda: call.subscribe_to_tone.post(listen))
        play = PlayPromptPostRequestBody(client_context=call_id, prompts=[self._media_prompt()] * _PLAYED)
        await self._graph.call(None, lambda: call.play_prompt.post(play))

    async def put_down(self, call_id: str) -> None:
        """Raises: GraphAway, GraphRefused; also for a call that is already over."""
        call = await self._item(call_id)
        await self._graph.call(None, lambda: call.delete())

    async def _item(self, call_id: str) -> "CallItemRequestBuilder":
        await self._graph.warm()
        return self._graph.client.communications.calls.by_call_id(call_id)

    def _call(self, account: str, callback: str) -> Any:
        # The SDK is slow to load, and is not loaded here but by whoever opens the line.
        from msgraph.generated.models.call import Call
        from msgraph.generated.models.identity import Identity
        from msgraph.generated.models.identity_set import IdentitySet
        from msgraph.generated.models.invitation_participant_info import InvitationParticipantInfo
        from msgraph.generated.models.modality import Modality
        from msgraph.generated.models.service_hosted_media_config import ServiceHostedMediaConfig

        who = IdentitySet(user=Identity(id=account, odata_type="#microsoft.graph.identity"))
        return Call(
            odata_type="#microsoft.graph.call",
            callback_uri=callback,
            targets=[InvitationParticipantInfo(identity=who)],
            requested_modalities=[Modality.Audio],
            media_config=ServiceHostedMediaConfig(
                odata_type="#microsoft.graph.serviceHostedMediaConfig", pre_fetch_media=[self._media()]
            ),
            tenant_id=self._tenant_id,
        )

    def _media(self) -> Any:
        from msgraph.generated.models.media_info import MediaInfo

        return MediaInfo(uri=self._prompt, resource_id="stafett-prompt", odata_type="#microsoft.graph.mediaInfo")

    def _media_prompt(self) -> Any:
        from msgraph.generated.models.media_prompt import MediaPrompt

        return MediaPrompt(odata_type="#microsoft.graph.mediaPrompt", media_info=self._media())
