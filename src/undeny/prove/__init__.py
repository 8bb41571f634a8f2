"""Proofs over fixes: five obligations, each checked; only what passes them can be applied."""

from undeny.prove.model import Proof, ProvenFix, Refutation
from undeny.prove.obligations import prove
from undeny.prove.rank import rank

__all__ = ["Proof", "ProvenFix", "Refutation", "prove", "rank"]
