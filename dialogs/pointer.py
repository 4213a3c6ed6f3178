"""The words of a pointer by e-mail: that something waits in Stafett, never what the matter is."""

from dataclasses import dataclass

from cases.record import Scene
from cases.thread import ThreadNow, thread_ref
from dialogs.swedish import limit_text
from dialogs.terms import Terms
from dialogs.words import title_of

_TEXT = """\
{title} i Stafett: {ref}, {matter} {case}{limit}.

Öppna Stafett i Teams. Det som hör till ärendet står i {case_system}.

Det här mejlet är bara en hänvisning. Svara inte på det, och skriv inget om {client} i mejl.
"""


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """Subject and text, neutral both: an e-mail may be read by anybody who reads the mailbox."""

    subject: str
    text: str


def pointer(scene: Scene, thread: ThreadNow, what: str) -> Pointer:
    """The pointer to a thread as it stands now; `what` is a text key, of which only the neutral title is used."""
    flow = scene.record.flows[thread.flow]
    terms: Terms = scene.profile(thread).section("terms")
    title, ref = title_of(what, flow.words, urgent=flow.urgent), thread_ref(thread.id)
    limit = limit_text(thread.due_soft, thread.due_hard)
    return Pointer(
        subject=f"Stafett: {title} {ref}",
        text=_TEXT.format(
            title=title, ref=ref, matter=flow.matter.lower(), case=thread.case_ref, limit=f", {limit}" if limit else "",
            case_system=terms.case_system, client=terms.client,
        ),
    )  # fmt: skip
