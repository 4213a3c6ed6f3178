"""The buttons beside what a card asks for: why it is due then, and what to write in one's own journal."""

from dialogs import guides, meeting_section, parts, questions
from dialogs.more_card import aside
from dialogs.parts import Element
from dialogs.rule_card import WHY
from dialogs.view import View

_NEVER_SENT = "discarded"


def beside(view: View) -> list[Element]:
    """In the card's body, so that they never push a move away among the buttons below."""
    data = {"thread": view.thread.id}
    made = []
    if view.running() is not None or not view.is_draft:
        made.append(parts.button(WHY, "rule", data))
    if is_an_exchange(view):
        made.append(_journal_button(view))
    made += meeting_section.links(view) + questions.button(view)
    if not view.thread.is_closed:
        made += guides.buttons(view)
    made += aside(view)
    return [{"type": "ActionSet", "spacing": "Medium", "actions": made}] if made else []


def is_an_exchange(view: View) -> bool:
    """Whether something has been said of a case that both sides keep in their journals: a draft has not."""
    return not view.flow.caseless and not view.is_draft and view.thread.state != _NEVER_SENT


def _journal_button(view: View) -> Element:
    """Where content is kept the text may hold some: then it is shown in a dialog and never lies in the chat."""
    data = {"thread": view.thread.id}
    if view.privacy.keeps_content and not view.inline:
        return parts.dialog_button("Journaltext", data | {"verb": "journal"})
    return parts.button("Journaltext", "journal", data)
