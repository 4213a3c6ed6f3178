"""A Teams client that has dialogs: what it sends when somebody opens one, fills it in, and sends it in.

The activities are of the form that Teams documents for `task/fetch`, `task/submit`, `composeExtension/fetchTask` and
`composeExtension/submitAction`. As in Teams only `Action.Submit` can be pressed in a dialog.
"""

from dataclasses import dataclass, field
from typing import Any

from cards import actions_of, inputs_of, words_of
from city import Person
from counterpart import TENANT

Json = dict[str, Any]
ELSEWHERE: Json = {
    "isGroup": True, "conversationType": "groupChat", "id": "19:d77be72390a1416e9644261e9064fa00@thread.skype",
    "tenantId": TENANT,
}  # fmt: skip


@dataclass(kw_only=True)
class Window:
    """Somebody's client. `shown` is the card of the open dialog, `told` a text in it; both empty: it is closed."""

    person: Person
    shown: Json = field(default_factory=dict)
    told: str = ""
    title: str = ""
    command: str = ""  # of the message extension that the dialog was opened from
    last: Json = field(default_factory=dict)

    @property
    def words(self) -> str:
        return words_of(self.shown) or self.told

    @property
    def is_open(self) -> bool:
        return bool(self.shown or self.told)

    @property
    def buttons(self) -> list[str]:
        return [one["title"] for one in actions_of(self.shown)]

    async def opens(self, label: str, **answers: str) -> None:
        """Press a button in the chat that opens a dialog."""
        message, action = next(
            (message, action)
            for message in reversed(self.person.chat)
            for action in actions_of(message.card)
            if action["title"] == label
        )
        assert action["type"] == "Action.Submit", f"«{label}» öppnar ingen ruta"
        assert action["data"]["msteams"] == {"type": "task/fetch"}
        data = {**inputs_of(message.card), **action["data"], **answers}
        value = {"data": data, "context": {"theme": "dark"}, "tabContext": None}
        await self.invokes("task/fetch", value, replyToId=message.id)

    async def extends(self, command: str, conversation: Json | None = ELSEWHERE, context: str = "compose") -> None:
        """Choose a command of the message extension, in a chat with somebody else."""
        self.command = command
        await self.invokes(
            "composeExtension/fetchTask", {"commandId": command, "commandContext": context}, conversation
        )

    async def sends(self, label: str, **answers: str) -> None:
        """Press a button of the dialog, after filling it in."""
        action = next(one for one in actions_of(self.shown) if one["title"] == label)
        assert action["type"] == "Action.Submit", "nothing else is sent in from a dialog"
        assert "msteams" not in action["data"], "a dialog does not open another"
        data = {**inputs_of(self.shown), **action["data"], **answers}
        if self.command:
            value = {"commandId": self.command, "commandContext": "compose", "data": data}
            await self.invokes("composeExtension/submitAction", value, ELSEWHERE)
        else:
            await self.invokes("task/submit", {"data": data, "context": {"theme": "dark"}})

    async def invokes(self, name: str, value: Json, conversation: Json | None = None, **more: Any) -> None:
        """Post it, and see what the answer shows."""
        made = self.person._activity("invoke", name=name, value={**value, "context": {"theme": "dark"}}, **more)
        if name.startswith("composeExtension/"):
            made["channelData"] = {**made["channelData"], "source": {"name": "compose"}}
            made = {key: part for key, part in {**made, "conversation": conversation}.items() if part is not None}
        self.last = made
        await self.again()

    async def again(self) -> None:
        """Teams repeats the last activity, with the same id."""
        body = await self.person.city.post(self.last)
        self.shown, self.told, self.title = {}, "", ""
        assert body is None or set(body) == {"task"}, "nothing for the chat it was asked for in"
        task = body["task"] if body else {"type": "message", "value": ""}
        if task["type"] == "message":
            self.told = task["value"]
            return
        assert task["value"]["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
        self.shown, self.title = task["value"]["card"]["content"], task["value"]["title"]
