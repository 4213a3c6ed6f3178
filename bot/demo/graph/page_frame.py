"""What all pages of the played calendars look like, and the words they use."""

import html
from datetime import datetime

from aiohttp import web

from bot.demo.graph.entries import Slot
from bot.demo.graph.people import Person
from reminders.localtime import to_local

DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
ANSWERS = {"none": "har inte svarat", "accepted": "kommer", "tentativelyAccepted": "kanske", "declined": "kommer inte"}
_OWN = {"accepted": "ja", "tentativelyAccepted": "kanske", "declined": "nej"}

_STYLE = """
:root { --ink: #1f2430; --dim: #5a6072; --line: #d9dce4; --mark: #4b4fb8; --soft: #f4f5f9; --bad: #a4262c;
  --good: #0b6a3b; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.5 system-ui, "Segoe UI", sans-serif;
  overflow-wrap: anywhere; }
header { background: var(--mark); color: #fff; padding: .9rem 1.2rem; }
header a { color: #fff; } header p { margin: 0; font-size: .95rem; } header h1 { margin: 0; font-size: 1.35rem; }
main { max-width: 56rem; margin: 0 auto; padding: 1.2rem; }
nav { display: flex; gap: .6rem; flex-wrap: wrap; align-items: center; margin: .2rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; } .time { font-variant-numeric: tabular-nums; font-weight: 600; }
article { border: 1px solid var(--line); border-left: 5px solid var(--mark); border-radius: 6px; padding: .7rem .9rem;
  margin: .6rem 0; }
article.off { border-left-color: var(--bad); } article.off h3 { text-decoration: line-through; }
article.own { border-left-color: var(--line); background: var(--soft); }
article p { margin: .2rem 0; }
article .text { white-space: pre-line; }
.dim { color: var(--dim); } .bad { color: var(--bad); } .good { color: var(--good); }
ul { margin: .3rem 0; padding-left: 1.2rem; } li { margin: .1rem 0; }
form, .actions { display: inline-flex; gap: .4rem; flex-wrap: wrap; align-items: end; margin: .3rem .6rem .1rem 0; }
.actions { display: flex; gap: .2rem .6rem; } .actions form { margin: 0; } .actions a { padding: .35rem 0; }
button, .button, input { font: inherit; padding: .35rem .8rem; border-radius: 5px; border: 1px solid var(--mark);
  background: #fff; color: var(--mark); min-height: 2.3rem; } button { cursor: pointer; }
input { border-color: var(--dim); color: var(--ink); padding: .3rem .5rem; }
label { display: inline-flex; flex-direction: column; font-size: .85rem; color: var(--dim); }
button:hover, button:focus-visible, .button:focus-visible { background: var(--mark); color: #fff; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .6rem .4rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; }
.button { text-decoration: none; display: inline-block; } .told { background: var(--soft); padding: .5rem .8rem;
  border-radius: 5px; }
"""

_FRAME = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – spelad kalender</title><style>{style}</style></head>
<body><header><h1>{title}</h1><p>{under}</p></header><main>{body}</main></body></html>
"""


def page(title: str, under: str, body: str, *, status: int = 200) -> web.Response:
    """A page. `title` is text; `under` and `body` are HTML already."""
    text = _FRAME.format(title=html.escape(title), style=_STYLE, under=under, body=body)
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def day_text(at: datetime) -> str:
    """«torsdag 19 november»."""
    local = to_local(at)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def clock_text(at: datetime) -> str:
    """«09.00», as Swedish writes a clock."""
    return f"{to_local(at):%H.%M}"


def own_answer_text(slot: Slot, person: Person) -> str:
    """What the person has answered, as it is said to that person."""
    response = slot.answer_of(person.upn).response
    return "Du har inte svarat." if response == "none" else f"Du har svarat {_OWN[response]}."


def escape(text: object) -> str:
    return html.escape(str(text))
