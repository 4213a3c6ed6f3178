"""What Teams documents, and what a form asks, as Hypothesis strategies; and what must hold of whatever they draw.

An activity that is as documented is always understood, and says what was done and nothing else. One that has another
kind of thing in some place is refused or left alone, and never goes wrong inside. Whoever answers every question of a
form as it asks is never turned away, and an answer that was kept is read again as the same.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from counterpart import TENANT
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from town import MONDAY, instant, shipped

from bot.channel.body import Malformed
from bot.channel.parse import parse
from cases.fields import CaseList, Choice, Day, DayList, Field, Moment, Number, PerCase, TextField
from cases.flow import Flow
from dialogs import case_lists
from dialogs.form import read_form
from dialogs.personal_number import has_personal_number
from fuzz.draw import NUMBERS
from reminders.localtime import to_local

Json = dict[str, Any]
NOW = instant(MONDAY)
TODAY = to_local(NOW).date()
ROSTER = {"EN": "Enheten", "TVÅ": "Den andra"}  # what the roster offers, where a question asks it
CASES = {"NK-2041": "NK-2041", "NK-2077": "NK-2077"}
_YEAR = 360  # days: well within what a form takes

# --- activities --------------------------------------------------------------------------------------------------

_WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_ID = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _WORD
_ANY = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORD, inner, max_size=3), max_leaves=5
)
_OWN = st.dictionaries(_WORD.filter(lambda key: key not in ("verb", "msteams")), _ANY, max_size=4)
_SENT = {"verb": st.sampled_from(("start", "new", "show", "do"))}
_DATA = st.builds(lambda own, sent: own | sent, _OWN, st.fixed_dictionaries(_SENT, optional={"msteams": _ANY}))

_ACCOUNT = st.fixed_dictionaries({"id": _ID}, optional={"name": _WORD, "aadObjectId": st.uuids().map(str)})
_BASE: Mapping[str, Any] = {
    "id": _ID, "channelId": st.just("msteams"), "serviceUrl": st.just("http://127.0.0.1/teams/"), "from": _ACCOUNT,
    "recipient": st.just({"id": "28:stafett", "name": "Stafett"}),
    "conversation": st.fixed_dictionaries(
        {"id": _ID, "conversationType": st.sampled_from(("personal", "groupChat", "channel"))},
        optional={"tenantId": st.just(TENANT), "isGroup": st.booleans()},
    ),
    "channelData": st.just({"tenant": {"id": TENANT}}),
}  # fmt: skip
_MORE: Mapping[str, Any] = {
    "timestamp": st.just("2026-11-16T08:00:00.123Z"), "locale": st.sampled_from(("sv-SE", "en-US")),
    "entities": st.lists(st.just({"type": "clientInfo", "locale": "sv-SE", "platform": "iOS"}), max_size=2),
    "replyToId": _ID,
}  # fmt: skip
_CONTEXT = st.fixed_dictionaries({"theme": st.sampled_from(("default", "dark", "contrast"))})


def _activity(kind: str, **fields: Any) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({**_BASE, "type": st.just(kind), **fields}, optional=dict(_MORE))


def _invoke(name: str, value: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return _activity("invoke", name=st.just(name), value=value)


_EXECUTED = st.fixed_dictionaries(
    {
        "action": st.builds(
            lambda data: {"type": "Action.Execute", "verb": data["verb"], "data": data}, _DATA
        )
    },
    optional={"trigger": st.sampled_from(("manual", "automatic"))},
)  # fmt: skip
_DIALOG = st.fixed_dictionaries({"data": _DATA}, optional={"context": _CONTEXT})
_EXTENSION = st.fixed_dictionaries(
    {"commandId": _ID, "commandContext": st.sampled_from(("compose", "commandbox"))},
    optional={"context": _CONTEXT, "data": _DATA},
)

# As documented: what is posted, and what it is then understood as.
DOCUMENTED: Mapping[str, st.SearchStrategy[Json]] = {
    "text": _activity("message", text=_WORD, textFormat=st.just("plain")),
    "press": _invoke("adaptiveCard/action", _EXECUTED) | _activity("message", value=_DATA),
    "open": _invoke("task/fetch", _DIALOG) | _invoke("composeExtension/fetchTask", _EXTENSION),
    "submit": _invoke("task/submit", _DIALOG) | _invoke("composeExtension/submitAction", _EXTENSION),
    "installed": _activity("installationUpdate", action=st.sampled_from(("add", "add-upgrade"))),
    "removed": _activity("installationUpdate", action=st.sampled_from(("remove", "remove-upgrade"))),
    "members": _activity("conversationUpdate", membersAdded=st.lists(_ACCOUNT, max_size=3)),
}
AS_DOCUMENTED = st.sampled_from(sorted(DOCUMENTED)).flatmap(lambda kind: st.tuples(st.just(kind), DOCUMENTED[kind]))


@st.composite
def astray(draw: st.DrawFn) -> Json:
    """An activity with something else in one place, at any depth."""
    whole: Json = json.loads(json.dumps(draw(AS_DOCUMENTED)[1]))
    at: Any = whole
    while True:
        key = draw(st.sampled_from(sorted(at)) if isinstance(at, dict) else st.integers(0, len(at) - 1))
        if isinstance(at[key], dict | list) and at[key] and draw(st.booleans()):
            at = at[key]
            continue
        at[key] = draw(_ANY)
        return whole


def understood(kind: str, activity: Json) -> None:
    """What is as documented is understood."""
    found = parse(activity)
    assert found is not None and found.kind == kind, f"taken for {found and found.kind}"
    assert found.channel_user_id == activity["from"]["id"] and found.activity_id == activity["id"]
    assert found.address.tenant_id == TENANT and "msteams" not in found.data
    said = activity["conversation"]
    personal = said["conversationType"] == "personal" and not said.get("isGroup")
    assert (found.address.conversation_type == "personal") == personal
    assert isinstance(found.data.get("verb", ""), str)
    json.dumps(found.data)


def withstood(activity: Json) -> None:
    """What is not as documented is refused or read as far as it goes."""
    try:
        found = parse(activity)
    except Malformed:
        return
    if found is not None:
        assert isinstance(found.text, str) and isinstance(found.data.get("verb", ""), str)
        assert found.channel_user_id and found.address.service_url and len(found.activity_id) <= 240


# --- forms -------------------------------------------------------------------------------------------------------


@cache
def forms() -> dict[str, tuple[Field, ...]]:
    """Every form that somebody fills in, by flow and, where a button asks more, its signal."""
    found: dict[str, tuple[Field, ...]] = {}
    for flow in shipped().flows.values():
        if flow.form:
            found[flow.name] = flow.form
        found |= _asked_later(flow)
    return found


def _asked_later(flow: Flow) -> dict[str, tuple[Field, ...]]:
    return {
        f"{flow.name}.{signal}": move.needs for (_, signal), moves in flow.moves.items() for move in moves if move.needs
    }


def answers(form: tuple[Field, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Every question answered as it asks."""
    return st.tuples(*(_answer(item) for item in form)).map(
        lambda several: {k: v for one in several for k, v in one.items()}
    )


