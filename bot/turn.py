"""One turn: what came from Teams is done in one transaction, once, and answered only after it is on disk."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.channel.errors import ChannelError
from bot.channel.values import Address, Answer, Incoming, Member
from bot.clock import Clock
from cases import account, cards, in_dialog, inbound, people
from cases.errors import Denied
from cases.people import Known, Reach
from cases.store import Store
from cases.write import clear, fold, show_again
from dialogs import dialog_cards, start
from dialogs.desk import Desk
from dialogs.visit import Desked, Visit, thread_of

_LOG = logging.getLogger("stafett.turn")

_REMEMBERED = 4096
_FORM_OPEN = timedelta(minutes=10)
_SEEN_LATELY = timedelta(hours=1)
_TITLE = "Stafett"  # of a dialog: never what it is about
_IN_DIALOG = frozenset({"open", "submit"})

Look = Callable[[Address, str], Awaitable[Member]]
# What is asked of the network before the turn's transaction. It gives up in time by itself and raises nothing; what it
# gives back, if anything, the desk finds in the visit.
Before = Callable[[Incoming], Awaitable[object | None]]


class Turns:
    """Handles what the channel door lets in. `look` asks the connector who somebody is; `changed` wakes the loops
    and is told when the clock next has something to say of what was touched (care time, UTC). What is in `before` is
    awaited ahead of the transaction, which itself never waits for the network."""

    def __init__(
        self, store: Store, desk: Desk, clock: Clock, *, look: Look, changed: Callable[[datetime | None], None],
        before: Sequence[Before] = (),
    ) -> None:  # fmt: skip
        self._store, self._desk, self._clock = store, desk, clock
        self._look, self._changed, self._before = look, changed, before
        # First answers of this process: a repeat within seconds gets the very same one. A repeat after a restart is
        # known by its row, done no second time, and answered with the present state.
        self._answers: OrderedDict[tuple[str, str], Answer] = OrderedDict()

    async def handle(self, incoming: Incoming) -> Answer:
        """The answer to one activity. A repeated activity id is done once and gets its first answer."""
        if incoming.address.conversation_type != "personal" and not incoming.extension:
            return _elsewhere(incoming)
        key = f"{incoming.address.conversation_id}:{incoming.activity_id}"
        said = key, incoming.channel_user_id  # what was answered one person is never told another
        if said in self._answers:
            return self._answers[said]
        try:
            brought = await self._brought(incoming)
            done = await self._store.run(lambda tx: self._turn(tx, incoming, key, brought))
            if done is None and await self._introduced(incoming):
                done = await self._store.run(lambda tx: self._turn(tx, incoming, key, brought))
        except Denied as refusal:
            return await self._refused(incoming, refusal)
        if done is None:
            if thread_of(incoming.data):
                await self._store.run(lambda tx: self._note_stranger(tx, incoming))
            return _unknown(incoming)
        answer, due = done
        self._remember(said, answer)
        self._changed(due)
        return answer

    async def _brought(self, incoming: Incoming) -> tuple[object, ...]:
        """What the network says ahead of a press that somebody has made."""
        if incoming.kind not in ("press", *_IN_DIALOG) or incoming.automatic:
            return ()
        found = [await one(incoming) for one in self._before]
        return tuple(one for one in found if one is not None)

    # --- who ----------------------------------------------------------------------------------------------------

    async def _introduced(self, incoming: Incoming) -> bool:
        """Somebody who is in the roster by user name only is looked up through the connector, and bound, once."""
        if not incoming.channel_user_id or incoming.kind == "removed" or incoming.extension:
            return False
        try:
            member = await self._look(incoming.address, incoming.channel_user_id)
        except ChannelError as fault:
            _LOG.warning("member not looked up: %s", fault.code)
            return False
        return await self._store.run(lambda tx: self._bind_member(tx, member, incoming.channel_user_id))

    def _bind_member(self, tx: Connection, member: Member, channel_user_id: str) -> bool:
        found = people.find(tx, aad_object_id=member.aad_object_id, channel_user_id=None, upn=member.upn)
        if found is not None:
            people.bind(tx, found, aad_object_id=member.aad_object_id, channel_user_id=channel_user_id)
        return found is not None

    def _recognise(self, tx: Connection, incoming: Incoming, machine_now: datetime) -> int | None:
        known = people.recognise(tx, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id)
        if known is None:
            return None
        if known.channel_user_id is None and incoming.channel_user_id:
            people.bind(
                tx, known.person_id, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id
            )
        if incoming.kind == "removed":
            people.mark(tx, known.person_id, people.REMOVED)
        elif not incoming.extension:
            _keep_address(tx, known, incoming, machine_now)
        return known.person_id

    # --- the transaction ----------------------------------------------------------------------------------------

    def _turn(
        self, tx: Connection, incoming: Incoming, key: str, brought: tuple[object, ...]
    ) -> tuple[Answer, datetime | None] | None:
        """Everything one activity does; None for somebody the roster does not know."""
        now, machine_now = self._clock.care(), self._clock.machine()
        person_id = self._recognise(tx, incoming, machine_now)
        if person_id is None:
            return None
        if incoming.kind in ("removed", "members"):  # Teams tells of an installation twice; one start card is enough
            return Answer(), None
        if _only_leaves(incoming):
            return Answer(), None
        if incoming.extension and not people.reaches(tx, {person_id}):
            return _not_here(), None
        dialog = incoming.kind in _IN_DIALOG
        visit = self._desk.visit(tx, person_id, now, machine_now, dialog=dialog, brought=brought)
        if incoming.automatic:
            return _answer(incoming, self._desk.pressed(visit, {**incoming.data, "verb": "show"})), None
        named = thread_of(incoming.data) or None
        if not inbound.is_new(tx, key, named, machine_now):
            thread = inbound.thread_of(tx, key)
            data = {"verb": "show", "thread": thread} if thread else {"verb": "start"}
            return _answer(incoming, self._desk.pressed(visit, data)), None
        desked = self._desked(visit, incoming)
        if desked.thread_id is not None and desked.thread_id != named:
            inbound.name_thread(tx, key, desked.thread_id)
        self._keep_card(visit, incoming, desked)
        if dialog:
            _show_in_chat(visit, desked)
        return _answer(incoming, desked), desked.next_due

    def _desked(self, visit: Visit, incoming: Incoming) -> Desked:
        if incoming.kind == "text":
            return self._desk.typed(visit, incoming.text)
        if incoming.extension and incoming.kind == "open":  # the command is the group of flows to choose from
            return self._desk.pressed(visit, {"verb": "group", "group": incoming.data.get("command")})
        if incoming.kind in ("press", *_IN_DIALOG):  # the rest: the bot has been put somewhere
            return self._desk.pressed(visit, incoming.data)
        return self._desk.pressed(visit, {"verb": "start"})

    def _keep_card(self, visit: Visit, incoming: Incoming, desked: Desked) -> None:
        """The pressed message is now this person's card of the thread, and will be changed in place.

        The answer to a press replaces the card only until the chat is opened anew, so what was changed is also sent
        as an edit of the message: the version before is noted as the one it shows.
        """
        if incoming.kind != "press" or incoming.reply_to_id is None:
            return
        if desked.thread_id is not None:
            if not desked.edited:
                show_again(
                    visit.tx, desked.thread_id, desked.version, visit.person_id, visit.machine_now, incoming.reply_to_id
                )
            cards.shown(
                visit.tx, desked.thread_id, visit.person_id, incoming.address.conversation_id, incoming.reply_to_id,
                desked.version - 1, visit.now,
            )  # fmt: skip
            if desked.older not in (None, incoming.reply_to_id):  # opened from a list, say
                fold(visit.tx, desked.thread_id, desked.version, visit.person_id, visit.machine_now, str(desked.older))
        if desked.lent is not None:
            thread_id, version, until = desked.lent
            clear(visit.tx, thread_id, version, visit.person_id, visit.machine_now, incoming.reply_to_id, until)
        if desked.asking is not None:
            cards.busy(visit.tx, desked.asking, visit.person_id, visit.machine_now + _FORM_OPEN)

    async def _refused(self, incoming: Incoming, denied: Denied) -> Answer:
        """What was refused was rolled back; the account of the attempt is written for itself."""

        def note(tx: Connection) -> None:
            known = people.recognise(tx, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id)
            account.note(
                tx, self._clock.care(), person_id=known.person_id if known else None, action="denied",
                outcome="refused", thread_id=denied.thread_id, directory=self._desk.record.directory(tx),
                signal=denied.signal, reason=denied.reason,
            )  # fmt: skip

        await self._store.run(note)
        return Answer(message=str(denied))

    def _note_stranger(self, tx: Connection, incoming: Incoming) -> None:
        """Somebody the roster does not know has pressed something about a thread, whether it is there or not."""
        account.note(
            tx, self._clock.care(), person_id=None, action="denied", outcome="refused",
            thread_id=thread_of(incoming.data), reason="unknown_person", stranger=True,
        )  # fmt: skip

    def _remember(self, key: tuple[str, str], answer: Answer) -> None:
        self._answers[key] = answer
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)


def _keep_address(tx: Connection, known: Known, incoming: Incoming, machine_now: datetime) -> None:
    """Where to reach the person: written when it has changed, when they were unreachable, or after an hour."""
    address = incoming.address
    reach = Reach(
        conversation_id=address.conversation_id, service_url=address.service_url, tenant_id=address.tenant_id,
        bot_id=address.bot_id, locale=incoming.locale,
    )  # fmt: skip
    fresh = known.seen_at is not None and machine_now - known.seen_at < _SEEN_LATELY
    if known.reach != reach or known.status != people.OPEN or not fresh:
        people.remember(tx, known.person_id, reach, machine_now)


def _show_in_chat(visit: Visit, desked: Desked) -> None:
    """What has been done in a dialog stands on the thread's card in the chat: a card that lies there is edited by the
    move itself, and where there is none one comes."""
    if desked.thread_id is None or desked.older is not None:
        return
    shown = desked.thread_id, desked.version, visit.person_id, visit.machine_now
    if desked.stage == dialog_cards.DRAFTED:
        in_dialog.left_open(visit.tx, *shown)
    elif desked.stage == dialog_cards.MOVED:
        in_dialog.settled(visit.tx, *shown)


def _answer(incoming: Incoming, desked: Desked) -> Answer:
    """A dialog ends when its move has been made; outside the person's own chat with a word of where the card is."""
    if incoming.kind not in _IN_DIALOG:
        return Answer(card=desked.card)
    ended = incoming.kind == "submit" and desked.stage in (dialog_cards.MOVED, dialog_cards.DISCARDED)
    if ended and not incoming.extension:
        return Answer()
    return Answer(card=dialog_cards.receipt_card(desked.stage) if ended else desked.card, title=_TITLE)


def _only_leaves(incoming: Incoming) -> bool:
    return incoming.kind == "submit" and dialog_cards.closes(incoming.data)


def _not_here() -> Answer:
    return Answer(card=dialog_cards.not_here_card(), title=_TITLE)


def _elsewhere(incoming: Incoming) -> Answer:
    """In a team or a group chat others read along: nothing about any case is shown or taken there."""
    if incoming.kind in ("removed", "members"):
        return Answer()
    return Answer(card=start.message_card("Stafett arbetar bara i din personliga chatt. Öppna Stafett där."))


def _unknown(incoming: Incoming) -> Answer:
    """Somebody the roster does not know: a clear answer, and how to be added."""
    if incoming.extension:
        return _not_here()
    silent = incoming.kind in ("removed", "members")
    return Answer() if silent else Answer(card=start.unknown_person_card())
