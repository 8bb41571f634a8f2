"""What comes nearest to an allow in a layer that lacks one, in half a sentence."""

from undeny import evidence
from undeny.calls.model import Request
from undeny.decide.model import LayerName, StatementResult, Verdict
from undeny.diagnose import facts, say
from undeny.diagnose.model import Case
from undeny.evidence.model import Policy
from undeny.iam import wildcard
from undeny.iam.model import Statement


def statement(request: Request, verdict: Verdict, layer: LayerName) -> StatementResult | None:
    """Give the nearest allow of a layer: for this action on another thing, for somebody else, or for this caller's other actions."""
    allows = [s for s in verdict.statements if s.layer == layer and s.effect == "Allow" and s.applies is False and s.miss]
    of_action = (s for s in allows if s.miss and s.miss.element == "resource" and facts.resource_known(request))
    return next(of_action, next((s for s in allows if s.miss and s.miss.element == "principal"), None))


def told(case: Case, index: int, layer: LayerName) -> str:
    """Say it, or nothing: ``; statement 2 allows it on `role/web-*` only``."""
    request, verdict = case.requests[index], case.verdicts[index]
    one = statement(request, verdict, layer)
    if one is not None and one.miss is not None and one.miss.element == "resource":
        return f"; {say.labelled(one)} allows it on {say.many(one.miss.wanted)} only"
    if layer != "resource":
        return ""
    if one is not None and one.miss is not None and _about(written(case, index, one), request):
        return f"; {say.labelled(one)} lets {say.many(one.miss.wanted)} in"
    return _other_actions(verdict, layer)


def _other_actions(verdict: Verdict, layer: LayerName) -> str:
    own = next((s for s in verdict.statements if s.layer == layer and s.effect == "Allow" and s.matched[:1] == ("principal",)), None)
    if own is None or own.miss is None or own.miss.element != "action" or own.miss.operator == "NotAction":
        return ""
    return f"; {say.labelled(own)} allows the caller {say.many(own.miss.wanted)} only"


def _about(held: Statement | None, request: Request) -> bool:
    return held is not None and any(wildcard.matches(pattern, request.action, ignore_case=True) for pattern in held.action or ())


def written(case: Case, index: int, one: StatementResult) -> Statement | None:
    """Give a statement of the resource's own policy as it stands in the document."""
    policy = evidence.policies_for(case.evidence, case.requests[0], case.requests[index]).resource
    if one.layer != "resource" or not isinstance(policy, Policy):
        return None
    return next((held for held in policy.document.statements if held.index == one.index), None)
