"""What would let the call through: candidates, smallest and safest first, and the case as it would be after one of them."""

from undeny.fix.carry import carried_out
from undeny.fix.propose import propose

__all__ = ["carried_out", "propose"]
