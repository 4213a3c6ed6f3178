"""The record against what people were told: whatever a card has said was so, and what was done has been kept."""

from collections import Counter

from chaos.account import DOUBLED, LOST, WRONG, Account
from chaos.people import Press
from chaos.reading import Told, told_by
from chaos.record import Record
from chaos.recorder import Recorder
from chaos.roster import NUMBERS
from dialogs.catalogue import load_flows

WORDS = {(name, state): word for name, flow in load_flows().items() for state, word in flow.states.items()}
_APOLOGIES = ("Något gick fel hos oss.", "Felkod")


def told(account: Account, record: Record, claims: list[Told]) -> None:
    """Whatever a card has said of a thread was so: in that version it stood in that state."""
    for claim in dict.fromkeys(claims):
        numbers = record.by_case.get(claim.case_ref, [])
        if not numbers:
            account.note(LOST, f"somebody saw {claim.case_ref} «{claim.state}», and there is no such thread")
            continue
        thread = record.threads[numbers[0]]
        if claim.version is None:
            was = {WORDS[thread["flow"], step["to_state"]] for step in record.log[numbers[0]]}
        elif claim.version > thread["version"]:
            account.note(LOST, f"thread {numbers[0]}: somebody saw version {claim.version}, which is not there")
            continue
        else:
            was = {WORDS.get((thread["flow"], record.state_at(numbers[0], claim.version)), "")}
        if claim.state not in was:
            account.note(WRONG, f"thread {numbers[0]}: somebody saw «{claim.state}» in version {claim.version}: {was}")


def cards(account: Account, record: Record, recorder: Recorder) -> None:
    """Every card that the record knows shows how its thread stands; a form shows nothing.

    Left out is whoever could not be reached, where the record says so. Other cards of the thread in the same chat are
    not changed: they answer with the present state when they are pressed.
    """
    out_of_reach = {(row["thread_id"], row["person_id"]) for row in record.outbox if row["failure"]}
    for card in record.cards:
        number = card["thread_id"]
        message = recorder.message(card["conversation_id"], card["activity_id"])
        claim = told_by(message.sent) if message else None
        if claim is None or (number, card["person_id"]) in out_of_reach:
            continue
        thread = record.threads[number]
        word = WORDS.get((thread["flow"], thread["state"]))
        if claim.case_ref == thread["case_ref"] and claim.state != word:
            who = card["conversation_id"]
            account.note(WRONG, f"thread {number}: {who} still shows «{claim.state}», it is «{word}»")


def presses(account: Account, record: Record, made: list[Press]) -> None:
    """What somebody saw done stands in the log under their name, with their answers; and no press counts twice."""
    pressed: Counter[tuple[int, str, str]] = Counter()
    for press in made:
        if not account.moments["freeze"] and any(apology in press.message for apology in _APOLOGIES):
            account.note(WRONG, f"{press.person} was told that something went wrong with us ({press.data.get('verb')})")
        # When there is nothing left to ask about it is done at once, and a proposed time is taken as it is.
        if press.data.get("verb") in ("ask", "take_time"):
            pressed[int(press.data["thread"]), press.person, str(press.data["signal"])] += 1
        if not press.signal:
            continue
        number = int(press.data["thread"])
        pressed[number, press.person, press.signal] += 1
        if press.told is not None and not press.told.late:
            _is_kept(account, record, press, number)
    names = {number: key for key, number in NUMBERS.items()}
    logged: Counter[tuple[int, str, str]] = Counter(
        (number, names[step["person_id"]], step["signal"])
        for number, steps in record.log.items()
        for step in steps
        if step["by"] == "person" and step["signal"] != "open"
    )
    for key, n in logged.items():
        if n > pressed[key]:
            account.note(
                DOUBLED, f"thread {key[0]}: {key[1]} pressed «{key[2]}» {pressed[key]} times, logged {n} times"
            )


def _is_kept(account: Account, record: Record, press: Press, number: int) -> None:
    steps = [step for step in record.log.get(number, ()) if step["by"] == "person" and step["signal"] == press.signal]
    if not any(step["person_id"] == NUMBERS[press.person] for step in steps):
        account.note(LOST, f"thread {number}: {press.person} saw «{press.signal}» done, and the log has nothing of it")
        return
    given = press.data.get("action_code")
    kept = {str(row["value"]).strip('"') for row in record.content.get(number, ()) if row["field"] == "action_code"}
    if press.signal == "answer" and given and given not in kept:
        account.note(LOST, f"thread {number}: the answer that {press.person} gave is not kept")
