"""The roster's Swedish words for what the record calls by identifier, and which roles a kind of unit can have."""

from collections.abc import Mapping

from cases.roles import ROLES, UNIT_KINDS

KIND_WORDS: Mapping[str, str] = {
    "home_care": "hemtjänst",
    "authority_unit": "myndighet",
    "return_home_team": "hemgångsteam",
    "alarm_team": "larmteam",
    "night_district": "nattdistrikt",
    "health_care": "hälso- och sjukvård",
}
PROVIDER_WORDS: Mapping[str, str] = {
    "egen_regi": "egen regi",
    "privat_lov": "privat LOV",
    "annan_namnd": "annan nämnd",
}
# On what ground a provider may read content; «samma nämnd» holds for the committee's own alone.
GROUND_WORDS: Mapping[str, str] = {
    "samma_namnd": "samma nämnd",
    "samtycke": "samtycke",
    "nodvandigt_utlamnande": "nödvändigt utlämnande",
    "annan_lag": "annan lag",
}
ROLE_WORDS: Mapping[str, str] = {
    "care_worker": "omvårdnadspersonal",
    "fixed_care_contact": "fast omsorgskontakt",
    "team_lead": "gruppledare",
    "unit_administrator": "administratör",
    "unit_manager": "enhetschef",
    "deputy_unit_manager": "biträdande enhetschef",
    "planner": "planerare",
    "coordinator": "samordnare",
    "needs_assessor": "biståndshandläggare",
    "lead_needs_assessor": "förste biståndshandläggare",
    "on_call_supervisor": "jourhavande arbetsledare",
    "return_home_team": "hemgångsteam",
    "nurse": "sjuksköterska",
    "occupational_therapist": "arbetsterapeut",
    "physiotherapist": "sjukgymnast",
    "profile_admin": "profiladministratör",
    "auditor": "granskare",
}
_OTHER_ROLE_WORDS: Mapping[str, str] = {
    "undersköterska": "care_worker",
    "vårdbiträde": "care_worker",
    "kontaktman": "fixed_care_contact",
    "handläggare": "needs_assessor",
    "förste handläggare": "lead_needs_assessor",
    "distriktssköterska": "nurse",
    "fysioterapeut": "physiotherapist",
}

_MANAGERS = frozenset(
    {"unit_manager", "deputy_unit_manager", "unit_administrator", "coordinator", "profile_admin", "auditor"}
)
_HEALTH = frozenset({"nurse", "occupational_therapist", "physiotherapist"})
_CARE = _MANAGERS | {"care_worker", "team_lead", "planner", "on_call_supervisor"}
# An on-call supervisor belongs to those who give care (`D05`); only an authority unit assesses needs.
ROLES_IN: Mapping[str, frozenset[str]] = {
    "home_care": _CARE | {"fixed_care_contact"},
    "authority_unit": _MANAGERS | {"needs_assessor", "lead_needs_assessor"},
    "return_home_team": _CARE | {"return_home_team"},
    "alarm_team": _CARE,
    "night_district": _CARE,
    "health_care": _MANAGERS | _HEALTH,
}
ASSESSORS = frozenset({"needs_assessor", "lead_needs_assessor"})


def _fold(word: str) -> str:
    return " ".join(word.replace("_", " ").casefold().split())


_KINDS = {_fold(word): name for name, word in KIND_WORDS.items()} | {_fold(name): name for name in UNIT_KINDS}
_PROVIDERS = {_fold(word): name for name, word in PROVIDER_WORDS.items()} | {_fold(one): one for one in PROVIDER_WORDS}
_GROUNDS = {_fold(word): name for name, word in GROUND_WORDS.items()} | {_fold(one): one for one in GROUND_WORDS}
_ROLES = (
    {_fold(name): name for name in ROLES}
    | {_fold(word): name for name, word in ROLE_WORDS.items()}
    | {_fold(word): name for word, name in _OTHER_ROLE_WORDS.items()}
)


def kind_of(word: str) -> str | None:
    """The kind of unit behind a word or an identifier, or None."""
    return _KINDS.get(_fold(word))


def provider_kind_of(word: str) -> str | None:
    """The form of operation behind a word or an identifier, or None."""
    return _PROVIDERS.get(_fold(word))


def ground_of(word: str) -> str | None:
    """The ground of disclosure behind a word or an identifier, or None."""
    return _GROUNDS.get(_fold(word))


def role_of(word: str) -> str | None:
    """The role behind a word or an identifier, or None."""
    return _ROLES.get(_fold(word))