def _answer(item: Field) -> st.SearchStrategy[dict[str, str]]:
    if isinstance(item, Moment):
        return _near(item).map(lambda day: {f"{item.name}_date": day.isoformat(), f"{item.name}_time": "12:30"})
    if isinstance(item, PerCase):
        codes = st.sampled_from([code for code, _ in item.options])
        return st.tuples(*(codes for _ in CASES)).map(
            lambda chosen: {case_lists.input_of(item, case): code for case, code in zip(CASES, chosen, strict=True)}
        )
    return _text(item).map(lambda text: {item.name: text})


def _text(item: Field) -> st.SearchStrategy[str]:
    """One answer in one input."""
    if isinstance(item, Choice):
        code = st.sampled_from([code for code, _ in item.options])
        return st.lists(code, min_size=1, unique=True).map(",".join) if item.multiple else code
    if isinstance(item, Number):
        least, most = item.least if item.least is not None else Decimal(0), item.most
        return st.decimals(least, most if most is not None else least + 900, places=item.decimals).map(_swedish)
    if isinstance(item, Day):
        return _near(item).map(date.isoformat)
    if isinstance(item, DayList):
        return st.lists(st.dates(TODAY, TODAY + timedelta(days=_YEAR)), min_size=1, max_size=3).map(
            lambda days: ", ".join(map(date.isoformat, days))
        )
    if isinstance(item, CaseList):
        return st.lists(st.sampled_from(sorted(CASES)), min_size=1).map(", ".join)
    if isinstance(item, TextField):
        written = st.text(
            st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=min(item.max, 60)
        )
        return written.filter(lambda text: bool(text.strip()) and not has_personal_number(text))
    return st.sampled_from(sorted(ROSTER))


