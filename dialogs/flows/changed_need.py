"""A changed need that can wait: what the assignment says beside how it is now (Norrköping 3.2.1 and 6.4, D03)."""

from cases.flow import Audience, Choice, Field, Flow, Signpost, Situation, TextField
from dialogs.common import ENDED, HINT, HOME_CARE, STATES
from dialogs.ordinary import ordinary_moves, sending

_HINTS = {
    "level": (
        "Nivån",
        "kan ändras, till exempel från nivå 3 till nivå 1, och då ändras ramtiden. Schablontiden för en nivå är fast",
    ),
    "added": ("Ramtiden", "ändras enligt beräkningsstödet när en insats läggs till i ett beviljat livsområde"),
    "unused": ("Ramtiden", "ändras enligt beräkningsstödet om insatsen avslutas"),
    "new_domain": (
        "Nytt livsområde?",
        "Ett nytt beslut skrivs för behov som beslutet inte redan omfattar",
    ),
}


def what_follows(situation: Situation) -> list[tuple[str, str]]:
    """What the routine says of this kind of change. The assessor decides."""
    hint = _HINTS.get(situation.thread.values.get("change_kind", ""))
    return [hint] if hint else []


# The rest is asked only of what is the assessor's to hear of.
_HERS = ("change_kind", frozenset({"level", "added", "unused", "new_domain", "activity"}))

FORM: tuple[Field, ...] = (
    Choice(
        name="change_kind",
        label="Vad är det som har hänt?",
        short="Gäller",
        options=(
            ("level", "Omfattningen har ändrats: mer eller mindre hjälp i samma aktivitet"),
            ("added", "En ny insats behövs inom ett beviljat livsområde"),
            ("unused", "En insats används inte alls"),
            ("new_domain", "Behov inom ett nytt livsområde"),
            ("activity", "Vi vill göra en annan aktivitet inom livsområdet och ramtiden"),
            ("time_only", "Behovet är oförändrat men tiden räcker inte"),
            ("vigil", "Vak i livets slutskede"),
        ),
    ),
    Choice(
        name="direction",
        label="Har behovet ökat eller minskat?",
        short="Behovet",
        demanded_if=_HERS,
        options=(("increased", "Har ökat"), ("decreased", "Har minskat")),
    ),
    Choice(
        name="consulted",
        label="Är beskrivningen gjord i samråd?",
        short="Samråd",
        demanded_if=_HERS,
        options=(
            ("client", "Ja, med brukaren"),
            ("representative", "Ja, med legal företrädare"),
            ("not_yet", "Nej, inte än"),
        ),
    ),
    Choice(
        name="described",
        label="Har du beskrivit både behovet enligt uppdraget och behovet nu i journalen?",
        short="Beskrivet i journalen",
        demanded_if=_HERS,
        options=(("both", "Ja, båda delarna"), ("today", "Nej, jag gör det i dag")),
    ),
    TextField(
        name="life_domain",
        label="Vilket livsområde eller vilken insats?",
        short="Livsområde",
        sensitive=True,
        demanded_if=_HERS,
        max=100,
    ),
    TextField(
        name="according_to_assignment",
        label="Enligt uppdraget: vilket behov beskrivs där?",
        short="Enligt uppdraget",
        sensitive=True,
        demanded_if=_HERS,
        help=HINT,
    ),
    TextField(
        name="need_now",
        label="Nu: hur ser behovet ut?",
        short="Nu",
        sensitive=True,
        demanded_if=_HERS,
        help=HINT,
    ),
)

FLOW = Flow(
    name="changed_need",
    title="Förändrat behov",
    source="Norrköping 3.2.1",
    intro="Behovet har ökat eller minskat och kan vänta på återkoppling i fem arbetsdagar. Utgå från uppdraget: vad "
    "står där, och hur är det nu?",
    senders=HOME_CARE,
    group="assignments",
    order=28,
    commands=("behov", "förändrat", "forandrat"),
    urgent=False,
    form=FORM,
    states=STATES,
    first="draft",
    last=ENDED,
    suggestions=what_follows,
    guides=("ramtid",),
    signposts=(
        Signpost(
            text="Kan det inte vänta: hjälp vid toalettbesök, få i sig mat och dryck, eller inte mat för dagen? "
            "Välj ett brådskande meddelande i stället.",
            source="Norrköping 5.5",
        ),
        Signpost(
            when=("change_kind", "vigil"),
            text="Vak bedöms av legitimerad personal. Kontakta ansvarig vårdgivare.",
            source="Norrköping 1.2",
            stops=True,
        ),
        Signpost(
            when=("change_kind", "activity"),
            text="Aktiviteter inom beviljat livsområde och ramtid behöver inte godkännas av biståndshandläggare. "
            "Aktiviteten ska vara tydligt kopplad till målsättningen.",
            source="Norrköping 2.2",
        ),
        Signpost(
            when=("change_kind", "time_only"),
            text="Tiden för insatser som ingår i ramtiden justeras inte om behovet är oförändrat. "
            "Gäller det en insats utanför ramtiden: välj «Tid utanför ramtid». Vill du fråga: välj en fråga i ärendet.",
            source="Norrköping 3.2.2",
            stops=True,
        ),
        Signpost(
            when=("change_kind", "new_domain"),
            text="Nya beslut skrivs när det handlar om behov inom nya livsområden som inte redan finns beviljade eller "
            "beskrivna i beslutet. Kontrollera att det gäller ett nytt livsområde.",
            source="Norrköping 3.2",
        ),
    ),
    moves=ordinary_moves(FORM, sending(Audience.RESPONSIBLE_ASSESSOR, "message_read")),
)
