"""One change for many denials: the fixes of each, merged by document, each needed, proved as a set."""

from undeny.prove.together.merging import together
from undeny.prove.together.model import All, Left, Part

__all__ = ["All", "Left", "Part", "together"]
