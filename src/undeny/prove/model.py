"""A proof over a fix: five obligations, each checked."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.fix.model import Fix

Obligation = Literal["suffices", "needed", "nothing_else", "no_guard_weakened", "well_formed"]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation: `holds` is `None` where it could not be decided; `how` says what was checked, with numbers."""

    obligation: Obligation
    holds: bool | None
    how: str
    unless: tuple[str, ...] = ()
    """Evidence not read that this leans on: the obligation holds unless it says otherwise."""


class ProvenFix(msgspec.Struct, frozen=True, kw_only=True):
    """A fix and its proofs, none of which fails. Made by `prove` alone; `apply` takes nothing else."""

    fix: Fix
    proofs: tuple[Proof, ...]
    assumes: tuple[str, ...] = ()


class Refutation(msgspec.Struct, frozen=True, kw_only=True):
    """A fix that does not hold, with the obligation that failed and a request that shows it."""

    fix: Fix
    proofs: tuple[Proof, ...]
    failed: Obligation
    witness: Request | None = None


class Beyond(msgspec.Struct, frozen=True, kw_only=True):
    """What containment says of one document: proved, undecided, or a request that the document allows anew."""

    holds: bool | None
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    context: Mapping[str, ContextValue] = {}
