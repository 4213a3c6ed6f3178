"""One turn: what came from Teams is done in one transaction, once, and answered only after it is on disk."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from bot.channel.errors import ChannelError
from bot.channel.values import Address, Answer, Incoming, Member
from bot.clock import Clock
from cases import account, cards, people
from cases import tables as t
from cases.errors import Denied
from cases.people import Reach
from cases.store import Store
from dialogs import start
from dialogs.desk import Desk, Desked, Visit

_LOG = logging.getLogger("stafett.turn")

_REMEMBERED = 4096
_FORM_OPEN = timedelta(minutes=10)

Look = Callable[[Address, str], Awaitable[Member]]


class Turns:
    """Handles what the channel door lets in. `look` asks the connector who somebody is; `changed` wakes the loops."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, *, look: Look, changed: Callable[[], None]) -> None:
        self._store, self._desk, self._clock = store, desk, clock
        self._look, self._changed = look, changed
        # First answers of this process: a repeat within seconds gets the very same one. A repeat after a restart is
        # known by its row, done no second time, and answered with the present state.
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._bound: set[int] = set()

    async def handle(self, incoming: Incoming) -> Answer:
        """The answer to one activity. A repeated activity id is done once and gets its first answer."""
        if incoming.address.conversation_type != "personal":
            return _elsewhere(incoming)
        key = f"{incoming.address.conversation_id}:{incoming.activity_id}"
        if key in self._answers:
            return self._answers[key]
        person_id = await self._person(incoming)
        if person_id is None:
            return _unknown(incoming)
        try:
            answer = await self._store.run(lambda tx: self._turn(tx, incoming, person_id, key))
        except Denied as refusal:
            denied = refusal
            await self._store.run(lambda tx: self._account_of(tx, denied, person_id))
            return Answer(message=str(denied))
        self._remember(key, answer)
        self._changed()
        return answer

    # --- who ----------------------------------------------------------------------------------------------------

    async def _person(self, incoming: Incoming) -> int | None:
        """The person in the roster; one who is there by user name only is looked up at first contact, and bound."""
        found = await self._store.run(
            lambda tx: people.find(
                tx, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id or None
            )
        )
        if found is not None:
            await self._bind(found, incoming.aad_object_id, incoming.channel_user_id)
            return found
        if not incoming.channel_user_id or incoming.kind == "removed":
            return None
        try:
            member = await self._look(incoming.address, incoming.channel_user_id)
        except ChannelError as fault:
            _LOG.warning("member not looked up: %s", fault.code)
            return None
        found = await self._store.run(
            lambda tx: people.find(tx, aad_object_id=member.aad_object_id, channel_user_id=None, upn=member.upn)
        )
        if found is not None:
            await self._bind(found, member.aad_object_id, incoming.channel_user_id)
        return found

    async def _bind(self, person_id: int, aad_object_id: str | None, channel_user_id: str) -> None:
        if channel_user_id and person_id not in self._bound:
            await self._store.run(
                lambda tx: people.bind(tx, person_id, aad_object_id=aad_object_id, channel_user_id=channel_user_id)
            )
            self._bound.add(person_id)

    # --- the transaction ----------------------------------------------------------------------------------------

    def _turn(self, tx: Connection, incoming: Incoming, person_id: int, key: str) -> Answer:
        now, machine_now = self._clock.care(), self._clock.machine()
        visit = Visit(tx=tx, person_id=person_id, now=now, machine_now=machine_now, dialog=incoming.kind == "open")
        if incoming.kind == "removed":
            people.mark(tx, person_id, people.REMOVED)
            return Answer()
        self._keep_address(visit, incoming)
        again = tx.execute(select(t.inbound.c.thread_id).where(t.inbound.c.activity_key == key)).first()
        if again is not None:
            data = {"verb": "show", "thread": again.thread_id} if again.thread_id else {"verb": "start"}
            return _answer(incoming, self._desk.pressed(visit, data))
        if incoming.kind == "members":  # Teams tells of an installation twice; one start card is enough
            return Answer()
        if incoming.automatic:
            return _answer(incoming, self._desk.pressed(visit, {**incoming.data, "verb": "show"}))
        desked = self._desked(visit, incoming)
        tx.execute(insert(t.inbound).values(activity_key=key, thread_id=desked.thread_id, at=machine_now))
        self._keep_card(visit, incoming, desked)
        return _answer(incoming, desked)

    def _desked(self, visit: Visit, incoming: Incoming) -> Desked:
        if incoming.kind == "text":
            return self._desk.typed(visit, incoming.text)
        if incoming.kind in ("press", "open", "submit"):  # the rest: the bot has been put somewhere
            return self._desk.pressed(visit, incoming.data)
        return self._desk.pressed(visit, {"verb": "start"})

    def _keep_address(self, visit: Visit, incoming: Incoming) -> None:
        """Where to reach the person: their personal chat, the only place where the bot works."""
        address = incoming.address
        reach = Reach(
            conversation_id=address.conversation_id, service_url=address.service_url, tenant_id=address.tenant_id,
            bot_id=address.bot_id, locale=incoming.locale,
        )  # fmt: skip
        people.remember(visit.tx, visit.person_id, reach, visit.machine_now)

    def _keep_card(self, visit: Visit, incoming: Incoming, desked: Desked) -> None:
        """The pressed message is now this person's card of the thread, and will be changed in place."""
        if incoming.kind != "press" or incoming.reply_to_id is None:
            return
        if desked.thread_id is not None:
            cards.shown(
                visit.tx, desked.thread_id, visit.person_id, incoming.address.conversation_id, incoming.reply_to_id,
                desked.version, visit.now,
            )  # fmt: skip
        elif desked.asking is not None:
            cards.busy(visit.tx, desked.asking, visit.person_id, visit.machine_now + _FORM_OPEN)

    def _account_of(self, tx: Connection, denied: Denied, person_id: int) -> None:
        account.note(
            tx, self._clock.care(), person_id=person_id, action="denied", outcome="refused", thread_id=denied.thread_id,
            signal=denied.signal, reason=denied.reason,
        )  # fmt: skip

    def _remember(self, key: str, answer: Answer) -> None:
        self._answers[key] = answer
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)


def _answer(incoming: Incoming, desked: Desked) -> Answer:
    title = "Stafett" if incoming.kind in ("open", "submit") else None
    return Answer(card=desked.card, title=title)


def _elsewhere(incoming: Incoming) -> Answer:
    """In a team or a group chat others read along: nothing about any case is shown or taken there."""
    if incoming.kind in ("removed", "members"):
        return Answer()
    return Answer(card=start.message_card("Stafett arbetar bara i din personliga chatt. Öppna Stafett där."))


def _unknown(incoming: Incoming) -> Answer:
    """Somebody the roster does not know: a clear answer, and how to be added."""
    return Answer() if incoming.kind == "removed" else Answer(card=start.unknown_person_card())
