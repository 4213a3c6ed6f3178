"""What a card says of the meetings of its thread: when and where, who is invited and what they answer, the agenda, and
whether the calendar shows it."""

from collections.abc import Iterable

from cases.convene import kind_of
from cases.meeting import ACCEPTED, DECLINED, MAIN, NOT_CONNECTED, TENTATIVE, Invited, MeetingNow, SeriesNow
from dialogs import parts
from dialogs.parts import Element
from dialogs.swedish import clock_text, moment_text
from dialogs.view import View

MODES = {"on_site": "på plats", "digital": "digitalt", "phone": "telefon", "home_visit": "hembesök"}
_ANSWERS = ((ACCEPTED, "Kommer"), (TENTATIVE, "Kanske"), (DECLINED, "Kommer inte"))
_NO_ANSWER = "Har inte svarat"
_MOST_NAMES = 12


def meeting_section(view: View) -> list[Element]:
    """Nothing for a thread without meetings. A cancelled one is said to be so. A series says its dates itself."""
    if view.thread.series is not None:
        return [parts.line(_calendar(view.thread.series, "Serien"), subtle=True), *_agenda(view)]
    meetings = sorted(view.thread.meetings.values(), key=lambda one: (one.slot != MAIN, one.starts_at))
    made: list[Element] = []
    for meeting in meetings:
        made += _meeting(view, meeting)
    if made:
        made += _agenda(view)
        made[0]["separator"] = True
    return made


def links(view: View) -> list[Element]:
    """Buttons that fetch the calendar files of meetings which no calendar shows."""
    address = view.scene.record.calendar_links
    if address is None or view.thread.series is not None:
        return []
    waiting = [one for one in view.thread.meetings.values() if one.id is not None and one.is_on and not one.stands]
    return [
        {"type": "Action.OpenUrl", "title": _link_title(one, len(waiting)), "url": address(one.id, view.viewer)}
        for one in waiting
        if one.id is not None
    ]


def when_text(meeting: MeetingNow) -> str:
    """«tor 19 nov kl. 13.00–14.30»; one over midnight with both days."""
    starts, ends = moment_text(meeting.starts_at), moment_text(meeting.ends_at)
    same_day = starts.split(" kl.")[0] == ends.split(" kl.")[0]
    return f"{starts}–{clock_text(meeting.ends_at) if same_day else ends}"


# --- pieces ------------------------------------------------------------------------------------------------------


def _meeting(view: View, meeting: MeetingNow) -> list[Element]:
    kind = kind_of(view.routing, meeting.kind)
    title = kind.title if kind is not None else "Möte"
    if not meeting.is_on:
        return [parts.labelled(title, f"inställt ({when_text(meeting)})")]
    made = [parts.labelled(title, f"{when_text(meeting)}, {where_text(meeting)}")]
    made += [parts.labelled(label, text) for label, text in _guests(view, meeting)]
    made.append(parts.line(_calendar(meeting), subtle=True))
    return made


def where_text(meeting: MeetingNow) -> str:
    """«på plats, Myndigheten äldreomsorg»."""
    how = MODES.get(meeting.mode, meeting.mode)
    return f"{how}, {meeting.place}" if meeting.mode == "on_site" and meeting.place else how


def _guests(view: View, meeting: MeetingNow) -> list[tuple[str, str]]:
    """Who comes and who does not, by name: all of them are at the meeting together. Once it is over, nobody is still
    to answer."""
    told = []
    over = view.thread.is_closed or meeting.ends_at <= view.now
    for answer, label in (*_ANSWERS, *(() if over else (("none", _NO_ANSWER),))):
        guests = [one for one in meeting.invited if one.answer == answer]
        if guests:
            told.append((f"{label} ({len(guests)})", _names(view, guests)))
    return told


def _names(view: View, guests: Iterable[Invited]) -> str:
    names = [view.person_name(one.person_id) + (" (vid behov)" if one.optional else "") for one in guests]
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" och {more} till" if more > 0 else "")


def _calendar(meeting: MeetingNow | SeriesNow, what: str = "Mötet") -> str:
    """Whether the calendar shows it; what is not known is not said."""
    if meeting.stands:
        return f"{what} finns i kalendern."
    if meeting.failure == NOT_CONNECTED:
        return "Kalendern är inte kopplad till Stafett. Svara här och för in mötet i din egen kalender."
    if meeting.failure:
        return f"{what} har inte kommit in i kalendern. Svara här."
    return "Ändringen är på väg till kalendern." if meeting.event_id else f"{what} är på väg till kalendern."


def _agenda(view: View) -> list[Element]:
    kind = kind_of(view.routing)
    if kind is None or not kind.agenda or view.thread.is_closed:
        return []
    lines = [parts.line(f"{number}. {point}", subtle=True) for number, point in enumerate(kind.agenda, start=1)]
    return [parts.line("Dagordning", strong=True, space=True), *lines]


def _link_title(meeting: MeetingNow, count: int) -> str:
    """Which of several it is."""
    return "Kalenderfil" if count == 1 else f"Kalenderfil {moment_text(meeting.starts_at)}"
