"""Mends one statement, or the call, element by element until the statement applies (an Allow) or no longer does (a Deny).

The engine says after each step which element misses next, so several conditions of one statement are mended together.
"""

from collections.abc import Iterator

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.decide.model import Miss, StatementResult
from undeny.diagnose.model import Case, Cause, StatementRef
from undeny.evidence.model import Evidence, Gap, Level, Policy
from undeny.fix import documents, grants, requests, values
from undeny.fix.carry import edited
from undeny.fix.documents import Json
from undeny.fix.model import EditLayer, PolicyEdit
from undeny.iam import elements

STEPS = 8
"""No real statement asks for more: each step mends one element or key."""
_EDITED = ("identity", "boundary", "session", "resource", "endpoint", "scp", "rcp")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A statement in the evidence: its policy, the target by which an edit names it, and the layer."""

    layer: EditLayer
    target: str
    policy: Policy
    index: int
    name: str | None

    @property
    def statement(self) -> Json:
        """The statement as plain JSON."""
        return elements.statements(self.policy.document.data)[self.index]

    def edit(self, after: Json) -> PolicyEdit:
        """Give the edit that makes `after` of the policy's document."""
        before = elements.plain(self.policy.document.data)
        return PolicyEdit(layer=self.layer, target=self.target, policy=self.name, before=before, after=after)


def request_of(case: Case, cause: Cause) -> Request | None:
    """Give the request that a cause speaks of; else the first that is denied, else the user's own."""
    index = cause.request if cause.request is not None else case.failing
    if index is None:
        index = 0
    return case.requests[index] if index < len(case.requests) else None


def place(case: Case, request: Request, ref: StatementRef | None) -> Place | None:
    """Find the statement that a cause points at; `None` where its policy was not read."""
    if ref is None or ref.layer not in _EDITED:
        return None
    for layer, target, policy, name in _policies(case, request):
        level = layer in ("scp", "rcp")
        if layer != ref.layer or (level and ref.target is not None and target != ref.target):
            continue
        if layer != "resource" and ref.policy is not None and policy.name != ref.policy:
            continue
        if ref.index < len(elements.statements(policy.document.data)):
            return Place(layer=layer, target=target, policy=policy, index=ref.index, name=name)
    return None


def _policies(case: Case, request: Request) -> Iterator[tuple[EditLayer, str, Policy, str | None]]:
    held = grants.layers_of(case, request)
    who = grants.holder(case, request)
    sets: tuple[tuple[EditLayer, object, str], ...] = (
        ("identity", held.identity, who), ("boundary", held.boundary, who), ("session", held.session, request.principal or who),
    )  # fmt: skip
    for layer, policies, target in sets:
        if isinstance(policies, tuple):
            yield from ((layer, target, policy, policy.name) for policy in policies)
    if isinstance(held.endpoint, tuple):
        yield from (("endpoint", grants.endpoint_target(case, policy), policy, policy.name) for policy in held.endpoint)
    if isinstance(held.resource, Policy):
        yield ("resource", grants.resource_target(case, request), held.resource, None)
    for layer, levels in (("scp", held.scp), ("rcp", held.rcp)):
        yield from _of_levels("scp" if layer == "scp" else "rcp", () if isinstance(levels, Gap) else levels)


def _of_levels(layer: EditLayer, levels: tuple[Level, ...]) -> Iterator[tuple[EditLayer, str, Policy, str | None]]:
    for level in levels:
        if isinstance(level.policies, tuple):
            yield from ((layer, level.target, policy, policy.name) for policy in level.policies)


def ref(told: StatementResult) -> StatementRef:
    """Point at the statement that the engine speaks of."""
    return StatementRef(layer=told.layer, policy=told.policy, sid=told.sid, index=told.index, target=told.target)


def result(case: Case, request: Request, at: Place, statement: Json) -> StatementResult | None:
    """Decide the request with `statement` in that place, and give what the engine says of it."""
    evidence, _ = edited(case, (at.edit(documents.replaced(at.policy.document.data, at.index, statement)),))
    return judged(case, evidence, request, at)


def judged(case: Case, evidence: Evidence, request: Request, at: Place) -> StatementResult | None:
    """Give what the engine says of the statement in that place."""
    verdict = decide.decide(request, evidence, main=case.requests[0])
    for one in verdict.statements:
        if one.layer != at.layer or one.index != at.index or (at.layer in ("scp", "rcp") and one.target not in (None, at.target)):
            continue
        if at.layer == "resource" or one.policy in (None, at.policy.name):
            return one
    return None


def applying(case: Case, request: Request, at: Place, statement: Json, *, keep: bool) -> tuple[Json, tuple[Miss, ...]] | None:
    """Give the statement mended until it applies to the request, and what was mended; `None` where it cannot be.

    `keep` keeps the old values beside the new ones (the statement goes on allowing what it did); else only the call's own remain.
    """
    mended: list[Miss] = []
    for _ in range(STEPS):
        told = result(case, request, at, statement)
        if told is None or told.applies is None:
            return None
        if told.applies:
            return statement, tuple(mended)
        changed = _mended(statement, told.miss, request, grants.holder(case, request), keep=keep) if told.miss else None
        if changed is None or changed == statement or told.miss is None:
            return None
        statement = changed
        mended.append(told.miss)
    return None


def _mended(statement: Json, miss: Miss, request: Request, who: str, *, keep: bool) -> Json | None:
    after = elements.plain(statement)
    match miss.element:
        case "action":
            if "Action" not in after:
                return None
            after["Action"] = elements.unlisted([*(elements.listed(after["Action"]) if keep else []), request.action])
        case "resource":
            if "Resource" not in after:
                return None
            after["Resource"] = elements.unlisted([*(elements.listed(after["Resource"]) if keep else []), requests.exact(request)])
        case "principal":
            return _with_principal(after, requests.principal_element(request, who), keep=keep)
        case "condition":
            return values.condition_that_holds(after, miss, request, keep=keep)
    return after  # type: ignore[no-any-return] # plain gives what it was given, a dict


def _with_principal(after: Json, new: object, *, keep: bool) -> Json | None:
    old = after.get("Principal")
    if not isinstance(new, dict) or "Principal" not in after:
        return None
    after["Principal"] = elements.plain(old) if keep and isinstance(old, dict) else {}
    for kind, who in new.items():
        after["Principal"][kind] = elements.unlisted([*elements.listed(after["Principal"].get(kind)), who])
    return after
