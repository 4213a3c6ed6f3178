"""An on-call pass that changes hands: Nils has a night in December, and Sara may be on call too."""

from datetime import UTC

from people import on_call
from sqlalchemy import Connection, insert
from town import Town, instant

from cases import tables as t

_BEGINS, _ENDS = instant("2026-12-18 17:00"), instant("2026-12-19 07:00")


def _two_may_have_the_night(town: Town) -> None:
    role = insert(t.role).values(person_id=town.sara.id, unit_id="HT-NORR", role="on_call_supervisor")

    def stage(tx: Connection) -> None:
        tx.execute(role)
        on_call(tx, town.nils.id, "HT-NORR", _BEGINS, _ENDS)

    town.store.transaction(stage)


SENDERS = {"on_call_swap": "nils"}
STAGED = {"on_call_swap": _two_may_have_the_night}
ANSWERS = {
    "on_call_swap": {
        "on_call_pass": f"HT-NORR:9:{_BEGINS.astimezone(UTC):%Y%m%dT%H%M%S}",
        "pass_taker": "1",
        "pass_starts": _BEGINS.astimezone(UTC).isoformat(),
    }
}
_SENT = ["sender send"]
PATHS = {
    "on_call_swap": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "proposed": _SENT,
        "approved": [*_SENT, "maria approve"],
        "declined": [*_SENT, "maria decline"],
        "withdrawn": [*_SENT, "sender withdraw"],
        "lapsed": [*_SENT, "until 2026-12-18 17:00"],
    }
}
