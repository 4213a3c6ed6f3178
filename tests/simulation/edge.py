"""The outermost edge of a house in the simulation: its clock, and its door to Teams."""

from collections.abc import Callable
from typing import Any

from bot.channel.values import Address, Incoming, Member
from bot.clock import Clock
from simulation.loop import SimLoop
from simulation.teams import PlayedTeams


class SimClock(Clock):
    """The machine's clock as the simulation moves it; the steady one is the loop's own."""

    def __init__(self, loop: SimLoop) -> None:
        super().__init__()
        self._loop = loop

    def steady(self) -> float:
        return self._loop.time()


class PlayedDoor:
    """In the place of the channel door: Teams is played, and what comes in comes straight from the people."""

    token_fault = None

    def __init__(self, teams: PlayedTeams, on_incoming: Callable[[Incoming], Any]) -> None:
        self.on_incoming = on_incoming
        self._teams = teams

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        return await self._teams.send(address, card, summary=summary, alert=alert)

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        await self._teams.update(address, activity_id, card, summary=summary)

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        return await self._teams.open_conversation(service_url, tenant_id, member_id)

    async def member(self, address: Address, user_id: str) -> Member:
        return await self._teams.member(address, user_id)

    async def close(self) -> None:
        """Nothing is open."""
