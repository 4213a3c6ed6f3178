"""What a thread is told of a pointer by e-mail: that it went, that it did not, or that none can be sent there."""

from collections.abc import Collection

from cases.flow import Alternatives, Audience, By, Move, Say, by
from dialogs import parts
from dialogs.parts import Element

MAILED, NOT_MAILED, NO_MAIL = "mailed", "not_mailed", "no_mail"  # signals of the delivery, and marks on the thread
_ALL = (MAILED, NOT_MAILED, NO_MAIL)
_TELL = (Say(to=Audience.SENDER, text=NOT_MAILED, side=By.SENDER, urgent=False),)


def mail_moves(*states: str) -> dict[tuple[str, str], Alternatives]:
    """In these states the delivery tells what came of a pointer. The receivers have their cards in any case.

    Where no e-mail is set up the card says so; a pointer that should have gone and did not is told to the sender.
    """
    moves: dict[tuple[str, str], Alternatives] = {}
    for state in states:
        for signal in _ALL:
            moves[(state, signal)] = (
                Move(
                    to=state, by=by(By.DELIVERY), marks=(signal,), clears=tuple(one for one in _ALL if one != signal),
                    then=_TELL if signal == NOT_MAILED else (),
                ),
            )  # fmt: skip
    return moves


def mail_line(marks: Collection[str]) -> list[Element]:
    """What the sender's card says of the pointer, once something is known of it."""
    if MAILED in marks:
        return [parts.labelled("E-post", "hänvisning skickad till mottagarens funktionsbrevlåda")]
    if NOT_MAILED in marks:
        return [parts.notice("Hänvisningen med e-post kom inte fram. Mottagaren ser meddelandet i Teams.")]
    if NO_MAIL in marks:
        text = "Kan inte skickas med e-post: ingen adress är inlagd. Mottagaren ser det i Teams."
        return [parts.line(text, subtle=True)]
    return []
