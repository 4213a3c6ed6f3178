"""A case as it is taken out: the same facts to be read by a person (a page) and by a machine (JSON).

All of it is plain words and local times. What somebody typed stands as text, never as part of the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from cases.case_file import Kept
from cases.meeting import MeetingNow
from cases.record import Scene
from cases.thread import Party
from dialogs.role_words import role_name
from dialogs.sections import Privacy
from dialogs.terms import flow_of
from dialogs.view import View
from reminders.localtime import to_local

Facts = dict[str, Any]

_SIDES = {
    "sender": "avsändare", "receiver": "mottagare", "informed": "informerad", "returned": "har lämnat tillbaka",
    "left": "har lämnat över",
}  # fmt: skip
_BY = {"clock": "klockan", "delivery": "leveransen", "calendar": "kalendern", "case": "annat i ärendet"}
_SENT = {"sent": "levererat", "undeliverable": "gick inte att leverera", "set_aside": "undanlagt", "waiting": "i kö"}
_ENDED = {"armed": "löper", "fired": "klar", "disarmed": "avslutad", "lapsed": "utgången", "stopped": "väntar"}
_CALLS = {"acknowledged": "kvitterat", "unanswered": "inget svar", "unreachable": "gick inte fram"}
_ACTIONS = {
    "create": "skapat", "view": "läst innehållet", "signal": "åtgärd", "answer": "svarat", "forward": "lämnat vidare",
    "escalate": "eskalerat", "export": "tagit ut", "journal": "journalfört", "denied": "nekats", "purge": "gallrat",
    "search": "sökt", "permission": "behörighet",
}  # fmt: skip
_ANSWERS = {"none": "inget svar", "accepted": "ja", "tentative": "kanske", "declined": "nej"}


def facts_of(scene: Scene, case_ref: str, kept: Sequence[Kept], viewer: int, now: datetime) -> Facts:
    """The whole case, for the JSON file and the page."""
    return {
        "case_ref": case_ref,
        "made_at": _time(now),
        "made_for": _name(scene, viewer),
        "threads": [_thread(scene, one, viewer, now) for one in kept],
    }


def _thread(scene: Scene, kept: Kept, viewer: int, now: datetime) -> Facts:
    thread = kept.thread
    flow = flow_of(scene, thread)
    view = View(thread=thread, flow=flow, scene=scene, viewer=viewer, now=now, reveal=True)
    return {
        "ref": thread.ref,
        "about": flow.title,
        "source": flow.source,
        "state": view.state_word,
        "opened_at": _time(thread.opened_at),
        "closed_at": _time(thread.closed_at),
        "sender": f"{view.person_name(thread.sender_id)}, {view.unit_name(thread.sender_unit_id)}",
        "answers": [{"question": question, "answer": answer} for question, answer in _answers(view)],
        "seats": [_seat(view, one) for one in thread.parties],
        "events": [_event(view, entry.facts, entry.at) for entry in kept.history.entries if entry.kind == "move"],
        "limits": [_limit(entry.facts) for entry in kept.history.entries if entry.kind == "armed"],
        "deliveries": [_delivery(view, one.facts, one.at) for one in kept.history.entries if one.kind == "queued"],
        "calls": [_call(view, one) for one in kept.calls],
        "meetings": [_meeting(view, one) for one in thread.meetings.values()],
        "journaled": [
            {"unit": view.unit_name(unit), "by": view.person_name(one.person_id), "at": _time(one.at)}
            for unit, one in kept.ticks.items()
        ],
        "account": [_noted(view, row) for row in kept.account],
    }


# --- pieces ------------------------------------------------------------------------------------------------------


def _answers(view: View) -> list[tuple[str, str]]:
    """What was written. Where content is kept all of it, for whoever asks has the right to what there is."""
    privacy: Privacy = view.privacy
    return view.answers(sensitive=False) + (view.answers(sensitive=True) if privacy.keeps_content else [])


def _seat(view: View, party: Party) -> Facts:
    return {
        "who": view.seat_name(party) if party.side != "sender" else view.person_name(party.person_id),
        "unit": view.unit_name(party.unit_id),
        "side": _SIDES.get(party.side, party.side),
        "read": _receipt(view, party.read_by, party.read_at),
        "taken": _receipt(view, party.taken_by, party.taken_at),
    }


def _receipt(view: View, person_id: int | None, at: datetime | None) -> str:
    return f"{_time(at)} {view.person_name(person_id)}" if at is not None else ""


def _event(view: View, facts: Mapping[str, Any], at: datetime) -> Facts:
    moves = view.flow.moves.get((facts["from_state"], facts["signal"]), ())
    label = next((move.label for move in moves if move.label), "")
    return {
        "at": _time(at),
        "what": label or facts["signal"],
        "state": view.flow.states.get(facts["to_state"], facts["to_state"]),
        "by": view.person_name(facts["person_id"]) if facts["person_id"] else _BY.get(facts["by"], facts["by"]),
    }


def _limit(facts: Mapping[str, Any]) -> Facts:
    return {
        "rule": facts["rule"],
        "at_latest": _time(facts["soft_at"]),
        "late_after": _time(facts["hard_at"]),
        "status": _ENDED.get(facts["status"], facts["status"]),
    }


def _delivery(view: View, facts: Mapping[str, Any], at: datetime) -> Facts:
    return {
        "at": _time(at),
        "to": view.person_name(facts["person_id"]),
        "status": _SENT.get(facts["status"], "behövdes inte längre"),
    }


def _call(view: View, row: Any) -> Facts:
    return {
        "at": _time(row.asked_at),
        "to": view.person_name(row.person_id),
        "status": _CALLS.get(row.status, "inte ringt eller avbrutet"),
    }


def _meeting(view: View, meeting: MeetingNow) -> Facts:
    return {
        "starts": _time(meeting.starts_at),
        "ends": _time(meeting.ends_at),
        "place": meeting.place,
        "is_on": meeting.is_on,
        "invited": [
            {"who": view.person_name(guest.person_id), "answer": _ANSWERS.get(guest.answer, guest.answer)}
            for guest in meeting.invited
        ],
    }


def _noted(view: View, row: Any) -> Facts:
    return {
        "at": _time(row.at),
        "by": view.person_name(row.person_id) if row.person_id else "Stafett",
        "role": ", ".join(role_name(one, view.terms) for one in row.role.split(", ") if one),
        "unit": view.unit_name(row.unit_id) if row.unit_id else "",
        "what": _ACTIONS.get(row.action, row.action),
        "outcome": row.outcome,
    }


def _name(scene: Scene, person_id: int) -> str:
    known = scene.directory.people.get(person_id)
    return known.name if known is not None else ""


def _time(at: datetime | None) -> str:
    return f"{to_local(at):%Y-%m-%d %H:%M:%S}" if at is not None else ""


# --- the page ----------------------------------------------------------------------------------------------------

_PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
body {{ font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
section {{ border-top: 2px solid; margin-top: 2rem; }} table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #999; }}
</style></head><body><main><h1>{title}</h1>
<p>{about}</p>
{body}
</main></body></html>
"""
_ABOUT = (
    "Uttaget {at} för {by}. Det här är allt som Stafett har om ärendet och som enheten har del i. Personakten och "
    "journalen finns i verksamhetssystemet. Tiderna är svensk tid."
)
# The lists of a thread: key → heading, and the columns in their order with their headings.
_LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "answers": ("Innehåll", {"question": "Fråga", "answer": "Svar"}),
    "seats": ("Vilka som har haft del i det", {
        "who": "Vem", "unit": "Enhet", "side": "Som", "read": "Läst", "taken": "Taget",
    }),
    "events": ("Vad som har hänt", {"at": "När", "what": "Vad", "state": "Läge efteråt", "by": "Av"}),
    "limits": ("Frister", {
        "rule": "Regel", "at_latest": "Senast", "late_after": "Försenat efter", "status": "Läge",
    }),
    "deliveries": ("Meddelanden i Teams", {"at": "När", "to": "Till", "status": "Läge"}),
    "calls": ("Samtal till jouren", {"at": "När", "to": "Till", "status": "Läge"}),
    "journaled": ("Journalfört", {"unit": "Enhet", "by": "Av", "at": "När"}),
    "account": ("Logg över åtkomst", {
        "at": "När", "by": "Vem", "role": "Roll", "unit": "Enhet", "what": "Vad", "outcome": "Utfall",
    }),
}  # fmt: skip


