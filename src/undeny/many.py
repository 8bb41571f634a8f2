"""The walk for many denials at once: one change for all of them, as printed."""

from typing import Any

import msgspec

from undeny.denial.model import Denial
from undeny.diagnose.model import Case
from undeny.fix.model import Fix
from undeny.pipeline import FixView, ProofView, Walk, subjects, walk_subject


class PartView(FixView, frozen=True, kw_only=True):
    """What one owner changes for many denials: `serves` are their numbers, from 1, in their order."""

    serves: tuple[int, ...] = ()


class AllFixes(msgspec.Struct, frozen=True, kw_only=True):
    """One change for many denials. `denials` are the calls by number from 1; `left` those that nothing here serves, and why."""

    denials: tuple[Denial, ...]
    fixes: tuple[PartView, ...]
    left: tuple[Any, ...] = ()


def fix_all(source: Any, evidence: Any = None) -> AllFixes:
    """Give one change for all denials of `source`: by owner, one edit for each document, proved as a set; as `explain` otherwise."""
    return all_fixes(tuple(walk_subject(subject, evidence) for subject in subjects(source)))


def all_fixes(walks: tuple[Walk, ...]) -> AllFixes:
    """Put what was found for many denials together into one change."""
    from undeny.prove.together import together  # noqa: PLC0415 - only where many are mended at once

    found = together(tuple((one.case, one.diagnosis) for one in walks))
    views = tuple(_part_view(part) for part in found.parts)
    return AllFixes(denials=tuple(_said(one.case) for one in walks), fixes=views, left=found.left)


def _said(case: Case) -> Denial:
    """Give a denial with who, what and on what from its request, where the text does not say."""
    main = case.requests[0] if case.requests else None
    told = {name: getattr(case.denial, name) or getattr(main, name, None) for name in ("principal", "action", "resource")}
    return msgspec.structs.replace(case.denial, **told)


def _part_view(part: Any) -> PartView:
    shown = tuple(ProofView(obligation=p.obligation, holds=p.holds, how=p.how, unless=p.unless) for p in part.proofs)
    fields = {name: getattr(part.fix, name) for name in Fix.__struct_fields__}
    return PartView(**fields | {"assumes": part.assumes}, proofs=shown, serves=part.serves)
