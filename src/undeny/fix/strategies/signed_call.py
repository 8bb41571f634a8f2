"""Sign the call: a caller without credentials is everyone, and what lets it in lets in everyone."""

from undeny.calls.model import Request
from undeny.diagnose.model import Case, Cause
from undeny.evidence.model import Policy
from undeny.fix import grants, mend, requests
from undeny.fix.model import CallEdit, Fix
from undeny.iam import elements

CODES = (
    "resource-missing-allow", "resource-explicit-deny", "rcp-explicit-deny", "condition-mismatch", "wrong-resource-arn",
    "block-public-access",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose credentials for a call without any; none where the thing is open to everyone on purpose."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or requests.caller(request).kind != "anonymous" or meant_for_all(case, request, cause):
        return ()
    how = "sign the request: call with the credentials of a role or user that may (not `--no-sign-request`), or give out a presigned URL"
    call = CallEdit(how=how, principal="<ARN of a role or user that may>")
    return (Fix(id="", title="sign the request", layer="call", applicability="has_placeholders", changes=(call,)),)


def meant_for_all(case: Case, request: Request, cause: Cause) -> bool:
    """Whether the thing's own policy lets everybody do something to it, and nothing else than a grant is what is missing."""
    held = grants.layers_of(case, request).resource
    if not isinstance(held, Policy) or cause.code not in ("resource-missing-allow", "wrong-resource-arn"):
        return False
    everyone = ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return any(s.get("Effect") == "Allow" and s.get("Principal") in everyone for s in elements.statements(held.document.data))
