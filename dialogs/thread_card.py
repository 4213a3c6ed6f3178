"""A thread's card, for its sender and for its receivers. The first block is neutral; content stands behind «Visa»."""

from collections.abc import Sequence

from cases.flow import By, Move
from cases.policy_relations import side_of
from cases.thread import Party, thread_ref
from dialogs import absence, disclosure, meeting_plan, parts, proposals, sealing, words
from dialogs.assignments import TO_PHONE
from dialogs.beside import beside
from dialogs.hand_moves import GIVEN_BACK
from dialogs.limit_labels import limit_label
from dialogs.mailing import mail_line
from dialogs.meeting_section import meeting_section
from dialogs.more_card import is_rare, more_button, move_button
from dialogs.night import PROVIDER_TO_PHONE
from dialogs.parts import Element
from dialogs.phoning import is_on_call, phone_route, provider_phone
from dialogs.swedish import limit_text, since_text
from dialogs.view import View


def thread_card(view: View, text: str = "", *, message: str = "") -> Element:
    """The card as this person sees the thread now.

    `text` is the key of what has just happened, `message` a line to this person alone, such as why a press did nothing.
    """
    if view.thread.is_sealed:
        return sealing.ended_card(view.thread.ref, view.terms)
    title = card_title(view, text)
    body: list[Element] = [parts.heading(title)]
    if message:
        body.append(parts.notice(message))
    sentence = view.terms.put(words.sentence_of(text, view.flow.words)) if text else ""
    if sentence:
        body.append(parts.line(sentence))
    body += _warnings(view)
    body += _facts(view)
    body += _state(view)
    if not view.thread.is_closed:
        body += _limit(view)
    body += meeting_section(view)
    body += _answers(view)
    body += [parts.line(text, subtle=True) for text in _consequences(view)]
    body += beside(view)
    return parts.card(body, _actions(view), speak=f"{title}. {view.flow.matter} {view.thread.case_ref}.")


def to_read_card(view: View, title: str, notice: str, actions: Sequence[Element]) -> Element:
    """The same for somebody who has no part in the thread but may read it for a while: nothing in it can be done."""
    body = [parts.heading(title), parts.notice(notice), *_facts(view), *_state(view)]
    if not view.thread.is_closed:
        body += _limit(view)
    return parts.card([*body, *_answers(view)], actions, speak=f"{title}. {view.flow.matter} {view.thread.case_ref}.")


def card_title(view: View, text: str) -> str:
    """The neutral title: never the flow's name, which can tell what has happened to somebody."""
    if text:
        return words.title_of(text, view.flow.words, urgent=view.flow.urgent)
    if view.thread.is_closed:
        return "Avslutat"
    own = "" if view.flow.later_label else "Din planering"  # nobody else is sent it
    if view.is_draft:
        return "Kontrollera" if own else "Kontrollera och skicka"
    if view.is_sender:
        return own or ("Ditt brådskande meddelande" if view.flow.urgent else "Ditt meddelande")
    if view.thread.state == GIVEN_BACK:
        return words.INFORMATION
    seat = view.seat()
    if seat is not None and seat.receipted:
        return "Brådskande: pågår" if view.flow.urgent else "Pågående uppgift"
    return words.title_of("new", view.flow.words, urgent=view.flow.urgent)


def toast(view: View, text: str) -> str:
    """The notification: what it is about in the most neutral class, the reference and the limit."""
    if view.thread.is_sealed:
        return sealing.ended_toast(view.thread.ref)
    return f"{card_title(view, text)} {view.thread.ref}.{limit_words(view)} Öppna Stafett."


def limit_words(view: View) -> str:
    """The routine's next limit, called what it is. What Stafett has chosen by itself is no limit of the routine."""
    running, limit = view.running(), view.limit()
    if running is None or not limit or view.is_sender or view.why(running)[1] == OWN_DEFAULT:
        return ""
    return f" {limit_label(running.step)} {limit}."


def superseded_card(ref: str) -> Element:
    """What an older card in the chat becomes when a newer one of the same thread has been posted below it."""
    return parts.card([parts.line(f"{ref}: ett nyare kort finns längre ned i chatten.", subtle=True)])


def cleared_card(ref: str) -> Element:
    """What is left in the chat of a thread that somebody has read in an emergency."""
    return parts.card([parts.line(f"{ref}: visas inte längre här.", subtle=True)])


# --- pieces ------------------------------------------------------------------------------------------------------


def _warnings(view: View) -> list[Element]:
    marks = view.thread.marks
    made = [] if view.thread.is_closed else _to_ring(view)
    if view.is_to_be_rung:
        made.append(parts.notice("Ingen i registret kan få meddelandet, så det kan inte skickas. Ring i stället."))
    if "unknown_case" in marks or not (view.thread.case_known or view.flow.new_case or view.flow.caseless):
        made.append(parts.notice("Ärendet saknar ansvarig i Stafetts register. Kontrollera ärendenumret."))
    made += [parts.notice(said) for said in absence.questions(view)] + meeting_plan.lines(view)
    if "short_notice" in marks:
        made.append(parts.notice("Kort varsel: kortare än rutinen säger."))
    if "restored" in marks and not view.thread.is_closed:
        made.append(
            parts.notice("Stafett har återställts från en säkerhetskopia. Det senaste kan saknas: kontrollera.")
        )
    missed = view.missed()
    if missed is not None and not view.thread.is_closed:
        which = limit_text(missed.soft_at, missed.hard_at) if missed is not view.running() else ""
        made.append(parts.notice(f"Försenat. {limit_label(missed.step)} {which}." if which else "Försenat."))
    return made


