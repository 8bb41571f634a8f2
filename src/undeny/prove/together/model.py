"""What one change for many denials is made of."""

import msgspec

from undeny.fix.model import Fix
from undeny.prove.model import Proof


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one owner changes: a fix with one edit for each document, its proofs over every denial, and the numbers of those it serves."""

    fix: Fix
    proofs: tuple[Proof, ...]
    serves: tuple[int, ...]
    assumes: tuple[str, ...] = ()


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A denial that no part serves, by its number from 1, and why."""

    number: int
    why: str


class All(msgspec.Struct, frozen=True, kw_only=True):
    """One change for many denials: by owner, and what is left."""

    parts: tuple[Part, ...]
    left: tuple[Left, ...] = ()
