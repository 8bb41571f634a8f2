"""Exact containment of policies, over actions, resources and conditions: what one lets in beyond another, with a request that shows it."""

from undeny.prove.containment.checks import (
    access_not_granted,
    allows_beyond,
    disjoint,
    equivalent,
    implies,
    no_new_access,
    no_public_access,
)
from undeny.prove.containment.model import CheckResult, StatementOf, Witness

__all__ = [
    "CheckResult",
    "StatementOf",
    "Witness",
    "access_not_granted",
    "allows_beyond",
    "disjoint",
    "equivalent",
    "implies",
    "no_new_access",
    "no_public_access",
]
