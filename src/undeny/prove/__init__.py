"""Proofs over fixes: five obligations, each checked; only what passes them can be applied.

The doors load their parts when they are first asked for: the values alone cost nothing.
"""

from typing import TYPE_CHECKING

from undeny.doors import lazily
from undeny.prove.model import Proof, ProvenFix, Refutation

if TYPE_CHECKING:
    from undeny.prove.containment import CheckResult, access_not_granted, disjoint, equivalent, implies, no_new_access, no_public_access
    from undeny.prove.obligations import prove
    from undeny.prove.rank import rank

__all__ = [
    "CheckResult",
    "Proof",
    "ProvenFix",
    "Refutation",
    "access_not_granted",
    "disjoint",
    "equivalent",
    "implies",
    "no_new_access",
    "no_public_access",
    "prove",
    "rank",
]
_DOORS = {
    "CheckResult": "containment",
    "access_not_granted": "containment",
    "disjoint": "containment",
    "equivalent": "containment",
    "implies": "containment",
    "no_new_access": "containment",
    "no_public_access": "containment",
    "prove": "obligations",
    "rank": "rank",
}

__getattr__ = lazily(__name__, _DOORS)
