"""Evaluates on: where a proposal only uncovers the next denial, the next change is taken in, or the fix says what remains.

Only certain requests count: what the call perhaps also needs is named among the assumptions, never granted.
"""

from collections.abc import Iterable, Sequence

import msgspec

from undeny.calls.model import Request
from undeny.decide.model import LayerName, StatementResult, Verdict
from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, guards, mend, past, requests
from undeny.fix.carry import decidable, with_edits
from undeny.fix.grants import Grant
from undeny.fix.model import Applicability, CallEdit, Edit, Fix, PolicyEdit

ROUNDS = 8
"""Layers times calls behind a call: no real chain was longer than four."""
_APPLICABILITY: tuple[Applicability, ...] = ("machine_applicable", "maybe_incorrect", "has_placeholders")


def completed(case: Case, cause: Cause, draft: Fix) -> Fix:
    """Give the fix with the changes that the denials behind the first one need, as far as they may be granted.

    A session's policy is fixed when the session is made: a change of it is a new session, and says so.
    """
    if case.evidence.from_text or not case.verdicts or not draft.changes or not all(decidable(c) for c in draft.changes):
        return _anew(draft)
    return _anew(_completed(case, cause, draft))


def _anew(done: Fix) -> Fix:
    if not any(isinstance(c, PolicyEdit) and c.layer == "session" for c in done.changes):
        return done
    how = "make the session anew with the session policy below (`Policy` of AssumeRole): the one that the session has stays as it is"
    return msgspec.structs.replace(done, changes=(CallEdit(how=how), *done.changes))


def _completed(case: Case, cause: Cause, draft: Fix) -> Fix:
    done = draft
    for _ in range(ROUNDS):
        after = with_edits(case, done.changes)
        index = still_denied(case, after, cause)
        if index is None:
            return _assuming(done, after)
        request, verdict = after.requests[index], after.verdicts[index]
        if verdict.decision == "explicitly_denied" and (called := _past_deny(request, verdict, done)):
            done = called
            continue
        grant = _next(after, index, done)
        if grant is None:
            return msgspec.structs.replace(done, uncovers=_sentence(after.requests[index], after.verdicts[index]))
        changes = merged((*done.changes, *grant.edits))
        if set(map(str, changes)) == set(map(str, done.changes)):
            return msgspec.structs.replace(done, uncovers=_sentence(after.requests[index], after.verdicts[index]))
        done = _taken_in(done, grant, changes, request)
    return done


def _same(case: Case, after: Case, index: int, cause: Cause) -> bool:
    """Whether the request is the one that the cause speaks of; a changed call has other requests behind it."""
    told = case.requests[cause.request] if cause.request is not None and cause.request < len(case.requests) else None
    one = after.requests[index]
    return told is not None and (told.action, told.resource, told.role) == (one.action, one.resource, one.role)


def still_denied(case: Case, after: Case, cause: Cause) -> int | None:
    """Give the first request that the call surely makes, or that the cause speaks of, and that is denied."""
    for index, verdict in enumerate(after.verdicts):
        counts = after.requests[index].certain or _same(case, after, index, cause)
        if requests.guessed(after.requests[index]):
            continue
        if counts and verdict.decision in ("implicitly_denied", "explicitly_denied"):
            return index
    return None


def _next(after: Case, index: int, done: Fix) -> Grant | None:
    """Give the grant for the first layer that blocks; where a statement denies, nothing is granted around it: its owner is asked too.

    A change to the call alone stays one: it is not made into a change of the guard that it was to satisfy.
    """
    request, verdict = after.requests[index], after.verdicts[index]
    if verdict.decision == "explicitly_denied":
        return None if all(isinstance(c, CallEdit) for c in done.changes) else _spared_too(after, request, verdict)
    if not verdict.blocked_by:
        return None
    return _in_same_document(after, request, verdict, done) or grant_for(after, request, verdict.blocked_by[0], near=_changed(done))


def _in_same_document(after: Case, request: Request, verdict: Verdict, done: Fix) -> Grant | None:
    """Give the grant in the thing's own policy where the fix changes that one already: then no second document has to change.

    Only where an allow there does as well as one of the caller's own policies, and gets past nothing else.
    """
    limits = {"boundary", "session", "scope_down"} & set(verdict.blocked_by)
    if verdict.blocked_by[0] != "identity" or limits or request.resource_account not in (None, requests.caller(request).account):
        return None
    grant = grants.resource(after, request)
    if grant is None or grant.applicability != "machine_applicable" or not _document_of(done) & {_document(e) for e in grant.edits}:
        return None
    there = with_edits(after, grant.edits)
    same = [v for r, v in zip(there.requests, there.verdicts, strict=True) if (r.action, r.resource) == (request.action, request.resource)]
    return grant if same and same[0].decision == "allowed" else None


def _changed(done: Fix) -> str | None:
    """Give the name of the caller's policy that the fix changes already: one document has to change once only."""
    return next((c.policy for c in done.changes if isinstance(c, PolicyEdit) and c.layer == "identity"), None)


