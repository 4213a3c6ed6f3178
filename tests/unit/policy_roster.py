"""A roster of everybody who may stand to a thread in some way, for the tables of the policy's tests."""

from datetime import datetime
from functools import cache

from town import instant

from cases.directory import Directory, Membership, Pass, Person, Unit
from cases.policy import Who

UNITS = {"NORR": "home_care", "SODER": "home_care", "MYND": "authority_unit", "HGT": "return_home_team",
         "HSL": "health_care"}  # fmt: skip
PEOPLE = {
    "assessor": "MYND needs_assessor", "colleague": "MYND needs_assessor", "lead": "MYND lead_needs_assessor",
    "chief": "MYND unit_manager", "profile_admin": "MYND profile_admin", "auditor": "MYND auditor",
    "team_lead": "NORR team_lead", "team_lead_too": "NORR team_lead", "administrator": "NORR unit_administrator",
    "manager": "NORR unit_manager", "deputy": "NORR deputy_unit_manager", "planner": "NORR planner",
    "care_worker": "NORR care_worker", "contact": "NORR fixed_care_contact", "jour": "NORR on_call_supervisor",
    "next_jour": "NORR on_call_supervisor", "other_manager": "SODER unit_manager", "other_lead": "SODER team_lead",
    "team": "HGT return_home_team", "nurse": "HSL nurse", "left": "", "gone": "NORR unit_manager",
}  # fmt: skip
NUMBERS = {key: number for number, key in enumerate(PEOPLE, start=1)}
DAY, NIGHT, AFTER, LATER, NEXT_NIGHT = (
    instant(f"2026-11-{at}") for at in ("16 10:00", "17 02:00", "17 09:00", "17 20:00", "18 02:00")
)
PASSES = {"jour": ("2026-11-16 17:00", "2026-11-17 07:00"), "next_jour": ("2026-11-17 23:00", "2026-11-18 07:00")}


@cache
def roster() -> Directory:
    units = {
        key: Unit(
            id=key, name=key, kind=kind, profile="norrkoping", provider_kind="egen_regi", authority_unit_id="MYND",
            phone="", on_call_phone=None, last_resort_role="", last_resort_phone="",
        )
        for key, kind in UNITS.items()
    }  # fmt: skip
    people = {
        number: Person(id=number, name=key, title="", phone="", active=key != "gone") for key, number in NUMBERS.items()
    }
    roles: dict[tuple[str, str], list[int]] = {}
    held: dict[int, list[Membership]] = {}
    for key, number in NUMBERS.items():
        unit, _, role = PEOPLE[key].partition(" ")
        if role:
            roles.setdefault((unit, role), []).append(number)
            kind = UNITS[unit]
            one = Membership(unit_id=unit, unit_name=unit, unit_kind=kind, profile="norrkoping", role=role)
            held[number] = [one]
    passes = [
        Pass(person_id=NUMBERS[key], unit_id="NORR", starts_at=instant(begin), ends_at=instant(end))
        for key, (begin, end) in PASSES.items()
    ]
    return Directory(
        version="1", units=units, people=people, roles=roles, passes={"NORR": passes}, works_at={}, held=held
    )


def who(key: str, now: datetime) -> Who:
    return Who(person_id=NUMBERS[key], directory=roster(), now=now)
