"""How much of a thread may be shown in Teams: the municipality's mode, and less where a provider may not read content.

Pure. `pekare` lets only a pointer out, `visa` content on an explicit, logged «Visa», `chatt` content in the card. A
private provider, or one of another committee, is another controller (förordning 2001:637 17 §) and reads content only
on a documented ground. Consent is given each time, and is never a provider's standing ground: it counts for the
one thread whose sender has noted when and how it was given.
"""

from collections.abc import Iterable

from cases.directory import CaseFacts, Directory, Unit
from cases.thread import LEFT, NotRead, ThreadNow
from reminders.profile import Profile

POINTERS, SHOWN, IN_CHAT = "pekare", "visa", "chatt"
MODES = (POINTERS, SHOWN, IN_CHAT)  # the strictest first
OWN = "egen_regi"
CONSENT = "samtycke"
SAME_COMMITTEE = "samma_namnd"
# The answers that say how and when the person consented to this one disclosure.
CONSENT_FORM, CONSENT_GIVEN = "consent_form", "consent_date"


def strictest(modes: Iterable[str]) -> str:
    """The one that shows least. Raises: ValueError for none, or for one that is no mode."""
    return MODES[min(MODES.index(mode) for mode in modes)]


def cap_of(unit: Unit, *, consented: bool = False) -> str:
    """The most that may be shown of what this unit takes part in; `consented`: the person has agreed to this thread."""
    stated = unit.mode_cap or IN_CHAT
    if unit.provider_kind == OWN:
        return stated
    if not (unit.disclosure_basis and unit.disclosure_ref) or unit.disclosure_basis == SAME_COMMITTEE:
        return POINTERS
    if unit.disclosure_basis == CONSENT and not consented:
        return POINTERS
    return stated


def needs_consent(unit: Unit) -> bool:
    """Whether the unit may read content only of what the person has consented to."""
    return unit.disclosure_basis == CONSENT and cap_of(unit) == POINTERS != cap_of(unit, consented=True)


def mode_set(profile: Profile) -> str:
    """The municipality's own mode."""
    mode: str = profile.section("privacy").mode
    return mode


def mode_among(
    unit_ids: Iterable[str | None], profile: Profile, directory: Directory, *, consented: bool = False
) -> str:
    """The mode of something that these units take part in, under this profile."""
    mode = mode_set(profile)
    if mode == POINTERS:
        return mode
    units = [directory.units[one] for one in dict.fromkeys(unit_ids) if one in directory.units]
    return strictest([mode, *(cap_of(unit, consented=consented) for unit in units)])


def mode_of(thread: ThreadNow, case: CaseFacts, profile: Profile, directory: Directory) -> str:
    """The thread's mode now. What is still open counts everybody whom it may come to besides those who have it."""
    answers = {} if isinstance(thread.values, NotRead) else thread.values  # what is read without them counts no consent
    units: list[str | None] = [thread.sender_unit_id, *(one.unit_id for one in thread.parties if one.side != LEFT)]
    if not thread.is_closed:
        units += to_be(case, answers.values())
    return mode_among(units, profile, directory, consented=bool(answers.get(CONSENT_GIVEN)))


def to_be(case: CaseFacts | None, answers: Iterable[object]) -> list[str | None]:
    """The units that something about this case may come to: the case's own two, and those that an answer names."""
    own = [case.unit_id, case.responsible_unit_id] if case is not None else []
    return [*own, *(one for one in answers if isinstance(one, str))]


def is_capped(mode: str, profile: Profile) -> bool:
    """Whether only a pointer may be shown although the municipality's own mode shows more."""
    return mode == POINTERS != mode_set(profile)