def _swedish(number: Decimal) -> str:
    return str(number).replace(".", ",")


def _near(item: Day | Moment) -> st.SearchStrategy[date]:
    """A day that the question takes; never today, when the clock decides."""
    past = st.dates(TODAY - timedelta(days=_YEAR), TODAY - timedelta(days=1))
    future = st.dates(TODAY + timedelta(days=1), TODAY + timedelta(days=_YEAR))
    return past if not item.future else future if not item.past else past | future


def _options(form: tuple[Field, ...]) -> dict[str, Mapping[str, str]]:
    return {item.name: CASES if isinstance(item, CaseList | PerCase) else ROSTER for item in form}


def taken(form: tuple[Field, ...], typed: Mapping[str, str]) -> None:
    """What was answered as asked is taken, and read again as the same."""
    found = read_form(form, typed, NOW, _options(form))
    assert found.ok, found.errors
    assert found.values.keys() == {item.name for item in form}
    json.dumps(found.values)
    again = read_form(form, _typed_anew(form, found.values), NOW, _options(form))
    assert (again.values, again.errors) == (found.values, {})


def _typed_anew(form: tuple[Field, ...], kept: Mapping[str, Any]) -> dict[str, str]:
    """The kept answers as a form that is opened again has them."""
    typed: dict[str, str] = case_lists.given(form, kept)
    for item in form:
        if isinstance(item, Moment):
            local = to_local(datetime.fromisoformat(kept[item.name]))
            typed |= {f"{item.name}_date": f"{local:%Y-%m-%d}", f"{item.name}_time": f"{local:%H:%M}"}
        elif not isinstance(item, PerCase):
            typed[item.name] = kept[item.name]
    return typed


_WRITTEN = _ANY | st.sampled_from(NUMBERS).map(lambda number: f"Ring om {number}.")


def refused_or_taken(form: tuple[Field, ...], typed: Mapping[str, Any]) -> None:
    """Whatever is typed is taken or refused at its question, and no personal number is kept or repeated."""
    found = read_form(form, typed, NOW, _options(form))
    assert not found.values.keys() & found.errors.keys() and all(found.errors.values())
    told = json.dumps([found.values, found.raw, found.errors], ensure_ascii=False)
    assert not any(number in told for number in NUMBERS), told


@st.composite
def scribbled(draw: st.DrawFn) -> tuple[tuple[Field, ...], Json]:
    """A form in which anything has been written."""
    form = draw(st.sampled_from(list(forms().values())))
    names = [name for item in form for name in (item.name, f"{item.name}_date", f"{item.name}_time")]
    return form, draw(st.fixed_dictionaries(dict.fromkeys(names, _WRITTEN)))


# --- a run -------------------------------------------------------------------------------------------------------

FILLED_IN = st.deferred(
    lambda: st.sampled_from(sorted(forms())).flatmap(
        lambda name: st.tuples(st.just(forms()[name]), answers(forms()[name]))
    )
)
CHECKS: Mapping[str, tuple[st.SearchStrategy[Any], Callable[..., None]]] = {
    "as documented": (AS_DOCUMENTED, understood), "astray": (astray().map(lambda one: (one,)), withstood),
    "filled in": (FILLED_IN, taken), "scribbled": (scribbled(), refused_or_taken),
}  # fmt: skip


def hold(name: str, runs: int, seeded: int) -> None:
    """Draw so many, and see that what must hold does. Raises: AssertionError with the smallest that was found."""
    strategy, check = CHECKS[name]
    quiet = settings(
        max_examples=runs, deadline=None, database=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip

    @seed(seeded)
    @quiet
    @given(strategy)
    def held(drawn: tuple[Any, ...]) -> None:
        try:
            check(*drawn)
        except Exception as fault:
            raise AssertionError(f"{name} {drawn!r}: {type(fault).__name__}: {fault}") from fault

    held()


def run(runs: int, seeded: int) -> Counter[str]:
    """So many of each."""
    for name in CHECKS:
        hold(name, runs, seeded)
    return Counter(dict.fromkeys(CHECKS, runs))
