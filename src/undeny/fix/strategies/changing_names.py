"""Allow it on what the next calls will be on too, where each has a name of its own: log streams, logs that a service writes, layers."""

import msgspec

from undeny.diagnose.model import Case, Cause
from undeny.fix import complete, grants, mend, requests
from undeny.fix.model import Fix

CODES = ("identity-missing-allow", "resource-missing-allow", "endpoint-missing-allow", "wrong-resource-arn")
SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the pattern beside the exact statement of the other strategies; none where the thing keeps its name."""
    request = mend.request_of(case, cause)
    index = cause.request if cause.request is not None else case.failing
    if case.evidence.from_text or request is None or index is None or index >= len(case.verdicts) or requests.guessed(request):
        return ()
    wider, blocked = requests.made_up(request), case.verdicts[index].blocked_by
    if wider is None or not blocked or blocked[0] not in ("identity", "resource", "endpoint"):
        return ()
    pattern, why = wider
    grant = complete.grant_for(case, msgspec.structs.replace(request, resource=pattern), blocked[0])
    if grant is None:
        return ()
    fix = grants.as_fix(grant, f"allow {request.action} on {pattern}, since {why}", blocked[0])
    return (
        msgspec.structs.replace(
            fix,
            applicability="maybe_incorrect",
            risks=(f"opens more than this call: {request.action} on {pattern}", *fix.risks),
            grants=((request.action, pattern),),
        ),
    )
