"""A thread's card, for its sender and for its receivers. The first block is neutral; content stands behind «Visa»."""

from typing import Any

from cases.flow import By, Move
from cases.may import side_of
from cases.thread import Party
from dialogs import parts, words
from dialogs.parts import Element
from dialogs.swedish import since_text
from dialogs.view import View


def thread_card(view: View, text: str = "", *, message: str = "") -> Element:
    """The card as this person sees the thread now.

    `text` is the key of what has just happened, `message` a line to this person alone, such as why a press did nothing.
    """
    title = card_title(view, text)
    body: list[Element] = [parts.heading(title, urgent=title.startswith(words.URGENT))]
    if message:
        body.append(parts.notice(message))
    sentence = words.sentence_of(text, view.flow.words) if text else ""
    if sentence:
        body.append(parts.line(sentence))
    body += _warnings(view)
    body += _facts(view)
    body += _state(view)
    if not view.thread.is_closed:
        body += _limit(view)
    body += _answers(view)
    body += [parts.line(text, subtle=True) for text in _consequences(view)]
    return parts.card(body, _actions(view), speak=f"{title}. Ärende {view.thread.case_ref}.")


def card_title(view: View, text: str) -> str:
    """The neutral title: never the flow's name, which can tell what has happened to somebody."""
    if text:
        return words.title_of(text, view.flow.words, urgent=view.flow.urgent)
    if view.thread.is_closed:
        return "Avslutat"
    if view.is_draft:
        return "Kontrollera och skicka"
    if view.is_sender:
        return "Ditt meddelande" if not view.flow.urgent else "Ditt brådskande meddelande"
    seat = view.seat()
    if seat is not None and seat.receipted:
        return "Brådskande: pågår" if view.flow.urgent else "Pågående uppgift"
    return words.title_of("new", view.flow.words, urgent=view.flow.urgent)


def toast(view: View, text: str) -> str:
    """The notification: what it is about in the most neutral class, the reference and the limit."""
    return f"{card_title(view, text)} {view.thread.ref}.{limit_words(view)} Öppna Stafett."


def limit_words(view: View) -> str:
    """The routine's next limit, called what it is. What Stafett has chosen by itself is no limit of the routine."""
    running, limit = view.running(), view.limit()
    if running is None or not limit or view.is_sender or view.why(running)[1] == OWN_DEFAULT:
        return ""
    return f" {_LIMIT_LABELS.get(running.step, 'Svar')} {limit}."


def superseded_card(ref: str) -> Element:
    """What an older card in the chat becomes when a newer one of the same thread has been posted below it."""
    return parts.card([parts.line(f"{ref}: ett nyare kort finns längre ned i chatten.", subtle=True)])


# --- pieces ------------------------------------------------------------------------------------------------------


def _warnings(view: View) -> list[Element]:
    marks, made = view.thread.marks, []
    if view.is_sender and not view.thread.is_closed:
        who, number = view.phone_route()
        waits = _waits_for_reader(view)
        if waits and ("undeliverable" in marks or "no_reader" in marks):
            made.append(parts.notice(f"Inte levererat – ring {who}, {number}.", "attention"))
        elif waits and _is_overdue_untaken(view):
            made.append(parts.notice(f"Ring {who}, {number}, så att det når fram.", "attention"))
        elif waits and view.flow.urgent and not view.profile.calendar.is_office_hours(view.now):
            made.append(parts.notice(f"Läses nästa arbetsdag. Behövs ny hjälp nu – ring {who}, {number}."))
    if "unknown_case" in marks or not view.thread.case_known:
        made.append(parts.notice("Ärendet saknar ansvarig i Stafetts register. Kontrollera ärendenumret."))
    if "short_notice" in marks:
        made.append(parts.notice("Kort varsel: kortare än rutinen säger."))
    if "restored" in marks and not view.thread.is_closed:
        made.append(
            parts.notice("Stafett har återställts från en säkerhetskopia. Det senaste kan saknas: kontrollera.")
        )
    if view.is_late() and not view.thread.is_closed:
        made.append(parts.notice("Försenat."))
    return made


def _is_overdue_untaken(view: View) -> bool:
    """Nobody has taken an urgent message in time, and there is somebody at work to ring."""
    armed = view.thread.deadlines.get("untaken")
    late = armed is not None and armed.status == "armed" and armed.soft_at is not None and view.now >= armed.soft_at
    return late and view.profile.calendar.is_office_hours(view.now)


def _waits_for_reader(view: View) -> bool:
    """Whether there is still somebody to wait for: a receiver who has taken the thread answers for all of them."""
    receivers = view.thread.receivers()
    if any(party.taken_at for party in receivers):
        return False
    return not receivers or any(not party.receipted for party in receivers)


def _facts(view: View) -> list[Element]:
    thread = view.thread
    sender = f"{view.person_name(thread.sender_id)}, {view.unit(thread.sender_unit_id).name}"
    made = [parts.labelled("Ärende", thread.case_ref)]
    if view.is_sender:
        made += _receivers(view)
    else:
        made.append(parts.labelled("Från", sender))
        phone = view.unit(thread.sender_unit_id).phone
        if phone:
            made.append(parts.labelled("Ring enheten", phone))
    made.append(parts.labelled("Beteckning", f"{thread.ref} · {view.flow.source}"))
    return made


