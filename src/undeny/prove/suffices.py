"""Suffices: every request of the call is allowed after the change, in every layer that was read."""

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.decide.model import Verdict
from undeny.diagnose.model import Case
from undeny.evidence.model import Evidence, Gap, Policies, Resource
from undeny.fix import requests
from undeny.fix.model import Fix
from undeny.prove.model import Proof

DENIED = ("implicitly_denied", "explicitly_denied")


def suffices(case: Case, after: Case, fix: Fix) -> Proof:
    """Prove that the call is allowed after the change.

    Where a layer was not read, it holds unless that layer says otherwise: proved over the layer as if nothing stood there. Undecided
    where the evidence allowed the call already: then nothing here can show that the change mends it.
    """
    if not any(v.decision in DENIED for v in case.verdicts):
        return Proof(obligation="suffices", holds=None, how="the evidence does not show the denial, so nothing here shows it gone")
    keys = counted(case, after)
    counted_ = [(r, v) for r, v in zip(after.requests, after.verdicts, strict=True) if key(r) in keys]
    denied = [(r, v) for r, v in counted_ if v.decision in DENIED]
    if denied:
        request, verdict = denied[0]
        layers = ", ".join(verdict.blocked_by) or "an explicit deny"
        return Proof(obligation="suffices", holds=False, how=f"{request.action} on {request.resource} is still denied by {layers}")
    unknown = [(r, v) for r, v in counted_ if v.decision == "unknown"]
    if not unknown:
        what = f"all {len(counted_)} requests are" if len(counted_) > 1 else "the request is"
        return Proof(obligation="suffices", holds=True, how=f"{what} allowed when decided again after the change")
    return _unless(after, unknown, fix)


Key = tuple[str, str, str | None]


def key(request: Request) -> Key:
    """Give what tells a request from the others of its call."""
    return request.action.lower(), request.resource, request.principal


def counted(case: Case, after: Case) -> frozenset[Key]:
    """Give the requests that count: those that the call surely makes.

    Where none of these was denied, the denial is of a request that the call perhaps makes: those that were denied and no longer are
    count too.
    """
    found = {key(r) for r in after.requests if r.certain and not requests.guessed(r)}
    if any(r.certain and v.decision in DENIED for r, v in zip(case.requests, case.verdicts, strict=True)):
        return frozenset(found)
    was = {key(r) for r, v in zip(case.requests, case.verdicts, strict=True) if v.decision in DENIED}
    now = {key(r) for r, v in zip(after.requests, after.verdicts, strict=True) if v.decision in DENIED}
    mended = was - now
    return frozenset(found | (mended or was))


def _unless(after: Case, unknown: list[tuple[Request, Verdict]], fix: Fix) -> Proof:
    del fix
    empty = as_if_nothing_stood_there(after.evidence)
    main = after.requests[0]
    open_ = tuple(dict.fromkeys(need for _, verdict in unknown for need in verdict.needs))
    if all(decide.decide(request, empty, main=main, explain=False).decision == "allowed" for request, _ in unknown):
        return Proof(obligation="suffices", holds=True, how="allowed by every layer that was read", unless=open_)
    return Proof(obligation="suffices", holds=None, how="what was not read decides", unless=open_)


def as_if_nothing_stood_there(evidence: Evidence) -> Evidence:
    """Give the evidence with each gap as if there were no such policy: no boundary, no endpoint, no identity policy, no organisation."""
    held = evidence.policies
    policies = Policies(
        identity=() if isinstance(held.identity, Gap) else held.identity,
        boundary=None if isinstance(held.boundary, Gap) else held.boundary,
        session=None if isinstance(held.session, Gap) else held.session,
        endpoint=None if isinstance(held.endpoint, Gap) else held.endpoint,
        resource=None if isinstance(held.resource, Gap) else held.resource,
        scp=() if isinstance(held.scp, Gap) else tuple(level for level in held.scp if not isinstance(level.policies, Gap)),
        rcp=() if isinstance(held.rcp, Gap) else tuple(level for level in held.rcp if not isinstance(level.policies, Gap)),
        scope_down=None if isinstance(held.scope_down, Gap) else held.scope_down,
    )
    things = {arn: _thing(thing) for arn, thing in evidence.resources.items()}
    return msgspec.structs.replace(evidence, policies=policies, resources=things)


def _thing(thing: Resource) -> Resource:
    return msgspec.structs.replace(thing, policy=None) if isinstance(thing.policy, Gap) else thing
