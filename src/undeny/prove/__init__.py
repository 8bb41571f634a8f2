"""Proofs over fixes: five obligations, each checked; only what passes them can be applied."""

from undeny.prove.containment import CheckResult, access_not_granted, no_new_access, no_public_access
from undeny.prove.model import Proof, ProvenFix, Refutation
from undeny.prove.obligations import prove
from undeny.prove.rank import rank

__all__ = [
    "CheckResult",
    "Proof",
    "ProvenFix",
    "Refutation",
    "access_not_granted",
    "no_new_access",
    "no_public_access",
    "prove",
    "rank",
]