def _document_of(done: Fix) -> set[tuple[str, str, str | None] | None]:
    return {_document(c) for c in done.changes if isinstance(c, PolicyEdit)}


def _deny(verdict: Verdict) -> StatementResult | None:
    return next((s for s in verdict.statements if s.effect == "Deny" and s.applies), None)


def _spared_too(after: Case, request: Request, verdict: Verdict) -> Grant | None:
    told = _deny(verdict)
    at = mend.place(after, request, mend.ref(told)) if told else None
    if at is None or not grants.can_edit(at.policy) or at.statement.get("Effect") != "Deny":
        return None
    return guards.sparing(after, request, at, told)


def _past_deny(request: Request, verdict: Verdict, done: Fix) -> Fix | None:
    """Give the fix with its change to the call extended so that the next Deny does not apply either; `None` where that is no call."""
    told = _deny(verdict)
    edits = [c for c in done.changes if isinstance(c, CallEdit)]
    if told is None or len(edits) != 1 or request.role != "main":
        return None
    for held in told.held:
        more = past.deny(request, held)
        change = more.changes[0] if more else None
        if isinstance(change, CallEdit) and change.context and not set(change.context) & set(edits[0].context):
            both = msgspec.structs.replace(
                edits[0],
                how=f"{edits[0].how}; {change.how}",
                context={**edits[0].context, **change.context},
                resource=change.resource or edits[0].resource,
            )
            changes = tuple(both if c is edits[0] else c for c in done.changes)
            return msgspec.structs.replace(done, changes=changes, title=f"{done.title}; {more.title if more else ''}")
    return None


def grant_for(case: Case, request: Request, layer: LayerName, *, near: str | None = None) -> Grant | None:
    """Give the smallest grant in that layer; for a guard its owner's proposal. `near` names the caller's policy to put it into."""
    match layer:
        case "identity":
            return grants.identity(case, request, near=near)
        case "resource":
            return grants.resource(case, request)
        case "endpoint":
            return grants.endpoint(case, request)
        case "boundary" | "session" | "scp" | "rcp":
            return guards.missing_allow(case, request, layer)
        case "scope_down":
            return None  # whoever narrowed the credentials must narrow them less: no document of that layer can be written


def merged(changes: Iterable[Edit]) -> tuple[Edit, ...]:
    """Fold edits of one document into one edit: the first `before`, the last `after`."""
    found: list[Edit] = []
    for change in changes:
        same = next((i for i, c in enumerate(found) if isinstance(change, PolicyEdit) and _document(c) == _document(change)), None)
        if same is None or not isinstance(change, PolicyEdit):
            found.append(change)
        else:
            found[same] = msgspec.structs.replace(change, before=found[same].before)  # type: ignore[union-attr] # same: a PolicyEdit
    return tuple(found)


def _document(change: Edit) -> tuple[str, str, str | None] | None:
    return (change.layer, change.target, change.policy) if isinstance(change, PolicyEdit) else None


def _taken_in(done: Fix, grant: Grant, changes: Sequence[Edit], request: Request) -> Fix:
    worse = max(done.applicability, grant.applicability, key=_APPLICABILITY.index)
    layers = " and ".join(dict.fromkeys(guards.NAMES[e.layer] for e in grant.edits))
    also = f"and in the {layers} too" if request.role == "main" else f"and {request.action} behind it in the {layers}"
    messages = [m for m in (done.message, grant.message) if m]
    return msgspec.structs.replace(
        done,
        changes=tuple(sorted(changes, key=_side)),
        applicability=worse,
        grants=tuple(dict.fromkeys((*done.grants, *grant.opens))),
        owner=done.owner or grant.owner,
        managed_by=done.managed_by or grant.managed_by,
        assumes=tuple(dict.fromkeys((*done.assumes, *grant.assumes))),
        risks=tuple(dict.fromkeys((*done.risks, *grant.risks))),
        message="\n\n".join(messages) or None,
        title=f"{done.title}, {also}",
    )


def _side(change: Edit) -> int:
    """Order changes: the call, the caller's own policies, then those of others."""
    if isinstance(change, PolicyEdit):
        return 1 if change.layer == "identity" else 2
    return 0


def _assuming(done: Fix, after: Case) -> Fix:
    """Name what the call perhaps also needs and is denied: not granted, since nothing says that it is needed."""
    perhaps = [
        f"the call does not also need {r.action} on {r.resource}" + (f": {r.why}" if r.why else "")
        for r, v in zip(after.requests, after.verdicts, strict=True)
        if not r.certain and v.decision in ("implicitly_denied", "explicitly_denied")
    ]
    return msgspec.structs.replace(done, assumes=tuple(dict.fromkeys((*done.assumes, *perhaps)))) if perhaps else done


def _sentence(request: Request, verdict: Verdict) -> str:
    layers = ", ".join(verdict.blocked_by) or "an explicit deny"
    behind = f" ({request.why})" if request.why else ""
    return f"{requests.in_policies(request)} is then still denied {request.action} on {request.resource}{behind}, by {layers}"
