"""Allow exactly this action on exactly this resource in the caller's identity policies."""

from undeny.calls.model import Request
from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, mend, proposals, requests
from undeny.fix.model import Fix

CODES = ("identity-missing-allow", "wrong-resource-arn", "service-linked-role", "pass-role", "kms-grant", "kms-key-policy")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-edit.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the exact statement, where an identity allow is what is missing."""
    if case.evidence.from_text or not case.requests:
        return (
            ()
            if cause.code in ("wrong-resource-arn", "kms-key-policy", "service-linked-role")
            else (proposals.policy(case, cause, "identity"),)
        )
    request = mend.request_of(case, cause)
    if request is None or not _identity_would_do(case, cause) or _conditioned(case, request, cause):
        return ()
    if requests.guessed(request):
        return (proposals.policy(case, cause, "identity"),)
    grant = grants.identity(case, request, near=cause.policy if cause.layer == "identity" else None)
    if grant is None:
        return ()
    on = requests.short(str(grants.identity_statement(request)["Resource"]))
    return (grants.as_fix(grant, f"allow {requests.in_policies(request)} {request.action} on {on}", "identity"),)


def _conditioned(case: Case, request: Request, cause: Cause) -> bool:
    """Whether the statement that nearly allows it asks for conditions, which a plain one would drop: corrected_statement.py keeps them."""
    at = mend.place(case, request, cause.statement) if cause.code == "wrong-resource-arn" else None
    if at is None or at.layer != "identity" or "Condition" not in at.statement or not grants.can_edit(at.policy):
        return False
    alone = {k: v for k, v in at.statement.items() if k not in ("NotAction", "NotResource")}
    alone |= {"Action": request.action, "Resource": requests.exact(request)}
    return mend.applying(case, request, at, alone, keep=False) is not None


def _identity_would_do(case: Case, cause: Cause) -> bool:
    """Whether the request that the cause speaks of lacks an identity allow, and no more than that layer."""
    index = cause.request if cause.request is not None else case.failing or 0
    if index >= len(case.verdicts):
        return False
    verdict = case.verdicts[index]
    if verdict.decision == "unknown":  # not everything was read: what AWS says is what there is
        return (
            cause.certainty in ("stated", "likely")
            and cause.code == "identity-missing-allow"
            and verdict.layers.get("identity") != "allowed"
        )
    return "identity" in verdict.blocked_by and verdict.layers.get("identity") != "explicitly_denied"
