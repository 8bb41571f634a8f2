"""Let the request through the VPC endpoint's policy."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, mend, proposals, requests
from undeny.fix.model import Fix

CODES = ("endpoint-missing-allow", "condition-mismatch", "wrong-resource-arn")
SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the exact allow in the endpoint's policy; its owner decides."""
    if cause.code != "endpoint-missing-allow" and cause.layer != "endpoint":
        return ()
    if case.evidence.from_text or not case.requests:
        return (proposals.policy(case, cause, "endpoint"),)
    request = mend.request_of(case, cause)
    at = mend.place(case, request, cause.statement) if request else None
    if cause.code != "endpoint-missing-allow" and at is not None and "Condition" in at.statement:
        return ()  # corrected_statement.py keeps the conditions of the statement that nearly allows it
    grant = grants.endpoint(case, request) if request else None
    if request is None or grant is None:
        return ()
    return (
        grants.as_fix(grant, f"allow {request.action} on {requests.short(request.resource)} through {grant.edits[0].target}", "endpoint"),
    )
