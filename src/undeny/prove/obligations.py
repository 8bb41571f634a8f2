"""The five obligations over a fix, in order; the one place where a `ProvenFix` is made."""

import msgspec

from undeny.calls.model import Request
from undeny.diagnose.model import Case
from undeny.fix import carried_out
from undeny.fix.carry import decidable, idle
from undeny.fix.model import Fix
from undeny.prove.form import well_formed
from undeny.prove.guard import no_guard_weakened
from undeny.prove.model import Obligation, Proof, ProvenFix, Refutation
from undeny.prove.needed import needed
from undeny.prove.nothing_else import nothing_else
from undeny.prove.shorter import shorter
from undeny.prove.suffices import suffices

ORDER: tuple[Obligation, ...] = ("suffices", "needed", "nothing_else", "no_guard_weakened", "well_formed")


def prove(fix: Fix, case: Case) -> ProvenFix | Refutation:
    """Check the five obligations. A weakened guard does not refute: the fix is then `maybe_incorrect`, for the guard's owner to decide.

    Nothing is proved of a change with placeholders or of one that is not carried out here: every proof is then undecided.
    """
    if (rewritten := shorter(case, fix)) is not None:
        return ProvenFix(fix=fix, proofs=rewritten, assumes=fix.assumes)
    changes = [change for change in fix.changes if not idle(change)]
    if not changes or not all(decidable(change) for change in changes):
        how = "not checked: the local decision does not see this change" if fix.changes else "not checked: nothing is changed"
        return ProvenFix(fix=fix, proofs=tuple(Proof(obligation=name, holds=None, how=how) for name in ORDER), assumes=fix.assumes)
    after = carried_out(case, fix)
    enough = suffices(case, after, fix)
    other, witness = nothing_else(case, after, fix)
    guard = no_guard_weakened(fix)
    proofs = (enough, needed(case, after, fix, enough), other, guard, well_formed(fix))
    failed = next((p.obligation for p in proofs if p.holds is False and p.obligation != "no_guard_weakened"), None)
    if failed is not None:
        return Refutation(fix=fix, proofs=proofs, failed=failed, witness=witness if failed == "nothing_else" else _denied(after))
    if guard.holds is False and fix.applicability == "machine_applicable":
        fix = msgspec.structs.replace(fix, applicability="maybe_incorrect", risks=(*fix.risks, guard.how))
    assumes = tuple(dict.fromkeys((*fix.assumes, *(u for p in proofs for u in p.unless))))
    return ProvenFix(fix=fix, proofs=proofs, assumes=assumes)


def _denied(after: Case) -> Request | None:
    index = after.failing
    return after.requests[index] if index is not None else None
