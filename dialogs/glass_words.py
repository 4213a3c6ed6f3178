"""Why somebody opens a colleague's thread in an emergency: the question, and the words for its answers."""

from cases.fields import Choice

GLASS_REASON = Choice(
    name="glass_reason",
    label="Varför behöver du läsa det nu?",
    options=(
        ("danger", "Någon kan komma till skada om det väntar"),
        ("unreachable", "Den som har meddelandet kan inte nås, och det kan inte vänta"),
        ("system_down", "Verksamhetssystemet ligger nere, och uppgiften behövs nu"),
    ),
)