def _receivers(view: View) -> list[Element]:
    """Who has got it, or who would get it; a thread that ended unsent names nobody."""
    seats = view.thread.receivers() or view.receivers_to_be()
    if seats:
        return [parts.labelled("Till", view.seat_name(seat)) for seat in seats]
    if view.thread.is_closed:
        return []
    later = [view.seat_name(seat) for seat in view.receivers_to_be(later=True)]
    return [parts.labelled(view.flow.later_label, name) for name in later] or [
        parts.notice("Ingen mottagare finns i registret – ring.", "attention")
    ]


def _state(view: View) -> list[Element]:
    made = [parts.labelled("Läge", view.flow.states[view.thread.state])]
    receivers = view.thread.receivers()
    if len(receivers) > 1 and not view.thread.is_closed:
        done = sum(party.receipted for party in receivers)
        made.append(parts.labelled("Kvittenser", f"{done} av {len(receivers)} kvitterat"))
    made += [parts.line(text, subtle=True) for party in view.thread.parties for text in _receipt(view, party)]
    owner = view.thread.owner
    if owner is not None and not view.thread.is_closed and not view.is_draft:
        name = view.person_name(owner.taken_by) if owner.taken_by else view.seat_name(owner)
        is_mine = view.viewer == (owner.taken_by or owner.person_id)
        made.append(parts.labelled("Ligger nu hos", "dig" if is_mine else name))
    return made


def _receipt(view: View, party: Party) -> list[str]:
    if side_of(party, view.thread) in (None, By.SENDER):
        return []
    who = view.seat_name(party)
    if party.taken_at:
        return [f"Taget av {view.person_name(party.taken_by)} {since_text(party.taken_at, view.now)}"]
    if party.read_at:
        return [f"Läst av {view.person_name(party.read_by)} {since_text(party.read_at, view.now)}"]
    delivered = [view.thread.holders[who] for who in view.sits(party) if who in view.thread.holders]
    if delivered and view.is_sender:
        return [f"Levererat till {who} {since_text(min(delivered), view.now)}, inte läst än"]
    return []


def _limit(view: View) -> list[Element]:
    running = view.running()
    limit = view.limit()
    if running is None or not limit:
        return []
    why, source = view.why(running)
    made = [parts.labelled(_LIMIT_LABELS.get(running.step, "Svar"), limit)]
    made.append(parts.line(why if source == OWN_DEFAULT else f"{why} ({source})", subtle=True))
    return made


OWN_DEFAULT = "Stafett"  # the source of rules that no routine has; their reason says so itself
_LIMIT_LABELS = {
    "unsent": "Skickas",
    "notice": "Meddelas",
    "day4": "Svara om behovet kvarstår",
    "read": "Läses",
    "untaken": "Tas om hand",
    "receipt": "Kvitteras",
    "handover": "Överlämning",
}


def _answers(view: View) -> list[Element]:
    made = [parts.labelled(label, value) for label, value in view.answers(sensitive=False)]
    if view.thread.is_closed:
        made.reverse()  # the last word first: it is what the reader came for
    if view.flow.suggestions and not view.thread.is_closed and view.thread.values:
        made += [parts.labelled(label, value) for label, value in view.flow.suggestions(view.situation)]
    if view.reveal:
        made += [parts.labelled(label, value) for label, value in view.answers(sensitive=True)]
    elif not view.privacy.keeps_content:
        made.append(parts.line(f"Läs mer i {view.terms.case_system}, ärende {view.thread.case_ref}.", subtle=True))
    if made:
        made[0]["separator"] = True
    return made


def _actions(view: View) -> list[Element]:
    made = [_move_button(view, signal, move) for signal, move in _ordered(view.moves())]
    if view.privacy.keeps_content and not view.reveal and view.answers(sensitive=True):
        data = {"thread": view.thread.id}
        made.append(parts.button("Visa", "view", data) if view.inline else parts.dialog_button("Visa", data))
    return made


_PRIMARY = frozenset({"send", "remains", "take"})
_FIRST = ("send", "remains", "take", "ended", "answer", "read", "seen", "complete", "edit", "reschedule", "withdraw")


def _ordered(moves: list[tuple[str, Move]]) -> list[tuple[str, Move]]:
    return sorted(moves, key=lambda item: _FIRST.index(item[0]) if item[0] in _FIRST else 5)


def _move_button(view: View, signal: str, move: Move) -> Element:
    data: dict[str, Any] = {"thread": view.thread.id, "signal": signal, "version": view.thread.version}
    return parts.button(move.label, "ask" if move.needs else "do", data, primary=signal in _PRIMARY)


def _consequences(view: View) -> list[str]:
    """What the buttons lead to, said beside them."""
    return [f"{move.label}: {move.consequence}" for _, move in view.moves() if move.consequence]
