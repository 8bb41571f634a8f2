"""Why the same call works in A and fails in B: what differs in meaning, layer by layer and level by level, and what of it decides."""

from undeny.prove.comparing.model import Comparison, Difference, Mapped, Outcome, Witness
from undeny.prove.comparing.walk import compare

__all__ = ["Comparison", "Difference", "Mapped", "Outcome", "Witness", "compare"]
