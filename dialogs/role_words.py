"""The roles, in the words that cards use."""

from collections.abc import Mapping

from dialogs.terms import Terms

_ROLE_NAMES: Mapping[str, str] = {
    "unit_manager": "enhetschef",
    "deputy_unit_manager": "biträdande enhetschef",
    "team_lead": "gruppledare",
    "unit_administrator": "administratör",
    "on_call_supervisor": "jourhavande arbetsledare",
    "return_home_team": "hemgångsteamet",
    "care_worker": "omvårdnadspersonal",
    "fixed_care_contact": "fast omsorgskontakt",
    "planner": "planerare",
    "coordinator": "samordnare",
    "nurse": "sjuksköterska",
    "occupational_therapist": "arbetsterapeut",
    "physiotherapist": "sjukgymnast",
    "profile_admin": "profiladministratör",
    "auditor": "granskare",
}


def role_name(role: str, terms: Terms) -> str:
    """A role in the municipality's own words."""
    if role in ("needs_assessor", "responsible_assessor"):
        return terms.needs_assessor
    if role == "lead_needs_assessor":
        return f"förste {terms.needs_assessor}"
    return _ROLE_NAMES.get(role, role)
