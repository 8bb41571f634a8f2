"""Which edits of others bear on a case: those of its own caller's, account's and thing's documents."""

from collections.abc import Iterable

from undeny.diagnose.model import Case
from undeny.fix import grants
from undeny.fix.carry import decidable
from undeny.fix.complete import merged
from undeny.fix.model import Edit, PolicyEdit
from undeny.iam import elements


def bearing(case: Case, edits: Iterable[Edit]) -> tuple[PolicyEdit, ...]:
    """Give those edits of policies that bear on a case: the caller's own, its account's, its thing's, where the document is the same."""
    return tuple(e for e in merged(edits) if isinstance(e, PolicyEdit) and decidable(e) and _bears(case, e))


def _bears(case: Case, edit: PolicyEdit) -> bool:
    policies = case.evidence.policies
    match edit.layer:
        case "identity" | "boundary" | "session" | "endpoint":
            held = getattr(policies, edit.layer)
            if edit.layer != "endpoint" and edit.target not in {grants.holder(case, r) for r in case.requests} | {
                r.principal for r in case.requests
            }:
                return False
            there = [p for p in held or () if p.name == edit.policy] if isinstance(held, tuple) else []
            same = any(elements.plain(p.document.data) == elements.plain(edit.before) for p in there)
            return same or (edit.before is None and not there and isinstance(held, tuple))
        case "scp" | "rcp":
            levels = getattr(policies, edit.layer)
            return isinstance(levels, tuple) and any(level.target == edit.target for level in levels)
        case "resource":
            return any(grants.resource_target(case, r) == edit.target for r in case.requests)
