"""The care plan in both municipalities, and hemgångsteamet on request."""

from sqlalchemy import Connection, update
from town import Town

from cases import tables as t
from cases.directory import roster_changed
from flow_paths import replied

SENDERS = {"care_plan": "karim", "care_plan_signed": "karim", "return_home_team_request": "maria"}
_SENT = ["sender send"]
_PLAN = {
    "draft": [],
    "running": _SENT,
    "completed": [*_SENT, "maria complete"],
    "misdirected": [*_SENT, "maria misdirected"],
    "withdrawn": [*_SENT, "sender withdraw"],
    "discarded": ["sender withdraw"],
}
_WITH_TEAM = [*_SENT, "anna agree"]
_COMING_BACK = [*_WITH_TEAM, "lena back"]
PATHS = {
    "care_plan": _PLAN,
    "care_plan_signed": _PLAN
    | {
        "begun": [*_SENT, "maria begin"],
        "signed": [*_SENT, "maria sign"],
        "completed": [*_SENT, "maria sign", "anna followed_up"],
    },
    "return_home_team_request": replied(_SENT)
    | {
        "draft": [],
        "sent": _SENT,
        "with_team": _WITH_TEAM,
        "coming_back": _COMING_BACK,
        "completed": [*_COMING_BACK, "anna complete"],
        "discarded": ["sender withdraw"],
    },
}


def in_stockholm(town: Town) -> None:
    """Every unit follows Stockholm's routine from now on."""

    def work(tx: Connection) -> None:
        tx.execute(update(t.unit).values(profile="stockholm"))
        roster_changed(tx)

    town.store.transaction(work)


STAGED = {"care_plan_signed": in_stockholm}
