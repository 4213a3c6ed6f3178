"""What the follow-up and its meeting share: who is called, and the kinds of meeting in the profile."""

from cases.flow import Choice

NAME = "follow_up_meeting"
KIND, OWN_KIND, BEFOREHAND_KIND = "follow_up", "follow_up_own", "follow_up_check"
BEFOREHAND_MINUTES = 15  # Stafett's own default: the routine says «en kort stund»

TAKES_PART = Choice(
    name="takes_part",
    label="Ska hemtjänsten kallas?",
    short="Hemtjänsten kallas",
    options=(("yes", "Ja"), ("no", "Nej, mötet bokas bara i din egen kalender")),
)
BEFOREHAND = Choice(
    name="beforehand",
    label="Stämmer ni av en kort stund före?",
    short="Avstämning före",
    required=False,
    help="Rutinens tips vid gemensamma hembesök: samma fokus och en gemensam plan (6.6).",
    options=(("yes", f"Ja, {BEFOREHAND_MINUTES} minuter före"), ("no", "Nej")),
)
