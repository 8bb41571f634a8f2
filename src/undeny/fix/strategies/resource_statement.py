"""Let the caller in by the policy of the thing: bucket, queue, topic, key, function, secret."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, mend, proposals, requests
from undeny.fix.model import Fix

CODES = ("resource-missing-allow", "kms-key-policy", "wrong-resource-arn", "trust-policy")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the statement that names the smallest principal: the role, not its account."""
    if case.evidence.from_text or not case.requests:
        return () if cause.code == "wrong-resource-arn" else (proposals.policy(case, cause, "resource"),)
    request = mend.request_of(case, cause)
    if request is None or not _wanted(case, cause):
        return ()
    if requests.guessed(request):
        return (proposals.policy(case, cause, "resource"),)
    grant = grants.resource(case, request)
    if grant is None:
        return ()
    who, what = requests.in_policies(request), requests.short(grants.resource_target(case, request))
    return (grants.as_fix(grant, f"let {who} call {request.action}, in the policy of {what}", "resource"),)


def _wanted(case: Case, cause: Cause) -> bool:
    """Whether the thing's policy is where the allow is missing, or (a key's users are listed there) where it may be added."""
    index = cause.request if cause.request is not None else case.failing
    if index is None or index >= len(case.verdicts):
        return False
    verdict = case.verdicts[index]
    if verdict.layers.get("resource") == "explicitly_denied":
        return False
    return "resource" in verdict.blocked_by or cause.code in ("kms-key-policy", "resource-missing-allow", "trust-policy")
