"""The five obligations over one change for many denials: of each denial, and of the change as a whole."""

from collections.abc import Mapping, Sequence

import msgspec

from undeny.diagnose.model import Case
from undeny.fix import requests
from undeny.fix.carry import decidable, idle, with_edits
from undeny.fix.model import CallEdit, Edit, Fix, PolicyEdit
from undeny.prove import needed as needing
from undeny.prove.form import well_formed
from undeny.prove.guard import no_guard_weakened
from undeny.prove.model import Obligation, Proof
from undeny.prove.nothing_else import nothing_else
from undeny.prove.obligations import ORDER
from undeny.prove.suffices import DENIED, counted, key, suffices
from undeny.prove.together.bearing import bearing

Served = Sequence[tuple[int, Case]]
Granted = Mapping[str, tuple[tuple[str, ...], ...]]


def caller(case: Case) -> str:
    """Give whose policies a case is about: the role of a session, the user."""
    return requests.holder_of_policies(case.requests[0]) if case.requests else ""


def proofs_of(fix: Fix, served: Served, everything: tuple[Edit, ...], granted: Granted) -> tuple[tuple[Proof, ...], tuple[str, ...]]:
    """Prove one part over the denials that it serves, with the other parts in force (`everything`); with what the proofs lean on.

    `granted` is what each caller is meant to get.
    """
    real = [c for c in fix.changes if not idle(c)]
    unread = [n for n, case in served if case.evidence.from_text or not case.verdicts]
    if not served or not real or unread or not all(decidable(c) for c in real):
        how = "not checked: the local decision does not see this change" if not unread else "not checked: nothing but the text was read"
        return tuple(Proof(obligation=name, holds=None, how=how) for name in ORDER), fix.assumes
    afters = tuple((n, case, _carried(case, fix, everything)) for n, case in served)
    enough = tuple((n, suffices(case, after, fix)) for n, case, after in afters)
    other = tuple((n, nothing_else(case, after, _for_caller(fix, case, granted))[0]) for n, case, after in _callers(afters))
    proofs = (
        _joined("suffices", enough, f"each of {len(served)} denials is allowed when decided again after the change"),
        _needed(fix, served, everything),
        _joined("nothing_else", other, other[0][1].how if other else ""),
        no_guard_weakened(fix),
        well_formed(fix),
    )
    unless = dict.fromkeys(u for p in proofs for u in p.unless)
    return proofs, tuple(dict.fromkeys((*fix.assumes, *unless)))


def _carried(case: Case, fix: Fix, everything: tuple[Edit, ...]) -> Case:
    merged = [e for e in everything if not _document(e) & {d for c in fix.changes for d in _document(c)}]
    there = bearing(case, (*merged, *fix.changes))
    calls = tuple(c for c in fix.changes if isinstance(c, CallEdit) and not idle(c))
    return with_edits(case, (*calls, *there))


def _document(e: Edit) -> set[tuple[str, str]]:
    """Tell a document by layer and holder: of a holder's new policies one is left after merging."""
    return {(e.layer, e.target)} if isinstance(e, PolicyEdit) else set()


def _callers(afters: tuple[tuple[int, Case, Case], ...]) -> tuple[tuple[int, Case, Case], ...]:
    """Give one denial for each caller and action: its neighbours are those of the others too."""
    found = {(case.requests[0].principal, case.requests[0].action): (n, case, after) for n, case, after in reversed(afters)}
    return tuple(reversed(found.values()))


def _for_caller(fix: Fix, case: Case, granted: Granted) -> Fix:
    """Give the part with what this caller alone is meant to get, and what is for whoever a statement names."""
    anyone = tuple(g for g in fix.grants if g[2:])
    return msgspec.structs.replace(fix, grants=tuple(dict.fromkeys((*granted.get(caller(case), ()), *anyone))))


def _joined(obligation: Obligation, each: Sequence[tuple[int, Proof]], how: str) -> Proof:
    """Join the proofs of one obligation: it fails where one fails, and is open where one is."""
    failed = next(((n, p) for n, p in each if p.holds is False), None)
    if failed is not None:
        return Proof(obligation=obligation, holds=False, how=f"denial {failed[0]}: {failed[1].how}")
    open_ = [n for n, p in each if p.holds is None]
    unless = tuple(dict.fromkeys(u for _, p in each for u in p.unless))
    if open_:
        return Proof(obligation=obligation, holds=None, how=f"not decided for denial {', '.join(map(str, open_))}", unless=unless)
    return Proof(obligation=obligation, holds=True, how=how, unless=unless)


def _needed(fix: Fix, served: Served, everything: tuple[Edit, ...]) -> Proof:
    """Prove that leaving out any one part leaves one of the denials denied."""
    parts = needing.parts(fix.changes)
    others = tuple(e for e in everything if not _document(e) & {d for c in fix.changes for d in _document(c)})
    for what, rest in parts:
        smaller = msgspec.structs.replace(fix, changes=rest)
        if not any(_denied(case, _carried(case, smaller, others)) for _, case in served):
            return Proof(obligation="needed", holds=False, how=f"every call is allowed without {what} too")
    return Proof(obligation="needed", holds=True, how=f"left out one at a time, a call is denied again: {len(parts)} parts are needed")


def _denied(case: Case, after: Case) -> bool:
    """Whether a request that the call surely makes is denied."""
    keys = counted(case, case)
    return any(v.decision in DENIED for r, v in zip(after.requests, after.verdicts, strict=True) if key(r) in keys)