def _to_ring(view: View) -> list[Element]:
    """Whom this person is to ring now, and why."""
    marks = view.thread.marks
    if not view.is_sender:
        if PROVIDER_TO_PHONE not in marks:
            return []
        who, number = provider_phone(view)
        return [parts.notice(f"Ring {who}, {number}, med ditt besked.", "attention")]
    if TO_PHONE in marks:
        return [parts.notice(f"Ring också {_whom(view)}.", "attention")]
    if not _waits_for_reader(view):
        return []
    if "undeliverable" in marks or "no_reader" in marks:
        return [parts.notice(f"Inte levererat – ring {_whom(view)}.", "attention")]
    if _is_overdue_untaken(view):
        return [parts.notice(f"Ring {_whom(view)}, så att det når fram.", "attention")]
    if view.flow.urgent and not view.profile.calendar.is_office_hours(view.now):
        help_now = "" if is_on_call(view) else f" Behövs ny hjälp nu – ring {_whom(view)}."
        return [parts.notice(f"Läses nästa arbetsdag.{help_now}")]
    return []


def _whom(view: View) -> str:
    """«Anna Berg, 011-15 00 01»."""
    who, number = phone_route(view)
    return f"{who}, {number}"


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
    made = [parts.labelled(view.flow.matter, thread.case_ref)]
    if view.is_sender:
        made += _receivers(view)
        made += mail_line(thread.marks)
        made += [parts.labelled("Frånvaro", said) for said in absence.facts(view)]
    else:
        made.append(parts.labelled("Från", sender))
        phone = view.unit(thread.sender_unit_id).phone
        if phone:
            made.append(parts.labelled("Ring enheten", phone))
    made.append(parts.labelled("Beteckning", f"{thread.ref} · {view.flow.source}"))
    if thread.related:
        made.append(parts.labelled("Hör ihop med", ", ".join(thread_ref(number) for number in thread.related)))
    return made


def _receivers(view: View) -> list[Element]:
    """Who has got it, or who would get it; a thread that ended unsent names nobody."""
    seats = view.thread.receivers() or view.receivers_to_be()
    if seats:
        return [parts.labelled("Till", view.seat_name(seat)) for seat in seats]
    if view.thread.is_closed:
        return []
    if not view.flow.later_label:
        return []
    later = [view.seat_name(seat) for seat in view.receivers_to_be(later=True)]
    return [parts.labelled(view.flow.later_label, name) for name in later] or [
        parts.notice("Ingen mottagare finns i registret – ring.", "attention")
    ]


def _state(view: View) -> list[Element]:
    made = [parts.labelled("Läge", view.state_word)]
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
    holds = view.holds_until()
    until = [parts.labelled(limit_label(holds[0].step), holds[1])] if holds else []
    if running is None or not limit:
        return until
    why, source = view.why(running)
    why = view.terms.put(why)
    made = until if holds and holds[0] is running else [*until, parts.labelled(limit_label(running.step), limit)]
    made.append(parts.line(why if source == OWN_DEFAULT else f"{why} ({source})", subtle=True))
    return made


OWN_DEFAULT = "Stafett"  # the source of rules that no routine has; their reason says so itself


def _answers(view: View) -> list[Element]:
    told = view.answers(sensitive=False) + disclosure.consent(view.thread)
    if view.thread.is_closed:  # the answer before what was asked: it is what the reader came for
        asked = {item.short or item.label for item in view.flow.form}
        told.sort(key=lambda one: one[0] in asked)
    made = [parts.labelled(label, value) for label, value in told]
    if view.flow.suggestions and not view.thread.is_closed and view.thread.values:
        made += [parts.labelled(label, value) for label, value in view.flow.suggestions(view.situation)]
    if view.tells_content:
        made += [parts.labelled(label, value) for label, value in view.answers(sensitive=True)]
    elif not (view.privacy.keeps_content or view.flow.caseless):
        made.append(parts.line(f"Läs mer i {view.terms.case_system}, ärende {view.thread.case_ref}.", subtle=True))
    if made:
        made[0]["separator"] = True
    return made


def _actions(view: View) -> list[Element]:
    offered = [(signal, move) for signal, move in _ordered(view.moves()) if not is_rare(view, signal)]
    first = next((signal for signal, _ in offered if signal in _PRIMARY), "")  # one is coloured, or none would be
    made = [move_button(view, signal, move, primary=signal == first) for signal, move in offered]
    if view.privacy.keeps_content and not view.tells_content and view.answers(sensitive=True):
        data = {"thread": view.thread.id}
        made.append(parts.button("Visa", "view", data) if view.inline else parts.dialog_button("Visa", data))
    return made + proposals.button(view) + more_button(view)


_PRIMARY = frozenset(
    {"send", "remains", "relay", "take", "resend", "phoned", "received", "plan", "hold", "register", "decide", "accept"}
)
_FIRST = (
    "send", "resend", "remains", "relay", "take", "plan", "hold", "register", "decide", "ended", "answer",
    "accept", "tentative", "decline", "contact", "read", "seen", "complete", "hindered", "redate", "edit", "reschedule",
    "withdraw",
)  # fmt: skip


def _ordered(moves: list[tuple[str, Move]]) -> list[tuple[str, Move]]:
    return sorted(moves, key=lambda item: _FIRST.index(item[0]) if item[0] in _FIRST else _FIRST.index("ended"))


def _consequences(view: View) -> list[str]:
    """What the buttons lead to, said beside them."""
    said = [(signal, move) for signal, move in view.moves() if move.consequence]
    return [f"{move.label}: {move.consequence}" for signal, move in said if not is_rare(view, signal)]
