"""Merges the fixes of many denials: what an earlier change lets through needs no other, and each document changes once."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from undeny.diagnose import diagnose
from undeny.diagnose.model import Case, Diagnosis
from undeny.fix import documents, propose, requests
from undeny.fix.carry import idle, with_edits
from undeny.fix.complete import merged
from undeny.fix.model import Edit, Fix, PolicyEdit
from undeny.iam import elements
from undeny.prove.model import ProvenFix
from undeny.prove.obligations import prove
from undeny.prove.rank import rank
from undeny.prove.suffices import DENIED
from undeny.prove.together.bearing import bearing
from undeny.prove.together.model import All, Left, Part
from undeny.prove.together.proving import caller, proofs_of

MOST = 200
"""Denials that are put together at once: each change is proved over all of them."""


class _One(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    case: Case
    fix: Fix


def together(given: Sequence[tuple[Case, Diagnosis]]) -> All:
    """Give one change for these denials, numbered from 1 in their order: the least of their fixes, one edit for each document.

    A fix that a person must complete, or that changes the call, stays a part of its own. Raises nothing: what has no fix is left.
    """
    chosen: list[_One] = []
    left: list[Left] = []
    for number, (case, diagnosis) in enumerate(given[:MOST], 1):
        edits = tuple(e for one in chosen for e in one.fix.changes)
        if any(_same_call(one.case, case) for one in chosen) or _goes_through(case, edits):
            continue
        after = _after(case, edits)
        found = _first(after, diagnosis if after is case else diagnose(after))
        if found is not None and (twice := _read_twice(found, edits)):
            left.append(Left(number=number, why=f"{twice} was read in two versions: give this denial alone"))
        elif found is None:
            left.append(Left(number=number, why=f"no fix is known for {diagnosis.cause.code}: {diagnosis.cause.summary}"))
        else:
            chosen.append(_One(number=number, case=case, fix=found))
    left += [Left(number=n, why=f"more than {MOST} at once: give the rest again") for n in range(MOST + 1, len(given) + 1)]
    cases = tuple(case for case, _ in given[:MOST])
    return All(parts=tuple(_parts(chosen, cases)), left=tuple(left))


def _read_twice(fix: Fix, edits: Iterable[Edit]) -> str | None:
    """Name the document of which the fix knows another version than the changes so far leave; `None` where they agree."""
    there = {(e.layer, e.target, e.policy): e.after for e in merged(edits) if isinstance(e, PolicyEdit)}
    for change in fix.changes:
        if isinstance(change, PolicyEdit) and change.before != there.get((change.layer, change.target, change.policy), change.before):
            return f"{change.policy or 'the policy'} of {change.target}"
    return None


def _same_call(one: Case, other: Case) -> bool:
    return bool(one.requests) and one.requests[:1] == other.requests[:1]


def _first(case: Case, diagnosis: Diagnosis) -> Fix | None:
    """Give the best fix of one case: proved where there is evidence, as proposed from a text alone."""
    candidates = propose(case, diagnosis)
    if case.evidence.from_text or not case.verdicts:
        return next(iter(candidates), None)
    proven = rank(tuple(p for p in (prove(one, case) for one in candidates) if isinstance(p, ProvenFix)))
    return proven[0].fix if proven else None


def _after(case: Case, edits: Iterable[Edit]) -> Case:
    there = bearing(case, edits)
    return with_edits(case, there) if there else case


def _goes_through(case: Case, edits: Iterable[Edit]) -> bool:
    """Whether what was denied of a case no longer is, with these edits."""
    if not bearing(case, edits):
        return False
    after = _after(case, edits)
    index = case.failing
    return index is not None and index < len(after.verdicts) and all(v.decision not in DENIED for v in after.verdicts)


# ---- by owner


def _parts(chosen: Sequence[_One], cases: tuple[Case, ...]) -> Iterable[Part]:
    """Give a part for each owner and way of managing; changes to the call, and what a person completes, each for itself."""
    by_owner: dict[tuple[Any, ...], list[_One]] = {}
    for one in chosen:
        policies = all(isinstance(c, PolicyEdit) for c in one.fix.changes if not idle(c)) and bool(one.fix.changes)
        open_ = one.fix.applicability == "has_placeholders" and not one.case.evidence.from_text
        key = (one.fix.owner, one.fix.managed_by, _side(one.fix)) if policies and not open_ else (one.fix.title, str(one.fix.changes))
        by_owner.setdefault(key, []).append(one)
    everything = tuple(e for one in chosen for e in one.fix.changes)
    for ones in by_owner.values():
        yield _part(ones, cases, everything)


def _side(fix: Fix) -> str:
    """Guards of other owners are parts of their own: nobody carries out with one hand what two decide."""
    return "guard" if any(isinstance(c, PolicyEdit) and c.layer not in ("identity", "resource") for c in fix.changes) else "own"


def _part(ones: Sequence[_One], cases: tuple[Case, ...], everything: tuple[Edit, ...]) -> Part:
    first = ones[0].fix
    changes = _folded(merged(e for one in ones for e in one.fix.changes)) if len(ones) > 1 else first.changes
    fix = first
    if len(ones) > 1:
        targets = list(dict.fromkeys(requests.short(c.target) for c in changes if isinstance(c, PolicyEdit)))
        what = f"{len(changes)} document{'s' if len(changes) > 1 else ''}"
        fix = msgspec.structs.replace(
            first,
            id="",
            title=f"one change of {what} for {len(ones)} calls: {', '.join(targets[:2])}{' ...' if len(targets) > 2 else ''}",
            changes=changes,
            applicability=max((o.fix.applicability for o in ones), key=("machine_applicable", "maybe_incorrect", "has_placeholders").index),
            assumes=_all(o.fix.assumes for o in ones),
            risks=_all(o.fix.risks for o in ones),
            message="\n\n".join(dict.fromkeys(o.fix.message for o in ones if o.fix.message)) or None,
            grants=tuple(dict.fromkeys(g for o in ones for g in o.fix.grants)),
        )
    own = {o.number for o in ones}
    same = {n for n, case in enumerate(cases, 1) if any(_same_call(o.case, case) for o in ones) or _served(case, fix, everything)}
    numbers = tuple(sorted(own | same))
    granted: dict[str, tuple[tuple[str, ...], ...]] = {}
    for one in ones:
        granted[caller(one.case)] = granted.get(caller(one.case), ()) + one.fix.grants
    proofs, assumes = proofs_of(fix, tuple((n, cases[n - 1]) for n in numbers), everything, granted)
    return Part(fix=fix, proofs=proofs, serves=numbers, assumes=assumes)


def _served(case: Case, fix: Fix, everything: tuple[Edit, ...]) -> bool:
    return bool(bearing(case, fix.changes)) and _goes_through(case, everything)


def _all(texts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for some in texts for t in some))


def _folded(changes: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Give one new policy for each holder instead of several, and fold new statements into each other where that opens nothing more."""
    found: list[Edit] = []
    for change in changes:
        new = isinstance(change, PolicyEdit) and change.before is None and change.after is not None
        same = next((i for i, c in enumerate(found) if new and _new_beside(c, change)), None)
        if same is None or not isinstance(change, PolicyEdit):
            found.append(change)
            continue
        there = found[same]
        after = elements.plain(there.after)  # type: ignore[union-attr] # _new_beside gives policy edits alone
        for statement in elements.statements(change.after):
            after = documents.added(after, statement)
        found[same] = msgspec.structs.replace(there, after=after)
    return tuple(_tight(c) for c in found)


def _new_beside(there: Edit, change: Edit) -> bool:
    return (
        isinstance(there, PolicyEdit)
        and isinstance(change, PolicyEdit)
        and there.before is None
        and there.layer != "session"
        and (there.layer, there.target) == (change.layer, change.target)
    )


def _tight(change: Edit) -> Edit:
    if not isinstance(change, PolicyEdit) or change.after is None:
        return change
    old, new = elements.statements(change.before), elements.statements(change.after)
    kept = [s for s in new if s in old]
    added = [s for s in new if s not in old]
    folded = True
    while folded:
        folded = False
        for i, one in enumerate(added):
            j = next((j for j in range(i + 1, len(added)) if documents.merge(one, added[j]) is not None), None)
            if j is not None:
                added[i] = documents.merge(one, added.pop(j)) or one
                folded = True
                break
    if len(kept) + len(added) == len(new):
        return change
    return msgspec.structs.replace(change, after=documents.with_statements(change.after, [*kept, *added]))
