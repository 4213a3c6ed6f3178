"""What the flows share that can wait: sent, read in time, and answered within five working days (Norrköping 1.1, D03).

A receipt or a thank-you is no återkoppling: only a statement of what will be done stops the five days.
"""

from dataclasses import replace

from cases.flow import Alternatives, Arm, Audience, By, Disarm, Field, Guard, Move, Say, by, table
from dialogs.common import draft_moves, reply_moves, with_common


def sending(to: Audience, read_rule: str, *, when: Guard | None = None) -> Move:
    """From the draft to whoever reads it by `read_rule`."""
    return Move(
        to="sent",
        by=by(By.SENDER),
        label="Skicka",
        when=when,
        then=(
            Say(to=to, text="new", urgent=False),
            Disarm(step="unsent"),
            Arm(step="read", rule=read_rule),
            Arm(step="feedback", rule="feedback"),
        ),
    )


def ordinary_moves(
    form: tuple[Field, ...], send: Move | Alternatives, *, answer: tuple[Field, ...] = (), label: str = ""
) -> dict[tuple[str, str], Alternatives]:
    """The whole table of a message that can wait. `answer` are the questions of the answer, `label` its button, where
    they are the flow's own."""
    # Taking it does not stop the five working days.
    replies = table(reply_moves("sent", arm_on_take=(), disarm=("read",), keeps=("feedback",)))
    own = {
        key: tuple(replace(one, needs=answer or one.needs, label=label or one.label) for one in moves)
        if key[1] == "answer"
        else moves
        for key, moves in replies.items()
    }
    return with_common(draft_moves(form) | {("draft", "send"): send} | own)
