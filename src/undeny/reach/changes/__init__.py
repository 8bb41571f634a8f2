"""The smallest changes that open a path, each tried on the same network: enough, nothing to spare, and which other packets stay blocked."""

from undeny.reach.changes._search import proposals

__all__ = ["proposals"]
