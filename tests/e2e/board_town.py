"""A town in the middle of a week, for the board: things late, due today and later, follow-ups, a night, meetings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from aiohttp import web
from databases import new_sqlite
from people import on_call
from sqlalchemy import Connection, insert
from town import Town, instant

from bot.channel.settings import ChannelSettings
from bot.house import House
from cases import tables as t
from cases.directory import roster_changed

_URGENT = {
    "need_category": "toilet", "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30",
    "noticed_by_role": "care_worker",
}  # fmt: skip
_PLAN = {
    "followup_at_date": "2026-11-25", "followup_at_time": "10:00", "planned_form": "home_visit", "consent": "oral",
    "consent_date": "2026-11-16",
}  # fmt: skip
NOW = "2026-11-16 15:20"


def lived_in(folder: Path) -> Town:
    """The town as it is on Monday 16 November 2026 in the afternoon."""
    town = Town(new_sqlite(folder), "2026-11-09 09:00")
    town.store.transaction(lambda tx: _more(tx, town))
    for who, case in (("karim", "NK-2041"), ("karim", "NK-2042")):
        _asks(town, who, case)
    for who, case, occasion, basis in (
        ("anna", "NK-2041", "new_case", "2026-09-14"), ("anna", "NK-2077", "new_case", "2026-09-28"),
        ("johan", "NK-2042", "new_case", "2026-10-12"), ("anna", "NK-2051", "new_case", "2026-10-20"),
        ("johan", "NK-2052", "new_case", "2026-09-10"),
    ):  # fmt: skip
        town.residents[who].begins("follow_up", case, occasion=occasion, basis_date=basis)
        town.residents[who].presses("Lägg i planen")
    town.until("2026-11-16 08:10")
    town.anna.types("start")
    _asks(town, "karim", "NK-2052")
    town.anna.begins("follow_up", "NK-2053", occasion="new_case", basis_date="2026-09-28")
    town.anna.presses("Lägg i planen")
    town.anna.answers("Planera uppföljningen", **_PLAN)
    for who, day, at in (("eva", "2026-11-18", "13:00"), ("eva", "2026-12-02", "09:00")):
        town.residents[who].types("informationsmöte")
        town.residents[who].presses("Fortsätt", starts_date=day, starts_time=at, mode="digital", points="Nya rutiner")
        town.residents[who].presses("Kalla till mötet")
    town.maria.presses("Jag kommer")
    for who, case in (("sara", "NK-2041"), ("karim", "NK-2042"), ("sara", "NK-2051")):
        town.residents[who].begins("urgent_lasting", case, **_URGENT)
        town.residents[who].presses("Skicka")
    town.until("2026-11-16 08:25")
    town.anna.presses("Ta ärendet")
    town.until(NOW)
    return town


def _asks(town: Town, who: str, case: str) -> None:
    town.residents[who].begins("question", case, category="assignment")
    town.residents[who].presses("Skicka")


def _more(tx: Connection, town: Town) -> None:
    """Further cases, a rota with a night that nobody has, and a year of figures."""
    for number, who in ((2051, "anna"), (2052, "johan"), (2053, "anna")):
        tx.execute(
            insert(t.care_case).values(
                case_ref=f"NK-{number}", unit_id="HT-NORR", responsible_id=town.residents[who].id,
                decision_date=date(2026, 9, 1),
            )
        )  # fmt: skip
    on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-15 17:00"), instant("2026-11-16 07:00"))
    on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-16 18:00"), instant("2026-11-17 08:00"))
    months = [date(2025 + (number + 11) // 12, (number + 11) % 12 + 1, 1) for number in range(12)]
    kept = (("feedback", "MYND", 71), ("message_read", "MYND", 88), ("urgent_limited", "HT-NORR", 80))
    for rule, unit, least in kept:
        for number, month in enumerate(months):
            late = max(0, (11 - number) * 2 + (number * 7) % 5) if least < 80 else (number * 3) % 8
            tx.execute(
                insert(t.on_time_figure).values(
                    unit_id=unit, month=month, profile="norrkoping", rule=rule, by_soft=40 + number, by_hard=6,
                    late=late if late >= 5 else 0, open=0,
                )
            )  # fmt: skip
    tx.execute(insert(t.setting).values(key="on_time_counted_on", value="2026-11-16"))
    roster_changed(tx)


@asynccontextmanager
async def served(town: Town) -> AsyncIterator[str]:
    """The house of the town on loopback as the demo has it; the address of the board without a person."""
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
    app = house.app()
    app.on_startup.clear()  # no loops: the clock stands still
    app.on_cleanup.clear()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/tavlan"
    finally:
        await runner.cleanup()
        await house.board.close()
        await house.jour.close()
        await house.door.close()
