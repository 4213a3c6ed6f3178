"""Moves that belong to one side of the case, whichever side began the thread."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cases.flow import Action, Alternatives, Audience, By, Guard, Move, Say, Situation, by

NOTHING: Mapping[str, str] = MappingProxyType({})


def sent_by_assessor(situation: Situation) -> bool:
    """The authority began the thread, and the provider received it."""
    return situation.thread.sender_side == "authority"


def sent_by_provider(situation: Situation) -> bool:
    """The provider, or hemgångsteamet, began the thread."""
    return not sent_by_assessor(situation)


@dataclass(frozen=True, kw_only=True)
class Both:
    """Two guards that must both hold."""

    first: Guard
    second: Guard | None = None

    def __call__(self, situation: Situation) -> bool:
        return self.first(situation) and (self.second is None or self.second(situation))


def by_assessor(*moves: Move, tell: Mapping[str, str] = NOTHING) -> Alternatives:
    """The same moves for the assessor alone. `tell` says by text key what the other side hears in which new state."""
    return _of_sender(moves, tell, sent_by_assessor) + _of_receiver(moves, tell, None)


def by_provider(*moves: Move, tell: Mapping[str, str] = NOTHING) -> Alternatives:
    """The same moves for the provider alone. `tell` is as for the assessor."""
    return _of_receiver(moves, tell, sent_by_assessor) + _of_sender(moves, tell, None)


def by_either(*moves: Move, tell: Mapping[str, str] = NOTHING) -> Alternatives:
    """The same moves for both sides, of which the other is told."""
    return tuple(
        replace(
            move,
            by=by(By.SENDER, By.RECEIVER, By.INFORMED),
            then=(*move.then, *_to_sender(move, tell), *_to_receivers(move, tell)),
        )
        for move in moves
    )


def only(
    moves: Mapping[tuple[str, str], Alternatives], *signals: str, when: Guard | None = None
) -> dict[tuple[str, str], Move | Alternatives]:
    """Of some moves that are shared those that fit here, and only when the guard holds too."""
    return {
        key: tuple(replace(move, when=_also(when, move.when)) for move in alternatives)
        for key, alternatives in moves.items()
        if key[1] in signals
    }


def _of_sender(moves: Alternatives, tell: Mapping[str, str], when: Guard | None) -> Alternatives:
    """A sender has no receipt to give: what they make is not a receiver's move."""
    return tuple(
        replace(
            move,
            by=by(By.SENDER),
            when=_also(when, move.when),
            then=(*move.then, *_to_receivers(move, tell)),
            receipt="",
        )
        for move in moves
    )


def _of_receiver(moves: Alternatives, tell: Mapping[str, str], when: Guard | None) -> Alternatives:
    return tuple(
        replace(
            move,
            by=by(By.RECEIVER, By.INFORMED),
            when=_also(when, move.when),
            then=(*move.then, *_to_sender(move, tell)),
        )
        for move in moves
    )


def _also(first: Guard | None, second: Guard | None) -> Guard | None:
    return Both(first=first, second=second) if first is not None else second


def _to_sender(move: Move, tell: Mapping[str, str]) -> tuple[Action, ...]:
    return (Say(to=Audience.SENDER, text=tell[move.to], side=By.SENDER, urgent=False),) if move.to in tell else ()


def _to_receivers(move: Move, tell: Mapping[str, str]) -> tuple[Action, ...]:
    return (Say(to=Audience.RECEIVERS, text=tell[move.to], urgent=False),) if move.to in tell else ()