def page(facts: Facts) -> str:
    """The case as a page that stands by itself: no scripts, no links, nothing fetched."""
    title = f"Ärende {facts['case_ref']} i Stafett"
    about = _ABOUT.format(at=facts["made_at"], by=facts["made_for"])
    body = "\n".join(_section(one) for one in facts["threads"])
    return _PAGE.format(title=escape(title), about=escape(about), body=body)


def _section(thread: Facts) -> str:
    ended = f", avslutat {thread['closed_at']}" if thread["closed_at"] else ""
    head = f"{thread['state']}. Påbörjat {thread['opened_at']}{ended}. Från {thread['sender']}."
    lists = [_table(heading, columns, thread[key]) for key, (heading, columns) in _LISTS.items() if thread[key]]
    meetings = [_table("Möte", {"starts": "Börjar", "ends": "Slutar", "place": "Plats"}, [one]) + _table(
        "Kallade", {"who": "Vem", "answer": "Svar"}, one["invited"]
    ) for one in thread["meetings"]]  # fmt: skip
    about = f"{thread['ref']}: {thread['about']} ({thread['source']})"
    return f"<section><h2>{escape(about)}</h2>\n<p>{escape(head)}</p>\n" + "\n".join([*lists, *meetings]) + "</section>"


def _table(heading: str, columns: Mapping[str, str], rows: Iterable[Facts]) -> str:
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in columns.values())
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(row[key]))}</td>" for key in columns) + "</tr>" for row in rows
    )
    return f"<h3>{escape(heading)}</h3>\n<table><thead><tr>{top}</tr></thead><tbody>\n{lines}\n</tbody></table>"
